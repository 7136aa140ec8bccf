//! When a figure was known. An argument of this type is always named `as_of`.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use thiserror::Error;

/// A moment of knowledge, to the millisecond, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vintage(DateTime<Utc>);

/// The text is neither a moment nor a date.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not a moment: write 2021-06-28 or 2021-06-28T17:00:00+07:00")]
pub struct InvalidVintage(pub String);

impl Vintage {
    /// The moment, cut to the millisecond that the store keeps.
    #[must_use]
    pub fn new(moment: DateTime<Utc>) -> Self {
        Self::from_millis(moment.timestamp_millis()).unwrap_or(Self(moment))
    }

    /// The moment of so many milliseconds after 1970; `None` outside the calendar.
    #[must_use]
    pub fn from_millis(millis: i64) -> Option<Self> {
        Utc.timestamp_millis_opt(millis).single().map(Self)
    }

    /// Milliseconds after 1970.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// The moment in UTC.
    #[must_use]
    pub fn moment(self) -> DateTime<Utc> {
        self.0
    }

    /// The calendar day in a time zone.
    #[must_use]
    pub fn local_date(self, zone: Tz) -> NaiveDate {
        self.0.with_timezone(&zone).date_naive()
    }

    /// The first moment of a day in a time zone.
    #[must_use]
    pub fn start_of(date: NaiveDate, zone: Tz) -> Self {
        Self(start_of(date, zone))
    }

    /// The last millisecond of a day in a time zone: "as known at the end of that day".
    #[must_use]
    pub fn end_of(date: NaiveDate, zone: Tz) -> Self {
        let next = start_of(date.succ_opt().unwrap_or(date), zone);
        Self(next - chrono::Duration::milliseconds(1))
    }

    /// Reads a question "as of when?": a day means its end, in the city's time zone.
    ///
    /// # Errors
    /// [`InvalidVintage`] when the text is neither a day nor a moment with an offset.
    pub fn parse_as_of(text: &str, zone: Tz) -> Result<Self, InvalidVintage> {
        if let Ok(date) = text.parse::<NaiveDate>() {
            return if is_near(date) {
                Ok(Self::end_of(date, zone))
            } else {
                Err(InvalidVintage(text.to_owned()))
            };
        }
        Self::parse_moment(text)
    }

    /// Reads when a figure became known: a day means its start, in the city's time zone.
    ///
    /// # Errors
    /// [`InvalidVintage`] when the text is neither a day nor a moment with an offset.
    pub fn parse_known(text: &str, zone: Tz) -> Result<Self, InvalidVintage> {
        if let Ok(date) = text.parse::<NaiveDate>() {
            return if is_near(date) {
                Ok(Self(start_of(date, zone)))
            } else {
                Err(InvalidVintage(text.to_owned()))
            };
        }
        Self::parse_moment(text)
    }

    fn parse_moment(text: &str) -> Result<Self, InvalidVintage> {
        DateTime::parse_from_rfc3339(text)
            .map(|moment| Self::new(moment.with_timezone(&Utc)))
            .ok()
            .filter(|moment| is_near(moment.0.date_naive()))
            .ok_or_else(|| InvalidVintage(text.to_owned()))
    }
}

/// Whether anything can have been known on a day: others are slips, and overflow calendars.
fn is_near(date: NaiveDate) -> bool {
    (1800..=2500).contains(&date.year())
}

/// Where clocks are put forward at midnight there is none; the day begins an hour or two later.
fn start_of(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    let hours = (0..=2)
        .filter_map(|hour| zone.from_local_datetime(&(midnight + chrono::Duration::hours(hour))).earliest());
    hours.map(|local| local.with_timezone(&Utc)).next().unwrap_or_else(|| Utc.from_utc_datetime(&midnight))
}

impl fmt::Display for Vintage {
    /// RFC 3339 in UTC, to the second where the milliseconds are zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Jakarta;

    #[test]
    fn a_day_is_its_end_when_asked_and_its_start_when_told() {
        let asked = Vintage::parse_as_of("2021-06-28", Jakarta).unwrap();
        let told = Vintage::parse_known("2021-06-28", Jakarta).unwrap();
        assert_eq!(asked.to_string(), "2021-06-28T16:59:59.999Z");
        assert_eq!(told.to_string(), "2021-06-27T17:00:00Z");
        assert_eq!(asked.local_date(Jakarta).to_string(), "2021-06-28");
    }

    #[test]
    fn a_moment_without_an_offset_is_refused() {
        for text in ["2021-06-28T17:00", "yesterday", "", "2021-13-01"] {
            assert!(Vintage::parse_as_of(text, Jakarta).is_err(), "{text}");
        }
    }
}
