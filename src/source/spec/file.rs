//! What can be written in a spec file, key by key.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Deserialize;
use thiserror::Error;

use super::{BareName, DateFormat, DateParts, DatesAcross, Encoding, Figure, LookedUpBy, PayloadFormat};
use crate::epi::{LocationId, Status};
use crate::observation::Checks;
use crate::source::cadence::Cadence;
use crate::source::number::NumberFormat;
use crate::source::request::{Method, Pages, Request};

/// A spec that cannot be used: where and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct SpecFault {
    /// Line of the file, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Which column holds what. A column is named as its header is, or "#3" for the third one, or "Cases (2)" for the second
/// one called Cases; in JSON it is a path from the record, from the root with a leading `/`, or `@key`. Empty: none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Columns {
    /// The day.
    pub date: String,
    /// The location.
    pub location: String,
    /// The location where the first column is empty.
    pub location_else: String,
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
            location_else: String::new(),
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

/// Stands for the city of the settings.
const OF_CITY: &str = "@city";

/// A name as it is compared where columns may have several: without case, blanks and punctuation.
pub(in crate::source) fn plain_name(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a source counts for in one place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityIn {
    /// Where.
    pub location: LocationId,
    /// As `authority`.
    pub authority: i32,
    /// The first day on which it counts so; without one from the beginning.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// The last; without one to the end.
    #[serde(default)]
    pub to: Option<NaiveDate>,
}

impl AuthorityIn {
    /// From which day to which it counts so; `None` where neither is said.
    #[must_use]
    pub fn period(&self) -> Option<(NaiveDate, NaiveDate)> {
        let is_said = self.from.is_some() || self.to.is_some();
        is_said.then(|| (self.from.unwrap_or(NaiveDate::MIN), self.to.unwrap_or(NaiveDate::MAX)))
    }
}

/// A publisher.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSpec {
    /// Its id.
    pub id: String,
    /// The series its figures go on with, where they name none; its own, under its id, if this is left out.
    #[serde(default)]
    pub series: Option<String>,
    /// Whether they rather go on with the series that counts in the city, measure by measure.
    #[serde(default)]
    pub continues: bool,
    /// What it is, for people, in Bahasa Indonesia: "publisher: what it brings".
    pub title: String,
    /// The same in English, if it differs.
    #[serde(default)]
    pub title_en: Option<String>,
    /// Where it is; may be left out for uploads.
    #[serde(default)]
    pub address: Option<String>,
    /// A file of this machine instead, or the newest one that a pattern with `*` fits.
    #[serde(default)]
    pub path: Option<String>,
    /// How the address is asked.
    #[serde(default)]
    pub method: Method,
    /// What is sent with POST.
    #[serde(default)]
    pub body: String,
    /// Headers of the request; `env:SIAGA_SOURCE_…` stands for a secret of the environment.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// An answer in several pages.
    #[serde(default)]
    pub pages: Option<Pages>,
    /// When figures are to be expected.
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
    #[serde(default = "one")]
    pub expected_lag_days: u32,
    /// Names that may stand in its source column besides its id; empty: any.
    #[serde(default)]
    pub sources: BTreeSet<String>,
    /// Locations it may speak of; empty: any.
    #[serde(default)]
    pub locations: BTreeSet<LocationId>,
    /// The form of the payload.
    #[serde(default)]
    pub format: PayloadFormat,
    /// CSV: what separates columns.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// Instead: what may separate columns; the one that stands in the line of names most often does.
    #[serde(default)]
    pub delimiters: Vec<char>,
    /// CSV: what stands around text that holds a separator.
    #[serde(default = "double_quote")]
    pub quote: char,
    /// CSV: how its text is written in bytes.
    #[serde(default)]
    pub encoding: Encoding,
    /// CSV, XLSX: the line of the column names; 0: there are none.
    #[serde(default = "one")]
    pub header_row: u32,
    /// JSON: the path to the records, with `*` for each element or each key.
    #[serde(default)]
    pub records: String,
    /// XLSX: the sheet; without this the first.
    #[serde(default)]
    pub sheet: Option<String>,
    /// XLSX: the first sheet whose name this pattern fits.
    #[serde(default)]
    pub sheet_pattern: Option<String>,
    /// The column names.
    #[serde(default)]
    pub columns: Columns,
    /// Files with several figures a row: column and measure.
    #[serde(default)]
    pub values: BTreeMap<String, Figure>,
    /// Files with a column a day.
    #[serde(default)]
    pub dates_across: Option<DatesAcross>,
    /// A date in several columns.
    #[serde(default)]
    pub date_parts: Option<DateParts>,
    /// How it writes dates.
    #[serde(default)]
    pub dates: DateFormat,
    /// So many days are added to each date.
    #[serde(default)]
    pub date_shift_days: i32,
    /// The day stands in the name of the file or in the address: a pattern with one group.
    #[serde(default)]
    pub date_from_name: Option<String>,
    /// How it writes numbers.
    #[serde(default)]
    pub numbers: NumberFormat,
    /// Words that stand where a figure is missing.
    #[serde(default)]
    pub missing: BTreeSet<String>,
    /// Words that stand for figures.
    #[serde(default)]
    pub value_names: BTreeMap<String, f64>,
    /// Names of measures in the file and ours.
    #[serde(default)]
    pub measure_names: BTreeMap<String, Figure>,
    /// The location of every row, when no column says so; `@city` is the city of the settings.
    #[serde(default)]
    pub location: Option<LocationId>,
    /// Names of locations and the codes they stand for. Nothing is mapped by likeness.
    #[serde(default)]
    pub location_names: BTreeMap<String, LocationId>,
    /// Whether the location column holds codes or names.
    #[serde(default)]
    pub locations_by: LookedUpBy,
    /// What a name without its kind is.
    #[serde(default)]
    pub bare_name: Option<BareName>,
    /// Names are looked up only in this part of the country.
    #[serde(default)]
    pub locations_within: Option<LocationId>,
    /// What is put before every code.
    #[serde(default)]
    pub location_prefix: String,
    /// Codes are filled up with zeros to so many digits.
    #[serde(default)]
    pub location_digits: usize,
    /// Whether any text is a location; otherwise one must be in the locations list or named here.
    #[serde(default)]
    pub any_location: bool,
    /// Names of work units and their ids.
    #[serde(default)]
    pub unit_names: BTreeMap<String, String>,
    /// Whether the unit column holds ids or names.
    #[serde(default)]
    pub units_by: LookedUpBy,
    /// Other names that a column may have. With any, names are compared without case, blanks and punctuation, and so are the
    /// words of the measure column.
    #[serde(default)]
    pub also_called: BTreeMap<String, BTreeSet<String>>,
    /// Whether columns of figures may be left out, as long as one is there.
    #[serde(default)]
    pub optional_values: bool,
    /// Whether a column that nothing here speaks of is refused by name.
    #[serde(default)]
    pub others_refused: bool,
    /// Columns that are left out all the same: a number of the row, the day of the week.
    #[serde(default)]
    pub columns_left_out: BTreeSet<String>,
    /// Only rows with one of these values in the column are read.
    #[serde(default)]
    pub keep: BTreeMap<String, BTreeSet<String>>,
    /// Rows with one of these values in the column are not.
    #[serde(default)]
    pub skip: BTreeMap<String, BTreeSet<String>>,
    /// Rows whose first text starts with one of these words, in any case, are not: TOTAL.
    #[serde(default)]
    pub skip_rows_like: Vec<String>,
    /// What its figures are, when no column says so.
    #[serde(default = "printed")]
    pub status: Status,
    /// Which batches are held.
    #[serde(default)]
    pub checks: Checks,
    /// Whether `location` is the city of the settings, as [`SourceSpec::in_city`] fills in.
    #[serde(skip)]
    pub is_of_city: bool,
    /// SHA-256 of its text: another one reads the same payload anew.
    #[serde(skip)]
    pub fingerprint: String,
}

