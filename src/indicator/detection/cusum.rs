//! The cumulative sum chart: small excesses that no single day shows, added up.

use thiserror::Error;

/// Why settings of the chart are refused.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum InvalidCusum {
    /// The reference value is negative or no number.
    #[error("the reference value of the cumulative sum is {0}; give one of 0 or more")]
    Reference(f64),
    /// The limit is not above zero.
    #[error("the limit of the cumulative sum is {0}; give one above 0")]
    Limit(f64),
    /// The dispersion is negative or no number.
    #[error("the dispersion of the cumulative sum is {0}; give one of 0 or more")]
    Dispersion(f64),
}

/// How a count *n* becomes a number that is about standard normal when *m* are expected.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Standardised {
    /// `(n − m)/√m`: Poisson, many cases.
    #[default]
    Plain,
    /// `(n − 3m + 2√(nm))/(2√m)`: Poisson, few cases (G. Rossi, L. Lampugnani and M. Marchi, *Statistics in Medicine* 18 (1999) 2111).
    Rossi,
    /// `3/2·(n^{2/3} − m^{2/3})/m^{1/6}`: Poisson, few cases (Anscombe's residual).
    Anscombe,
    /// `(n − m)/√(m + αm²)`: over-dispersed counts (Pearson's residual of the negative binomial distribution).
    NegativeBinomial {
        /// The dispersion α; 0 is Poisson.
        dispersion: f64,
    },
}

impl Standardised {
    fn of(self, count: f64, expected: f64) -> f64 {
        match self {
            Self::Plain => (count - expected) / expected.sqrt(),
            Self::Rossi => {
                (count - 3.0 * expected + 2.0 * (count * expected).sqrt()) / (2.0 * expected.sqrt())
            }
            Self::Anscombe => {
                let two_thirds = |value: f64| value.cbrt().powi(2);
                1.5 * (two_thirds(count) - two_thirds(expected)) / expected.powf(1.0 / 6.0)
            }
            Self::NegativeBinomial { dispersion } => {
                (count - expected) / (expected + dispersion * expected * expected).sqrt()
            }
        }
    }
}

/// The settings of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cusum {
    reference: f64,
    limit: f64,
    standardised: Standardised,
    resets: bool,
}

impl Cusum {
    /// With a reference value *k*, half the shift that is to be found, and a limit *h*, both in standard deviations.
    ///
    /// # Errors
    /// [`InvalidCusum`] for a reference below 0, a limit not above 0, or a dispersion below 0.
    pub fn new(reference: f64, limit: f64, standardised: Standardised) -> Result<Self, InvalidCusum> {
        let is_at_least_zero = |value: f64| value >= 0.0 && value.is_finite();
        if !is_at_least_zero(reference) {
            return Err(InvalidCusum::Reference(reference));
        }
        if !(limit > 0.0 && limit.is_finite()) {
            return Err(InvalidCusum::Limit(limit));
        }
        match standardised {
            Standardised::NegativeBinomial { dispersion } if !is_at_least_zero(dispersion) => {
                Err(InvalidCusum::Dispersion(dispersion))
            }
            _ => Ok(Self { reference, limit, standardised, resets: false }),
        }
    }

    /// The same chart, which starts again from nothing after an alarm.
    #[must_use]
    pub fn that_resets(self) -> Self {
        Self { resets: true, ..self }
    }
}

impl Default for Cusum {
    /// *k* = 1.04, *h* = 2.26, plain: in quiet times an alarm in about 530 days, three days after a rise by two standard deviations and
    /// thirteen after one by one, on average.
    fn default() -> Self {
        Self { reference: 1.04, limit: 2.26, standardised: Standardised::Plain, resets: false }
    }
}

/// One day of the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CusumDay {
    /// `S_t`.
    pub sum: f64,
    /// Whether `S_t ≥ h`.
    pub is_alarm: bool,
}

