//! The instantaneous reproduction number after Cori, Ferguson, Fraser and Cauchemez.

use std::num::NonZeroUsize;

use thiserror::Error;

use super::{NoReproduction, SerialInterval};
use crate::epi::{GammaQuantiles, Interval, gamma_quantile};

/// A missing day before the window matters if its serial-interval weight for any day of the window is above this: a billion cases
/// on it would add one to the infectivity.
const MATTERS: f64 = 1e-9;

/// Why a prior is refused.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum InvalidPrior {
    /// The mean is not above zero.
    #[error("the prior mean of the reproduction number is {0}; give one above 0")]
    Mean(f64),
    /// The standard deviation is not above zero.
    #[error("the prior standard deviation of the reproduction number is {0}; give one above 0")]
    StandardDeviation(f64),
}

/// What is thought of the reproduction number before a case is counted: a gamma distribution.
///
/// ```
/// use siaga::indicator::reproduction::Prior;
/// assert_eq!(Prior::default(), Prior::new(5.0, 5.0).unwrap());
/// assert!(Prior::new(5.0, 0.0).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    shape: f64,
    scale: f64,
}

impl Prior {
    /// With this mean and standard deviation: `shape = (mean/sd)²`, `scale = sd²/mean`.
    ///
    /// # Errors
    /// [`InvalidPrior`] unless both are above 0.
    pub fn new(mean: f64, sd: f64) -> Result<Self, InvalidPrior> {
        if !(mean > 0.0 && mean.is_finite()) {
            return Err(InvalidPrior::Mean(mean));
        }
        if !(sd > 0.0 && sd.is_finite()) {
            return Err(InvalidPrior::StandardDeviation(sd));
        }
        Ok(Self { shape: (mean / sd).powi(2), scale: sd * sd / mean })
    }
}

impl Default for Prior {
    /// Mean 5 and standard deviation 5, so that a reproduction number below 1 is never the prior's doing.
    fn default() -> Self {
        Self { shape: 1.0, scale: 5.0 }
    }
}

/// The reproduction number of a window, given its cases: a gamma distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Posterior {
    /// Shape of the gamma distribution.
    pub shape: f64,
    /// Scale of the gamma distribution.
    pub scale: f64,
}

impl Posterior {
    /// The mean: the value that is shown.
    #[must_use]
    pub fn mean(self) -> f64 {
        self.shape * self.scale
    }

    /// The standard deviation.
    #[must_use]
    pub fn sd(self) -> f64 {
        self.shape.sqrt() * self.scale
    }

    /// The `p`-quantile; `None` unless `0 < p < 1`.
    #[must_use]
    pub fn quantile(self, p: f64) -> Option<f64> {
        gamma_quantile(self.shape, p).map(|quantile| quantile * self.scale)
    }

    /// The quantiles of a table, which works out each shape once: for many places and days.
    #[must_use]
    pub fn quantiles<const N: usize>(self, table: &mut GammaQuantiles<N>) -> Option<[f64; N]> {
        table.at(self.shape).map(|quantiles| quantiles.map(|quantile| quantile * self.scale))
    }

    /// The 2.5% and the 97.5% quantile.
    #[must_use]
    pub fn interval(self) -> Option<Interval> {
        Some(Interval { lower: self.quantile(0.025)?, upper: self.quantile(0.975)? })
    }
}

/// Daily new cases, without a gap in the days, each with a count or without one.
#[derive(Debug, Clone, Copy)]
pub struct CaseSeries<'a> {
    /// All cases of each day.
    pub total: &'a [Option<f64>],
    /// Those among them that were infected elsewhere; shorter than `total` where none are known to be. They infect, and were not
    /// infected here.
    pub imported: &'a [f64],
}

