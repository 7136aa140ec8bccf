//! When a publisher is expected, and what its silence means: late, stalled, failing. Pure.

use chrono::{Duration, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use serde::Deserialize;

use crate::epi::Vintage;

/// When a publisher publishes, as its spec says. Without days it publishes every day, without an hour by the end of the
/// day; holidays are known by their days of the week only.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cadence {
    /// The days on which it publishes: `["mon", "thu"]`.
    pub days: Vec<Weekday>,
    /// By when, in the city's time: `17:00`.
    pub by: Option<By>,
    /// How long after that it is late: `6h`, `90m`, `2d`.
    pub late_after: Patience,
    /// After so many days without a new day's figure, or with every total the same, it is stalled. Not asked if absent.
    pub stalled_after_days: Option<u32>,
}

/// An hour of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct By(NaiveTime);

impl By {
    /// The hour.
    #[must_use]
    pub fn time(self) -> NaiveTime {
        self.0
    }
}

/// How long one waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub struct Patience(Duration);

impl TryFrom<String> for By {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let time = NaiveTime::parse_from_str(text.trim(), "%H:%M");
        time.map(Self).map_err(|_| format!("'{text}' is not an hour: write 17:00"))
    }
}

impl TryFrom<String> for Patience {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("'{text}' is not a time to wait: write 90m, 6h or 2d");
        let minutes = [('m', 1), ('h', 60), ('d', 24 * 60)].into_iter().find_map(|(unit, minutes)| {
            let number = text.trim().strip_suffix(unit)?.trim().parse::<u16>().ok()?;
            Some(i64::from(number) * minutes)
        });
        let minutes = minutes.filter(|minutes| *minutes <= 60 * 24 * 60).ok_or_else(wrong)?;
        Ok(Self(Duration::minutes(minutes)))
    }
}

/// What is known of a source's arrivals at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Arrivals {
    /// When it last had something new.
    pub changed_at: Option<Vintage>,
    /// The last day it has a figure of.
    pub newest: Option<NaiveDate>,
    /// Since which day none of its totals has risen.
    pub flat_since: Option<NaiveDate>,
    /// The first of the failed pulls since the last good one.
    pub failing_since: Option<Vintage>,
}

/// How a source stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceStanding {
    /// Nothing is missing yet.
    Fresh,
    /// It is expected just now.
    Due,
    /// It was expected by this moment and has not come.
    Late(Vintage),
    /// It comes, but says nothing new: since this day.
    Stalled(NaiveDate),
    /// Its pulls fail since then.
    Failing(Vintage),
    /// It never had anything.
    Never,
}

impl SourceStanding {
    /// The word for it in the store, in messages and in the keys of phrases.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Due => "due",
            Self::Late(_) => "late",
            Self::Stalled(_) => "stalled",
            Self::Failing(_) => "failing",
            Self::Never => "never",
        }
    }

    /// Whether somebody should look after it.
    #[must_use]
    pub fn is_trouble(self) -> bool {
        !matches!(self, Self::Fresh | Self::Due)
    }
}

impl Cadence {
    /// By when the next figures are expected from a publisher that had something new at a moment, and takes so many days
    /// to the next.
    #[must_use]
    pub fn expected(&self, after: Vintage, lag_days: u32, zone: Tz) -> Vintage {
        let mut date = after.local_date(zone) + Duration::days(i64::from(lag_days.max(1)));
        // The list has a day of the week, so that a week of steps finds it.
        for _ in 0..7 {
            if self.days.is_empty() || self.days.contains(&chrono::Datelike::weekday(&date)) {
                break;
            }
            date = date.succ_opt().unwrap_or(date);
        }
        let Some(By(hour)) = self.by else {
            return Vintage::end_of(date, zone);
        };
        let local = zone.from_local_datetime(&date.and_time(hour)).earliest();
        // An hour that summer time leaves out is the same hour of UTC's day; no city of Indonesia has one.
        Vintage::new(local.map_or_else(|| Utc.from_utc_datetime(&date.and_time(hour)), |at| at.to_utc()))
    }

    /// How a source stands at a moment, given what is known of its arrivals.
    #[must_use]
    pub fn standing(&self, arrivals: &Arrivals, lag_days: u32, now: Vintage, zone: Tz) -> SourceStanding {
        if let Some(since) = arrivals.failing_since {
            return SourceStanding::Failing(since);
        }
        let Some(changed_at) = arrivals.changed_at else {
            return SourceStanding::Never;
        };
        let expected = self.expected(changed_at, lag_days, zone);
        let is_over = now > expected;
        if is_over && now.moment() > expected.moment() + self.late_after.0 {
            return SourceStanding::Late(expected);
        }
        match self.stalled_since(arrivals, lag_days, now.local_date(zone)) {
            Some(since) => SourceStanding::Stalled(since),
            None if is_over => SourceStanding::Due,
            None => SourceStanding::Fresh,
        }
    }

