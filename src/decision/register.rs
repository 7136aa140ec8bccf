//! The city's status in law, by dates: outbreak (KLB), large-scale restrictions (PSBB), levels of PPKM. Others set it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::epi::LocationId;

/// One status for some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CityStatus {
    /// Where.
    pub location: LocationId,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; `None` until lifted.
    pub valid_to: Option<NaiveDate>,
    /// The word: `klb`, `psbb`, `ppkm`, `ppkm_mikro`, `ppkm_darurat`, `ppkm_level_1` to `ppkm_level_4`.
    pub status: String,
    /// What it was set by.
    pub instrument: String,
    /// Where that was read.
    pub source: String,
    /// `press`, or `unverified` where no text was seen.
    pub trust: String,
}

/// A register that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct StatusFault {
    /// Line of the file, counted from 1.
    pub line: u64,
    /// What is wrong.
    pub message: String,
}

const STATUSES: [&str; 9] = [
    "klb",
    "psbb",
    "ppkm",
    "ppkm_mikro",
    "ppkm_darurat",
    "ppkm_level_1",
    "ppkm_level_2",
    "ppkm_level_3",
    "ppkm_level_4",
];

/// Every status known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatusRegister(Vec<CityStatus>);

impl StatusRegister {
    /// What holds on a day for any of these places (the city and what it is part of), newest first.
    #[must_use]
    pub fn on(&self, places: &[LocationId], date: NaiveDate) -> Vec<&CityStatus> {
        let mut found: Vec<&CityStatus> = self
            .0
            .iter()
            .filter(|status| places.contains(&status.location))
            .filter(|status| status.valid_from <= date && status.valid_to.is_none_or(|to| date <= to))
            .collect();
        found.sort_by_key(|status| std::cmp::Reverse(status.valid_from));
        found
    }

    /// Every row.
    #[must_use]
    pub fn all(&self) -> &[CityStatus] {
        &self.0
    }
}

/// Reads `location,valid_from,valid_to,status,instrument,source,trust`.
///
/// # Errors
/// [`StatusFault`] with the line: an unknown status, days in the wrong order, a row without its instrument.
pub fn parse_statuses(text: &str) -> Result<StatusRegister, StatusFault> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut rows = Vec::new();
    for (place, row) in reader.deserialize::<CityStatus>().enumerate() {
        let line = u64::try_from(place).unwrap_or(u64::MAX - 2) + 2;
        let wrong = |message: String| StatusFault { line, message };
        let row = row.map_err(|error| wrong(error.to_string()))?;
        if !STATUSES.contains(&row.status.as_str()) {
            return Err(wrong(format!("'{}' is not a status: {}", row.status, STATUSES.join(", "))));
        }
        if row.valid_to.is_some_and(|to| to < row.valid_from) {
            return Err(wrong("valid_to lies before valid_from".to_owned()));
        }
        if row.instrument.trim().is_empty() || row.source.trim().is_empty() {
            return Err(wrong("a status names its instrument and where it was read".to_owned()));
        }
        rows.push(row);
    }
    Ok(StatusRegister(rows))
}
