//! The feed: an entry for each day on which the recommendation became another one (RFC 4287).

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::store::SavedAssessment;
use crate::text::explain;
use crate::web::error::WebError;
use crate::web::visit::Visit;

/// So many entries, the newest first.
const MOST: usize = 50;

struct Entry {
    id: String,
    title: String,
    updated: String,
    address: String,
    summary: String,
}

#[derive(Template)]
#[template(path = "feed.xml")]
struct Feed {
    title: String,
    id: String,
    address: String,
    own: String,
    updated: String,
    language: &'static str,
    entries: Vec<Entry>,
}

/// `/feed.atom`: made for anybody, whoever asks.
pub(in crate::web) async fn feed(visit: Visit) -> Result<Response, WebError> {
    let view = visit.view().await?;
    let (journey, t) = (visit.journey(), visit.phrases);
    let public = &visit.state.settings.public_url;
    let host = public.rsplit("//").next().unwrap_or("siaga");
    let code = journey.city.location.as_str();
    let entry = |saved: &SavedAssessment| {
        let words = explain(&saved.assessment, journey.policy(), t);
        let date = saved.assessment.date;
        Entry {
            id: format!("tag:{host},2021:{code}/{date}"),
            title: format!("{}: {}", journey.city.name, words.level),
            updated: saved.as_of.to_string(),
            address: format!("{public}/public?date={date}"),
            summary: format!("{} {}", words.headline, words.recommendation),
        }
    };
    let changed = changes(&view.ledger);
    let updated = changed.last().copied().or(view.ledger.last()).map_or(view.as_of, |saved| saved.as_of);
    let feed = Feed {
        title: t.say_with("feed-title", &[("city", &journey.city.name)]),
        id: format!("tag:{host},2021:{code}"),
        address: public.clone(),
        own: format!("{public}/feed.atom"),
        updated: updated.to_string(),
        language: t.locale.tag(),
        entries: changed.into_iter().rev().take(MOST).map(entry).collect(),
    };
    let about = [
        (header::CONTENT_TYPE, "application/atom+xml; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::VARY, "accept-language, cookie"),
    ];
    Ok((about, feed.render()?).into_response())
}

/// The days on which step or mode differ from the day before, in order.
fn changes(ledger: &[SavedAssessment]) -> Vec<&SavedAssessment> {
    let said = |saved: &SavedAssessment| (saved.assessment.step, saved.assessment.mode);
    let mut changed: Vec<&SavedAssessment> = ledger.first().into_iter().collect();
    changed.extend(ledger.windows(2).filter(|pair| said(&pair[0]) != said(&pair[1])).map(|pair| &pair[1]));
    changed
}
