//! Belief at the door: every parsed row is accepted, unchanged, or refused with a reason.
//!
//! Nothing is dropped silently: received = accepted + unchanged + rejected. The checks are those that real
//! publishers have failed: a running total that falls, recovered and active swapped in print, a date in the
//! future, one day told twice.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::history::Place;
use super::scale::Scale;
use super::{Changes, Figure, Figures, History, KnownFigure, Measure, Mover, Nature, SeriesKey};
use crate::epi::{LocationId, Locations, Vintage};

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
    /// How many people live where, as far as it is known: no more of them are counted.
    pub residents: Option<&'a Locations>,
    /// No figure is of an earlier day: [`EARLIEST`] for what is kept.
    pub earliest: NaiveDate,
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
    /// More people than live there.
    MoreThanResidents,
    /// More beds than there can be for those who live there.
    TooManyBeds,
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
            Self::MoreThanResidents => "more_than_residents",
            Self::TooManyBeds => "too_many_beds",
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
    pub accepted: Figures,
    /// Rows that repeat what is known.
    pub unchanged: u64,
    /// Rows refused.
    pub rejected: Vec<Rejection>,
    /// What the batch tells otherwise than it was known.
    pub changes: Changes,
}

/// No figure of this disease is older; a mistyped year would stretch every table.
pub const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(2019, 1, 1).expect("1 January 2019 is a date");

/// Relative difference under which two values are the same figure: float noise is no revision.
const SAME: f64 = 1e-9;

/// Holds each figure against the checks and against what is known; `history` learns what is accepted.
///
/// Figures are taken in the order in which they became known, so that a file of many vintages is judged as it
/// would have been day by day. What a figure's series says of it is worked out once a series, not once a figure.
#[must_use]
pub fn validate(mut figures: Figures, history: &mut History, believing: &Believing<'_>) -> Validated {
    let (keys, rows) = figures.parts();
    let series: Vec<Series<'_>> = keys.iter().map(|key| Series::new(key, history, believing)).collect();
    // Active is judged after recovered, so that a swap of the two is seen from both sides.
    rows.sort_by_key(|figure| {
        (series[figure.series_at()].key.measure == Measure::Active, figure.as_of, figure.date, figure.row)
    });
    make_room(&series, rows, history);
    let mut judge = Judge {
        today: believing.received_at.local_date(believing.zone),
        known_on: (believing.received_at, believing.received_at.local_date(believing.zone)),
        believing,
        history,
        fallen: BTreeSet::new(),
        validated: Validated::default(),
    };
    rows.retain(|figure| judge.is_accepted(figure, &series[figure.series_at()]));
    let mut validated = judge.validated;
    validated.rejected.sort_by_key(|rejection| rejection.row);
    validated.accepted = figures;
    validated
}

/// A series grows by the days that the payload has after its last: room for them is made at once.
fn make_room(series: &[Series<'_>], rows: &[Figure], history: &mut History) {
    let mut days = vec![0; series.len()];
    for figure in rows {
        let known = history.series(series[figure.series_at()].number);
        days[figure.series_at()] += usize::from(known.ends_before(figure.date, figure.days));
    }
    for (series, days) in series.iter().zip(days) {
        history.series_mut(series.number).make_room(days);
    }
}

/// What every figure of a series is judged by.
struct Series<'a> {
    key: &'a SeriesKey,
    /// Its number in the history.
    number: usize,
    /// Why none of its figures is taken: a place or a unit that nobody knows.
    refusal: Option<Refusal>,
    scale: Scale,
    is_total: bool,
}

impl<'a> Series<'a> {
    fn new(key: &'a SeriesKey, history: &mut History, believing: &Believing<'_>) -> Self {
        let residents = believing.residents.and_then(|known| known.most_residents(&key.location));
        Self {
            key,
            number: history.number(key),
            refusal: refuse_series(key, believing),
            scale: Scale::of(key, residents),
            is_total: key.measure.nature() == Nature::Total,
        }
    }
}

type Refusal = (&'static str, RejectReason, String);
/// Place, source, day, moment: what was printed together.
type Report<'a> = (&'a LocationId, &'a str, NaiveDate, Vintage);

/// Where a payload is held against what is known, figure by figure.
struct Judge<'a> {
    believing: &'a Believing<'a>,
    history: &'a mut History,
    /// The day it was received.
    today: NaiveDate,
    /// The moment the figure before became known, and its day: most figures of a payload share one.
    known_on: (Vintage, NaiveDate),
    /// Reports in which recovered fell.
    fallen: BTreeSet<Report<'a>>,
    validated: Validated,
}

impl<'a> Judge<'a> {
    /// Whether a figure is new or changed; if it is, the history learns it, else it is counted and told why not.
    fn is_accepted(&mut self, figure: &Figure, series: &Series<'a>) -> bool {
        let known = self.history.series(series.number);
        let place = known.place(figure.date, figure.days);
        let refusal = series
            .refusal
            .clone()
            .or_else(|| self.refuse_day(figure))
            .or_else(|| self.refuse_value(figure, series, place))
            .or_else(|| self.refuse_swapped(figure, series));
        match refusal {
            Some((column, reason, detail)) => {
                if reason == RejectReason::TotalFell {
                    self.remember_fall(figure, series);
                }
                let (row, column) = (u64::from(figure.row), column.to_owned());
                self.validated.rejected.push(Rejection { row, column, reason, detail });
                false
            }
            None => self.is_new(figure, series, place),
        }
    }

