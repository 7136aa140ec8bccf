//! How much of a day is known after so many days, as measured, and the last day that is known well enough.

use std::collections::BTreeMap;

use chrono::{Datelike, Duration, NaiveDate, Weekday};

use super::quantile::quantile;
use super::triangle::TriangleRow;
use crate::observation::Measure;

/// When a figure counts as settled, and which figures are large enough to measure by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settling {
    /// What is known so many days after the day counts as final.
    pub final_after: u32,
    /// The longest delay of the table.
    pub longest: u32,
    /// Finals below this are left out: half of two cases says nothing.
    pub least: f64,
    /// Figures that a weekday must have, else all days are taken together.
    pub figures: usize,
}

impl Default for Settling {
    /// Four weeks, as the Robert Koch Institute's incidence is compared; two weeks of delays; 10 cases; 4 weeks.
    fn default() -> Self {
        Self { final_after: 28, longest: 14, least: 10.0, figures: 4 }
    }
}

/// How much of the final figure was known after so many days.
#[derive(Debug, Clone, PartialEq)]
pub struct Completeness {
    /// Who publishes.
    pub source: String,
    /// What is counted.
    pub measure: Measure,
    /// The weekday of the figures' days; `None` for all of them.
    pub weekday: Option<Weekday>,
    /// Days after the figure's day.
    pub delay: u32,
    /// Of how many figures.
    pub figures: usize,
    /// The mean share, 1 for all of it. Above 1 where figures fall later.
    pub mean: f64,
    /// One in ten was no more complete.
    pub p10: f64,
    /// Half were no more complete.
    pub median: f64,
    /// Nine in ten were no more complete.
    pub p90: f64,
}

/// The share of the final figure that was known after each delay, by source, measure and weekday of the figure's day.
///
/// `c(t, d) = x(t, d) / x(t, F)` with `x` of [`super::reporting_triangle`] and `F` the delay after which a figure counts as
/// final; nothing known is 0. The table has the quantiles of `c` over the days *t* that were followed and have a final
/// figure. Assumes that figures come as they came: a laboratory that closes for a week is not foreseen.
///
/// ```
/// use siaga::observation::{Settling, TriangleRow, completeness};
/// # use siaga::observation::SeriesKey;
/// # use siaga::epi::LocationId;
/// # let series = SeriesKey { location: LocationId::new("3271"), unit_id: None,
/// #     measure: "cases".parse().unwrap(), source: "dinkes".to_owned() };
/// # let day = |day: u32| chrono::NaiveDate::from_ymd_opt(2021, 6, day).unwrap();
/// # let row = |date: chrono::NaiveDate, values: [f64; 3]| TriangleRow {
/// #     series: series.clone(), date, weekday: chrono::Datelike::weekday(&date),
/// #     values: values.map(Some).to_vec(), last: Some(values[2]), is_followed: true };
/// // Two days: 90 of 100 known at once, and 70 of 100; final after two days.
/// let rows = [row(day(1), [90.0, 100.0, 100.0]), row(day(2), [70.0, 95.0, 100.0])];
/// let settling = Settling { final_after: 2, longest: 1, ..Settling::default() };
/// let table = completeness(&rows, &settling);
/// let at_once = table.iter().find(|row| row.weekday.is_none() && row.delay == 0).unwrap();
/// assert_eq!((at_once.figures, at_once.median), (2, 0.8));
/// ```
#[must_use]
pub fn completeness(rows: &[TriangleRow], settling: &Settling) -> Vec<Completeness> {
    type Key<'a> = (&'a str, Measure, Option<u32>, u32);
    let mut shares: BTreeMap<Key<'_>, Vec<f64>> = BTreeMap::new();
    for row in rows {
        let Some(whole) = final_figure(row, settling) else { continue };
        for delay in 0..=settling.longest.min(settling.final_after) {
            let known = at_delay(row, delay).unwrap_or(0.0);
            for weekday in [None, Some(row.weekday.num_days_from_monday())] {
                let key = (row.series.source.as_str(), row.series.measure, weekday, delay);
                shares.entry(key).or_default().push(known / whole);
            }
        }
    }
    shares.into_iter().filter_map(|(key, shares)| told(key, &shares)).collect()
}

fn told(key: (&str, Measure, Option<u32>, u32), shares: &[f64]) -> Option<Completeness> {
    let (source, measure, weekday, delay) = key;
    Some(Completeness {
        source: source.to_owned(),
        measure,
        weekday: weekday.and_then(|day| Weekday::try_from(u8::try_from(day).ok()?).ok()),
        delay,
        figures: shares.len(),
        mean: shares.iter().sum::<f64>() / f64::from(u32::try_from(shares.len()).ok()?),
        p10: quantile(shares, 0.1)?,
        median: quantile(shares, 0.5)?,
        p90: quantile(shares, 0.9)?,
    })
}

/// The first value of each figure as a share of its final one, for figures that were first told within `within` days.
#[must_use]
pub fn first_shares(rows: &[TriangleRow], settling: &Settling, within: u32) -> Vec<(NaiveDate, f64)> {
    let share = |row: &TriangleRow| {
        let whole = final_figure(row, settling)?;
        let first = (0..=within).find_map(|delay| at_delay(row, delay))?;
        Some((row.date, first / whole))
    };
    rows.iter().filter_map(share).collect()
}