fn one() -> u32 {
    1
}

fn comma() -> char {
    ','
}

fn double_quote() -> char {
    '"'
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
        super::check::check(&spec, text)?;
        if spec.location.as_ref().is_some_and(|location| location.as_str() == OF_CITY) {
            (spec.location, spec.is_of_city) = (None, true);
        }
        spec.fingerprint = crate::source::sha256_hex(text.as_bytes());
        Ok(spec)
    }

    /// The same for this city: it is the location where the spec says `@city`.
    #[must_use]
    pub fn in_city(self, city: &LocationId) -> Self {
        let location = if self.is_of_city { Some(city.clone()) } else { self.location };
        Self { location, ..self }
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

    /// Every column that it speaks of.
    #[must_use]
    pub(in crate::source) fn named_columns(&self) -> BTreeSet<&str> {
        let columns = &self.columns;
        let mut names: Vec<&str> = [
            &columns.date,
            &columns.location,
            &columns.location_else,
            &columns.measure,
            &columns.value,
            &columns.as_of,
            &columns.source,
            &columns.unit_id,
            &columns.note,
            &columns.date_from,
            &columns.status,
            &columns.address,
        ]
        .into_iter()
        .chain(self.values.keys())
        .chain(self.keep.keys())
        .chain(self.skip.keys())
        .chain(&self.columns_left_out)
        .map(String::as_str)
        .collect();
        if let Some(parts) = &self.date_parts {
            names.extend([parts.year.as_str(), &parts.month]);
            names.extend(parts.day.as_deref());
        }
        names.into_iter().filter(|name| !name.is_empty()).collect()
    }

    /// The series of figures that name none.
    #[must_use]
    pub fn series(&self) -> &str {
        self.series.as_deref().unwrap_or(&self.id)
    }

    /// Its title for a reader of English, or of Bahasa Indonesia.
    #[must_use]
    pub fn title_in(&self, is_english: bool) -> &str {
        self.title_en.as_deref().filter(|_| is_english).unwrap_or(&self.title)
    }

    /// Whether a file has one figure a row (long) or several (wide).
    #[must_use]
    pub fn is_wide(&self) -> bool {
        !self.values.is_empty() || self.dates_across.is_some()
    }
}
