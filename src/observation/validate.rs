//! Belief at the door: every parsed row is accepted, unchanged, or refused with a reason.
//!
//! Nothing is dropped silently: received = accepted + unchanged + rejected. The checks are those that real
//! publishers have failed: a running total that falls, recovered and active swapped in print, a date in the
//! future, one day told twice.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{Changes, History, KnownFigure, Measure, Nature, Observation, RawObservation, SeriesKey};
use crate::epi::{LocationId, Vintage};

/// What the checks need to know besides the rows.
#[derive(Debug)]
pub struct Believing<'a> {
    /// When the payload was received: nothing in it may be known later than that.
    pub received_at: Vintage,
    /// The city's time zone, in which "today" is meant.
    pub zone: Tz,
    /// The locations this source may speak of; empty means any that is known.
    pub locations: &'a BTreeSet<LocationId>,
    /// The locations that are known; `None` where any text is one.
    pub known_locations: Option<&'a BTreeSet<LocationId>>,
    /// The work units that are known; `None` where any text is one.
    pub known_units: Option<&'a BTreeSet<String>>,
    /// Whether a person has said that running totals may fall in this batch.
    pub may_fall: bool,
}

/// Why a row is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RejectReason {
    /// A cell cannot be read as what its column should hold.
    Unreadable,
    /// A row has more or fewer cells than there are columns.
    CellCount,
    /// A cell is no day in the form its source writes days in.
    NotADay,
    /// The weekday named beside a day is another day's.
    WrongWeekday,
    /// A count that may be a thousand or one: 1.000 where dots are decimal points.
    Ambiguous,
    /// A column that the row needs is missing.
    ColumnMissing,
    /// A column that nobody knows, where none may be passed over.
    UnknownColumn,
    /// Dated after the day it was received.
    FutureDate,
    /// Said to be known later than it was received.
    FutureVintage,
    /// A location this source does not speak of.
    OtherLocation,
    /// A location that is in no list.
    UnknownLocation,
    /// A work unit that is in no list.
    UnknownUnit,
    /// Day and month are exchanged.
    DayMonthSwapped,
    /// Below zero.
    Negative,
    /// A count with a fraction.
    Fraction,
    /// Outside what the measure can be.
    OutOfRange,
    /// A running total below an earlier day's.
    TotalFell,
    /// Active and recovered look exchanged.
    Swapped,
    /// The same figure told twice with two values at one moment.
    Conflict,
}

impl RejectReason {
    /// The code used in reports and as the key of its sentence.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::CellCount => "cell_count",
            Self::NotADay => "not_a_day",
            Self::WrongWeekday => "wrong_weekday",
            Self::Ambiguous => "ambiguous",
            Self::ColumnMissing => "column_missing",
            Self::UnknownColumn => "unknown_column",
            Self::FutureDate => "future_date",
            Self::FutureVintage => "future_vintage",
            Self::OtherLocation => "other_location",
            Self::UnknownLocation => "unknown_location",
            Self::UnknownUnit => "unknown_unit",
            Self::DayMonthSwapped => "day_month_swapped",
            Self::Negative => "negative",
            Self::Fraction => "fraction",
            Self::OutOfRange => "out_of_range",
            Self::TotalFell => "total_fell",
            Self::Swapped => "swapped",
            Self::Conflict => "conflict",
        }
    }
}

/// One refused row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Line of the payload, counted from 1.
    pub row: u64,
    /// The column at fault.
    pub column: String,
    /// Why.
    pub reason: RejectReason,
    /// The cell and what it was held against, in no language: `8399 < 16995 (2021-07-05)`, `'28-06-2021' ≠ 2021-06-28`.
    pub detail: String,
}

/// What became of a batch.
#[derive(Debug, Default)]
pub struct Validated {
    /// New figures and changed ones.
    pub accepted: Vec<Observation>,
    /// Rows that repeat what is known.
    pub unchanged: u64,
    /// Rows refused.
    pub rejected: Vec<Rejection>,
    /// What the batch tells otherwise than it was known.
    pub changes: Changes,
}

