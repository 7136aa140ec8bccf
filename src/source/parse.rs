//! From a payload to figures: bytes and a spec in, rows and refusals out. Pure.
//!
//! The bytes are looked at first, then a reader makes records of them, then the records are shaped into figures. Tidy CSV
//! (one figure a row) is the spec's default.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::SourceError;
use super::read::{read_csv, read_json, read_xlsx};
use super::shape::Shaper;
use super::sniff::Looks;
use super::spec::{PayloadFormat, SourceSpec};
use crate::epi::{Locations, Vintage};
use crate::observation::{RawObservation, Rejection};

/// How a payload came, and the names it may use.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// When.
    pub at: Vintage,
    /// The city's time zone.
    pub zone: Tz,
    /// Its address or the name of its file.
    pub name: &'a str,
    /// The day its figures are for, told by hand where the payload does not say.
    pub date: Option<NaiveDate>,
    /// The places that are known, by code and by name.
    pub locations: &'a Locations,
    /// The work units that are known: name, in lower case and with single blanks, and id.
    pub units: &'a BTreeMap<String, String>,
}

/// What a payload holds.
#[derive(Debug, Default)]
pub struct Parsed {
    /// Figures that can be read.
    pub rows: Vec<RawObservation>,
    /// Figures that cannot.
    pub rejected: Vec<Rejection>,
    /// Rows that the spec says to leave out.
    pub skipped: u64,
    /// The payload's shape: its column names, sorted. Columns that are days count as one, `<date>`; those that the
    /// spec names and may be left out do not count.
    pub columns: Vec<String>,
}

impl Parsed {
    /// How many figures the payload holds, readable or not.
    #[must_use]
    pub fn received(&self) -> usize {
        self.rows.len() + self.rejected.len()
    }
}

/// Parses a payload; figures that say nothing else became known when it was received.
///
/// # Errors
/// [`SourceError::Unreadable`] when the payload as a whole is not what the spec describes: another form, a web page, a
/// column missing.
pub fn parse(bytes: &[u8], spec: &SourceSpec, received: &Received<'_>) -> Result<Parsed, SourceError> {
    let unreadable = |reason: String| SourceError::Unreadable { spec: spec.id.clone(), reason };
    if let Some(refusal) = Looks::of(bytes).refusal(spec.format) {
        return Err(unreadable(refusal));
    }
    let mut shaper = Shaper::new(spec, received).map_err(unreadable)?;
    match spec.format {
        PayloadFormat::Csv => read_csv(bytes, spec, &mut shaper),
        PayloadFormat::Json => read_json(bytes, &spec.records, &spec.named_columns(), &mut shaper),
        PayloadFormat::Xlsx => read_xlsx(bytes, spec, &mut shaper),
    }
    .map_err(unreadable)?;
    Ok(shaper.parsed())
}
