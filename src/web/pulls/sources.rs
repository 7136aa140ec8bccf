//! The sources: of each its data card, what it said last, and its last pulls.

use askama::Template;
use axum::response::Response;

use crate::account::Permission;
use crate::epi::Vintage;
use crate::job::SourceSpec;
use crate::store::{Outcome, Run, RunFilter, SourceState};
use crate::text::{Locale, Phrases};
use crate::web::door::Rule;
use crate::web::error::WebError;
use crate::web::page::{Frame, html};
use crate::web::panel::freshness::freshness;
use crate::web::visit::{Visit, encoded};
use crate::web::words::{failure, moment_short, whole};

/// So many pulls of a source are named.
const NAMED: u32 = 3;

struct Pull {
    href: String,
    at: String,
    outcome: String,
    accepted: String,
}

struct Card {
    id: String,
    title: String,
    /// Whether siaga asks it by itself.
    is_asked: bool,
    address: String,
    licence: String,
    contact: String,
    cadence: String,
    last_answered: String,
    checked: String,
    changed: String,
    is_late: bool,
    failure: String,
    pulls: Vec<Pull>,
    all: String,
}

#[derive(Template)]
#[template(path = "pulls/sources.html")]
struct SourcesPage {
    frame: Frame,
    cards: Vec<Card>,
    /// Titles of those that can be read and were never used.
    unused: Vec<String>,
    may_add: bool,
}

/// Every source.
pub(in crate::web) async fn sources(visit: Visit) -> Result<Response, WebError> {
    let (t, journey) = (visit.phrases, visit.journey());
    let view = visit.view().await?;
    let late = freshness(journey, &view, journey.today(), t);
    let mut cards = Vec::new();
    let in_use = journey.viewing().sources_in_use().await?;
    for (spec, state) in &in_use {
        let filter = RunFilter { source: Some(spec.id.clone()), limit: NAMED, ..RunFilter::default() };
        let pulls = journey.store.run_page(&filter).await.map_err(anyhow::Error::from)?.rows;
        let newest = RunFilter { outcome: Some(Outcome::Changed), limit: 1, ..filter };
        let newest = journey.store.run_page(&newest).await.map_err(anyhow::Error::from)?.rows;
        let newest = newest.first().map(|run| run.finished_at).max(state.changed_at);
        let state = SourceState { changed_at: newest, ..state.clone() };
        let is_late = late.iter().any(|source| source.id == spec.id && source.is_late);
        cards.push(card(&visit, spec, (&state, is_late), &pulls));
    }
    // Those that say something stand before those that never did; the late ones first of all.
    cards.sort_by_key(|card| (!card.is_late, card.pulls.is_empty()));
    // A source that speaks of other cities only is nobody's here.
    let city = &journey.city.location;
    let is_ours = |spec: &&SourceSpec| spec.locations.is_empty() || spec.locations.contains(city);
    let is_unused = |spec: &&SourceSpec| in_use.iter().all(|(used, _)| used.id != spec.id);
    let unused = journey.sources.iter().filter(is_ours).filter(is_unused);
    let unused = unused.map(|spec| spec.title_in(t.locale == Locale::En).to_owned()).collect();
    html(&SourcesPage {
        unused,
        frame: Frame::plain(&visit, (&t.say("sources-title"), "/sources")),
        cards,
        may_add: visit.may_pass(Rule::May(Permission::Ingest)),
    })
}

fn card(visit: &Visit, spec: &SourceSpec, (state, is_late): (&SourceState, bool), pulls: &[Run]) -> Card {
    let t = visit.phrases;
    let zone = visit.journey().city.zone;
    let short = |at: Option<Vintage>| {
        at.map_or_else(|| t.say("sources-never"), |at| moment_short(at, zone, t.locale))
    };
    let pull = |run: &Run| Pull {
        href: format!("/runs/{}", encoded(&run.id)),
        at: moment_short(run.finished_at, zone, t.locale),
        outcome: t.say(&format!("outcome-{}", run.outcome.as_str())),
        accepted: whole(run.accepted, t.locale),
    };
    let address = spec.address.as_deref().map(|address| address.split(['?', '#']).next().unwrap_or_default());
    Card {
        id: spec.id.clone(),
        title: spec.title_in(t.locale == Locale::En).to_owned(),
        is_asked: address.is_some(),
        address: address.map_or_else(|| t.say("sources-by-hand"), str::to_owned),
        licence: spec.licence.clone(),
        contact: spec.contact.clone(),
        cadence: cadence(spec, t),
        last_answered: if spec.last_answered == "never" {
            t.say("sources-never")
        } else {
            spec.last_answered.clone()
        },
        checked: short(state.checked_at),
        changed: short(state.changed_at),
        is_late,
        failure: failure(&state.failure, t),
        pulls: pulls.iter().map(pull).collect(),
        all: format!("/runs?source={}", encoded(&spec.id)),
    }
}

/// How often something new is expected.
fn cadence(spec: &SourceSpec, t: Phrases) -> String {
    let often = match spec.expected_lag_days {
        1 => t.say("sources-daily"),
        days => t.say_with("sources-every", &[("days", &days.to_string())]),
    };
    let by = spec.cadence.as_ref().and_then(|cadence| cadence.by);
    let form = if t.locale == Locale::Id { "%H.%M" } else { "%H:%M" };
    by.map_or_else(
        || often.clone(),
        |by| t.say_with("sources-by", &[("often", &often), ("hour", &by.time().format(form).to_string())]),
    )
}
