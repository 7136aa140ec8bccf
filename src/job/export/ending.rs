//! The forms in which a dataset is taken away, by how the file's name ends.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::Context;
use thiserror::Error;

use super::Taken;
use crate::export::{
    Dialect, Rowset, TextFormat, dictionary, package, parquet, part, parts, write_csv, xlsx,
};

/// A form in which a dataset is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// Tidy CSV, or CSV for a spreadsheet where that is asked for.
    Csv,
    /// A workbook.
    Xlsx,
    /// Columns with types.
    Parquet,
    /// An array of objects.
    Json,
    /// Objects, one a line.
    JsonLines,
    /// What the columns mean.
    Dictionary,
    /// The descriptor of the CSV (Frictionless Data Package).
    Package,
}

impl Ending {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Csv, Self::Xlsx, Self::Parquet, Self::Json, Self::JsonLines, Self::Dictionary, Self::Package];

    /// How the file's name ends, without the first point.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
            Self::Dictionary => "dictionary.csv",
            Self::Package => "datapackage.json",
        }
    }

    /// What browsers are told that it is.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv | Self::Dictionary => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Json | Self::Package => "application/json",
            Self::JsonLines => "application/x-ndjson",
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No form is called so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "'{0}' is not a form of a dataset: csv, xlsx, parquet, json, jsonl, dictionary.csv or datapackage.json"
)]
pub struct UnknownEnding(pub String);

impl FromStr for Ending {
    type Err = UnknownEnding;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|ending| ending.as_str() == text);
        found.ok_or_else(|| UnknownEnding(text.to_owned()))
    }
}

/// A file that is about to be written.
pub enum Making {
    /// Text, part by part.
    Parts(Arc<dyn Rowset>, TextFormat),
    /// Whole.
    Whole(Vec<u8>),
}

/// Makes a file of what was taken. Text is made when it is written; everything else now, so that it is whole or not at all.
///
/// # Errors
/// What the writers refuse.
pub fn made(taken: Arc<Taken>, ending: Ending) -> anyhow::Result<Making> {
    let about = &taken.about;
    let bytes = match ending {
        Ending::Csv => {
            let is_for_spreadsheet = about.recipe.asked("excel").is_some();
            let dialect = match is_for_spreadsheet {
                true => Dialect::Spreadsheet(about.locale(), about.zone),
                false => Dialect::Tidy,
            };
            return Ok(Making::Parts(taken, TextFormat::Csv(dialect)));
        }
        Ending::Json => return Ok(Making::Parts(taken, TextFormat::Json)),
        Ending::JsonLines => return Ok(Making::Parts(taken, TextFormat::JsonLines)),
        Ending::Xlsx => xlsx(&*taken, about)?,
        Ending::Parquet => parquet(&*taken, about)?,
        Ending::Dictionary => {
            let mut bytes = Vec::new();
            write_csv(&dictionary(taken.columns()), &mut bytes)?;
            bytes
        }
        Ending::Package => {
            let path = taken.saved_as(Ending::Csv);
            let path = about.recipe.asked("path").unwrap_or(&path);
            let described = package(taken.columns(), about, path);
            let mut bytes = serde_json::to_vec_pretty(&described).context("write the descriptor")?;
            bytes.push(b'\n');
            bytes
        }
    };
    Ok(Making::Whole(bytes))
}

impl Making {
    /// How many parts it is written in.
    #[must_use]
    pub fn parts(&self) -> usize {
        match self {
            Self::Parts(rows, _) => parts(&**rows),
            Self::Whole(_) => 1,
        }
    }

    /// One of its parts.
    ///
    /// # Errors
    /// What the format refuses.
    pub fn part(&self, nth: usize) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Parts(rows, format) => part(&**rows, *format, nth),
            Self::Whole(bytes) => Ok(bytes.clone()),
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// When the stream refuses.
    pub fn write(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        match self {
            Self::Parts(..) => (0..self.parts()).try_for_each(|nth| out.write_all(&self.part(nth)?)),
            Self::Whole(bytes) => out.write_all(bytes),
        }
    }
}
