//! How often, how far and how late the figures of a source change.

use std::collections::BTreeMap;

use super::figure::{FigureHistory, figures};
use super::quantile::quantile;
use crate::epi::Vintage;
use crate::observation::{Measure, Observation};

/// A change smaller than this is noise of computing (a mean printed with more digits than it has), not news.
pub const NOISE: f64 = 1e-5;

/// A figure whose last value is further than this share from its first was changed by much.
pub const LARGE: f64 = 0.05;

/// The middle and the far end of some numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Typical {
    /// Half of them are no larger.
    pub median: f64,
    /// Nine in ten are no larger.
    pub p90: f64,
}

impl Typical {
    fn of(numbers: &[f64]) -> Option<Self> {
        Some(Self { median: quantile(numbers, 0.5)?, p90: quantile(numbers, 0.9)? })
    }
}

/// How the figures of one source and measure change.
#[derive(Debug, Clone, PartialEq)]
pub struct RevisionStatistics {
    /// Who publishes.
    pub source: String,
    /// What is counted.
    pub measure: Measure,
    /// Figures that ever had a value.
    pub figures: usize,
    /// Figures that changed at least once, noise not counted.
    pub changed: usize,
    /// Figures whose last value is more than [`LARGE`] from the first, as a share of the first.
    pub changed_much: usize,
    /// Changes in all, noise not counted.
    pub changes: usize,
    /// Changes smaller than the tolerance.
    pub noise: usize,
    /// `|last − first|` of those that changed.
    pub absolute: Option<Typical>,
    /// `|last − first| / |first|` of those that changed and did not begin at zero.
    pub relative: Option<Typical>,
    /// Days from the first value to the last change, of those that changed.
    pub days: Option<Typical>,
}

impl RevisionStatistics {
    /// The share of figures that ever changed, 0 to 1.
    #[must_use]
    pub fn share_changed(&self) -> f64 {
        share(self.changed, self.figures)
    }

