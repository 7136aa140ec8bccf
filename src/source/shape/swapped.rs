//! Days and months exchanged by a spreadsheet: 1 to 12 June read as the 6th of January to December.
//!
//! Such a program takes 6/1/2021 for a date of its own kind and leaves 13/6/2021 as text. The rows give themselves away:
//! they step by a month where the exchanged dates step by a day, beside rows of the same month that step by days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

/// So many rows in a row are no accident.
const LEAST: usize = 3;

/// The rows of one place, in the order of the file.
#[derive(Debug, Default)]
struct Place {
    last: Option<NaiveDate>,
    /// The run that the last row belongs to: rows, and dates exchanged.
    run: Vec<(u64, NaiveDate)>,
    /// Runs that may be exchanged.
    suspects: Vec<(u64, NaiveDate)>,
    /// Rows after the twelfth that step by a day, by month.
    daily: BTreeMap<(i32, u32), usize>,
}

/// Watches the dates of a payload go by.
#[derive(Debug, Default)]
pub(super) struct Watch(Vec<Place>);

impl Watch {
    /// A row of a place.
    pub(super) fn row(&mut self, place: usize, line: u64, date: NaiveDate) {
        if self.0.len() <= place {
            self.0.resize_with(place + 1, Place::default);
        }
        self.0[place].row(line, date);
    }

    /// The rows whose days and months are exchanged, with the dates that were meant. Of rows that are `open` to either
    /// reading, steps of a month are proof enough.
    pub(super) fn swapped(mut self, open: &BTreeSet<u64>) -> BTreeMap<u64, NaiveDate> {
        self.0.iter_mut().flat_map(|place| place.swapped(open)).collect()
    }
}

impl Place {
    fn row(&mut self, line: u64, date: NaiveDate) {
        let before = self.last.replace(date);
        if before == Some(date) {
            // Another figure of the same day.
            if let Some((_, exchanged)) = self.run.last().copied() {
                self.run.push((line, exchanged));
            }
            return;
        }
        let step = before.map_or(0, |before| (date - before).num_days());
        if date.day() > 12 && step.abs() == 1 {
            *self.daily.entry((date.year(), date.month())).or_default() += 1;
        }
        let Some(exchanged) = exchanged(date) else {
            self.end_of_run();
            return;
        };
        let is_next = self.run.last().is_some_and(|(_, last)| (exchanged - *last).num_days().abs() == 1);
        if !is_next || step.abs() < 28 {
            self.end_of_run();
        }
        self.run.push((line, exchanged));
    }

    fn end_of_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let days: BTreeSet<NaiveDate> = run.iter().map(|(_, date)| *date).collect();
        if days.len() >= LEAST {
            self.suspects.extend(run);
        }
    }

    fn swapped(&mut self, open: &BTreeSet<u64>) -> Vec<(u64, NaiveDate)> {
        self.end_of_run();
        let is_daily = |date: &NaiveDate| {
            self.daily.get(&(date.year(), date.month())).is_some_and(|count| *count >= LEAST)
        };
        self.suspects.iter().filter(|(line, date)| open.contains(line) || is_daily(date)).copied().collect()
    }
}

/// The date with day and month exchanged, if there is one.
pub(super) fn exchanged(date: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(date.year(), date.day(), date.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swapped(dates: &[&str]) -> Vec<(u64, String)> {
        let mut watch = Watch::default();
        for (line, date) in (2..).zip(dates) {
            watch.row(0, line, date.parse().unwrap());
        }
        watch.swapped(&BTreeSet::new()).into_iter().map(|(line, date)| (line, date.to_string())).collect()
    }

    fn june(days: std::ops::RangeInclusive<u32>, is_exchanged: bool) -> Vec<String> {
        days.map(|day| if is_exchanged { format!("2021-{day:02}-06") } else { format!("2021-06-{day:02}") })
            .collect()
    }

    #[test]
    fn twelve_days_of_june_are_seen() {
        let dates = [june(1..=12, true), june(13..=30, false)].concat();
        let dates: Vec<&str> = dates.iter().map(String::as_str).collect();
        let found = swapped(&dates);
        assert_eq!(found.len(), 12);
        assert_eq!(
            (found[0].clone(), found[11].clone()),
            ((2, "2021-06-01".to_owned()), (13, "2021-06-12".to_owned()))
        );
        let backwards: Vec<&str> = dates.iter().rev().copied().collect();
        assert_eq!(swapped(&backwards).len(), 12);
    }

    #[test]
    fn what_is_right_is_left() {
        let whole = june(1..=30, false);
        assert_eq!(swapped(&whole.iter().map(String::as_str).collect::<Vec<_>>()), []);
        // A figure a month, and a year later one a day.
        let monthly: Vec<String> = (1..=12).map(|month| format!("2020-{month:02}-06")).collect();
        let both = [monthly, june(1..=30, false)].concat();
        assert_eq!(swapped(&both.iter().map(String::as_str).collect::<Vec<_>>()), []);
        // Two rows may be an accident.
        let few = [june(11..=12, true), june(13..=30, false)].concat();
        assert_eq!(swapped(&few.iter().map(String::as_str).collect::<Vec<_>>()), []);
    }

    #[test]
    fn where_either_reading_is_open_steps_of_a_month_are_enough() {
        let mut watch = Watch::default();
        for (line, date) in (2..).zip(june(1..=4, true)) {
            watch.row(0, line, date.parse().unwrap());
        }
        let found = watch.swapped(&BTreeSet::from([2, 3, 4]));
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), [2, 3, 4], "the fifth is not open");
    }

    #[test]
    fn several_figures_of_a_day_count_once_and_places_are_apart() {
        let mut watch = Watch::default();
        let dates = [june(1..=12, true), june(13..=30, false)].concat();
        for (line, date) in (1..).zip(&dates) {
            watch.row(0, 2 * line, date.parse().unwrap());
            watch.row(0, 2 * line + 1, date.parse().unwrap());
            watch.row(1, 1000 + line, "2021-06-13".parse().unwrap());
        }
        assert_eq!(watch.swapped(&BTreeSet::new()).len(), 24);
    }
}