/// No figure of this disease is older; a mistyped year would stretch every table.
const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(2019, 1, 1).expect("1 January 2019 is a date");

/// Relative difference under which two values are the same figure: float noise is no revision.
const SAME: f64 = 1e-9;

/// Holds each row against the checks and against what is known; `history` learns what is accepted.
///
/// Rows are taken in the order in which they became known, so that a file of many vintages is judged as it
/// would have been day by day.
#[must_use]
pub fn validate(
    mut rows: Vec<RawObservation>,
    history: &mut History,
    believing: &Believing<'_>,
) -> Validated {
    // Active is judged after recovered, so that a swap of the two is seen from both sides.
    let is_active = |o: &Observation| o.measure == Measure::Active;
    rows.sort_by_key(|raw| {
        let o = &raw.observation;
        (is_active(o), o.as_of, o.date, raw.row)
    });
    let mut validated = Validated::default();
    let mut fallen: BTreeSet<(LocationId, String, NaiveDate, Vintage)> = BTreeSet::new();
    for raw in rows {
        let row = raw.row;
        let verdict = refuse(&raw.observation, history, believing)
            .or_else(|| refuse_swapped(&raw.observation, history, &fallen));
        match verdict {
            Some((column, reason, detail)) => {
                if reason == RejectReason::TotalFell {
                    if raw.observation.measure == Measure::RecoveredTotal {
                        fallen.insert(report_of(&raw.observation));
                    }
                    validated.changes.falls_at(&raw.observation, history);
                }
                let column = column.to_owned();
                validated.rejected.push(Rejection { row, column, reason, detail });
            }
            None => accept(raw.observation, history, &mut validated),
        }
    }
    validated.rejected.sort_by_key(|rejection| rejection.row);
    validated
}

fn report_of(observation: &Observation) -> (LocationId, String, NaiveDate, Vintage) {
    (observation.location.clone(), observation.source.clone(), observation.date, observation.as_of)
}

fn accept(observation: Observation, history: &mut History, validated: &mut Validated) {
    let known = history.at(&observation, observation.date, observation.days, observation.as_of);
    if let Some(known) = known.filter(|known| is_same(known.value, observation.value)) {
        validated.unchanged += 1;
        // Told again now: the same batch may not tell it otherwise in another row.
        if known.as_of < observation.as_of {
            let figure = KnownFigure { as_of: observation.as_of, ..known };
            history.insert(&observation, observation.date, observation.days, figure);
        }
        return;
    }
    // A file that brings several vintages itself does not contradict what was known.
    if let Some(known) = known.filter(|known| !known.is_new) {
        validated.changes.tell(&observation, known.value);
    }
    let figure = KnownFigure { as_of: observation.as_of, value: observation.value, is_new: true };
    history.insert(&observation, observation.date, observation.days, figure);
    validated.accepted.push(observation);
}

fn is_same(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() <= SAME * one.abs().max(other.abs()),
        (None, None) => true,
        _ => false,
    }
}