/// The reproduction number of every window of so many days, standing on the window's last day.
///
/// **Definition.** How many people the cases of the window would each infect, if conditions stayed as they were in it.
///
/// **Equation.** With `w` the serial interval, `n` all cases and `l` those infected here, the infectivity of day *t* is
/// `Λ_t = Σ_{k≥1} w_k·n_{t−k}`. For a window of days *s … e* and a prior Gamma(*a*, scale *b*) the posterior is
/// `Gamma(a + Σ l_t, scale 1/(1/b + Σ Λ_t))`, sums over the window.
///
/// **No value.** The cases of the first day were infected elsewhere, so windows start on day 2. A window that ends no later than the
/// mean serial interval has none, nor has one with a missing day. A missing day before the window counts as empty, unless its weight
/// for any day of the window is above 1e-9: then the window has no value. A count below zero is a missing day, and so is one with
/// more imported cases than cases.
///
/// **Assumptions.** The serial interval is known and does not change; the share of infections that become known does not change
/// within its reach; the cases before the series begins are few (one that begins in the middle of a wave is too high at first).
///
/// **Reference.** A. Cori, N. M. Ferguson, C. Fraser and S. Cauchemez, *American Journal of Epidemiology* 178 (2013) 1505; R. N.
/// Thompson and others, *Epidemics* 29 (2019) 100356, for imported cases. Equal to EpiEstim 3 on its own examples; one difference:
/// EpiEstim takes the mean of the serial interval within the length of the series, so that its first values change when days are
/// added to a very short one.
///
/// ```
/// use siaga::indicator::reproduction::{CaseSeries, Prior, SerialInterval, reproduction_numbers};
/// // Λ on days 2 to 4: 0.3; 0.3·3 + 0.4; 0.3·4 + 0.4·3 + 0.2. So 14 cases on 4.2 with the prior's 1 on 0.2.
/// let interval = SerialInterval::from_weights(&[0.0, 0.3, 0.4, 0.2, 0.1]).unwrap();
/// let cases = [1.0, 3.0, 4.0, 7.0, 10.0, 3.0].map(Some);
/// let series = CaseSeries { total: &cases, imported: &[] };
/// let rt = reproduction_numbers(series, &interval, 3.try_into().unwrap(), Prior::default());
/// let day_4 = rt[3].unwrap();
/// assert_eq!(day_4.shape, 15.0);
/// assert!((day_4.scale - 1.0 / 4.4).abs() < 1e-12);
/// assert!(rt[2].is_err(), "a window of three days would start on day 1");
/// ```
#[must_use]
pub fn reproduction_numbers(
    cases: CaseSeries<'_>,
    interval: &SerialInterval,
    window: NonZeroUsize,
    prior: Prior,
) -> Vec<Result<Posterior, NoReproduction>> {
    let days = Days::new(cases, interval.weights());
    let last_days = 0..cases.total.len();
    last_days.map(|last| days.posterior(last, window.get(), interval.mean(), prior)).collect()
}

/// Each day with its cases, the infectivity it is under, and whether both are known.
struct Days {
    local: Vec<f64>,
    infectivity: Vec<f64>,
    is_known: Vec<bool>,
    is_infectivity_known: Vec<bool>,
}

impl Days {
    fn new(cases: CaseSeries<'_>, weights: &[f64]) -> Self {
        let imported = |day: usize| match day {
            0 => cases.total[0].unwrap_or(0.0),
            _ => cases.imported.get(day).copied().unwrap_or(0.0),
        };
        let count = |day: usize| {
            let (total, imported) = (cases.total[day]?, imported(day));
            (total.is_finite() && imported >= 0.0 && imported <= total).then_some((total, total - imported))
        };
        let counts: Vec<Option<(f64, f64)>> = (0..cases.total.len()).map(count).collect();
        let total: Vec<f64> = counts.iter().map(|count| count.map_or(0.0, |(total, _)| total)).collect();
        let is_known: Vec<bool> = counts.iter().map(Option::is_some).collect();
        Self {
            local: counts.iter().map(|count| count.map_or(0.0, |(_, local)| local)).collect(),
            infectivity: infectivity(&total, weights),
            is_infectivity_known: where_infectivity_is_known(&is_known, weights),
            is_known,
        }
    }

    fn posterior(
        &self,
        last: usize,
        window: usize,
        mean_interval: f64,
        prior: Prior,
    ) -> Result<Posterior, NoReproduction> {
        let first = (last + 1).checked_sub(window).filter(|first| *first >= 1);
        let days = first.ok_or(NoReproduction::TooEarly)?..=last;
        // Days are counted from 1 in the rule.
        if as_number(last + 1) <= mean_interval {
            return Err(NoReproduction::BeforeSerialInterval);
        }
        if !self.is_known[days.clone()].iter().all(|known| *known) {
            return Err(NoReproduction::DayMissing);
        }
        if !self.is_infectivity_known[days.clone()].iter().all(|known| *known) {
            return Err(NoReproduction::EarlierDayMissing);
        }
        let cases: f64 = self.local[days.clone()].iter().sum();
        let infectivity: f64 = self.infectivity[days].iter().sum();
        Ok(Posterior { shape: prior.shape + cases, scale: 1.0 / (1.0 / prior.scale + infectivity) })
    }
}

