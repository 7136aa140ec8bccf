//! A row as parsed, and a row as believed.

use chrono::NaiveDate;

use super::Measure;
use crate::epi::{LocationId, Status, Vintage};

/// One figure as parsed from a payload: readable, not yet believed.
#[derive(Debug, Clone, PartialEq)]
pub struct RawObservation {
    /// Line of the payload, counted from 1, for the report of refusals.
    pub row: u64,
    /// The figure.
    pub observation: Observation,
}

/// One figure: what was reported for a date, by whom, known since when.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Where it counts for.
    pub location: LocationId,
    /// The work unit (OPD), if it is a figure of one.
    pub unit_id: Option<String>,
    /// What is counted.
    pub measure: Measure,
    /// Who publishes it.
    pub source: String,
    /// The day it is for; of a lump, the last day.
    pub date: NaiveDate,
    /// How many days it covers: 1, or more for a lump.
    pub days: u32,
    /// The figure; `None` is "reported as missing". A reported zero is 0.
    pub value: Option<f64>,
    /// Printed, derived or reconstructed.
    pub status: Status,
    /// When it became known.
    pub as_of: Vintage,
    /// A remark for readers.
    pub note: String,
    /// The page it was taken from.
    pub address: String,
}

/// What the note of a figure begins with whose value is not for this reader; a code follows.
pub const WITHHELD: &str = "withheld: ";

impl Observation {
    /// Whether its value was left out for this reader. Such a row says nothing of what was reported.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        self.value.is_none() && self.note.starts_with(WITHHELD)
    }

    /// The first day it covers.
    #[must_use]
    pub fn date_from(&self) -> NaiveDate {
        self.date - chrono::Duration::days(i64::from(self.days.max(1)) - 1)
    }
}