    /// The share of figures that changed by much, 0 to 1.
    #[must_use]
    pub fn share_changed_much(&self) -> f64 {
        share(self.changed_much, self.figures)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if whole == 0 { 0.0 } else { number(part) / number(whole) }
}

/// How figures change, by source and measure, on what was known by a moment (all vintages if `None`).
///
/// A figure changed when two vintages that follow each other differ by `tolerance` or more, or when one has a value and
/// the other has none. The amount is that between its first and its last value. Assumes that the source was read often
/// enough: what changed and changed back between two readings is not seen. The measures are those of A. Reinhart and
/// others, "An open repository of real-time COVID-19 indicators", *PNAS* 118 (2021) e2111452118.
///
/// ```
/// use siaga::observation::{Observation, NOISE, revision_statistics};
/// # use siaga::epi::{LocationId, Status, Vintage};
/// # let figure = |value: f64, day: i64| Observation {
/// #     location: LocationId::new("3271"), unit_id: None, measure: "active".parse().unwrap(),
/// #     source: "dinkes".to_owned(), date: "2021-06-27".parse().unwrap(), days: 1, value: Some(value),
/// #     status: Status::Printed, as_of: Vintage::from_millis(day * 86_400_000).unwrap(),
/// #     note: String::new(), address: String::new(),
/// # };
/// // Printed as 3,023 and two days later as 3,003.
/// let found = &revision_statistics(&[figure(3_023.0, 0), figure(3_003.0, 2)], None, NOISE)[0];
/// assert_eq!((found.changed, found.absolute.unwrap().median, found.days.unwrap().median), (1, 20.0, 2.0));
/// ```
#[must_use]
pub fn revision_statistics(
    observations: &[Observation],
    as_of: Option<Vintage>,
    tolerance: f64,
) -> Vec<RevisionStatistics> {
    let mut sums: BTreeMap<(String, Measure), Sums> = BTreeMap::new();
    for figure in figures(observations, as_of) {
        let key = (figure.series.source.clone(), figure.series.measure);
        sums.entry(key).or_default().add(&figure, tolerance);
    }
    let told = |((source, measure), sums): ((String, Measure), Sums)| RevisionStatistics {
        source,
        measure,
        figures: sums.figures,
        changed: sums.changed,
        changed_much: sums.changed_much,
        changes: sums.changes,
        noise: sums.noise,
        absolute: Typical::of(&sums.absolute),
        relative: Typical::of(&sums.relative),
        days: Typical::of(&sums.days),
    };
    sums.into_iter().filter(|(_, sums)| sums.figures > 0).map(told).collect()
}

#[derive(Default)]
struct Sums {
    figures: usize,
    changed: usize,
    changed_much: usize,
    changes: usize,
    noise: usize,
    absolute: Vec<f64>,
    relative: Vec<f64>,
    days: Vec<f64>,
}

impl Sums {
    fn add(&mut self, figure: &FigureHistory, tolerance: f64) {
        let (Some((first_known, first)), Some((_, last))) = (figure.first(), figure.last()) else { return };
        self.figures += 1;
        let mut last_change = None;
        for pair in figure.vintages.windows(2) {
            let is_change = match (pair[0].value, pair[1].value) {
                (Some(one), Some(other)) => {
                    let step = (other - one).abs();
                    self.noise += usize::from(step > 0.0 && step < tolerance);
                    step >= tolerance && step > 0.0
                }
                (None, None) => false,
                // Told as missing before it ever had a value is no change of a value.
                (None, Some(_)) => pair[0].as_of > first_known,
                (Some(_), None) => true,
            };
            if is_change {
                self.changes += 1;
                last_change = Some(pair[1].as_of);
            }
        }
        let amount = (last - first).abs();
        self.changed_much += usize::from(amount > LARGE * first.abs());
        let Some(last_change) = last_change else { return };
        self.changed += 1;
        self.absolute.push(amount);
        if first != 0.0 {
            self.relative.push(amount / first.abs());
        }
        let seconds = (last_change.moment() - first_known.moment()).num_seconds();
        self.days.push(f64::from(i32::try_from(seconds).unwrap_or(i32::MAX)) / 86_400.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::{LocationId, Status};

    fn figure(day: u32, value: Option<f64>, known: i64) -> Observation {
        Observation {
            location: LocationId::new("3271"),
            unit_id: None,
            measure: Measure::Cases,
            source: "dinkes".to_owned(),
            date: chrono::NaiveDate::from_ymd_opt(2021, 6, day).unwrap(),
            days: 1,
            value,
            status: Status::Printed,
            as_of: Vintage::from_millis(known * 86_400_000).unwrap(),
            note: String::new(),
            address: String::new(),
        }
    }

    #[test]
    fn noise_is_counted_apart_and_is_no_change() {
        let told = [
            figure(1, Some(100.0), 0),
            figure(1, Some(100.000_001), 1),
            figure(2, Some(50.0), 1),
            figure(2, Some(60.0), 4),
            figure(3, Some(7.0), 2),
        ];
        let found = &revision_statistics(&told, None, NOISE)[0];
        assert_eq!((found.figures, found.changed, found.changes, found.noise), (3, 1, 1, 1));
        assert_eq!(found.changed_much, 1);
        assert_eq!(found.absolute, Some(Typical { median: 10.0, p90: 10.0 }));
        assert_eq!(found.relative.map(|r| r.median), Some(0.2));
        assert_eq!(found.days.map(|d| d.median), Some(3.0));
        assert_eq!(revision_statistics(&told, None, 0.0)[0].changed, 2);
    }

    #[test]
    fn only_what_was_known_by_then_counts_and_a_figure_without_a_value_is_none() {
        let told = [figure(2, Some(50.0), 1), figure(2, Some(60.0), 4), figure(3, None, 1)];
        let before = revision_statistics(&told, Vintage::from_millis(2 * 86_400_000), NOISE);
        assert_eq!((before[0].figures, before[0].changed, before[0].absolute), (1, 0, None));
        assert_eq!(revision_statistics(&told[2..], None, NOISE), []);
    }

    #[test]
    fn withdrawn_and_told_again_is_two_changes_without_an_amount() {
        let told =
            [figure(2, None, 0), figure(2, Some(50.0), 1), figure(2, None, 2), figure(2, Some(50.0), 3)];
        let found = &revision_statistics(&told, None, NOISE)[0];
        assert_eq!((found.changes, found.absolute.map(|a| a.median)), (2, Some(0.0)));
    }
}