    /// Since when it has brought no new day, or the same totals for every new day.
    fn stalled_since(&self, arrivals: &Arrivals, lag_days: u32, today: NaiveDate) -> Option<NaiveDate> {
        let most = i64::from(self.stalled_after_days?);
        let newest = arrivals.newest?;
        if (today - newest).num_days() > i64::from(lag_days) + most {
            return Some(newest);
        }
        arrivals.flat_since.filter(|since| (newest - *since).num_days() >= most.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Jakarta;

    fn cadence(text: &str) -> Cadence {
        toml::from_str(text).unwrap()
    }

    fn at(text: &str) -> Vintage {
        Vintage::parse_as_of(text, Jakarta).unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn changed(text: &str) -> Arrivals {
        Arrivals { changed_at: Some(at(text)), ..Arrivals::default() }
    }

    #[test]
    fn the_next_figures_are_expected_on_the_next_day_of_the_list() {
        let expected = |text: &str, after: &str, lag: u32| cadence(text).expected(at(after), lag, Jakarta);
        let monday = "2021-06-28T15:00:00+07:00";
        assert_eq!(expected("", monday, 1), at("2021-06-29"), "by the end of the next day");
        assert_eq!(expected("", monday, 0), at("2021-06-29"));
        assert_eq!(expected("", monday, 7), at("2021-07-05"));
        assert_eq!(expected("by = \"17:00\"", monday, 1), at("2021-06-29T17:00:00+07:00"));
        assert_eq!(expected("days = [\"mon\", \"thu\"]", monday, 1), at("2021-07-01"));
        assert_eq!(expected("days = [\"mon\"]", monday, 1), at("2021-07-05"));
        let working = "days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]\nby = \"12:00\"";
        assert_eq!(expected(working, "2021-07-02T13:00:00+07:00", 1), at("2021-07-05T12:00:00+07:00"));
        // The last hour of the day in the city is another day in UTC.
        assert_eq!(expected("", "2021-06-28T23:30:00+07:00", 1), at("2021-06-29"));
        assert_eq!(expected("", "2021-06-29T00:30:00+07:00", 1), at("2021-06-30"));
    }

    #[test]
    fn a_source_is_fresh_then_due_then_late() {
        let cadence = cadence("by = \"17:00\"\nlate_after = \"6h\"");
        let standing =
            |now: &str| cadence.standing(&changed("2021-06-28T15:00:00+07:00"), 1, at(now), Jakarta);
        let expected = at("2021-06-29T17:00:00+07:00");
        assert_eq!(standing("2021-06-29T17:00:00+07:00"), SourceStanding::Fresh);
        assert_eq!(standing("2021-06-29T17:00:01+07:00"), SourceStanding::Due);
        assert_eq!(standing("2021-06-29T23:00:00+07:00"), SourceStanding::Due);
        assert_eq!(standing("2021-06-29T23:00:01+07:00"), SourceStanding::Late(expected));
        assert_eq!(standing("2021-09-01"), SourceStanding::Late(expected));
    }

    #[test]
    fn without_a_cadence_a_source_is_late_when_its_days_are_over() {
        let standing = |lag: u32, now: &str| {
            Cadence::default().standing(&changed("2021-06-28T15:00:00+07:00"), lag, at(now), Jakarta)
        };
        assert_eq!(standing(1, "2021-06-29T23:59:59+07:00"), SourceStanding::Fresh);
        assert!(matches!(standing(1, "2021-06-30T00:00:01+07:00"), SourceStanding::Late(_)));
        assert_eq!(standing(7, "2021-07-05T23:59:59+07:00"), SourceStanding::Fresh);
        assert!(matches!(standing(7, "2021-07-06T00:00:01+07:00"), SourceStanding::Late(_)));
    }

    #[test]
    fn a_flat_tail_is_stalled_though_files_keep_coming() {
        let cadence = cadence("stalled_after_days = 3");
        let standing = |newest: &str, flat_since: Option<&str>| {
            let arrivals = Arrivals {
                newest: Some(day(newest)),
                flat_since: flat_since.map(day),
                ..changed("2021-06-28T15:00:00+07:00")
            };
            cadence.standing(&arrivals, 1, at("2021-06-28T20:00:00+07:00"), Jakarta)
        };
        assert_eq!(standing("2021-06-28", Some("2021-06-28")), SourceStanding::Fresh);
        assert_eq!(standing("2021-06-28", Some("2021-06-26")), SourceStanding::Fresh);
        assert_eq!(standing("2021-06-28", Some("2021-06-25")), SourceStanding::Stalled(day("2021-06-25")));
        assert_eq!(standing("2021-06-24", None), SourceStanding::Fresh);
        assert_eq!(standing("2021-06-23", None), SourceStanding::Stalled(day("2021-06-23")), "no new day");
        let silent = Cadence::default();
        let arrivals = Arrivals { newest: Some(day("2021-01-01")), ..changed("2021-06-28T15:00:00+07:00") };
        assert_eq!(silent.standing(&arrivals, 1, at("2021-06-28"), Jakarta), SourceStanding::Fresh);
    }

    #[test]
    fn failing_comes_before_everything_and_never_is_no_lateness() {
        let cadence = cadence("stalled_after_days = 1");
        let now = at("2021-09-01");
        let failing = Arrivals { failing_since: Some(at("2021-06-30")), ..changed("2021-06-28") };
        let standing = cadence.standing(&failing, 1, now, Jakarta);
        assert_eq!((standing, standing.is_trouble()), (SourceStanding::Failing(at("2021-06-30")), true));
        assert_eq!(cadence.standing(&Arrivals::default(), 1, now, Jakarta), SourceStanding::Never);
        assert!(!SourceStanding::Due.is_trouble() && !SourceStanding::Fresh.is_trouble());
    }

    #[test]
    fn what_is_no_cadence_is_refused() {
        for text in [
            "days = [\"senin\"]",
            "by = \"25:00\"",
            "by = \"5 pm\"",
            "late_after = \"6\"",
            "late_after = \"-6h\"",
            "late_after = \"9999d\"",
            "stalled_after_days = -1",
            "hours = 3",
        ] {
            assert!(toml::from_str::<Cadence>(text).is_err(), "{text}");
        }
        assert_eq!(cadence("late_after = \"2d\"").late_after, Patience(Duration::days(2)));
    }
}