/// The last day of which, by the measured table of one source and measure, at least the share `at_least` is known by the end
/// of `today`: the day to evaluate. `None` if no day within the table's delays is.
///
/// `max { t : median c(weekday(t), today − t) ≥ at_least }`. A weekday with too few figures is taken together with all.
///
/// ```
/// use siaga::observation::{Completeness, Settling, last_complete_day};
/// # let row = |delay: u32, median: f64| Completeness { source: "dinkes".to_owned(),
/// #     measure: "cases".parse().unwrap(), weekday: None, delay, figures: 30, mean: median, p10: median, median, p90: median };
/// // Of a day 60% is known at once, 93% on the next day, 99% on the one after.
/// let table = [row(0, 0.60), row(1, 0.93), row(2, 0.99)];
/// let today: chrono::NaiveDate = "2021-06-28".parse().unwrap();
/// let day = |share: f64| last_complete_day(&table, today, share, &Settling::default()).map(|day| day.to_string());
/// assert_eq!(day(0.95).as_deref(), Some("2021-06-26"));
/// assert_eq!(day(0.90).as_deref(), Some("2021-06-27"));
/// assert_eq!(day(0.999), None);
/// ```
#[must_use]
pub fn last_complete_day(
    table: &[Completeness],
    today: NaiveDate,
    at_least: f64,
    settling: &Settling,
) -> Option<NaiveDate> {
    (0..=settling.longest).find_map(|delay| {
        let day = today - Duration::days(i64::from(delay));
        let of = |weekday: Option<Weekday>| {
            table
                .iter()
                .find(|row| row.delay == delay && row.weekday == weekday && row.figures >= settling.figures)
        };
        let row = of(Some(day.weekday())).or_else(|| of(None))?;
        (row.median >= at_least).then_some(day)
    })
}

fn at_delay(row: &TriangleRow, delay: u32) -> Option<f64> {
    row.values.get(usize::try_from(delay).ok()?).copied().flatten()
}

fn final_figure(row: &TriangleRow, settling: &Settling) -> Option<f64> {
    at_delay(row, settling.final_after)
        .filter(|whole| row.is_followed && *whole >= settling.least && *whole > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::LocationId;
    use crate::observation::SeriesKey;

    fn row(date: &str, values: &[f64], is_followed: bool) -> TriangleRow {
        let date: NaiveDate = date.parse().unwrap();
        let series = SeriesKey {
            location: LocationId::new("3271"),
            unit_id: None,
            measure: Measure::Cases,
            source: "dinkes".to_owned(),
        };
        let values: Vec<Option<f64>> =
            values.iter().map(|value| Some(*value).filter(|v| v.is_finite())).collect();
        TriangleRow { series, date, weekday: date.weekday(), last: None, values, is_followed }
    }

    const NO: f64 = f64::NAN;

    #[test]
    fn a_day_that_nothing_is_known_of_counts_as_nothing_and_an_unsettled_or_unfollowed_day_not_at_all() {
        let settling = Settling { final_after: 2, longest: 1, ..Settling::default() };
        let rows = [
            row("2021-06-01", &[NO, 80.0, 100.0], true),
            row("2021-06-02", &[NO, 80.0], true),
            row("2021-05-03", &[NO, NO, 100.0], false),
            row("2021-06-03", &[2.0, 2.0, 2.0], true),
        ];
        let table = completeness(&rows, &settling);
        let all: Vec<_> = table.iter().filter(|row| row.weekday.is_none()).collect();
        assert_eq!(
            all.iter().map(|row| (row.delay, row.figures, row.median)).collect::<Vec<_>>(),
            [(0, 1, 0.0), (1, 1, 0.8)]
        );
        assert_eq!(first_shares(&rows, &settling, 1), [(rows[0].date, 0.8)]);
        assert_eq!(first_shares(&rows, &settling, 0), []);
    }

    #[test]
    fn a_sunday_that_comes_late_is_not_the_day_to_evaluate() {
        let at = |weekday, median| Completeness {
            source: "dinkes".to_owned(),
            measure: Measure::Cases,
            weekday,
            delay: 1,
            figures: 8,
            mean: median,
            p10: median,
            median,
            p90: median,
        };
        let mut table = vec![at(None, 0.97), at(Some(Weekday::Sun), 0.7)];
        let later = Completeness { delay: 2, ..at(None, 0.99) };
        table.push(later);
        let settling = Settling::default();
        let day = |today: &str| last_complete_day(&table, today.parse().unwrap(), 0.95, &settling);
        // On Monday 28 June the Sunday is not known well enough, the Saturday is.
        assert_eq!(day("2021-06-28").map(|day| day.to_string()).as_deref(), Some("2021-06-26"));
        assert_eq!(day("2021-06-29").map(|day| day.to_string()).as_deref(), Some("2021-06-28"));
        // A weekday with too few figures is taken together with all days.
        table[1].figures = 3;
        let day = last_complete_day(&table, "2021-06-28".parse().unwrap(), 0.95, &settling);
        assert_eq!(day.map(|day| day.to_string()).as_deref(), Some("2021-06-27"));
    }
}
