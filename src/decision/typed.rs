//! What people type into forms and commands, read one way: lines, days, shares.

use chrono::NaiveDate;

use super::refusal::Refusal;
use crate::epi::{InvalidDate, parse_indonesian_date};

/// Text without line breaks and doubled blanks.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A day, ISO or as an office writes it; a weekday beside it must be its own.
///
/// # Errors
/// [`InvalidDate`] when it is no day, or the weekday is another's.
pub fn read_day(text: &str) -> Result<NaiveDate, InvalidDate> {
    let text = text.trim();
    text.parse().or_else(|_| parse_indonesian_date(text))
}

/// The same, with what is wrong said at its field.
pub(super) fn said_day(field: &'static str, text: &str) -> Result<NaiveDate, Refusal> {
    read_day(text).map_err(|wrong| match wrong {
        InvalidDate::Weekday { text, date, .. } => {
            Refusal::new(field, "weekday").text("text", text).day("day", date)
        }
        InvalidDate::Unreadable(text) => {
            let code = if text.is_empty() { "day-none" } else { "day-unreadable" };
            Refusal::new(field, code).text("text", text)
        }
    })
}

/// A share at the office in percent, 0 to 100.
#[must_use]
pub fn read_share(text: &str) -> Option<u8> {
    text.trim().trim_end_matches('%').trim().parse().ok().filter(|pct| *pct <= 100)
}
