//! The serial interval: how many days lie between the onset of a case and of those it infects.
//!
//! Either a shifted gamma distribution of which the mean and the standard deviation are known, made discrete by day, or weights by
//! day as somebody published them.

use thiserror::Error;

use crate::epi::{gamma_share_above, gamma_share_below};

/// A tail of less than this is cut off: what it would add is below what a number can hold.
const NEGLIGIBLE: f64 = 1e-16;

/// No interval is followed for longer: ten years, longer than any series.
const LONGEST_DAYS: u32 = 3_650;

/// Weights by day may miss a sum of 1 by this much, as printed tables do (the same as EpiEstim's own check).
const SUM_TOLERANCE: f64 = 0.01;

/// Why a serial interval is refused.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum InvalidSerialInterval {
    /// The mean is not above one day.
    #[error(
        "the mean of the serial interval is {0} days; give one above 1, since nobody infects on the day of onset"
    )]
    Mean(f64),
    /// The standard deviation is not above zero.
    #[error("the standard deviation of the serial interval is {0} days; give one above 0")]
    StandardDeviation(f64),
    /// The weight of day 0 is missing or not zero.
    #[error("the weights of the serial interval begin with {0:?}; begin with 0 for the day of onset itself")]
    FirstWeight(Option<f64>),
    /// A weight is negative or no number.
    #[error("the weight of day {day} of the serial interval is {weight}; weights are numbers from 0 to 1")]
    Weight {
        /// The day after onset.
        day: usize,
        /// Its weight.
        weight: f64,
    },
    /// The weights do not sum to one.
    #[error("the weights of the serial interval sum to {0}; they must sum to 1, within 0.01")]
    Sum(f64),
}

/// The share of a serial interval that is `day` days long, for a gamma distribution with this mean and standard deviation, shifted
/// by one day.
///
/// `w_k = k·F_a(k) + (k−2)·F_a(k−2) − 2(k−1)·F_a(k−1) + a·b·(2·F_{a+1}(k−1) − F_{a+1}(k−2) − F_{a+1}(k))`, with `F_a` the gamma
/// distribution function of shape `a = ((μ−1)/σ)²` and scale `b = σ²/(μ−1)`; below zero it is 0, and it is not made to sum to one.
/// Zero on day 0. No value unless μ is above 1 and σ above 0.
///
/// Reference: A. Cori, N. M. Ferguson, C. Fraser and S. Cauchemez, *American Journal of Epidemiology* 178 (2013) 1505, web appendix
/// 11.
///
/// ```
/// use siaga::indicator::reproduction::discretised_gamma;
/// let day = |k| discretised_gamma(k, 4.7, 2.9).unwrap();
/// assert_eq!(day(0), 0.0);
/// assert!((day(1) - 0.056_501).abs() < 5e-7 && (day(2) - 0.178_074).abs() < 5e-7);
/// assert!(((0..=30).map(day).sum::<f64>() - 0.999_986).abs() < 5e-7);
/// ```
#[must_use]
pub fn discretised_gamma(day: u32, mean: f64, sd: f64) -> Option<f64> {
    let (shape, scale) = gamma_of(mean, sd).ok()?;
    weight_of(day, shape, scale)
}

/// Shape and scale of the gamma distribution of what exceeds one day.
fn gamma_of(mean: f64, sd: f64) -> Result<(f64, f64), InvalidSerialInterval> {
    if !(mean > 1.0 && mean.is_finite()) {
        return Err(InvalidSerialInterval::Mean(mean));
    }
    if !(sd > 0.0 && sd.is_finite()) {
        return Err(InvalidSerialInterval::StandardDeviation(sd));
    }
    Ok((((mean - 1.0) / sd).powi(2), sd * sd / (mean - 1.0)))
}

fn weight_of(day: u32, shape: f64, scale: f64) -> Option<f64> {
    let k = f64::from(day);
    let below = |shape: f64, x: f64| gamma_share_below(shape, x / scale);
    let whole =
        k * below(shape, k)? + (k - 2.0) * below(shape, k - 2.0)? - 2.0 * (k - 1.0) * below(shape, k - 1.0)?;
    let next = shape + 1.0;
    let part = 2.0 * below(next, k - 1.0)? - below(next, k - 2.0)? - below(next, k)?;
    Some((whole + shape * scale * part).max(0.0))
}

