//! The words a spec chooses from: formats of payloads, dates, names.

use serde::Deserialize;

/// The form of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayloadFormat {
    /// Text with separated columns.
    #[default]
    Csv,
    /// JSON with a path to the records.
    Json,
    /// A workbook.
    Xlsx,
    /// A table as spreadsheets save one: separated columns or a workbook, whichever it is. Rows may end early, and a row of
    /// blanks is none.
    Table,
}

impl PayloadFormat {
    /// The word of the spec.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
            Self::Table => "table",
        }
    }
}

/// How text is written in bytes. A byte order mark is eaten in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Encoding {
    /// UTF-8; anything else in it is refused.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// The Western European one of old spreadsheets.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// UTF-8, and where it is not that, the other.
    #[serde(rename = "utf-8-or-windows-1252")]
    Either,
}

/// How a source writes dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateFormat {
    /// `2021-06-28`, `2021/06/28`, `20210628`, each with a time behind it or without.
    #[default]
    Iso,
    /// The same, and `2021-06` for a whole month.
    IsoOrMonth,
    /// `Senin, 28 Juni 2021`, `Rabu (23/6/2021)`, `23/6/2021`; a weekday is checked.
    Indonesian,
    /// As people write them in spreadsheets: `28 Juni 2021`, `28-Jun-21`, `28/6/2021`, `2021-06-28`; a month by number comes
    /// after its day.
    Spreadsheet,
    /// `28/6/2021`, `28-06-21`, `28.6.2021`.
    DayFirst,
    /// `6/28/2021`, `6/28/21`.
    Us,
    /// `28.06.2021, 00:00 Uhr`.
    German,
    /// Milliseconds after 1970.
    EpochMs,
    /// `2021-26`, `2021-W26`: the week, named by its Sunday.
    IsoWeek,
    /// Days as a workbook counts them: 44375.
    Serial,
    /// The payload does not say: the day told by hand, or the day it was received.
    Received,
}

/// By what places or units are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookedUpBy {
    /// By code, as written.
    #[default]
    Code,
    /// By name, in the list.
    Name,
    /// By either.
    Either,
}

/// What a name without its kind is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BareName {
    /// `BOGOR` is Kabupaten Bogor.
    Regency,
    /// `BOGOR` is Kota Bogor.
    City,
}
