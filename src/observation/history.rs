//! What is already known of a set of series: every vintage of every day, in memory.
//!
//! `store` fills it, `validate` reads it to tell a change from a repetition and a fall from a rise. Millions of figures
//! pass through it in a first import, so a series is looked up once and a new day is put at its end.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Measure, Observation};
use crate::epi::{LocationId, Vintage};

/// What makes a series: where, whose, what, by whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
        Self {
            location: observation.location.clone(),
            unit_id: observation.unit_id.clone(),
            measure: observation.measure,
            source: observation.source.clone(),
        }
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
    /// Later vintages, in the order of knowledge. Boxed: three words less in each of millions of days that have none.
    #[expect(clippy::box_collection, reason = "a day without later vintages is as small as it can be")]
    later: Option<Box<Vec<KnownFigure>>>,
    /// When it was last told as it was known already.
    repeated_at: Option<Vintage>,
}

impl Day {
    fn latest(&self, as_of: Vintage) -> Option<KnownFigure> {
        let later = self.later.iter().flat_map(|later| later.iter().rev());
        later.chain([&self.first]).copied().find(|known| known.as_of <= as_of)
    }

    fn insert(&mut self, figure: KnownFigure) {
        let later = self.later.get_or_insert_default();
        if figure.as_of < self.first.as_of {
            later.insert(0, std::mem::replace(&mut self.first, figure));
            return;
        }
        let place = later.partition_point(|known| known.as_of <= figure.as_of);
        later.insert(place, figure);
    }
}

/// Every vintage of one series: its days in the order of date and length.
#[derive(Debug, Clone, Default)]
pub struct Known(Vec<Day>);

/// Where a day of a series is, or belongs.
pub(super) type Place = Result<usize, usize>;

impl Known {
    /// Where a day is, or belongs. Figures come in the order of their days, so the end is looked at first.
    pub(super) fn place(&self, date: NaiveDate, days: u32) -> Place {
        if self.ends_before(date, days) {
            return Err(self.0.len());
        }
        self.0.binary_search_by_key(&(date, days), |day| (day.date, day.days))
    }

    /// The figure at a place as known at `as_of`.
    pub(super) fn at_place(&self, place: Place, as_of: Vintage) -> Option<KnownFigure> {
        self.0.get(place.ok()?)?.latest(as_of)
    }

    /// Notes that the figure at a place was told as it is known, at a later moment.
    pub(super) fn repeat_at(&mut self, place: Place, as_of: Vintage) {
        if let Some(day) = place.ok().and_then(|place| self.0.get_mut(place)) {
            day.repeated_at = Some(as_of);
        }
    }

    /// Whether the figure at a place, as known at a moment, was told at this very moment.
    pub(super) fn is_told_at(&self, place: Place, as_of: Vintage) -> bool {
        let day = place.ok().and_then(|place| self.0.get(place));
        day.is_some_and(|day| {
            day.repeated_at == Some(as_of) || day.latest(as_of).is_some_and(|known| known.as_of == as_of)
        })
    }

    /// Adds a vintage of a day at its place.
    pub(super) fn insert_at(&mut self, place: Place, (date, days): (NaiveDate, u32), figure: KnownFigure) {
        match place {
            Ok(place) => {
                if let Some(day) = self.0.get_mut(place) {
                    day.insert(figure);
                }
            }
            Err(place) => {
                self.0.insert(place, Day { date, days, first: figure, later: None, repeated_at: None })
            }
        }
    }

    /// Adds a vintage.
    pub fn insert(&mut self, date: NaiveDate, days: u32, figure: KnownFigure) {
        self.insert_at(self.place(date, days), (date, days), figure);
    }

    /// Whether all its days are before this one.
    pub(super) fn ends_before(&self, date: NaiveDate, days: u32) -> bool {
        self.0.last().is_none_or(|last| (last.date, last.days) < (date, days))
    }

    /// Makes room for so many more days at once.
    pub(super) fn make_room(&mut self, days: usize) {
        self.0.reserve_exact(days);
    }

    /// The last single-day figure before `date`, as known at `as_of`.
    #[must_use]
    pub fn before(&self, date: NaiveDate, as_of: Vintage) -> Option<(NaiveDate, f64)> {
        let end = self.place(date, 0).unwrap_or_else(|place| place);
        let earlier = self.0.get(..end)?.iter().rev();
        earlier.filter(|day| day.days == 1).find_map(|day| Some((day.date, day.latest(as_of)?.value?)))
    }
}

/// Every vintage of a set of series.
#[derive(Debug, Clone, Default)]
pub struct History {
    numbers: HashMap<SeriesKey, usize>,
    series: Vec<Known>,
}

impl History {
    /// The number of a series; a new one if nothing is known of it.
    pub fn number(&mut self, key: &SeriesKey) -> usize {
        if let Some(number) = self.numbers.get(key) {
            return *number;
        }
        self.series.push(Known::default());
        self.numbers.insert(key.clone(), self.series.len() - 1);
        self.series.len() - 1
    }

    /// A series by its number.
    pub fn series_mut(&mut self, number: usize) -> &mut Known {
        &mut self.series[number]
    }

    /// A series by its number.
    #[must_use]
    pub fn series(&self, number: usize) -> &Known {
        &self.series[number]
    }

    /// What is known of a series.
    #[must_use]
    pub fn of(&self, key: &SeriesKey) -> Option<&Known> {
        self.numbers.get(key).map(|number| &self.series[*number])
    }

    /// Adds a vintage.
    pub fn insert(&mut self, key: &SeriesKey, date: NaiveDate, days: u32, figure: KnownFigure) {
        let number = self.number(key);
        self.series[number].insert(date, days, figure);
    }

    /// Adds vintages of one series, in any order.
    pub fn insert_all(&mut self, key: &SeriesKey, told: &[(NaiveDate, u32, KnownFigure)]) {
        let number = self.number(key);
        let known = &mut self.series[number];
        known.make_room(told.len());
        for (date, days, figure) in told {
            known.insert(*date, *days, *figure);
        }
    }

    /// From now on what is in it was known before.
    pub fn settle(&mut self) {
        let days = self.series.iter_mut().flat_map(|known| &mut known.0);
        for day in days {
            day.first.is_new = false;
            for figure in day.later.iter_mut().flat_map(|later| later.iter_mut()) {
                figure.is_new = false;
            }
        }
    }

    /// The figure of a day as known at `as_of`.
    #[must_use]
    pub fn at(&self, key: &SeriesKey, date: NaiveDate, days: u32, as_of: Vintage) -> Option<KnownFigure> {
        let known = self.of(key)?;
        known.at_place(known.place(date, days), as_of)
    }

    /// The last single-day figure before `date`, as known at `as_of`.
    #[must_use]
    pub fn before(&self, key: &SeriesKey, date: NaiveDate, as_of: Vintage) -> Option<(NaiveDate, f64)> {
        self.of(key)?.before(date, as_of)
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
