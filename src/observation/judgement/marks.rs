//! Which days of which series are as somebody judged them and not as reported.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::observation::{Measure, SeriesKey};

/// What a judgement did to a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Its figure was confirmed.
    Confirmed,
    /// It has a share of a figure that was spread, or is that figure.
    Spread,
    /// Its figure counts as missing.
    Excluded,
}

/// The judged days of every series.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks(BTreeMap<SeriesKey, BTreeMap<NaiveDate, Mark>>);

impl Marks {
    /// Marks a day. What changes more stays: an excluded day is excluded whatever else is said of it.
    pub fn put(&mut self, series: &SeriesKey, date: NaiveDate, mark: Mark) {
        let days = self.0.entry(series.clone()).or_default();
        days.entry(date).and_modify(|known| *known = mark.max(*known)).or_insert(mark);
    }

    /// The mark of a day.
    #[must_use]
    pub fn at(&self, series: &SeriesKey, date: NaiveDate) -> Option<Mark> {
        self.0.get(series)?.get(&date).copied()
    }

    /// Whether nothing was judged.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The marks by series.
    pub fn iter(&self) -> impl Iterator<Item = (&SeriesKey, &BTreeMap<NaiveDate, Mark>)> {
        self.0.iter()
    }
}

/// The judged days of one place, of the source that counts.
pub type MarksByMeasure = BTreeMap<Measure, BTreeMap<NaiveDate, Mark>>;
