//! The growth of the last fourteen days, carried on and damped.

use std::sync::LazyLock;

use thiserror::Error;

use super::{Horizon, LEVELS, NoForecast, Quantiles};
use crate::epi::student_quantile;

/// No more growth or decline than this is carried on.
const LARGEST_WEEKLY_RATIO: f64 = 2.0;
/// A week of more than so many times the one before, or of less than that part of it, is a backlog or a gap: nothing of it is carried on.
const BACKLOG_RATIO: f64 = 4.0;
/// Past weeks whose errors make the spread.
const ERROR_WEEKS: usize = 12;
/// What the spread of the log of a week is taken for before there is a past, and how many weeks of the past that is worth.
const PRIOR_SD: f64 = 0.25;
const PRIOR_WEEKS: f64 = 2.0;
/// No spread of a log is larger: a band from a fifth to five times, one week ahead.
const LARGEST_SD: f64 = 0.8;
/// Degrees of freedom of the t distribution: errors have heavier tails than the normal one.
const DEGREES: u32 = 8;

/// Why settings of the model are refused.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum InvalidLogLinear {
    /// The damping is not a share.
    #[error("the damping of the forecast is {0}; give one from 0 (no growth) to 1 (growth goes on)")]
    Damping(f64),
    /// The dispersion is below one.
    #[error("the dispersion of the forecast is {0}; give one of 1 (chance alone) or more")]
    Dispersion(f64),
}

/// How much of a week's growth is left in the next, and how much more than by chance counts vary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogLinear {
    damping: f64,
    dispersion: f64,
}

impl LogLinear {
    /// The share of a week's growth that is carried on, and the over-dispersion φ of weekly counts.
    ///
    /// # Errors
    /// [`InvalidLogLinear`] for a damping outside 0 to 1 or a dispersion below 1.
    pub fn new(damping: f64, dispersion: f64) -> Result<Self, InvalidLogLinear> {
        if !(0.0..=1.0).contains(&damping) {
            return Err(InvalidLogLinear::Damping(damping));
        }
        if !(dispersion >= 1.0 && dispersion.is_finite()) {
            return Err(InvalidLogLinear::Dispersion(dispersion));
        }
        Ok(Self { damping, dispersion })
    }

    /// `Σ_{j=1..h} δ^j`: how many weeks of the last growth are carried on in so many weeks.
    fn carried(&self, weeks: usize) -> f64 {
        (0..weeks).fold(0.0, |sum, _| self.damping * (1.0 + sum))
    }

    /// The variance of a forecast so many weeks ahead, in that of one week: each week's error goes on in the next, damped.
    fn accumulated(&self, weeks: usize) -> f64 {
        (0..weeks).map(|later| (1.0 + self.carried(later)).powi(2)).sum()
    }
}

impl Default for LogLinear {
    /// Two fifths of a week's growth in the next, which of 0, 0.3, 0.4, 0.5, 0.7 and 0.9 did best over two years of Indonesian places and
    /// a year of countries together. φ = 5, as in the interval of the growth ratio.
    fn default() -> Self {
        Self { damping: 0.4, dispersion: 5.0 }
    }
}

