//! Rolling windows, and dates as Indonesian offices write them. Working days: `calendar`.
//!
//! Evaluation is daily over rolling seven-day windows; calendar weeks appear on axes only.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use thiserror::Error;

/// A run of days, both ends included.
///
/// ```
/// use siaga::epi::Window;
/// let week = Window::ending("2021-06-27".parse().unwrap(), 7);
/// assert_eq!(week.from.to_string(), "2021-06-21");
/// assert_eq!(week.days().count(), 7);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Window {
    /// The `length` days that end on `to` (a length of 0 is read as 1).
    #[must_use]
    pub fn ending(to: NaiveDate, length: u64) -> Self {
        let from = to.checked_sub_days(Days::new(length.saturating_sub(1)));
        Self { from: from.unwrap_or(to), to }
    }

    /// The window between two days, whichever comes first.
    #[must_use]
    pub fn between(one: NaiveDate, other: NaiveDate) -> Self {
        Self { from: one.min(other), to: one.max(other) }
    }

    /// Every day of the window, first to last.
    pub fn days(self) -> impl DoubleEndedIterator<Item = NaiveDate> {
        let length = (self.to - self.from).num_days().max(0);
        (0..=length).map(move |offset| self.from + chrono::Duration::days(offset))
    }

    /// Whether `date` lies inside.
    #[must_use]
    pub fn contains(self, date: NaiveDate) -> bool {
        self.from <= date && date <= self.to
    }
}

/// Why a written date is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidDate {
    /// The text is not a date in the form asked for.
    #[error("'{0}' is not a date of the form '28 Juni 2021' or 'Senin, 28 Juni 2021'")]
    Unreadable(String),
    /// The weekday named does not belong to the date.
    #[error("'{text}' cannot be: {date} was a {actual}")]
    Weekday {
        /// The text as written.
        text: String,
        /// The date it names.
        date: NaiveDate,
        /// The weekday that date really was, in Indonesian.
        actual: &'static str,
    },
}

const MONTHS: [(&str, u32); 28] = [
    ("januari", 1),
    ("februari", 2),
    ("pebruari", 2),
    ("maret", 3),
    ("april", 4),
    ("mei", 5),
    ("juni", 6),
    ("juli", 7),
    ("agustus", 8),
    ("september", 9),
    ("oktober", 10),
    ("november", 11),
    ("nopember", 11),
    ("desember", 12),
    ("agu", 8),
    ("okt", 10),
    ("des", 12),
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("jun", 6),
    ("jul", 7),
    ("agt", 8),
    ("ags", 8),
    ("sep", 9),
    ("sept", 9),
    ("nov", 11),
];

const WEEKDAYS: [(&str, Weekday); 8] = [
    ("senin", Weekday::Mon),
    ("selasa", Weekday::Tue),
    ("rabu", Weekday::Wed),
    ("kamis", Weekday::Thu),
    ("jumat", Weekday::Fri),
    ("sabtu", Weekday::Sat),
    ("minggu", Weekday::Sun),
    ("ahad", Weekday::Sun),
];

/// Reads a date as Indonesian offices and papers write it, and checks the weekday if one is named.
///
/// Accepted: `28 Juni 2021`, `Senin, 28 Juni 2021`, `Senin 28 Juni 2021`, `Rabu (23/6/2021)`, `23/6/2021`,
/// in any case, with "Ahad" or "Minggu" for Sunday and "Jum'at" for Friday.
///
/// ```
/// use siaga::epi::parse_indonesian_date;
/// assert_eq!(parse_indonesian_date("Rabu (23/6/2021)").unwrap().to_string(), "2021-06-23");
/// let error = parse_indonesian_date("Senin 26 Juni 2021").unwrap_err();
/// assert_eq!(error.to_string(), "'Senin 26 Juni 2021' cannot be: 2021-06-26 was a Sabtu");
/// ```
///
/// # Errors
/// [`InvalidDate`] when the text is no date or its weekday is another one's.
pub fn parse_indonesian_date(text: &str) -> Result<NaiveDate, InvalidDate> {
    let unreadable = || InvalidDate::Unreadable(text.to_owned());
    let cleaned: String = text
        .to_lowercase()
        .chars()
        .filter(|c| *c != '\'' && *c != '’')
        .map(|c| if "(),/-".contains(c) { ' ' } else { c })
        .collect();
    let mut words: Vec<&str> = cleaned.split_whitespace().collect();
    let weekday = words
        .first()
        .and_then(|word| WEEKDAYS.iter().find(|(name, _)| name == word))
        .map(|(_, weekday)| *weekday);
    if weekday.is_some() {
        words.remove(0);
    }
    let [day, month, year] = words.as_slice() else {
        return Err(unreadable());
    };
    let month = month
        .parse::<u32>()
        .ok()
        .or_else(|| MONTHS.iter().find(|(name, _)| name == month).map(|m| m.1))
        .ok_or_else(unreadable)?;
    let (Ok(day), Ok(year)) = (day.parse::<u32>(), year.parse::<i32>()) else {
        return Err(unreadable());
    };
    let date = NaiveDate::from_ymd_opt(year, month, day)
        .filter(|_| (1900..=2200).contains(&year))
        .ok_or_else(unreadable)?;
    match weekday {
        Some(named) if named != date.weekday() => {
            Err(InvalidDate::Weekday { text: text.to_owned(), date, actual: weekday_name(date.weekday()) })
        }
        _ => Ok(date),
    }
}

fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Senin",
        Weekday::Tue => "Selasa",
        Weekday::Wed => "Rabu",
        Weekday::Thu => "Kamis",
        Weekday::Fri => "Jumat",
        Weekday::Sat => "Sabtu",
        Weekday::Sun => "Minggu",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_letters_and_papers_are_read() {
        for (text, date) in [
            ("28 Juni 2021", "2021-06-28"),
            ("SENIN, 28 JUNI 2021", "2021-06-28"),
            ("Ahad (27/6/2021)", "2021-06-27"),
            ("Jum'at 16 Juli 2021", "2021-07-16"),
            ("1 Pebruari 2021", "2021-02-01"),
        ] {
            let read = parse_indonesian_date(text).map(|d| d.to_string());
            assert_eq!(read.as_deref(), Ok(date), "{text}");
        }
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in ["31 Juni 2021", "28 Junius 2021", "Juni 2021", "", "28 6", "1 1 99999"] {
            assert!(parse_indonesian_date(text).is_err(), "{text}");
        }
    }
}
