//! When each source last had something new, and whether that is later than expected. A source that only takes
//! uploads and never got one is not named.

use chrono::NaiveDate;

use crate::epi::Vintage;
use crate::job::{CityView, Journey};
use crate::store::{Outcome, SourceState};
use crate::text::{Locale, Phrases};
use crate::web::words::{distance, sentence};

/// One source in the line under the menu.
pub(in crate::web) struct Freshness {
    pub(in crate::web) id: String,
    /// What it brings, in few words.
    pub(in crate::web) name: String,
    /// "hari ini", "6 hari lalu", or that it has never answered.
    pub(in crate::web) age: String,
    pub(in crate::web) is_late: bool,
}

/// Every source, as seen on a day.
pub(in crate::web) fn freshness(
    journey: &Journey,
    view: &CityView,
    today: NaiveDate,
    t: Phrases,
) -> Vec<Freshness> {
    let mut list = Vec::new();
    for spec in &journey.sources {
        let state = view.sources.iter().find(|(id, _)| *id == spec.id).map(|(_, state)| state);
        let changed = changed_at(view, &spec.id, state).map(|at| at.local_date(journey.city.zone));
        if changed.is_none() && spec.address.is_none() {
            continue;
        }
        let is_failing = state.is_some_and(|state| !state.failure.is_empty());
        let is_overdue =
            changed.is_none_or(|date| (today - date).num_days() > i64::from(spec.expected_lag_days));
        let title = spec.title_in(t.locale == Locale::En);
        list.push(Freshness {
            id: spec.id.clone(),
            // Titles read "publisher: what it brings"; a phone has room for the second half.
            name: sentence(title.rsplit(": ").next().unwrap_or(title)),
            age: match changed {
                Some(date) => distance(date, today, t),
                None => t.say("source-never"),
            },
            is_late: is_failing || is_overdue,
        });
    }
    list
}

/// When a source last had something new, as far as that was known at the moment of the view.
fn changed_at(view: &CityView, id: &str, state: Option<&SourceState>) -> Option<Vintage> {
    let runs = view.runs.iter().filter(|run| run.source == id && run.outcome == Outcome::Changed);
    let moments = runs.map(|run| run.finished_at).chain(state.and_then(|state| state.changed_at));
    moments.filter(|at| *at <= view.as_of).max()
}