/// The weights of the days after onset, day 0 first.
///
/// ```
/// use siaga::indicator::reproduction::SerialInterval;
/// let known = SerialInterval::gamma(4.4, 2.5).unwrap();
/// assert!((known.mean() - 4.4).abs() < 1e-9);
/// let printed = SerialInterval::from_weights(&[0.0, 0.5, 0.3, 0.2]).unwrap();
/// assert!((printed.mean() - 1.7).abs() < 1e-12);
/// assert!(SerialInterval::gamma(1.0, 2.5).is_err());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SerialInterval {
    weights: Vec<f64>,
    mean: f64,
}

impl SerialInterval {
    /// From mean and standard deviation in days: a gamma distribution shifted by one day, made discrete by
    /// [`discretised_gamma`] and cut where less than 1e-16 of it is left.
    ///
    /// # Errors
    /// [`InvalidSerialInterval`] unless the mean is above 1 and the standard deviation above 0.
    pub fn gamma(mean: f64, sd: f64) -> Result<Self, InvalidSerialInterval> {
        let (shape, scale) = gamma_of(mean, sd)?;
        // All of w_k and what follows it lies beyond k − 2 days, before the shift.
        let is_left = |day: &u32| {
            let beyond = gamma_share_above(shape, (f64::from(*day) - 2.0) / scale);
            beyond.is_some_and(|beyond| beyond >= NEGLIGIBLE)
        };
        let days = (0..=LONGEST_DAYS).take_while(is_left);
        Ok(Self::of(days.map_while(|day| weight_of(day, shape, scale)).collect()))
    }

    /// From weights by day, day 0 first, which must be 0. Zeros at the end are cut.
    ///
    /// # Errors
    /// [`InvalidSerialInterval`] unless the first is 0, none is negative, and they sum to 1 within 0.01.
    pub fn from_weights(weights: &[f64]) -> Result<Self, InvalidSerialInterval> {
        match weights.first() {
            Some(first) if first.abs() <= 0.0 => {}
            first => return Err(InvalidSerialInterval::FirstWeight(first.copied())),
        }
        let is_wrong = |(_, weight): &(usize, &f64)| !(**weight >= 0.0 && weight.is_finite());
        if let Some((day, weight)) = weights.iter().enumerate().find(is_wrong) {
            return Err(InvalidSerialInterval::Weight { day, weight: *weight });
        }
        let sum: f64 = weights.iter().sum();
        if (sum - 1.0).abs() > SUM_TOLERANCE {
            return Err(InvalidSerialInterval::Sum(sum));
        }
        let days = weights.iter().rposition(|weight| *weight > 0.0).map_or(0, |last| last + 1);
        Ok(Self::of(weights[..days].to_vec()))
    }

    fn of(weights: Vec<f64>) -> Self {
        let mean = (0_u32..).zip(&weights).map(|(day, weight)| f64::from(day) * weight).sum();
        Self { weights, mean }
    }

