//! A publisher as a file: where its figures are, in what form, how its words map to ours.
//!
//! A new publisher is a new file in `data/source/`, not new code.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use thiserror::Error;

use super::cadence::Cadence;
use super::number::NumberFormat;
use super::request::{Method, Pages, Request};
use crate::epi::{LocationId, Status};
use crate::observation::{Checks, Measure};

/// A spec that cannot be used: where and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct SpecFault {
    /// Line of the file, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// How a source writes dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateFormat {
    /// `2021-06-28`
    #[default]
    Iso,
    /// `Senin, 28 Juni 2021`, `Rabu (23/6/2021)`, `23/6/2021`; a weekday is checked.
    Indonesian,
}

/// Which column holds what, for a file with one figure a row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Columns {
    /// The day.
    pub date: String,
    /// The location.
    pub location: String,
    /// What is counted (files with one figure a row).
    pub measure: String,
    /// The figure (files with one figure a row).
    pub value: String,
    /// When it became known.
    pub as_of: String,
    /// Who publishes it.
    pub source: String,
    /// The work unit.
    pub unit_id: String,
    /// A remark.
    pub note: String,
    /// First day of a figure for several days.
    pub date_from: String,
    /// Printed, derived, reconstructed.
    pub status: String,
    /// The page it was taken from.
    pub address: String,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            date: "date".to_owned(),
            location: "location".to_owned(),
            measure: "measure".to_owned(),
            value: "value".to_owned(),
            as_of: "as_of".to_owned(),
            source: "source".to_owned(),
            unit_id: "unit_id".to_owned(),
            note: "note".to_owned(),
            date_from: "date_from".to_owned(),
            status: "status".to_owned(),
            address: "address".to_owned(),
        }
    }
}

/// What a source counts for in one place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityIn {
    /// Where.
    pub location: LocationId,
    /// As `authority`.
    pub authority: i32,
}

/// A publisher.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSpec {
    /// Its id, used as the source of every figure that names none itself.
    pub id: String,
    /// What it is, for people, in Bahasa Indonesia: "publisher: what it brings".
    pub title: String,
    /// The same in English, if it differs.
    #[serde(default)]
    pub title_en: Option<String>,
    /// Where it is; may be left out for uploads.
    #[serde(default)]
    pub address: Option<String>,
    /// A file instead of an address, or the newest whose name fits a pattern.
    #[serde(default)]
    pub path: Option<String>,
    /// How the address is asked.
    #[serde(default)]
    pub method: Method,
    /// What is sent along with POST.
    #[serde(default)]
    pub body: String,
    /// Headers: text, or `env:SIAGA_SOURCE_…` for a secret.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Pages to go through.
    #[serde(default)]
    pub pages: Option<Pages>,
    /// When it publishes.
    #[serde(default)]
    pub cadence: Option<Cadence>,
    /// Licence or terms of use.
    #[serde(default)]
    pub licence: String,
    /// Whom to ask.
    #[serde(default)]
    pub contact: String,
    /// When the address last answered: `never` or a date.
    #[serde(default)]
    pub last_answered: String,
    /// Which of several sources of a measure counts: the highest.
    #[serde(default)]
    pub authority: i32,
    /// Places where it counts more, or less.
    #[serde(default)]
    pub authority_in: Vec<AuthorityIn>,
    /// Days after which figures are late.
    #[serde(default = "one_day")]
    pub expected_lag_days: u32,
    /// Names that may stand in its source column besides its id; empty: any.
    #[serde(default)]
    pub sources: BTreeSet<String>,
    /// Locations it may speak of; empty: any.
    #[serde(default)]
    pub locations: BTreeSet<LocationId>,
    /// The location of every row, when no column says so.
    #[serde(default)]
    pub location: Option<LocationId>,
    /// Names of locations and the codes they stand for. Nothing is mapped by likeness.
    #[serde(default)]
    pub location_names: BTreeMap<String, LocationId>,
    /// Names of measures in the file and ours.
    #[serde(default)]
    pub measure_names: BTreeMap<String, String>,
    /// Files with several figures a row: column and measure.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// The column names.
    #[serde(default)]
    pub columns: Columns,
    /// What separates columns.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// How it writes dates.
    #[serde(default)]
    pub dates: DateFormat,
    /// How it writes numbers.
    #[serde(default)]
    pub numbers: NumberFormat,
    /// What its figures are, when no column says so.
    #[serde(default = "printed")]
    pub status: Status,
    /// Whether any text is a location; otherwise one must be in the locations list or named here.
    #[serde(default)]
    pub any_location: bool,
    /// Which batches are held.
    #[serde(default)]
    pub checks: Checks,
    /// SHA-256 of its text: another one reads the same payload anew.
    #[serde(skip)]
    pub fingerprint: String,
}