/// `Λ_t = Σ_{k≥1} w_k·n_{t−k}`.
fn infectivity(total: &[f64], weights: &[f64]) -> Vec<f64> {
    let of_day = |day: usize| {
        let earlier = total[..day].iter().rev();
        weights.iter().skip(1).zip(earlier).map(|(weight, cases)| weight * cases).sum()
    };
    (0..total.len()).map(of_day).collect()
}

/// Whether no missing day weighs on a day.
fn where_infectivity_is_known(is_known: &[bool], weights: &[f64]) -> Vec<bool> {
    let mut known = vec![true; is_known.len()];
    let missing = is_known.iter().enumerate().filter(|(_, known)| !**known);
    for (day, _) in missing {
        for (later, weight) in known[day..].iter_mut().zip(weights) {
            *later &= *weight <= MATTERS;
        }
    }
    known
}

fn as_number(days: usize) -> f64 {
    f64::from(u32::try_from(days).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Cases of the influenza of 2009 in a school in Pennsylvania (Cauchemez and others, PNAS 108 (2011) 2825), and its serial
    /// interval.
    const CASES: [f64; 32] = [
        1.0, 1.0, 0.0, 2.0, 5.0, 3.0, 3.0, 3.0, 6.0, 2.0, 5.0, 9.0, 13.0, 12.0, 13.0, 11.0, 12.0, 6.0, 6.0,
        6.0, 3.0, 1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 2.0, 0.0,
    ];
    const WEIGHTS: [f64; 12] =
        [0.0, 0.233, 0.359, 0.198, 0.103, 0.053, 0.027, 0.014, 0.007, 0.003, 0.002, 0.001];

    fn week() -> NonZeroUsize {
        NonZeroUsize::new(7).unwrap()
    }

    fn numbers(total: &[Option<f64>]) -> Vec<Result<Posterior, NoReproduction>> {
        let interval = SerialInterval::from_weights(&WEIGHTS).unwrap();
        reproduction_numbers(CaseSeries { total, imported: &[] }, &interval, week(), Prior::default())
    }

    #[test]
    fn influenza_in_a_school_has_the_printed_numbers() {
        let known = CASES.map(Some);
        let rt = numbers(&known);
        for (last, mean, sd, lower, median, upper) in [
            (8, 1.735_608_9, 0.409_086_94, 1.028_631_84, 1.703_576_0, 2.624_496),
            (16, 1.434_003_3, 0.176_513_60, 1.109_058_02, 1.426_767_4, 1.800_062),
            (22, 0.690_804_8, 0.101_853_61, 0.505_755_93, 0.685_805_5, 0.904_257),
            (28, 0.240_024_0, 0.120_012_00, 0.065_398_46, 0.220_345_7, 0.526_089),
            (32, 1.004_016_1, 0.449_009_63, 0.326_001_28, 0.937_933_5, 2.056_544),
        ] {
            let window = rt[last - 1].unwrap();
            let interval = window.interval().unwrap();
            let ours =
                [window.mean(), window.sd(), interval.lower, window.quantile(0.5).unwrap(), interval.upper];
            for (ours, printed) in ours.iter().zip([mean, sd, lower, median, upper]) {
                assert!((ours - printed).abs() < 6e-7, "day {last}: {ours} {printed}");
            }
        }
    }

    #[test]
    fn the_first_windows_have_no_value_and_a_reason() {
        let known = CASES.map(Some);
        let rt = numbers(&known);
        assert_eq!(rt[6], Err(NoReproduction::TooEarly), "it would begin on day 1");
        assert!(rt[7].is_ok());
        let long = SerialInterval::gamma(14.0, 2.0).unwrap();
        let series = CaseSeries { total: &known, imported: &[] };
        let rt = reproduction_numbers(series, &long, week(), Prior::default());
        assert_eq!(rt[12], Err(NoReproduction::BeforeSerialInterval));
        assert!(rt[14].is_ok());
    }

    #[test]
    fn a_day_that_is_missing_matters_as_long_as_it_may_have_infected() {
        let mut cases = CASES.map(Some);
        cases[10] = None;
        let rt = numbers(&cases);
        assert_eq!(rt[9], numbers(&CASES.map(Some))[9]);
        assert_eq!(rt[10], Err(NoReproduction::DayMissing));
        assert_eq!(rt[16], Err(NoReproduction::DayMissing), "the last window that holds it");
        assert_eq!(rt[17], Err(NoReproduction::EarlierDayMissing));
        // Eleven days have a weight: day index 21 is the last that it weighs on, and 28 the first last day of a window without.
        assert_eq!(rt[27], Err(NoReproduction::EarlierDayMissing));
        assert_eq!(rt[28], numbers(&CASES.map(Some))[28]);
    }

    #[test]
    fn what_cannot_be_a_count_is_a_missing_day() {
        let mut cases = CASES.map(Some);
        for wrong in [-3.0, f64::NAN, f64::INFINITY] {
            cases[20] = Some(wrong);
            assert_eq!(numbers(&cases)[20], Err(NoReproduction::DayMissing), "{wrong}");
        }
        let known = CASES.map(Some);
        let interval = SerialInterval::from_weights(&WEIGHTS).unwrap();
        let imported = [0.0, 2.0];
        let series = CaseSeries { total: &known, imported: &imported };
        let rt = reproduction_numbers(series, &interval, week(), Prior::default());
        assert_eq!(rt[7], Err(NoReproduction::DayMissing), "two imported of one case");
    }

    #[test]
    fn imported_cases_infect_and_were_not_infected_here() {
        let known = CASES.map(Some);
        let interval = SerialInterval::from_weights(&WEIGHTS).unwrap();
        let mut imported = [0.0; 32];
        imported[9] = 2.0;
        let all = numbers(&known)[9].unwrap();
        let series = CaseSeries { total: &known, imported: &imported };
        let here = reproduction_numbers(series, &interval, week(), Prior::default())[9].unwrap();
        assert_eq!((here.shape, here.scale), (all.shape - 2.0, all.scale));
    }

    #[test]
    fn an_impossible_prior_is_refused() {
        assert_eq!(Prior::new(0.0, 5.0), Err(InvalidPrior::Mean(0.0)));
        assert_eq!(Prior::new(5.0, -1.0), Err(InvalidPrior::StandardDeviation(-1.0)));
        assert!(Prior::new(f64::NAN, 5.0).is_err() && Prior::new(5.0, f64::INFINITY).is_err());
        assert_eq!(
            InvalidPrior::Mean(0.0).to_string(),
            "the prior mean of the reproduction number is 0; give one above 0"
        );
    }

    #[test]
    fn quantiles_from_a_table_are_the_same() {
        let known = CASES.map(Some);
        let mut table = GammaQuantiles::new([0.025, 0.975]).unwrap();
        for window in numbers(&known).into_iter().flatten() {
            let interval = window.interval().unwrap();
            assert_eq!(window.quantiles(&mut table), Some([interval.lower, interval.upper]));
        }
    }

    proptest! {
        #[test]
        fn twice_the_cases_leave_the_number_nearly_as_it_is(cases in prop::collection::vec(50_u32..5_000, 20..60)) {
            let known: Vec<_> = cases.iter().map(|n| Some(f64::from(*n))).collect();
            let twice: Vec<_> = cases.iter().map(|n| Some(2.0 * f64::from(*n))).collect();
            for (one, other) in numbers(&known).iter().zip(numbers(&twice)).skip(11) {
                let (one, other) = (one.unwrap().mean(), other.unwrap().mean());
                prop_assert!((one / other - 1.0).abs() < 0.02, "{} {}", one, other);
            }
        }

        #[test]
        fn later_days_change_no_number_that_was_known(
            cases in prop::collection::vec(prop::option::weighted(0.95, 0.0_f64..500.0), 1..60), cut in 0_usize..20,
        ) {
            let then = &cases[..cases.len().saturating_sub(cut)];
            prop_assert_eq!(&numbers(&cases)[..then.len()], &numbers(then)[..]);
        }

        #[test]
        fn the_interval_holds_the_median_and_ends_above_zero(cases in prop::collection::vec(0_u32..300, 12..40)) {
            let known: Vec<_> = cases.iter().map(|n| Some(f64::from(*n))).collect();
            for window in numbers(&known).into_iter().flatten() {
                let interval = window.interval().unwrap();
                let median = window.quantile(0.5).unwrap();
                prop_assert!(0.0 <= interval.lower && interval.lower < median && median < interval.upper);
            }
        }
    }
}
