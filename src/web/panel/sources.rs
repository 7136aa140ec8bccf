//! The publishers: when each was asked last, when it last had something new, and what went wrong.

use askama::Template;

use super::Context;
use super::freshness::freshness;
use crate::account::Permission;
use crate::epi::Vintage;
use crate::text::{Locale, Phrases};
use crate::web::door::Rule;
use crate::web::words::moment_short;

struct Row {
    name: String,
    id: String,
    is_late: bool,
    checked: String,
    checked_value: String,
    changed: String,
    changed_value: String,
    failure: String,
}

#[derive(Template)]
#[template(path = "panel/sources.html")]
pub(super) struct SourcesPanel {
    t: Phrases,
    rows: Vec<Row>,
}

pub(super) fn panel(context: Context<'_>) -> SourcesPanel {
    let (view, t, journey) = (context.view, context.t, context.journey());
    let zone = journey.city.zone;
    let late = freshness(journey, view, context.visit.as_of().local_date(zone), t);
    let shown =
        |at: Option<Vintage>| at.map_or_else(|| "–".to_owned(), |at| moment_short(at, zone, t.locale));
    let raw = |at: Option<Vintage>| at.map(|at| at.millis().to_string()).unwrap_or_default();
    let rows = journey.sources.iter().map(|spec| {
        let state = view
            .sources
            .iter()
            .find(|(id, _)| *id == spec.id)
            .map(|(_, state)| state.clone())
            .unwrap_or_default();
        Row {
            name: spec.title_in(t.locale == Locale::En).to_owned(),
            id: spec.id.clone(),
            is_late: late.iter().any(|it| it.id == spec.id && it.is_late),
            checked: shown(state.checked_at),
            checked_value: raw(state.checked_at),
            changed: shown(state.changed_at),
            changed_value: raw(state.changed_at),
            failure: failure(context, state.failure),
        }
    });
    SourcesPanel { t, rows: rows.collect() }
}

/// What went wrong names hosts and files: for officials. Others are told that something did.
fn failure(context: Context<'_>, failure: String) -> String {
    if failure.is_empty() || context.visit.may_pass(Rule::May(Permission::ReadOfficials)) {
        return failure;
    }
    context.t.say("sources-failed")
}