type Refusal = (&'static str, RejectReason, String);

fn refuse(observation: &Observation, history: &History, believing: &Believing<'_>) -> Option<Refusal> {
    let today = believing.received_at.local_date(believing.zone);
    if !believing.locations.is_empty() && !believing.locations.contains(&observation.location) {
        return Some(("location", RejectReason::OtherLocation, observation.location.to_string()));
    }
    if believing.known_locations.is_some_and(|known| !known.contains(&observation.location)) {
        return Some(("location", RejectReason::UnknownLocation, observation.location.to_string()));
    }
    if let (Some(known), Some(unit)) = (believing.known_units, &observation.unit_id)
        && !known.contains(unit)
    {
        return Some(("unit_id", RejectReason::UnknownUnit, unit.clone()));
    }
    if observation.date > today {
        return Some(("date", RejectReason::FutureDate, format!("{} > {today}", observation.date)));
    }
    let known = observation.as_of.local_date(believing.zone);
    if observation.date > known {
        return Some(("date", RejectReason::FutureDate, format!("{} > {known}", observation.date)));
    }
    if observation.date < EARLIEST {
        return Some(("date", RejectReason::OutOfRange, observation.date.to_string()));
    }
    if observation.as_of > believing.received_at {
        let detail = format!("{} > {}", observation.as_of, believing.received_at);
        return Some(("as_of", RejectReason::FutureVintage, detail));
    }
    let value = observation.value?;
    refuse_value(observation.measure, value)
        .map(|reason| ("value", reason, value.to_string()))
        .or_else(|| refuse_conflict(observation, history, value))
        .or_else(|| if believing.may_fall { None } else { refuse_fall(observation, history, value) })
}

fn refuse_value(measure: Measure, value: f64) -> Option<RejectReason> {
    const MOST: f64 = 1e10;
    // Occupancy above 100% is real (beds in corridors); 300% is a typing error.
    const MOST_PCT: f64 = 300.0;
    let may_fall_below_zero = match measure {
        Measure::Mobility => true,
        Measure::Published(kind) => kind.may_be_negative(),
        _ => false,
    };
    if !value.is_finite() || value.abs() > MOST {
        return Some(RejectReason::OutOfRange);
    }
    if value < 0.0 && !may_fall_below_zero {
        return Some(RejectReason::Negative);
    }
    if measure.is_count() && value.fract().abs() > f64::EPSILON {
        return Some(RejectReason::Fraction);
    }
    let is_percent = measure.name().ends_with("_pct") && measure.name() != "growth_pct";
    let is_off_scale =
        (measure.nature() == Nature::Ordinal && value > 3.0) || (is_percent && value > MOST_PCT);
    is_off_scale.then_some(RejectReason::OutOfRange)
}

fn refuse_conflict(observation: &Observation, history: &History, value: f64) -> Option<Refusal> {
    let known = history.at(observation, observation.date, observation.days, observation.as_of)?;
    let is_conflict = known.as_of == observation.as_of && !is_same(known.value, observation.value);
    is_conflict.then(|| {
        let other = known.value.map_or_else(String::new, |v| v.to_string());
        ("value", RejectReason::Conflict, format!("{value} ≠ {other}"))
    })
}

fn refuse_fall(observation: &Observation, history: &History, value: f64) -> Option<Refusal> {
    if observation.measure.nature() != Nature::Total {
        return None;
    }
    let (date, before) = history.before(observation, observation.date, observation.as_of)?;
    (value < before).then(|| ("value", RejectReason::TotalFell, format!("{value} < {before} ({date})")))
}

/// Recovered fell, and the active of the same report is at least what recovered was: exchanged in print.
fn refuse_swapped(
    observation: &Observation,
    history: &History,
    fallen: &BTreeSet<(LocationId, String, NaiveDate, Vintage)>,
) -> Option<Refusal> {
    if observation.measure != Measure::Active || !fallen.contains(&report_of(observation)) {
        return None;
    }
    let recovered = SeriesKey { measure: Measure::RecoveredTotal, ..SeriesKey::of(observation) };
    let (date, before) = history.before(&recovered, observation.date, observation.as_of)?;
    let value = observation.value?;
    (value >= before)
        .then(|| ("value", RejectReason::Swapped, format!("{value} ≥ recovered_total {before} ({date})")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::Status;
    use chrono_tz::Asia::Jakarta;

    fn raw(row: u64, measure: &str, date: &str, value: f64, as_of: &str) -> RawObservation {
        RawObservation {
            row,
            observation: Observation {
                location: LocationId::new("3271"),
                unit_id: None,
                measure: measure.parse().unwrap(),
                source: "dinkes".to_owned(),
                date: date.parse().unwrap(),
                days: 1,
                value: Some(value),
                status: Status::Printed,
                as_of: Vintage::parse_known(as_of, Jakarta).unwrap(),
                note: String::new(),
                address: String::new(),
            },
        }
    }

    fn judge(rows: Vec<RawObservation>) -> Validated {
        let bogor = BTreeSet::from([LocationId::new("3271")]);
        let believing = Believing {
            received_at: Vintage::parse_as_of("2021-07-31", Jakarta).unwrap(),
            zone: Jakarta,
            locations: &bogor,
            known_locations: None,
            known_units: None,
            may_fall: false,
        };
        validate(rows, &mut History::default(), &believing)
    }

    fn reasons(validated: &Validated) -> Vec<(u64, RejectReason)> {
        validated.rejected.iter().map(|r| (r.row, r.reason)).collect()
    }

    #[test]
    fn the_swapped_row_of_13_july_is_refused_on_both_sides() {
        let validated = judge(vec![
            raw(2, "recovered_total", "2021-07-05", 16_995.0, "2021-07-05"),
            raw(3, "recovered_total", "2021-07-13", 8_399.0, "2021-07-13"),
            raw(4, "active", "2021-07-13", 17_788.0, "2021-07-13"),
            raw(5, "recovered_total", "2021-07-13", 17_788.0, "2021-07-14"),
            raw(6, "active", "2021-07-13", 8_399.0, "2021-07-14"),
        ]);
        assert_eq!(reasons(&validated), [(3, RejectReason::TotalFell), (4, RejectReason::Swapped)]);
        assert_eq!(validated.accepted.len(), 3);
    }

    #[test]
    fn a_neighbour_never_lands_in_the_city() {
        let mut neighbour = raw(2, "cases", "2021-06-23", 102.0, "2021-06-23");
        neighbour.observation.location = LocationId::new("3201");
        assert_eq!(reasons(&judge(vec![neighbour])), [(2, RejectReason::OtherLocation)]);
    }

    #[test]
    fn a_repetition_is_unchanged_and_a_correction_is_a_new_vintage() {
        let validated = judge(vec![
            raw(2, "active", "2021-06-27", 3_023.0, "2021-06-28T10:00:00+07:00"),
            raw(3, "active", "2021-06-27", 3_023.0, "2021-06-28T12:00:00+07:00"),
            raw(4, "active", "2021-06-27", 3_003.0, "2021-06-28T17:00:00+07:00"),
        ]);
        assert_eq!((validated.accepted.len(), validated.unchanged), (2, 1));
    }

    #[test]
    fn nothing_is_known_before_its_day() {
        let validated = judge(vec![
            raw(2, "cases", "2021-06-23", 310.0, "2021-06-23"),
            raw(3, "cases", "2021-06-24", 262.0, "2021-06-23"),
        ]);
        assert_eq!(reasons(&validated), [(3, RejectReason::FutureDate)]);
    }

    #[test]
    fn impossible_figures_are_refused_with_their_reason() {
        let validated = judge(vec![
            raw(2, "cases", "2021-06-23", -1.0, "2021-06-23"),
            raw(3, "cases", "2021-06-22", 1.5, "2021-06-23"),
            raw(4, "cases", "2021-08-23", 1.0, "2021-06-23"),
            raw(5, "cases", "2021-06-21", 1.0, "2021-08-23"),
            raw(6, "zone", "2021-06-21", 4.0, "2021-06-23"),
            raw(7, "bed_occupancy_pct", "2021-06-21", 816.0, "2021-06-23"),
            raw(8, "cases", "2021-06-20", f64::NAN, "2021-06-23"),
            raw(9, "cases", "2021-06-19", 188.0, "2021-06-19"),
            raw(10, "cases", "2021-06-19", 189.0, "2021-06-19"),
        ]);
        use RejectReason::{Conflict, Fraction, FutureDate, FutureVintage, Negative, OutOfRange};
        let expected = [
            (2, Negative),
            (3, Fraction),
            (4, FutureDate),
            (5, FutureVintage),
            (6, OutOfRange),
            (7, OutOfRange),
            (8, OutOfRange),
            (10, Conflict),
        ];
        assert_eq!(reasons(&validated), expected);
    }
}
