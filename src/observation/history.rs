//! What is already known of a set of series: every vintage of every day, in memory.
//!
//! `store` fills it, `validate` reads it to tell a change from a repetition and a fall from a rise. Millions of figures
//! pass through it in a first import, so a lookup copies nothing and a new day is put at the end.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{Hash, Hasher};

use chrono::NaiveDate;

use super::{Measure, Observation, RawObservation};
use crate::epi::{LocationId, Vintage};

/// What makes a series: where, whose, what, by whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeriesKey {
    /// Where.
    pub location: LocationId,
    /// Of which work unit, if any.
    pub unit_id: Option<String>,
    /// What is counted.
    pub measure: Measure,
    /// By whom.
    pub source: String,
}

impl SeriesKey {
    /// The series an observation belongs to.
    #[must_use]
    pub fn of(observation: &Observation) -> Self {
        Self::named(observation.series())
    }

    /// The series of a batch, in order.
    #[must_use]
    pub fn all_of(rows: &[RawObservation]) -> BTreeSet<Self> {
        let mut seen: HashSet<&dyn OfSeries> = HashSet::new();
        let mut series = BTreeSet::new();
        for RawObservation { observation, .. } in rows {
            if seen.insert(observation) {
                series.insert(Self::of(observation));
            }
        }
        series
    }

    fn named((location, unit_id, measure, source): Parts<'_>) -> Self {
        let (unit_id, source) = (unit_id.map(str::to_owned), source.to_owned());
        Self { location: location.clone(), unit_id, measure, source }
    }
}

type Parts<'a> = (&'a LocationId, Option<&'a str>, Measure, &'a str);

/// Whatever says which series it belongs to: a [`SeriesKey`], or an [`Observation`] without its key being copied out.
pub trait OfSeries {
    /// Where, whose, what, by whom.
    fn series(&self) -> (&LocationId, Option<&str>, Measure, &str);
}

impl OfSeries for SeriesKey {
    fn series(&self) -> Parts<'_> {
        (&self.location, self.unit_id.as_deref(), self.measure, &self.source)
    }
}

impl OfSeries for Observation {
    fn series(&self) -> Parts<'_> {
        (&self.location, self.unit_id.as_deref(), self.measure, &self.source)
    }
}

impl Hash for dyn OfSeries + '_ {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.series().hash(state);
    }
}

impl PartialEq for dyn OfSeries + '_ {
    fn eq(&self, other: &Self) -> bool {
        self.series() == other.series()
    }
}

impl Eq for dyn OfSeries + '_ {}

/// As the hash of what it is borrowed as: one finds the other.
impl Hash for SeriesKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.series().hash(state);
    }
}

impl<'a> Borrow<dyn OfSeries + 'a> for SeriesKey {
    fn borrow(&self) -> &(dyn OfSeries + 'a) {
        self
    }
}

/// One vintage of one figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnownFigure {
    /// When it became known.
    pub as_of: Vintage,
    /// The figure, or `None` for "reported as missing".
    pub value: Option<f64>,
    /// Whether it came with the batch that is being judged.
    pub is_new: bool,
}

/// What is known of a day (or of a lump that ends on it). Most figures are never told otherwise: no list for those.
#[derive(Debug, Clone)]
struct Day {
    date: NaiveDate,
    days: u32,
    first: KnownFigure,
    /// Later vintages, in the order of knowledge.
    later: Vec<KnownFigure>,
}

impl Day {
    fn latest(&self, as_of: Vintage) -> Option<KnownFigure> {
        let later = self.later.iter().rev().chain([&self.first]);
        later.copied().find(|known| known.as_of <= as_of)
    }

    fn insert(&mut self, figure: KnownFigure) {
        if figure.as_of < self.first.as_of {
            let second = std::mem::replace(&mut self.first, figure);
            self.later.insert(0, second);
            return;
        }
        let place = self.later.partition_point(|known| known.as_of <= figure.as_of);
        self.later.insert(place, figure);
    }
}

/// The days of a series, in the order of date and length.
#[derive(Debug, Clone, Default)]
struct Days(Vec<Day>);

