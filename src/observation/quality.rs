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

/// Days whose new cases look like late reports let out at once: more than three times the median of the
/// (at least four) known days among the seven before.
#[must_use]
pub fn backlog_days(first: NaiveDate, daily: &[Option<Cell>]) -> Vec<QualityFlag> {
    let mut flags = Vec::new();
    for (index, cell) in daily.iter().enumerate() {
        let Some(cell) = cell.as_ref().filter(|cell| cell.value >= AT_LEAST) else { continue };
        let before = || daily[index.saturating_sub(7)..index].iter().flatten().map(|cell| cell.value);
        // The median is so small only if more than half of them are: few days have to be put in order.
        let (known, small) = before().fold((0, 0), |(known, small), value| {
            (known + 1, small + usize::from(cell.value > TIMES * value))
        });
        if known < 4 || small <= known / 2 {
            continue;
        }
        let mut before: Vec<f64> = before().collect();
        before.sort_by(f64::total_cmp);
        let date = first + chrono::Duration::days(i64::try_from(index).unwrap_or(0));
        flags.push(QualityFlag { date, value: cell.value, median_before: before[known / 2] });
    }
    flags
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
