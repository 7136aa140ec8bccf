//! The publishers: when each was asked last, when it last had something new, and what went wrong.

use askama::Template;

use super::Context;
use super::freshness::freshness;
use crate::account::Permission;
use crate::epi::Vintage;
use crate::text::{Locale, Phrases};
use crate::web::door::Rule;
use crate::web::words::{self, moment_short};

struct Row {
    name: String,
    id: String,
    /// What is wrong with it in a word; empty if nothing is.
    state: String,
    expected: String,
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
    /// Whether the reader may see the data cards.
    has_cards: bool,
}

pub(super) fn panel(context: Context<'_>) -> SourcesPanel {
    let (view, t, journey) = (context.view, context.t, context.journey());
    let zone = journey.city.zone;
    let late = freshness(journey, view, context.visit.as_of().local_date(zone), t);
    let shown =
        |at: Option<Vintage>| at.map_or_else(|| "–".to_owned(), |at| moment_short(at, zone, t.locale));
    let raw = |at: Option<Vintage>| at.map(|at| at.millis().to_string()).unwrap_or_default();
    let in_use = journey.sources.iter().filter_map(|spec| {
        let (_, state) = view.sources.iter().find(|(id, _)| *id == spec.id)?;
        Some((spec, state.clone()))
    });
    let rows = in_use.map(|(spec, state)| Row {
        name: spec.title_in(t.locale == Locale::En).to_owned(),
        id: spec.id.clone(),
        state: state_of(context, &spec.id),
        expected: late
            .iter()
            .find(|it| it.id == spec.id)
            .map_or_else(|| "–".to_owned(), |it| it.expected.clone()),
        checked: shown(state.checked_at),
        checked_value: raw(state.checked_at),
        changed: shown(state.changed_at),
        changed_value: raw(state.changed_at),
        failure: failure(context, state.failure),
    });
    let has_cards = context.visit.may_pass(Rule::May(Permission::ReadOfficials));
    SourcesPanel { t, rows: rows.collect(), has_cards }
}

/// The word for a source in trouble. One that nobody asks and that has brought nothing yet is in none.
fn state_of(context: Context<'_>, id: &str) -> String {
    let about = context.view.freshness.iter().find(|about| about.id == id);
    let about = about.filter(|about| about.is_pulled || about.changed_at.is_some());
    about
        .filter(|about| about.standing.is_trouble())
        .map_or_else(String::new, |about| context.t.say(&format!("source-{}", about.standing.as_str())))
}

/// What went wrong names hosts and files: for officials. Others are told that something did.
fn failure(context: Context<'_>, failure: String) -> String {
    if failure.is_empty() || context.visit.may_pass(Rule::May(Permission::ReadOfficials)) {
        return words::failure(&failure, context.t);
    }
    context.t.say("sources-failed")
}