impl Days {
    /// Where a day is, or belongs. Figures come in the order of their days, so the end is looked at first.
    fn place(&self, date: NaiveDate, days: u32) -> Result<usize, usize> {
        match self.0.last() {
            Some(last) if (last.date, last.days) < (date, days) => Err(self.0.len()),
            _ => self.0.binary_search_by_key(&(date, days), |day| (day.date, day.days)),
        }
    }
}

/// Every vintage of a set of series.
#[derive(Debug, Clone, Default)]
pub struct History(HashMap<SeriesKey, Days>);

impl History {
    /// Adds a vintage.
    pub fn insert(&mut self, series: &dyn OfSeries, date: NaiveDate, days: u32, figure: KnownFigure) {
        let known = match self.0.get_mut(series) {
            Some(known) => known,
            None => self.0.entry(SeriesKey::named(series.series())).or_default(),
        };
        match known.place(date, days) {
            Ok(place) => {
                if let Some(day) = known.0.get_mut(place) {
                    day.insert(figure);
                }
            }
            Err(place) => known.0.insert(place, Day { date, days, first: figure, later: Vec::new() }),
        }
    }

    /// From now on what is in it was known before.
    pub fn settle(&mut self) {
        let days = self.0.values_mut().flat_map(|known| &mut known.0);
        for figure in days.flat_map(|day| std::iter::once(&mut day.first).chain(&mut day.later)) {
            figure.is_new = false;
        }
    }

    /// The figure of a day as known at `as_of`.
    #[must_use]
    pub fn at(
        &self,
        series: &dyn OfSeries,
        date: NaiveDate,
        days: u32,
        as_of: Vintage,
    ) -> Option<KnownFigure> {
        let known = self.0.get(series)?;
        known.0.get(known.place(date, days).ok()?)?.latest(as_of)
    }

    /// The last single-day figure before `date`, as known at `as_of`.
    #[must_use]
    pub fn before(&self, series: &dyn OfSeries, date: NaiveDate, as_of: Vintage) -> Option<(NaiveDate, f64)> {
        let known = self.0.get(series)?;
        let end = known.place(date, 0).unwrap_or_else(|place| place);
        let earlier = known.0.get(..end)?.iter().rev();
        earlier.filter(|day| day.days == 1).find_map(|day| Some((day.date, day.latest(as_of)?.value?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Jakarta;

    fn key() -> SeriesKey {
        SeriesKey {
            location: LocationId::new("3271"),
            unit_id: None,
            measure: Measure::CasesTotal,
            source: "dinkes".to_owned(),
        }
    }

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2021, 6, number).unwrap()
    }

    fn moment(number: u32) -> Vintage {
        Vintage::parse_known(&day(number).to_string(), Jakarta).unwrap()
    }

    #[test]
    fn vintages_are_found_in_whatever_order_they_came() {
        let told = [(3, 20, 5.0), (1, 9, 1.0), (3, 10, 3.0), (2, 12, 2.0), (3, 15, 4.0), (1, 8, 0.5)];
        for turn in 0..told.len() {
            let mut history = History::default();
            for (date, as_of, value) in told.iter().cycle().skip(turn).take(told.len()) {
                let figure = KnownFigure { as_of: moment(*as_of), value: Some(*value), is_new: false };
                history.insert(&key(), day(*date), 1, figure);
            }
            history.insert(
                &key(),
                day(3),
                7,
                KnownFigure { as_of: moment(9), value: Some(70.0), is_new: false },
            );
            let at =
                |date, as_of| history.at(&key(), day(date), 1, moment(as_of)).and_then(|known| known.value);
            assert_eq!((at(3, 9), at(3, 10), at(3, 14)), (None, Some(3.0), Some(3.0)));
            assert_eq!(
                (at(3, 15), at(3, 25), at(1, 8), at(1, 9)),
                (Some(4.0), Some(5.0), Some(0.5), Some(1.0))
            );
            let before = |date, as_of| history.before(&key(), day(date), moment(as_of));
            assert_eq!(before(3, 25), Some((day(2), 2.0)), "a lump is no day");
            assert_eq!((before(3, 11), before(4, 15)), (Some((day(1), 1.0)), Some((day(3), 4.0))));
            assert_eq!(before(1, 25), None);
        }
    }
}
