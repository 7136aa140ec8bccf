//! Doubts about figures that were accepted: a day that looks like a backlog.
//!
//! A doubt is shown and blocks a step down; it never changes a figure.

use chrono::NaiveDate;

use super::Cell;

/// A doubt about one day's figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QualityFlag {
    /// The day.
    pub date: NaiveDate,
    /// The day's figure.
    pub value: f64,
    /// The median of the seven days before.
    pub median_before: f64,
}

/// A day above three times the median of the seven days before asks "backlog?". Under this many cases it
/// does not: two cases after none are no backlog.
const AT_LEAST: f64 = 30.0;
const TIMES: f64 = 3.0;
/// So many days before are looked at.
const BEFORE: usize = 7;
/// So many of them must be known.
const KNOWN: usize = 4;

/// Days whose new cases look like late reports let out at once: more than three times the median of the
/// (at least four) known days among the seven before.
#[must_use]
pub fn backlog_days(first: NaiveDate, daily: &[Option<Cell>]) -> Vec<QualityFlag> {
    let mut flags = Vec::new();
    for index in suspects(daily) {
        let Some(cell) = daily[index].filter(|cell| cell.value >= AT_LEAST) else { continue };
        let known = daily[index.saturating_sub(BEFORE)..index].iter().flatten();
        let mut before: Vec<f64> = known.map(|cell| cell.value).collect();
        before.sort_by(f64::total_cmp);
        let median = before.get(before.len() / 2).copied().unwrap_or_default();
        if before.len() < KNOWN || cell.value <= TIMES * median {
            continue;
        }
        let date = first + chrono::Duration::days(i64::try_from(index).unwrap_or(0));
        flags.push(QualityFlag { date, value: cell.value, median_before: median });
    }
    flags
}

/// The only days that can be so: they are far above the least of the known days before them. Told of all days at once, in three passes,
/// because it is asked of every day and hardly any is one.
fn suspects(daily: &[Option<Cell>]) -> impl Iterator<Item = usize> {
    // Not known is above nothing.
    let unknown = f64::INFINITY;
    let mut least: Vec<f64> = daily.iter().map(|cell| cell.map_or(unknown, |cell| cell.value)).collect();
    // Of two days, then of four, then of seven: `BEFORE`.
    for back in [1, 2, 3] {
        let earlier = least.clone();
        for (least, earlier) in least.iter_mut().skip(back).zip(&earlier) {
            *least = if *earlier < *least { *earlier } else { *least };
        }
    }
    let pairs = daily.iter().enumerate().skip(1).zip(least);
    pairs.filter_map(|((index, cell), least)| cell.filter(|cell| cell.value > TIMES * least).map(|_| index))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::Status;

    fn cells(values: &[f64]) -> Vec<Option<Cell>> {
        let cell = |value: &f64| Some(Cell { value: *value, status: Status::Printed });
        values.iter().map(cell).collect()
    }

    #[test]
    fn the_january_backlog_is_seen_and_a_fast_rise_is_not() {
        let first = "2021-01-20".parse().unwrap();
        let backlog = backlog_days(first, &cells(&[40.0, 41.0, 38.0, 45.0, 40.0, 1047.0]));
        assert_eq!(backlog.len(), 1);
        assert_eq!(backlog[0].date.to_string(), "2021-01-25");
        let rise = backlog_days(first, &cells(&[204.0, 201.0, 188.0, 193.0, 197.0, 230.0, 310.0]));
        assert!(rise.is_empty());
    }

    /// Each day held against its own seven days before, one by one.
    fn one_by_one(first: NaiveDate, daily: &[Option<Cell>]) -> Vec<QualityFlag> {
        let of_day = |index: usize| {
            let value = daily[index]?.value;
            let days = daily[index.saturating_sub(BEFORE)..index].iter().flatten();
            let mut before: Vec<f64> = days.map(|cell| cell.value).collect();
            before.sort_by(f64::total_cmp);
            let median_before = *before.get(before.len() / 2)?;
            let is_one = before.len() >= KNOWN && value >= AT_LEAST && value > TIMES * median_before;
            is_one.then(|| QualityFlag {
                date: first + chrono::Days::new(index as u64),
                value,
                median_before,
            })
        };
        (0..daily.len()).filter_map(of_day).collect()
    }

    proptest::proptest! {
        #[test]
        fn what_is_told_of_all_days_at_once_is_what_each_day_says(
            days in proptest::collection::vec(proptest::option::weighted(0.8, 0_u32..200), 0..60),
        ) {
            let status = Status::Printed;
            let daily: Vec<_> =
                days.iter().map(|day| day.map(|value| Cell { value: f64::from(value * value / 50), status })).collect();
            let first = "2021-01-20".parse().unwrap();
            proptest::prop_assert_eq!(backlog_days(first, &daily), one_by_one(first, &daily));
        }
    }
}