fn one_day() -> u32 {
    1
}

fn comma() -> char {
    ','
}

fn printed() -> Status {
    Status::Printed
}

impl SourceSpec {
    /// Reads and checks a spec file.
    ///
    /// # Errors
    /// [`SpecFault`] with the line.
    pub fn parse(text: &str) -> Result<Self, SpecFault> {
        let line_at = |offset: usize| text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1);
        let mut spec: Self = toml::from_str(text).map_err(|error| SpecFault {
            line: error.span().map_or(1, |span| line_at(span.start)),
            message: error.message().to_owned(),
        })?;
        let fault =
            |needle: &str, message: String| SpecFault { line: text.find(needle).map_or(1, line_at), message };
        if spec.id.is_empty() || !spec.id.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
            return Err(fault("id", "id must be letters, digits, - _ or .".to_owned()));
        }
        for name in spec.values.values().chain(spec.measure_names.values()) {
            if name.parse::<Measure>().is_err() {
                return Err(fault(name, format!("'{name}' is not a measure")));
            }
        }
        if !spec.delimiter.is_ascii() {
            return Err(fault("delimiter", "delimiter must be one ASCII character".to_owned()));
        }
        if let Err((key, message)) = spec.checks.check() {
            return Err(fault(key, format!("{key}: {message}")));
        }
        spec.fingerprint = super::sha256_hex(text.as_bytes());
        spec.request().check().map_err(|(key, message)| fault(&key, message))?;
        Ok(spec)
    }

    /// How its figures are asked for.
    #[must_use]
    pub fn request(&self) -> Request {
        Request {
            address: self.address.clone(),
            path: self.path.clone(),
            method: self.method,
            body: self.body.clone(),
            headers: self.headers.clone(),
            pages: self.pages.clone(),
        }
    }

    /// Whether siaga asks for its figures itself; else they come by hand.
    #[must_use]
    pub fn is_pulled(&self) -> bool {
        self.address.is_some() || self.path.is_some()
    }

    /// Its title for a reader of English, or of Bahasa Indonesia.
    #[must_use]
    pub fn title_in(&self, is_english: bool) -> &str {
        self.title_en.as_deref().filter(|_| is_english).unwrap_or(&self.title)
    }

    /// Whether a file has one figure a row (long) or several (wide).
    #[must_use]
    pub fn is_wide(&self) -> bool {
        !self.values.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_specs_are_refused_with_their_line() {
        let line = |text: &str| SourceSpec::parse(text).map_err(|fault| fault.line);
        assert_eq!(line("id = \"x\"\ntitle = \"t\"\nadress = \"http://a\""), Err(3));
        assert_eq!(line("id = \"x y\"\ntitle = \"t\""), Err(1));
        assert_eq!(line("id = \"x\"\ntitle = \"t\"\nnumbers = \"german\""), Err(3));
        assert_eq!(line("id = \"x\"\ntitle = \"t\"\n[values]\npositif = \"kasus\""), Err(4));
        assert!(line("id = \"x\"\ntitle = \"t\"").is_ok());
        assert_eq!(
            line("id = \"x\"\ntitle = \"t\"\n[[authority_in]]\nlocation = \"3271\"\nrank = 5"),
            Err(5)
        );
        assert!(
            line("id = \"x\"\ntitle = \"t\"\n[[authority_in]]\nlocation = \"3271\"\nauthority = 5").is_ok()
        );
    }
}
