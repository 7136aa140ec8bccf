//! `/alerts`.

use askama::Template;
use axum::response::Response;

use super::now::{Item, Quiet, answers, items, quiets, summary};
use super::past::{Card, History};
use super::rules::{RuleRow, quiet_hours, rules};
use crate::account::Permission;
use crate::job::{shown_open_alerts, silences};
use crate::web::entry::unkept;
use crate::web::error::WebError;
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;
use crate::web::words::count;
use crate::web::workforce::{Choice, Said, answered};

/// How long a silence may be chosen to hold; the shortest is chosen.
const LENGTHS: [&str; 5] = ["4h", "1d", "3d", "7d", "30d"];

#[derive(Template)]
#[template(path = "alert/page.html")]
struct AlertsPage {
    frame: Frame,
    said: Said,
    summary: String,
    /// Nothing was ever looked at: that nothing is on says nothing.
    was_evaluated: bool,
    items: Vec<Item>,
    hidden: String,
    people: Vec<String>,
    lengths: Vec<Choice>,
    quiets: Vec<Quiet>,
    may_silence: bool,
    history: History,
    card: Card,
    rules: Vec<RuleRow>,
    quiet_hours: Option<String>,
}

/// The page.
pub(in crate::web) async fn alerts(mut visit: Visit) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadOfficials).await?;
    let said = Said::asked(&visit);
    page(&visit, said).await
}

pub(super) async fn page(visit: &Visit, said: Said) -> Result<Response, WebError> {
    let (t, journey) = (visit.phrases, visit.journey());
    let shown = shown_open_alerts(journey, (&visit.guest.visitor, t)).await?;
    let length = |length: &&str| Choice {
        value: (*length).to_owned(),
        label: t.say(&format!("alerts-length-{length}")),
        is_chosen: said.value("until") == *length,
    };
    let title = said.title(&t.say("alerts-title"), t);
    let page = AlertsPage {
        frame: Frame::plain(visit, (&title, "/alerts")),
        summary: summary(visit, &shown),
        was_evaluated: shown.evaluated_at.is_some(),
        items: items(visit, &shown, &said),
        hidden: match shown.hidden {
            0 => String::new(),
            hidden => t.say_with("alerts-hidden", &[("count", &count(hidden, t.locale))]),
        },
        people: people(visit),
        lengths: LENGTHS.iter().map(length).collect(),
        quiets: quiets(visit, &silences(journey).await?),
        may_silence: answers(visit).1,
        history: History::of(visit).await?,
        card: Card::of(visit).await?,
        rules: rules(visit),
        quiet_hours: quiet_hours(visit),
        said,
    };
    let has_fault = page.said.fault.is_some();
    Ok(answered(unkept(html(&page)?), has_fault))
}

/// The people of the settings, who can be given an alert.
fn people(visit: &Visit) -> Vec<String> {
    let recipients = visit.journey().channels.recipients();
    let mut names: Vec<String> =
        recipients.iter().map(|to| to.person.clone()).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    names
}
