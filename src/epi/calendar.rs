//! Working days: Monday to Friday without public holidays.

use std::collections::BTreeSet;

use chrono::{Datelike, Duration, NaiveDate, Weekday};

/// The public holidays of a place. Without any, every Monday to Friday is a working day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar(BTreeSet<NaiveDate>);

impl Calendar {
    /// A calendar of these holidays.
    #[must_use]
    pub fn new(holidays: impl IntoIterator<Item = NaiveDate>) -> Self {
        Self(holidays.into_iter().collect())
    }

    /// Whether a day is a public holiday.
    #[must_use]
    pub fn is_holiday(&self, date: NaiveDate) -> bool {
        self.0.contains(&date)
    }

    /// Whether offices work on a day.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !self.is_holiday(date)
    }

    /// The first working day after `date`.
    ///
    /// A measure announced on Monday 28 June 2021 starts on Tuesday the 29th; one announced on a Saturday starts on Monday,
    /// and one announced on the eve of Idul Adha (20 July 2021) on the day after it.
    ///
    /// ```
    /// use siaga::epi::Calendar;
    /// let idul_adha = Calendar::new(["2021-07-20".parse().unwrap()]);
    /// let next = |date: &str| idul_adha.next_working_day(date.parse().unwrap()).to_string();
    /// assert_eq!(next("2021-06-28"), "2021-06-29");
    /// assert_eq!(next("2021-06-26"), "2021-06-28");
    /// assert_eq!(next("2021-07-19"), "2021-07-21");
    /// ```
    #[must_use]
    pub fn next_working_day(&self, date: NaiveDate) -> NaiveDate {
        // A year without a working day is no calendar of offices.
        let days = (1..=366).map(|offset| date + Duration::days(offset));
        days.into_iter().find(|day| self.is_working_day(*day)).unwrap_or(date + Duration::days(1))
    }

    /// The last working day before `date`.
    ///
    /// ```
    /// use siaga::epi::Calendar;
    /// let idul_adha = Calendar::new(["2021-07-20".parse().unwrap()]);
    /// let last = |date: &str| idul_adha.last_working_day(date.parse().unwrap()).to_string();
    /// assert_eq!(last("2021-06-28"), "2021-06-25");
    /// assert_eq!(last("2021-07-21"), "2021-07-19");
    /// ```
    #[must_use]
    pub fn last_working_day(&self, date: NaiveDate) -> NaiveDate {
        let days = (1..=366).map(|offset| date - Duration::days(offset));
        days.into_iter().find(|day| self.is_working_day(*day)).unwrap_or(date - Duration::days(1))
    }
}