/// The log-linear forecast for weekly counts, the last one last; each week ends seven days after the one before.
///
/// **Definition.** The growth of the last fourteen days, this week over the one before, goes on, each week a share δ of it.
///
/// **Equation.** With `y_w = ln(n_w + 1)` and `g_w = y_w − y_{w−1}`, of which at most ±ln 2 are carried on, and nothing beyond ±ln 4,
/// which is a backlog: the log *h* weeks ahead is `y + (δ + … + δ^h)·g`, plus errors `e_w = g_w − δ·g_{w−1}` that go on in the same way.
/// So its variance is `s²·Σ_{i=0..h−1} (1 + δ + … + δ^i)²` with `s²` the mean square of the errors of the last twelve weeks (none
/// larger than ±ln 2 of the week itself) and of two weeks of 0.25; at least `φ/(n + 1)`, the log of an over-dispersed count, at most
/// 0.8². Quantiles are those of Student's t with eight degrees of freedom on the log, less one, at least 0.
///
/// This slope of two sums is that of a Poisson regression of the fourteen days on the day, with an effect for each weekday: in both
/// weeks each weekday counts once.
///
/// **Assumptions.** Errors to come are as those of the last twelve weeks; the turn of a wave is not foreseen. A week that is missing
/// takes the errors with it that need it.
///
/// **Reference.** E. S. Gardner and E. McKenzie, *Management Science* 31 (1985) 1237, for damping; R. J. Hyndman and G. Athanasopoulos,
/// *Forecasting: Principles and Practice* (2021), chapter 8.
///
/// ```
/// use siaga::indicator::forecast::{Horizon, LogLinear, log_linear};
/// // 1,030 and then 1,833: two fifths of the growth go on, 1.78^0.4 = 1.26 times as many.
/// let weeks = [1_030.0, 1_833.0].map(Some);
/// let next = log_linear(&weeks, Horizon::OneWeek, &LogLinear::default()).unwrap();
/// assert!((next.median() / 1_833.0 - 1.259).abs() < 1e-3);
/// ```
///
/// # Errors
/// [`NoForecast`] if one of the last two weeks is missing.
pub fn log_linear(
    weeks: &[Option<f64>],
    horizon: Horizon,
    settings: &LogLinear,
) -> Result<Quantiles, NoForecast> {
    let known = |week: &Option<f64>| week.filter(|cases| *cases >= 0.0 && cases.is_finite());
    let logs: Vec<Option<f64>> = weeks.iter().map(|week| known(week).map(f64::ln_1p)).collect();
    let last = logs.last().copied().flatten().ok_or(NoForecast::LastWeekMissing)?;
    let growths: Vec<Option<f64>> = logs.windows(2).map(|pair| Some(pair[1]? - pair[0]?)).collect();
    let slope = growths.last().copied().flatten().map(going_on).ok_or(NoForecast::WeekBeforeMissing)?;
    let variance = one_week_variance(&growths, settings)
        .max(settings.dispersion / last.exp())
        .min(LARGEST_SD * LARGEST_SD);
    let middle = last + settings.carried(horizon.weeks()) * slope;
    let spread = (variance * settings.accumulated(horizon.weeks())).sqrt();
    let at = |level: f64| middle + spread * student(level);
    Ok(Quantiles::at_levels(|level| at(level).exp_m1().max(0.0)))
}

/// Quantiles of Student's distribution at the levels of a forecast, worked out once: a country's past is millions of forecasts.
fn student(level: f64) -> f64 {
    static KNOWN: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| {
        let quantile = |level: &f64| (*level, student_quantile(DEGREES, *level).unwrap_or(0.0));
        LEVELS.iter().map(quantile).collect()
    });
    let known = KNOWN.iter().find(|(own, _)| own.to_bits() == level.to_bits());
    known.map_or_else(|| student_quantile(DEGREES, level).unwrap_or(0.0), |(_, quantile)| *quantile)
}

/// What of a week's growth is worth carrying on.
fn going_on(growth: f64) -> f64 {
    if growth.abs() > BACKLOG_RATIO.ln() { 0.0 } else { at_most_double(growth) }
}

fn at_most_double(growth: f64) -> f64 {
    growth.clamp(-LARGEST_WEEKLY_RATIO.ln(), LARGEST_WEEKLY_RATIO.ln())
}

