//! A decision's days: the first, the last, and the first day back at the office, which are three things.

use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::epi::Calendar;

/// From the first day to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first day.
    pub start: NaiveDate,
    /// The last day on which it applies.
    pub last_day: NaiveDate,
    /// The first working day after it. It is kept, because a circular names it and the list of holidays may change.
    pub first_day_back: NaiveDate,
}

impl Period {
    /// A period, with the first working day after it.
    ///
    /// The decision of 28 June 2021 was reported as lasting "to Monday 5 July" and "to Tuesday 6 July"; both are right:
    ///
    /// ```
    /// use siaga::decision::Period;
    /// use siaga::epi::Calendar;
    /// let week = Period::new("2021-06-29".parse().unwrap(), "2021-07-05".parse().unwrap(), &Calendar::default());
    /// assert_eq!(week.days(), 7);
    /// assert_eq!(week.first_day_back.to_string(), "2021-07-06");
    /// ```
    #[must_use]
    pub fn new(start: NaiveDate, last_day: NaiveDate, calendar: &Calendar) -> Self {
        Self { start, last_day, first_day_back: calendar.next_working_day(last_day) }
    }

    /// How many days it has.
    #[must_use]
    pub fn days(&self) -> i64 {
        (self.last_day - self.start).num_days() + 1
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.start <= date && date <= self.last_day
    }

    /// The days from the day after it, as long as it is itself.
    #[must_use]
    pub fn next(&self, calendar: &Calendar) -> Self {
        let start = self.last_day + Duration::days(1);
        Self::new(start, start + Duration::days(self.days() - 1), calendar)
    }
}
