//! What every reader hands on: a line of column names, then records of cells.

use std::borrow::Cow;

use chrono::{NaiveDateTime, NaiveTime};

use crate::observation::RejectReason;
use crate::text::Reason;

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::source) enum Cell<'a> {
    Empty,
    /// Text without blanks around it, never empty.
    Text(&'a str),
    Number(f64),
    /// A day, where the payload has such a type, with the time of day beside it; midnight where there is none.
    Day(NaiveDateTime),
    /// What is neither, as it is written where it comes from: `true`, `#ERR`, `{…}`.
    Other(&'static str),
}

impl<'a> Cell<'a> {
    pub(in crate::source) fn of(text: &'a str) -> Self {
        match text.trim() {
            "" => Self::Empty,
            text => Self::Text(text),
        }
    }

    /// As text: a whole number without its fraction, since codes are kept as numbers in workbooks.
    pub(in crate::source) fn text(self) -> Cow<'a, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) | Self::Other(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Day(at) if at.time() == NaiveTime::MIN => Cow::Owned(at.date().to_string()),
            Self::Day(at) => Cow::Owned(at.to_string()),
        }
    }
}

/// One record of a payload.
pub(in crate::source) trait Record {
    /// The cell of a column, counted from 0; empty where there is none.
    fn cell(&self, place: usize) -> Cell<'_>;
    /// The first cell that is not empty, as text.
    fn first_text(&self) -> Cow<'_, str>;
}

/// Where records go.
pub(in crate::source) trait Sink {
    /// The names of the columns, before any record.
    ///
    /// # Errors
    /// What is missing, if these cannot be the columns of the source.
    fn header(&mut self, names: &[String]) -> Result<(), Reason>;
    /// A record, with its line.
    fn record(&mut self, line: u64, record: &dyn Record);
    /// A line that is no record: why, and what was found.
    fn broken(&mut self, line: u64, reason: RejectReason, detail: String);
}
