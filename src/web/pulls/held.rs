//! A batch that is held back: why, what it would change, and what became of it.

use super::refusals::sees_values;
use crate::epi::LocationId;
use crate::job::{HeldFigure, HeldFor, read_hold};
use crate::store::{Hold, HoldState, Run};
use crate::text::{Phrases, date_medium};
use crate::web::error::WebError;
use crate::web::intake::{measure_name, shown};
use crate::web::visit::Visit;
use crate::web::words::{moment, whole};

/// One of the figures that would change most.
pub(in crate::web) struct Mover {
    pub(in crate::web) what: String,
    pub(in crate::web) date: String,
    pub(in crate::web) before: String,
    pub(in crate::web) now: String,
}

/// What a batch would change.
pub(in crate::web) struct Diff {
    pub(in crate::web) reasons: Vec<String>,
    pub(in crate::web) rows_before: String,
    pub(in crate::web) rows: String,
    pub(in crate::web) new: String,
    pub(in crate::web) changed: String,
    pub(in crate::web) movers: Vec<Mover>,
    pub(in crate::web) taken: Option<Taken>,
}

/// Known figures that a batch reports as missing.
pub(in crate::web) struct Taken {
    /// How many, in words.
    pub(in crate::web) title: String,
    pub(in crate::web) figures: Vec<Mover>,
    pub(in crate::web) more: Option<String>,
}

/// A held batch in words.
pub(super) struct Held {
    pub(super) is_open: bool,
    pub(super) diff: Diff,
    /// Who decided, when and why.
    pub(super) decided: Option<String>,
    /// The pull that took its place or took it in.
    pub(super) next: Option<String>,
}

/// The batch that a pull holds back, if it does.
pub(super) async fn held(visit: &Visit, run: &Run) -> Result<Option<Held>, WebError> {
    let hold = visit.journey().store.hold(&run.id).await.map_err(anyhow::Error::from)?;
    Ok(hold.map(|hold| Held {
        is_open: hold.state == HoldState::Open,
        diff: Diff::of(visit, &hold.reasons, &hold.diff),
        decided: decided(visit, &hold),
        next: Some(hold.next_run).filter(|next| !next.is_empty()),
    }))
}

/// "Dilepas oleh siti, 28 Juni 2021 17.00 WIB: …".
fn decided(visit: &Visit, hold: &Hold) -> Option<String> {
    let t = visit.phrases;
    let key = format!("hold-{}", hold.state.as_str());
    match hold.state {
        HoldState::Open => None,
        HoldState::Superseded => Some(t.say(&key)),
        HoldState::Released | HoldState::Refused => {
            let zone = visit.journey().city.zone;
            let at = hold.decided_at.map_or_else(String::new, |at| moment(at, zone, t.locale));
            Some(t.say_with(&key, &[("by", &hold.by), ("at", &at), ("reason", &hold.reason)]))
        }
    }
}

impl Diff {
    /// What was kept, in words; a part that is missing is not told.
    pub(in crate::web) fn of(visit: &Visit, reasons: &str, diff: &str) -> Self {
        let t = visit.phrases;
        let (reasons, diff) = read_hold(reasons, diff);
        let count = |count: Option<u64>| count.map_or_else(|| "–".to_owned(), |count| whole(count, t.locale));
        // Figures of single units, and others' figures before they are made ready, are not for every reader.
        let shown = |figures: &[HeldFigure]| {
            let figures = if sees_values(visit) { figures } else { &[] };
            figures.iter().map(|figure| mover(visit, figure)).collect()
        };
        Self {
            reasons: reasons.iter().map(|reason| sentence(reason, t)).collect(),
            rows_before: count(diff.rows_before),
            rows: count(diff.rows),
            new: count(diff.new),
            changed: count(diff.changed),
            movers: shown(&diff.movers),
            taken: Taken::of(visit, diff.taken_away.unwrap_or(0), &diff.taken),
        }
    }
}

impl Taken {
    /// The figures that would go missing; `None` if none would.
    pub(in crate::web) fn of(visit: &Visit, all: u64, first: &[HeldFigure]) -> Option<Self> {
        let t = visit.phrases;
        let first = if sees_values(visit) { first } else { &[] };
        let left = all.saturating_sub(u64::try_from(first.len()).unwrap_or(u64::MAX));
        (all > 0).then(|| Self {
            title: t.say_with("taken-title", &[("count", &whole(all, t.locale))]),
            figures: first.iter().map(|figure| mover(visit, figure)).collect(),
            more: (left > 0).then(|| t.say_with("runs-more", &[("count", &whole(left, t.locale))])),
        })
    }
}

/// Why it is held, in a sentence.
fn sentence(reason: &HeldFor, t: Phrases) -> String {
    t.say_with(&format!("hold-reason-{}", reason.code), &[("detail", &reason.detail)])
}

fn mover(visit: &Visit, figure: &HeldFigure) -> Mover {
    let (t, city) = (visit.phrases, &visit.journey().city);
    let location = LocationId::new(&figure.location);
    let place =
        city.locations.at(&location, visit.journey().today()).map_or(location.as_str(), |row| &row.name);
    let place = figure.unit_id.as_deref().unwrap_or(place);
    let measure = measure_name(&figure.measure, t);
    // The city's own figures need no name beside them.
    let is_own = figure.unit_id.is_none() && location == city.location;
    let value =
        |value: Option<f64>| value.map_or_else(|| t.say("taken-missing"), |value| shown(value, t.locale));
    Mover {
        what: if is_own { measure } else { format!("{measure}, {place}") },
        date: figure.date.parse().map_or_else(|_| figure.date.clone(), |date| date_medium(date, t.locale)),
        before: value(figure.before),
        now: value(figure.now),
    }
}