/// The mean square of past errors one week ahead, with the weight of what is thought before there are any.
fn one_week_variance(growths: &[Option<f64>], settings: &LogLinear) -> f64 {
    let error = |pair: &[Option<f64>]| Some(at_most_double(pair[1]?) - settings.damping * going_on(pair[0]?));
    let errors: Vec<f64> = growths.windows(2).rev().take(ERROR_WEEKS).filter_map(error).collect();
    let squares: f64 = errors.iter().map(|error| error * error).sum();
    let weeks = f64::from(u32::try_from(errors.len()).unwrap_or(u32::MAX));
    (squares + PRIOR_WEEKS * PRIOR_SD * PRIOR_SD) / (weeks + PRIOR_WEEKS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn forecast(weeks: &[f64], horizon: Horizon) -> Quantiles {
        let weeks: Vec<_> = weeks.iter().copied().map(Some).collect();
        log_linear(&weeks, horizon, &LogLinear::default()).unwrap()
    }

    #[test]
    fn two_fifths_of_the_growth_go_on_and_two_fifths_of_those() {
        // 1,999 + 1 over 999 + 1 is twice.
        let one = forecast(&[999.0, 1_999.0], Horizon::OneWeek).median();
        let two = forecast(&[999.0, 1_999.0], Horizon::TwoWeeks).median();
        assert!((one - (2_000.0 * 2.0_f64.powf(0.4) - 1.0)).abs() < 1e-6, "{one}");
        assert!((two - (2_000.0 * 2.0_f64.powf(0.56) - 1.0)).abs() < 1e-6, "{two}");
        let full = LogLinear::new(1.0, 5.0).unwrap();
        let weeks = [999.0, 1_999.0].map(Some);
        let two = log_linear(&weeks, Horizon::TwoWeeks, &full).unwrap().median();
        assert!((two - 7_999.0).abs() < 1e-6, "{two}");
    }

    #[test]
    fn the_spread_is_that_of_past_errors() {
        // Constant growth by a tenth: each error is ln 1.1 less two fifths of it; twelve of them and two of 0.25.
        let mut weeks = vec![1e6 - 1.0];
        for _ in 0..20 {
            weeks.push((weeks[weeks.len() - 1] + 1.0) * 1.1 - 1.0);
        }
        let error = 0.6 * 1.1_f64.ln();
        let sd = ((12.0 * error * error + 2.0 * 0.0625) / 14.0).sqrt();
        let next = forecast(&weeks, Horizon::OneWeek);
        let upper = ((next.interval(0.95).unwrap().upper + 1.0) / (next.median() + 1.0)).ln();
        // The 97.5% quantile of t with eight degrees of freedom is 2.306.
        assert!((upper - 2.306_004_135 * sd).abs() < 1e-8, "{upper}");
        let later = forecast(&weeks, Horizon::TwoWeeks);
        let wider = ((later.interval(0.95).unwrap().upper + 1.0) / (later.median() + 1.0)).ln();
        assert!((wider / upper - (1.0_f64 + 1.4 * 1.4).sqrt()).abs() < 1e-8, "errors of both weeks");
    }

    #[test]
    fn few_cases_have_a_wide_band_and_a_backlog_is_not_carried_on() {
        let few = forecast(&[10.0; 14], Horizon::OneWeek);
        assert!(few.interval(0.95).unwrap().upper > 25.0, "{few:?}");
        let backlog = forecast(&[20.0, 20.0, 20.0, 20.0, 20.0, 4_000.0], Horizon::OneWeek);
        assert!((backlog.median() - 4_000.0).abs() < 1e-6, "{}", backlog.median());
        let tripled = forecast(&[1_000.0, 1_000.0, 3_000.0], Horizon::OneWeek);
        assert!((tripled.median() / (3_001.0 * 2.0_f64.powf(0.4) - 1.0) - 1.0).abs() < 1e-9, "as if doubled");
        let none = forecast(&[0.0; 6], Horizon::TwoWeeks);
        assert_eq!((none.median(), none.values()[0]), (0.0, 0.0));
    }

    #[test]
    fn without_the_last_two_weeks_there_is_none() {
        let told = |weeks: &[Option<f64>]| log_linear(weeks, Horizon::OneWeek, &LogLinear::default());
        assert_eq!(told(&[]), Err(NoForecast::LastWeekMissing));
        assert_eq!(told(&[Some(5.0), None]), Err(NoForecast::LastWeekMissing));
        assert_eq!(told(&[None, Some(5.0)]), Err(NoForecast::WeekBeforeMissing));
        assert_eq!(told(&[Some(5.0)]), Err(NoForecast::WeekBeforeMissing));
        assert_eq!(told(&[Some(-1.0), Some(5.0)]), Err(NoForecast::WeekBeforeMissing));
        assert!(told(&[None, Some(5.0), Some(6.0)]).is_ok());
    }

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        assert_eq!(LogLinear::new(1.1, 5.0), Err(InvalidLogLinear::Damping(1.1)));
        assert!(LogLinear::new(f64::NAN, 5.0).is_err());
        assert_eq!(LogLinear::new(0.5, 0.9), Err(InvalidLogLinear::Dispersion(0.9)));
        assert_eq!(LogLinear::new(0.4, 5.0), Ok(LogLinear::default()));
        assert_eq!(
            InvalidLogLinear::Dispersion(0.9).to_string(),
            "the dispersion of the forecast is 0.9; give one of 1 (chance alone) or more"
        );
    }

    proptest! {
        #[test]
        fn a_band_holds_its_median_and_nothing_below_zero(weeks in prop::collection::vec(0.0_f64..1e5, 2..30)) {
            for horizon in Horizon::ALL {
                let forecast = forecast(&weeks, horizon);
                prop_assert!(forecast.values()[0] >= 0.0);
                prop_assert!(Quantiles::new(forecast.levels(), forecast.values()).is_ok());
            }
        }
    }
}
