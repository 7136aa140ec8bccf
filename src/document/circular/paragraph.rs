//! A paragraph with the figures that stand in it: what is read, and beside it what it was made from.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use crate::document::spelled;
use crate::text::{Locale, date_long, date_medium, decimal};

/// A figure or a day of the record: its value and how a letter writes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// The gap that it fills.
    pub name: String,
    /// The value; null for words.
    pub value: Value,
    /// As it is written.
    pub shown: String,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Paragraph {
    /// Its text.
    pub text: String,
    /// The figures in it.
    pub figures: Vec<Figure>,
    /// The list under it.
    pub items: Vec<Self>,
}

impl Figure {
    fn new(name: &str, value: impl Into<Value>, shown: String) -> Self {
        Self { name: name.to_owned(), value: value.into(), shown }
    }

    /// Words.
    pub(in crate::document) fn text(name: &str, text: &str) -> Self {
        Self::new(name, Value::Null, text.to_owned())
    }

    /// "25% (dua puluh lima persen)".
    pub(super) fn percent(name: &str, percent: u8) -> Self {
        Self::new(name, percent, format!("{percent}% ({} persen)", spelled(percent)))
    }

    /// "Selasa, 29 Juni 2021".
    pub(super) fn day(name: &str, date: NaiveDate) -> Self {
        Self::new(name, date.to_string(), date_long(date, Locale::Id))
    }

    /// "28 Juni 2021".
    pub(super) fn date(name: &str, date: NaiveDate) -> Self {
        Self::new(name, date.to_string(), date_medium(date, Locale::Id))
    }

    /// "12".
    pub(super) fn count(name: &str, count: usize) -> Self {
        Self::new(name, count, count.to_string())
    }

    /// "12 (dua belas)", where it is small enough to be said.
    pub(super) fn spelled_count(name: &str, count: usize) -> Self {
        let shown = match u8::try_from(count) {
            Ok(small) => format!("{count} ({})", spelled(small)),
            Err(_) => count.to_string(),
        };
        Self::new(name, count, shown)
    }

    /// "2.083", "199,7".
    pub(super) fn number(name: &str, value: f64, decimals: usize) -> Self {
        Self::new(name, value, decimal(value, decimals, Locale::Id))
    }
}

impl Paragraph {
    /// A paragraph without figures.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), figures: Vec::new(), items: Vec::new() }
    }

    /// The same with a list under it.
    pub(super) fn with(self, items: Vec<Self>) -> Self {
        Self { items, ..self }
    }

    /// Every figure in it and in the list under it.
    #[must_use]
    pub fn all_figures(&self) -> Vec<&Figure> {
        self.figures.iter().chain(self.items.iter().flat_map(Self::all_figures)).collect()
    }
}
