//! The feed (RFC 4287): an entry for each day on which the recommendation became another one, and one for each line that was crossed;
//! as anybody may see them, whoever asks.

use std::collections::BTreeSet;

use anyhow::Context;
use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use crate::alert::{Alert, Sayer};
use crate::assessment::Evaluation;
use crate::epi::Vintage;
use crate::export::fingerprint;
use crate::job::CityView;
use crate::store::{AlertRow, SavedAssessment};
use crate::text::explain;
use crate::web::asset::is_known;
use crate::web::error::WebError;
use crate::web::visit::Visit;

/// So many entries, the newest first.
const MOST: usize = 50;

struct Entry {
    /// The same for ever: of a day, or of the alert that began.
    id: String,
    title: String,
    updated: Vintage,
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

/// Where a feed and what it leads to are.
struct Place {
    /// The same for ever, before what entries are called.
    tag: String,
    /// Before the address of a page; none where one page is all there is.
    server: Option<String>,
}

impl Place {
    fn of(visit: &Visit, is_served: bool) -> Self {
        let public = &visit.state.settings.public_url;
        let host = public.rsplit("//").next().unwrap_or("siaga");
        let tag = format!("tag:{host},2021:{}", visit.journey().city.location.as_str());
        Self { tag, server: is_served.then(|| public.clone()) }
    }

    fn day(&self, date: NaiveDate) -> String {
        let page = |server: &String| format!("{server}/public?date={date}");
        self.server.as_ref().map_or_else(|| "index.html".to_owned(), page)
    }
}

/// `/feed.atom`: made for anybody, whoever asks.
pub(in crate::web) async fn feed(visit: Visit, headers: HeaderMap) -> Result<Response, WebError> {
    let view = visit.view().await?;
    let body = written(&visit, &view, &Place::of(&visit, true)).await?;
    let tag = format!("\"{}\"", fingerprint(body.as_bytes()));
    let about = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::VARY, "accept-language, cookie".to_owned()),
    ];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let kind = [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")];
    Ok((about, kind, body).into_response())
}

/// The same as a file beside the page that it leads to.
pub(in crate::web) async fn feed_in_a_folder(visit: &Visit, view: &CityView) -> anyhow::Result<String> {
    written(visit, view, &Place::of(visit, false)).await
}

async fn written(visit: &Visit, view: &CityView, place: &Place) -> anyhow::Result<String> {
    let (journey, t) = (visit.journey(), visit.phrases);
    let changed: Vec<&Evaluation> = view.ledger.changes().rev().take(MOST).collect();
    let made = visit.state.with_reasons(view, &changed).await?;
    let mut entries: Vec<Entry> = made.iter().map(|saved| change(visit, saved, place)).collect();
    entries.extend(crossings(visit, view, place));
    entries.sort_by(|one, other| (other.updated, &other.id).cmp(&(one.updated, &one.id)));
    entries.truncate(MOST);
    let last = view.ledger.last().map_or(view.as_of, |evening| evening.as_of);
    let feed = Feed {
        title: t.say_with("feed-title", &[("city", &journey.city.name)]),
        address: place.server.clone().unwrap_or_else(|| "index.html".to_owned()),
        own: place
            .server
            .as_ref()
            .map_or_else(|| "feed.atom".to_owned(), |server| format!("{server}/feed.atom")),
        updated: entries.first().map_or(last, |entry| entry.updated).to_string(),
        language: t.locale.tag(),
        id: place.tag.clone(),
        entries,
    };
    feed.render().context("write the feed")
}

/// The recommendation became another one.
fn change(visit: &Visit, saved: &SavedAssessment, place: &Place) -> Entry {
    let journey = visit.journey();
    let words = explain(&saved.assessment, journey.policy(), visit.phrases);
    let date = saved.assessment.date;
    Entry {
        id: format!("{}/{date}", place.tag),
        title: format!("{}: {}", journey.city.name, words.level),
        updated: saved.as_of,
        address: place.day(date),
        summary: format!("{} {}", words.headline, words.recommendation),
    }
}

/// Lines that were crossed, of those that anybody may hear of: a rule on figures of staff is none of them, nor is a source or a unit.
/// One entry for each, which says what last became of it.
fn crossings(visit: &Visit, view: &CityView, place: &Place) -> Vec<Entry> {
    let (journey, t) = (visit.journey(), visit.phrases);
    let sayer = Sayer { rules: &journey.alerting.rules, policy: journey.policy(), phrases: t };
    let is_told = |row: &&AlertRow| {
        row.kind == "threshold_crossed"
            && row.kept.is_empty()
            && matches!(row.event.as_str(), "fired" | "raised" | "resolved")
    };
    let mut known = BTreeSet::new();
    let entry = |row: &AlertRow| {
        if !known.insert(row.episode.clone()) {
            return None;
        }
        let alert: Alert = serde_json::from_str(&row.json).ok()?;
        Some(Entry {
            id: format!("{}/alert/{}", place.tag, row.episode),
            title: format!("{}: {}", journey.city.name, sayer.title(&alert)),
            updated: row.created_at,
            address: place.day(row.date),
            summary: sayer.line(&alert),
        })
    };
    view.alerts.iter().filter(is_told).filter_map(entry).collect()
}
