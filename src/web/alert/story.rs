//! `/alerts/{id}`: the story of one alert.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::past::kept;
use crate::account::Permission;
use crate::epi::Window;
use crate::job::{AlertTurn, alert_story, past_alerts};
use crate::web::error::WebError;
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;
use crate::web::words::{full_sentence, moment, sentence};

struct Turn {
    at: String,
    what: String,
    detail: String,
    is_fault: bool,
}

#[derive(Template)]
#[template(path = "alert/story.html")]
struct StoryPage {
    frame: Frame,
    words: String,
    turns: Vec<Turn>,
}

/// The page.
pub(in crate::web) async fn story(Path(id): Path<String>, mut visit: Visit) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadOfficials).await?;
    let (t, journey) = (visit.phrases, visit.journey());
    let visitor = &visit.guest.visitor;
    let turns = alert_story(journey, &id, visitor).await?.ok_or(WebError::NotFound)?;
    let everything = Window { from: chrono::NaiveDate::MIN, to: chrono::NaiveDate::MAX };
    let past = past_alerts(journey, (everything, None), (visitor, t)).await?;
    let told = past.iter().find(|past| past.row.id == id).ok_or(WebError::NotFound)?;
    html(&StoryPage {
        frame: Frame::plain(&visit, (&t.say("alerts-story"), "/alerts")),
        words: full_sentence(&told.words),
        turns: turns.iter().map(|one| turn(&visit, one)).collect(),
    })
}

fn turn(visit: &Visit, turn: &AlertTurn) -> Turn {
    let t = visit.phrases;
    let channel = match turn.channel.as_str() {
        "" => String::new(),
        channel => t.say(&format!("channel-{channel}")),
    };
    let who = match (turn.by.as_str(), turn.to.as_str(), channel.as_str()) {
        ("", "", channel) => sentence(channel),
        ("", to, channel) => format!("{to} ({channel})"),
        (by, ..) => by.to_owned(),
    };
    let detail = match turn.what.as_str() {
        "waiting" if turn.detail.is_empty() => String::new(),
        "waiting" => t.say(&format!("alerts-wait-{}", turn.detail)),
        // Where it went stands before it already.
        "sent" => String::new(),
        _ if turn.detail == turn.channel => String::new(),
        "fired" | "raised" | "escalated" | "resolved" | "no_data" | "data_back" => kept(&turn.detail, t),
        _ => turn.detail.clone(),
    };
    let parts: Vec<String> = [who, detail].into_iter().filter(|part| !part.is_empty()).collect();
    Turn {
        at: moment(turn.at, visit.journey().city.zone, t.locale),
        what: sentence(&t.say(&format!("alerts-turn-{}", turn.what))),
        detail: parts.join(" · "),
        is_fault: turn.what == "failed",
    }
}