/// The chart of a series: `S_t = max(0, S_{t−1} + z_t − k)` from `S_0 = 0`, an alarm where `S_t ≥ h`; `z_t` is the count of the day,
/// standardised by what was expected.
///
/// A day that is missing, or for which nothing is expected, has no value, and the sum stays as it was. Assumes that the expectation is
/// right: growth that it does not know of adds up too. Reference: E. S. Page, *Biometrika* 41 (1954) 100; defaults as in the R package
/// surveillance.
///
/// ```
/// use siaga::indicator::detection::{Cusum, cusum};
/// // (14 − 10)/√10 = 1.2649; less 1.04 is 0.2249.
/// let counts = [11.0, 9.0, 14.0].map(Some);
/// let days = cusum(&counts, &[10.0; 3], &Cusum::default());
/// assert!((days[2].unwrap().sum - 0.2249).abs() < 5e-5 && !days[2].unwrap().is_alarm);
/// ```
#[must_use]
pub fn cusum(counts: &[Option<f64>], expected: &[f64], settings: &Cusum) -> Vec<Option<CusumDay>> {
    let mut sum = 0.0_f64;
    let of_day = |(day, count): (usize, &Option<f64>)| {
        let expected =
            expected.get(day).copied().filter(|expected| *expected > 0.0 && expected.is_finite())?;
        let count = count.filter(|count| *count >= 0.0 && count.is_finite())?;
        sum = (sum + settings.standardised.of(count, expected) - settings.reference).max(0.0);
        let told = CusumDay { sum, is_alarm: sum >= settings.limit };
        if told.is_alarm && settings.resets {
            sum = 0.0;
        }
        Some(told)
    };
    counts.iter().enumerate().map(of_day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sums(counts: &[f64], settings: &Cusum) -> Vec<f64> {
        let counts: Vec<_> = counts.iter().map(|count| Some(*count)).collect();
        let days = cusum(&counts, &vec![10.0; counts.len()], settings);
        days.into_iter().flatten().map(|day| (day.sum * 1e4).round() / 1e4).collect()
    }

    #[test]
    fn small_excesses_add_up_and_quiet_days_take_them_away() {
        let counts = [11.0, 9.0, 14.0, 13.0, 15.0, 10.0];
        assert_eq!(sums(&counts, &Cusum::default()), [0.0, 0.0, 0.2249, 0.1336, 0.6747, 0.0]);
    }

    #[test]
    fn after_an_alarm_the_sum_goes_on_or_starts_again() {
        let counts = [20.0, 20.0, 20.0];
        assert_eq!(sums(&counts, &Cusum::default()), [2.1223, 4.2446, 6.3668]);
        assert_eq!(sums(&counts, &Cusum::default().that_resets()), [2.1223, 4.2446, 2.1223]);
        let days = cusum(&counts.map(Some), &[10.0; 3], &Cusum::default().that_resets());
        assert_eq!(days.iter().map(|day| day.unwrap().is_alarm).collect::<Vec<_>>(), [false, true, false]);
    }

    #[test]
    fn each_way_of_standardising_is_its_formula() {
        // n = 14, m = 10, worked out by hand.
        for (standardised, expected) in [
            (Standardised::Plain, 4.0 / 10.0_f64.sqrt()),
            (Standardised::Rossi, (14.0 - 30.0 + 2.0 * 140.0_f64.sqrt()) / (2.0 * 10.0_f64.sqrt())),
            (
                Standardised::Anscombe,
                1.5 * (14.0_f64.powf(2.0 / 3.0) - 10.0_f64.powf(2.0 / 3.0)) / 10.0_f64.powf(1.0 / 6.0),
            ),
            (Standardised::NegativeBinomial { dispersion: 0.1 }, 4.0 / 20.0_f64.sqrt()),
        ] {
            assert!((standardised.of(14.0, 10.0) - expected).abs() < 1e-12, "{standardised:?}");
            assert!(standardised.of(10.0, 10.0).abs() < 1e-12, "what is expected is no excess");
        }
    }

    #[test]
    fn a_missing_day_leaves_the_sum_as_it_was() {
        let counts = [Some(14.0), None, Some(-2.0), Some(f64::NAN), Some(13.0)];
        let days = cusum(&counts, &[10.0; 5], &Cusum::default());
        assert_eq!(days[1..4], [None, None, None]);
        assert!((days[4].unwrap().sum - 0.1336).abs() < 5e-5);
        assert_eq!(cusum(&[Some(3.0)], &[0.0], &Cusum::default()), [None], "nothing is expected");
        assert_eq!(cusum(&[Some(3.0)], &[], &Cusum::default()), [None]);
    }

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        let plain = Standardised::Plain;
        assert_eq!(Cusum::new(-1.0, 2.26, plain), Err(InvalidCusum::Reference(-1.0)));
        assert_eq!(Cusum::new(1.04, 0.0, plain), Err(InvalidCusum::Limit(0.0)));
        let wrong = Standardised::NegativeBinomial { dispersion: -0.1 };
        assert_eq!(Cusum::new(1.04, 2.26, wrong), Err(InvalidCusum::Dispersion(-0.1)));
        assert_eq!(Cusum::new(1.04, 2.26, plain), Ok(Cusum::default()));
        assert_eq!(
            InvalidCusum::Limit(0.0).to_string(),
            "the limit of the cumulative sum is 0; give one above 0"
        );
    }

    proptest! {
        #[test]
        fn the_sum_is_never_below_zero_and_later_days_change_none(
            counts in prop::collection::vec(prop::option::weighted(0.9, 0.0_f64..40.0), 0..40), cut in 0_usize..20,
        ) {
            let expected = vec![12.0; counts.len()];
            for standardised in [Standardised::Plain, Standardised::Rossi, Standardised::Anscombe] {
                let settings = Cusum::new(1.04, 2.26, standardised).unwrap();
                let days = cusum(&counts, &expected, &settings);
                prop_assert!(days.iter().flatten().all(|day| day.sum >= 0.0));
                let then = &counts[..counts.len().saturating_sub(cut)];
                prop_assert_eq!(&days[..then.len()], &cusum(then, &expected, &settings)[..]);
            }
        }
    }
}