    /// The weights by day after onset, day 0 first; what is not there is nothing.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// `Σ k·w_k`, in days.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The share of the interval that lies within so many days of onset: how much of a day's infectivity a series knows that
    /// began so many days before.
    ///
    /// ```
    /// use siaga::indicator::reproduction::SerialInterval;
    /// let printed = SerialInterval::from_weights(&[0.0, 0.5, 0.3, 0.2]).unwrap();
    /// assert!((printed.share_within(2) - 0.8).abs() < 1e-15);
    /// ```
    #[must_use]
    pub fn share_within(&self, days: usize) -> f64 {
        self.weights.iter().take(days.saturating_add(1)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn influenza_has_the_weights_of_epiestim() {
        // discr_si(0:8, 2.6, 1.5) of EpiEstim, all digits.
        let published = [
            0.0,
            0.233_172_125_407_541,
            0.358_579_400_315_597,
            0.198_110_828_540_314,
            0.103_342_655_427_939,
            0.052_905_175_247_814_1,
            0.026_821_461_951_615_8,
            0.013_516_198_089_437_7,
            0.006_783_437_815_353_82,
        ];
        let interval = SerialInterval::gamma(2.6, 1.5).unwrap();
        for (ours, theirs) in interval.weights().iter().zip(published) {
            assert!((ours - theirs).abs() < 1e-14, "{ours} {theirs}");
        }
    }

    #[test]
    fn covid_has_the_weights_worked_out_apart() {
        let expected = [0.0, 0.056_501, 0.178_074, 0.185_418, 0.155_734, 0.120_751, 0.089_718];
        let interval = SerialInterval::gamma(4.7, 2.9).unwrap();
        for (ours, theirs) in interval.weights().iter().zip(expected) {
            assert!((ours - theirs).abs() < 5e-7, "{ours} {theirs}");
        }
        assert!((interval.share_within(30) - 0.999_986).abs() < 5e-7);
    }

    #[test]
    fn only_what_is_nothing_is_cut_off() {
        let interval = SerialInterval::gamma(4.7, 2.9).unwrap();
        assert!((60..120).contains(&interval.weights().len()), "{}", interval.weights().len());
        assert!((interval.share_within(usize::MAX) - 1.0).abs() < 1e-12);
        // A wide one ends all the same.
        assert_eq!(SerialInterval::gamma(2.0, 300.0).unwrap().weights().len(), 3_651);
    }

    #[test]
    fn an_impossible_interval_is_refused_in_a_sentence() {
        for (mean, sd) in [(1.0, 2.0), (f64::NAN, 2.0), (f64::INFINITY, 2.0)] {
            assert!(matches!(SerialInterval::gamma(mean, sd), Err(InvalidSerialInterval::Mean(_))), "{mean}");
            assert_eq!(discretised_gamma(2, mean, sd), None);
        }
        for sd in [0.0, -1.0, f64::NAN] {
            let refused = SerialInterval::gamma(4.4, sd);
            assert!(matches!(refused, Err(InvalidSerialInterval::StandardDeviation(_))), "{sd}");
        }
        let refused = |weights: &[f64]| SerialInterval::from_weights(weights).unwrap_err();
        assert_eq!(refused(&[]), InvalidSerialInterval::FirstWeight(None));
        assert_eq!(refused(&[0.1, 0.9]), InvalidSerialInterval::FirstWeight(Some(0.1)));
        assert_eq!(refused(&[0.0, 1.2, -0.2]), InvalidSerialInterval::Weight { day: 2, weight: -0.2 });
        assert!(matches!(refused(&[0.0, f64::NAN]), InvalidSerialInterval::Weight { day: 1, .. }));
        assert_eq!(refused(&[0.0, 0.5, 0.25]), InvalidSerialInterval::Sum(0.75));
        assert_eq!(
            refused(&[0.0, 0.5, 0.25]).to_string(),
            "the weights of the serial interval sum to 0.75; they must sum to 1, within 0.01"
        );
    }

    #[test]
    fn weights_as_printed_are_taken_as_they_are() {
        let printed =
            [0.0, 0.233, 0.359, 0.198, 0.103, 0.053, 0.027, 0.014, 0.007, 0.003, 0.002, 0.001, 0.0, 0.0];
        let interval = SerialInterval::from_weights(&printed).unwrap();
        assert_eq!(interval.weights(), &printed[..12]);
        assert!((interval.mean() - 2.596).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn a_discretised_interval_keeps_its_mean_and_sums_to_one(mean in 1.5_f64..20.0, share in 0.1_f64..1.0) {
            let interval = SerialInterval::gamma(mean, share * mean).unwrap();
            prop_assert!((interval.share_within(usize::MAX) - 1.0).abs() < 1e-9);
            prop_assert!((interval.mean() - mean).abs() < 1e-6 * mean, "{} {mean}", interval.mean());
            prop_assert_eq!(interval.weights()[0], 0.0);
        }
    }
}
