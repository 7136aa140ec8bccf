//! A batch that is held back: why, what it would change, and what became of it.

use serde_json::Value;

use super::refusals::sees_values;
use crate::epi::LocationId;
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
    /// Reads what was kept; a part that is missing is not told.
    pub(in crate::web) fn of(visit: &Visit, reasons: &str, diff: &str) -> Self {
        let t = visit.phrases;
        let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
        let (reasons, diff) = (parsed(reasons), parsed(diff));
        let count = |name: &str| {
            diff.get(name)
                .and_then(Value::as_u64)
                .map_or_else(|| "–".to_owned(), |count| whole(count, t.locale))
        };
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let movers = diff.get("movers").map(list).unwrap_or_default();
        // Figures of single units, and others' figures before they are made ready, are not for every reader.
        let movers = if sees_values(visit) { movers } else { Vec::new() };
        Self {
            reasons: list(&reasons).iter().map(|reason| sentence(reason, t)).collect(),
            rows_before: count("rows_before"),
            rows: count("rows"),
            new: count("new"),
            changed: count("changed"),
            movers: movers.iter().map(|mover| moved(visit, mover)).collect(),
        }
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn sentence(reason: &Value, t: Phrases) -> String {
    t.say_with(&format!("hold-reason-{}", text(reason, "code")), &[("detail", text(reason, "detail"))])
}

fn moved(visit: &Visit, mover: &Value) -> Mover {
    let (t, city) = (visit.phrases, &visit.journey().city);
    let location = LocationId::new(text(mover, "location"));
    let place =
        city.locations.at(&location, visit.journey().today()).map_or(location.as_str(), |row| &row.name);
    let unit = text(mover, "unit_id");
    let place = if unit.is_empty() { place } else { unit };
    let measure = measure_name(text(mover, "measure"), t);
    // The city's own figures need no name beside them.
    let is_own = unit.is_empty() && location == city.location;
    let date = text(mover, "date");
    let value = |name: &str| {
        mover.get(name).and_then(Value::as_f64).map_or_else(|| "–".to_owned(), |value| shown(value, t.locale))
    };
    Mover {
        what: if is_own { measure } else { format!("{measure}, {place}") },
        date: date.parse().map_or_else(|_| date.to_owned(), |date| date_medium(date, t.locale)),
        before: value("before"),
        now: value("now"),
    }
}
