//! Why a decision is not taken down: each with what stands beside it, and none of it a sentence yet.

use chrono::NaiveDate;

/// One thing that is wrong with a draft, at the field it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The field of the form, the flag of the command: `start`, `reasons`.
    pub field: &'static str,
    /// The phrase that says it, after `decision-refused-`.
    pub code: &'static str,
    /// What fills its gaps.
    pub found: Vec<(&'static str, Found)>,
}

/// What fills a gap of the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A day, said in the reader's form with its weekday.
    Day(NaiveDate),
    /// A number.
    Number(i64),
    /// As it was written.
    Text(String),
}

impl Refusal {
    pub(super) fn new(field: &'static str, code: &'static str) -> Self {
        Self { field, code, found: Vec::new() }
    }

    pub(super) fn day(mut self, name: &'static str, day: NaiveDate) -> Self {
        self.found.push((name, Found::Day(day)));
        self
    }

    pub(super) fn number(mut self, name: &'static str, number: impl TryInto<i64>) -> Self {
        self.found.push((name, Found::Number(number.try_into().unwrap_or(i64::MAX))));
        self
    }

    pub(super) fn text(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.found.push((name, Found::Text(text.into())));
        self
    }
}
