//! What is already known of a set of series: every vintage of every day, in memory.
//!
//! `store` fills it, `validate` reads it to tell a change from a repetition and a fall from a rise.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::{Measure, Observation};
use crate::epi::{LocationId, Vintage};

/// What makes a series: where, whose, what, by whom.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

type Days = BTreeMap<(NaiveDate, u32), Vec<KnownFigure>>;

/// Every vintage of a set of series.
#[derive(Debug, Clone, Default)]
pub struct History(HashMap<SeriesKey, Days>);

impl History {
    /// Adds a vintage.
    pub fn insert(&mut self, key: SeriesKey, date: NaiveDate, days: u32, figure: KnownFigure) {
        let vintages = self.0.entry(key).or_default().entry((date, days)).or_default();
        let place = vintages.partition_point(|known| known.as_of <= figure.as_of);
        vintages.insert(place, figure);
    }

    /// From now on what is in it was known before.
    pub fn settle(&mut self) {
        for figure in self.0.values_mut().flat_map(BTreeMap::values_mut).flatten() {
            figure.is_new = false;
        }
    }

    /// The figure of a day as known at `as_of`.
    #[must_use]
    pub fn at(&self, key: &SeriesKey, date: NaiveDate, days: u32, as_of: Vintage) -> Option<KnownFigure> {
        latest(self.0.get(key)?.get(&(date, days))?, as_of)
    }

    /// The last single-day figure before `date`, as known at `as_of`.
    #[must_use]
    pub fn before(&self, key: &SeriesKey, date: NaiveDate, as_of: Vintage) -> Option<(NaiveDate, f64)> {
        self.0
            .get(key)?
            .range(..(date, 0))
            .rev()
            .filter(|((_, days), _)| *days == 1)
            .find_map(|((day, _), vintages)| Some((*day, latest(vintages, as_of)?.value?)))
    }
}

fn latest(vintages: &[KnownFigure], as_of: Vintage) -> Option<KnownFigure> {
    vintages.iter().rev().find(|known| known.as_of <= as_of).copied()
}