    fn refuse_day(&mut self, figure: &Figure) -> Option<Refusal> {
        let (date, received_at) = (figure.date, self.believing.received_at);
        if self.known_on.0 != figure.as_of {
            self.known_on = (figure.as_of, figure.as_of.local_date(self.believing.zone));
        }
        if let Some(day) = [self.today, self.known_on.1].into_iter().find(|day| date > *day) {
            return Some(("date", RejectReason::FutureDate, format!("{date} > {day}")));
        }
        if date < self.believing.earliest {
            return Some(("date", RejectReason::OutOfRange, date.to_string()));
        }
        (figure.as_of > received_at)
            .then(|| ("as_of", RejectReason::FutureVintage, format!("{} > {received_at}", figure.as_of)))
    }

    fn refuse_value(&self, figure: &Figure, series: &Series<'a>, place: Place) -> Option<Refusal> {
        let value = figure.value?;
        if let Some((reason, detail)) = series.scale.refuse(value, figure.days) {
            return Some(("value", reason, detail));
        }
        let known = self.history.series(series.number);
        let other = known.at_place(place, figure.as_of).filter(|told| !is_same(told.value, figure.value));
        if let Some(other) = other.filter(|_| known.is_told_at(place, figure.as_of)) {
            let other = other.value.map_or_else(String::new, |v| v.to_string());
            return Some(("value", RejectReason::Conflict, format!("{value} ≠ {other}")));
        }
        if !series.is_total || self.believing.may_fall {
            return None;
        }
        let (date, before) = known.before(figure.date, figure.as_of)?;
        (value < before).then(|| ("value", RejectReason::TotalFell, format!("{value} < {before} ({date})")))
    }

    /// Recovered fell, and the active of the same report is at least what recovered was: exchanged in print.
    fn refuse_swapped(&self, figure: &Figure, series: &Series<'a>) -> Option<Refusal> {
        if series.key.measure != Measure::Active || !self.fallen.contains(&report_of(figure, series)) {
            return None;
        }
        let recovered = SeriesKey { measure: Measure::RecoveredTotal, ..series.key.clone() };
        let (date, before) = self.history.before(&recovered, figure.date, figure.as_of)?;
        let value = figure.value?;
        (value >= before)
            .then(|| ("value", RejectReason::Swapped, format!("{value} ≥ recovered_total {before} ({date})")))
    }

    fn remember_fall(&mut self, figure: &Figure, series: &Series<'a>) {
        if series.key.measure == Measure::RecoveredTotal {
            self.fallen.insert(report_of(figure, series));
        }
        let before = self.history.series(series.number).before(figure.date, figure.as_of);
        if let (Some((_, before)), Some(now)) = (before, figure.value) {
            self.validated.changes.falls(Mover {
                series: series.key.clone(),
                date: figure.date,
                before,
                now: Some(now),
            });
        }
    }

    fn is_new(&mut self, figure: &Figure, series: &Series<'a>, place: Place) -> bool {
        let day = (figure.date, figure.days);
        let history = self.history.series_mut(series.number);
        let known = history.at_place(place, figure.as_of);
        if let Some(known) = known.filter(|known| is_same(known.value, figure.value)) {
            self.validated.unchanged += 1;
            // Told again now: the same batch may not tell it otherwise in another row.
            if known.as_of < figure.as_of {
                history.repeat_at(place, figure.as_of);
            }
            return false;
        }
        history.insert_at(place, day, KnownFigure { as_of: figure.as_of, value: figure.value, is_new: true });
        // A file that brings several vintages itself does not contradict what was known.
        if let Some(known) = known.filter(|known| !known.is_new) {
            self.validated.changes.tell(series.key, figure, known.value);
        }
        true
    }
}

fn report_of<'a>(figure: &Figure, series: &Series<'a>) -> Report<'a> {
    (&series.key.location, &series.key.source, figure.date, figure.as_of)
}

fn is_same(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() <= SAME * one.abs().max(other.abs()),
        (None, None) => true,
        _ => false,
    }
}

/// A place or a unit that the source does not speak of, or that nobody knows.
fn refuse_series(key: &SeriesKey, believing: &Believing<'_>) -> Option<Refusal> {
    if !believing.locations.is_empty() && !believing.locations.contains(&key.location) {
        return Some(("location", RejectReason::OtherLocation, key.location.to_string()));
    }
    if believing.known_locations.is_some_and(|known| !known.contains(&key.location)) {
        return Some(("location", RejectReason::UnknownLocation, key.location.to_string()));
    }
    match (believing.known_units, &key.unit_id) {
        (Some(known), Some(unit)) if !known.contains(unit) => {
            Some(("unit_id", RejectReason::UnknownUnit, unit.clone()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::Status;
    use crate::observation::{Observation, RawObservation};
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
            residents: None,
            earliest: EARLIEST,
            may_fall: false,
        };
        validate(rows.into_iter().collect(), &mut History::default(), &believing)
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
    fn what_is_repeated_and_told_otherwise_at_one_moment_is_refused() {
        let validated = judge(vec![
            raw(2, "active", "2021-06-27", 3_023.0, "2021-06-28"),
            raw(3, "active", "2021-06-27", 3_023.0, "2021-06-29"),
            raw(4, "active", "2021-06-27", 3_003.0, "2021-06-29"),
            raw(5, "active", "2021-06-27", 3_003.0, "2021-06-30"),
        ]);
        assert_eq!(reasons(&validated), [(4, RejectReason::Conflict)]);
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
