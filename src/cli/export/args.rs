//! What can be typed to take files away, and to make them again.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use crate::disclosure::Audience;
use crate::job::Ending;

/// How a dataset is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Tidy CSV, which can be taken in again
    Csv,
    /// A workbook, with a dictionary and a sheet about the file
    Xlsx,
    /// Columns with their types
    Parquet,
    /// An array of objects
    Json,
    /// Objects, one a line
    Jsonl,
    /// The descriptor of the CSV (Frictionless Data Package)
    Datapackage,
}

impl ExportFormat {
    /// The form of a dataset.
    #[must_use]
    pub fn ending(self) -> Ending {
        match self {
            Self::Csv => Ending::Csv,
            Self::Xlsx => Ending::Xlsx,
            Self::Parquet => Ending::Parquet,
            Self::Json => Ending::Json,
            Self::Jsonl => Ending::JsonLines,
            Self::Datapackage => Ending::Package,
        }
    }
}

/// `siaga export`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siaga export observations --format csv --out figures.csv
  siaga export observations --measure cases,deaths --from 2021-06-01 --to 2021-06-28 --format xlsx --out june.xlsx
  siaga export indicators --indicator growth_ratio,rt --as-of 2021-06-28 --format parquet --out rt.parquet
  siaga export observations --excel --lang id --out excel.csv      opens in columns in a spreadsheet in Bahasa Indonesia
  siaga export evidence --date 2021-06-28 --out evidence.zip       what the recommendation of that day rested on")]
pub struct ExportArgs {
    /// observations, indicators, assessments, decisions, revisions, alerts, units, roster or attendance; or evidence
    pub dataset: String,
    /// csv, xlsx, parquet, json, jsonl or datapackage
    #[arg(long, value_enum, default_value_t = ExportFormat::Csv)]
    pub format: ExportFormat,
    /// CSV as a spreadsheet in the language of --lang opens it: byte-order mark, its separator, its decimal mark
    #[arg(long)]
    pub excel: bool,
    /// Where to [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// First day
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Last day
    #[arg(long, value_name = "DATE")]
    pub to: Option<String>,
    /// Only these measures, with commas between them
    #[arg(long, value_name = "NAMES")]
    pub measure: Option<String>,
    /// Only these indicators, with commas between them
    #[arg(long, value_name = "NAMES")]
    pub indicator: Option<String>,
    /// Only this location
    #[arg(long, value_name = "CODE")]
    pub location: Option<String>,
    /// As known then: a day (its end) or a moment with an offset
    #[arg(long, value_name = "MOMENT")]
    pub as_of: Option<String>,
    /// Write the columns and what they mean instead
    #[arg(long, conflicts_with_all = ["excel", "format"])]
    pub dictionary: bool,
    /// The name of the CSV that a datapackage describes [default: the name under which pages save it]
    #[arg(long, value_name = "NAME")]
    pub path: Option<String>,
    /// The day of the evidence
    #[arg(long, value_name = "DATE")]
    pub date: Option<NaiveDate>,
    /// For whom: public, government, executive, unit:ID or unsuppressed (recorded)
    /// [default: executive, of roster and attendance unsuppressed; with a token what its role sees]
    #[arg(long, value_name = "WHO")]
    pub audience: Option<Audience>,
}

impl ExportArgs {
    /// A filter by its name.
    #[must_use]
    pub fn filter(&self, name: &str) -> Option<String> {
        let filters = [
            ("from", &self.from),
            ("to", &self.to),
            ("measure", &self.measure),
            ("indicator", &self.indicator),
            ("location", &self.location),
        ];
        filters.into_iter().find(|(known, _)| *known == name).and_then(|(_, value)| value.clone())
    }
}

/// `siaga reproduce`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siaga reproduce 'observations.xlsx,as_of=2021-06-28T05:00:00Z,…,check=1a2b3c4d' --out again.xlsx

The id of a file is in the sheet \"about\" of a workbook, in the metadata of Parquet, SVG and PNG, in the descriptor of a CSV, in the
header siaga-id of the answer, and on standard error where a command made it.")]
pub struct ReproduceArgs {
    /// The id that the file bears
    pub id: String,
    /// Where to [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Also with another program than the one that made it
    #[arg(long)]
    pub any_build: bool,
}
