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

/// The only days that can be so: more than half of the known days before them are far below them. Told of all days at once, a pass for each day
/// before, because it is asked of every day and hardly any is one.
fn suspects(daily: &[Option<Cell>]) -> impl Iterator<Item = usize> {
    // Not known is above nothing and below nothing.
    let values: Vec<f64> = daily.iter().map(|cell| cell.map_or(f64::NAN, |cell| cell.value)).collect();
    let mut small = vec![0.0; values.len()];
    for back in 1..=BEFORE {
        let pairs = values.iter().skip(back).zip(&values);
        for (small, (value, before)) in small.iter_mut().skip(back).zip(pairs) {
            *small += if *value > TIMES * before { 1.0 } else { 0.0 };
        }
    }
    let at_least = (KNOWN / 2 + 1) as f64;
    small.into_iter().enumerate().filter(move |(_, small)| *small >= at_least).map(|(index, _)| index)
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
}
