//! Scores of forecasts: how far off, how wide, and did the interval hold what came.

use super::Quantiles;
use crate::epi::Interval;

/// A score in its three parts; they add up to it, and all are in the unit of what is forecast. Less is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IntervalScore {
    /// For being wide.
    pub dispersion: f64,
    /// For having been too high: what came lay below.
    pub overprediction: f64,
    /// For having been too low: what came lay above.
    pub underprediction: f64,
}

impl IntervalScore {
    /// The score.
    #[must_use]
    pub fn total(self) -> f64 {
        self.dispersion + self.overprediction + self.underprediction
    }
}

/// The interval score of a central interval outside of which a share α lies: `IS_α = (u − l) + (2/α)·(l − y)₊ + (2/α)·(y − u)₊`.
///
/// `None` unless `0 < α < 1` and *y* is a number. Reference: T. Gneiting and A. E. Raftery, *Journal of the American Statistical
/// Association* 102 (2007) 359.
///
/// ```
/// use siaga::epi::Interval;
/// use siaga::indicator::forecast::interval_score;
/// // An 80% interval of 90 to 120, and 125 came: 30 wide, and 2/0.2 times 5 too low.
/// let score = interval_score(Interval { lower: 90.0, upper: 120.0 }, 0.2, 125.0).unwrap();
/// assert_eq!((score.dispersion, score.underprediction), (30.0, 50.0));
/// ```
#[must_use]
pub fn interval_score(interval: Interval, alpha: f64, observed: f64) -> Option<IntervalScore> {
    (alpha > 0.0 && alpha < 1.0 && observed.is_finite()).then(|| IntervalScore {
        dispersion: interval.upper - interval.lower,
        overprediction: 2.0 / alpha * (interval.lower - observed).max(0.0),
        underprediction: 2.0 / alpha * (observed - interval.upper).max(0.0),
    })
}

/// The weighted interval score of a forecast with *K* intervals and a median *m*:
/// `WIS = (½·|y − m| + Σ_k α_k/2 · IS_{α_k}) / (K + ½)`.
///
/// Equal to the mean over all levels of twice the pinball loss, and close to the continuous ranked probability score: a distance from
/// forecast to what came, which is the absolute error when the forecast is a point. What the median misses counts as over- or
/// underprediction. `None` unless *y* is a number.
///
/// Reference: J. Bracher, E. L. Ray, T. Gneiting and N. G. Reich, *PLoS Computational Biology* 17 (2021) e1008618.
///
/// ```
/// use siaga::indicator::forecast::{Quantiles, weighted_interval_score};
/// let forecast = Quantiles::new(&[0.1, 0.25, 0.5, 0.75, 0.9], &[-1.0, 0.0, 1.0, 2.0, 3.0]).unwrap();
/// // (0 + 0.1·4 + 0.25·2) / 2.5
/// let score = weighted_interval_score(&forecast, 1.0).unwrap();
/// assert!((score.total() - 0.36).abs() < 1e-12 && score.overprediction == 0.0);
/// ```
#[must_use]
pub fn weighted_interval_score(forecast: &Quantiles, observed: f64) -> Option<IntervalScore> {
    let (mut sum, mut intervals) = (
        IntervalScore {
            dispersion: 0.0,
            overprediction: 0.5 * (forecast.median() - observed).max(0.0),
            underprediction: 0.5 * (observed - forecast.median()).max(0.0),
        },
        0.0,
    );
    for (alpha, interval) in forecast.intervals() {
        let score = interval_score(interval, alpha, observed)?;
        sum.dispersion += 0.5 * alpha * score.dispersion;
        sum.overprediction += 0.5 * alpha * score.overprediction;
        sum.underprediction += 0.5 * alpha * score.underprediction;
        intervals += 1.0;
    }
    let mean = |sum: f64| sum / (intervals + 0.5);
    observed.is_finite().then(|| IntervalScore {
        dispersion: mean(sum.dispersion),
        overprediction: mean(sum.overprediction),
        underprediction: mean(sum.underprediction),
    })
}

/// The mean score of a model over that of another for the same targets, in the same order: below 1 the model was better.
///
/// `None` without targets, with lists of unequal length, or where the other was never wrong.
///
/// ```
/// use siaga::indicator::forecast::relative_score;
/// assert_eq!(relative_score(&[10.0, 20.0], &[20.0, 40.0]), Some(0.5));
/// assert_eq!(relative_score(&[10.0], &[0.0]), None);
/// ```
#[must_use]
pub fn relative_score(model: &[f64], other: &[f64]) -> Option<f64> {
    let (ours, theirs): (f64, f64) = (model.iter().sum(), other.iter().sum());
    (model.len() == other.len() && theirs > 0.0).then(|| ours / theirs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FIVE: [f64; 5] = [0.1, 0.25, 0.5, 0.75, 0.9];

    #[test]
    fn the_published_examples_have_their_scores() {
        for (observed, values, expected) in [
            (1.0, [-1.0, 0.0, 1.0, 2.0, 3.0], 0.36),
            (-15.0, [-2.0, 1.0, 2.0, 2.0, 4.0], 15.34),
            (22.0, [-2.0, 0.0, 3.0, 3.0, 4.0], 19.14),
        ] {
            let forecast = Quantiles::new(&FIVE, &values).unwrap();
            let score = weighted_interval_score(&forecast, observed).unwrap();
            assert!((score.total() - expected).abs() < 1e-12, "{observed}: {}", score.total());
        }
    }

    #[test]
    fn what_came_below_is_overprediction_and_above_underprediction() {
        let forecast = Quantiles::new(&FIVE, &[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        let low = weighted_interval_score(&forecast, -10.0).unwrap();
        let high = weighted_interval_score(&forecast, 30.0).unwrap();
        assert!(low.overprediction > 0.0 && low.underprediction == 0.0);
        assert!(high.underprediction > 0.0 && high.overprediction == 0.0);
        assert_eq!(low.dispersion, high.dispersion);
    }

    #[test]
    fn a_point_is_scored_by_its_error() {
        let point = Quantiles::new(&FIVE, &[7.0; 5]).unwrap();
        assert!((weighted_interval_score(&point, 10.0).unwrap().total() - 3.0).abs() < 1e-12);
        let only = Quantiles::new(&[0.5], &[7.0]).unwrap();
        assert_eq!(weighted_interval_score(&only, 10.0).unwrap().total(), 3.0);
    }

    #[test]
    fn what_is_no_number_has_no_score() {
        let forecast = Quantiles::new(&FIVE, &[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        assert_eq!(weighted_interval_score(&forecast, f64::NAN), None);
        assert_eq!(weighted_interval_score(&Quantiles::new(&[0.5], &[7.0]).unwrap(), f64::INFINITY), None);
        let interval = Interval { lower: 0.0, upper: 1.0 };
        for alpha in [0.0, 1.0, f64::NAN] {
            assert_eq!(interval_score(interval, alpha, 0.5), None);
        }
        assert_eq!(relative_score(&[], &[]), None);
        assert_eq!(relative_score(&[1.0], &[1.0, 2.0]), None);
    }

    fn pinball(level: f64, value: f64, observed: f64) -> f64 {
        if observed >= value { level * (observed - value) } else { (1.0 - level) * (value - observed) }
    }

    prop_compose! {
        fn forecast()(mut values in prop::collection::vec(-100.0_f64..1e4, 7)) -> Quantiles {
            values.sort_by(f64::total_cmp);
            Quantiles::new(&super::super::LEVELS, &values).unwrap()
        }
    }

    proptest! {
        #[test]
        fn the_score_is_the_mean_of_twice_the_pinball_losses(forecast in forecast(), observed in -100.0_f64..2e4) {
            let score = weighted_interval_score(&forecast, observed).unwrap();
            let losses = forecast.levels().iter().zip(forecast.values());
            let mean = losses.map(|(level, value)| 2.0 * pinball(*level, *value, observed)).sum::<f64>() / 7.0;
            prop_assert!((score.total() - mean).abs() < 1e-9 * (1.0 + mean));
        }

        #[test]
        fn no_part_is_below_zero_and_only_one_side_was_missed(forecast in forecast(), observed in -100.0_f64..2e4) {
            let score = weighted_interval_score(&forecast, observed).unwrap();
            prop_assert!(score.dispersion >= 0.0 && score.overprediction >= 0.0 && score.underprediction >= 0.0);
            prop_assert!(score.overprediction == 0.0 || score.underprediction == 0.0);
        }
    }
}
