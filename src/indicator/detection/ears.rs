//! The limits of EARS, the early aberration reporting system: the mean of some days before plus some of their standard deviations.
//!
//! In sustained growth they go quiet, since their own baseline rises. So they serve for early notice at low counts and for single
//! offices.

use thiserror::Error;

/// Standard deviations above the mean that one day in a thousand exceeds: the limit of C1 and C2.
const ONE_IN_A_THOUSAND: f64 = 3.090_232_306_167_813_5;
/// One day in forty: the limit of C3.
const ONE_IN_FORTY: f64 = 1.959_963_984_540_054;
/// Days between the baseline of C2 and the day it judges, so that the beginning of an outbreak is not its own baseline.
const GAP_DAYS: usize = 2;
/// The classic form of C3 gives an alarm above this.
pub const CLASSIC_C3_LIMIT: f64 = 2.0;

/// Why settings of EARS are refused.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum InvalidEars {
    /// Too short a baseline for a standard deviation.
    #[error("the baseline of EARS has {0} days; give at least 3")]
    Baseline(usize),
    /// The floor is not above zero.
    #[error(
        "the least standard deviation of EARS is {0}; give one above 0, or a single case after quiet days is an alarm"
    )]
    LeastDeviation(f64),
}

/// How long the baseline is, and how small its standard deviation may get.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ears {
    baseline_days: usize,
    least_sd: f64,
}

impl Ears {
    /// A baseline of so many days, and a floor for its standard deviation.
    ///
    /// # Errors
    /// [`InvalidEars`] for fewer than three days or a floor not above 0.
    pub fn new(baseline_days: usize, least_sd: f64) -> Result<Self, InvalidEars> {
        if baseline_days < 3 {
            return Err(InvalidEars::Baseline(baseline_days));
        }
        if !(least_sd > 0.0 && least_sd.is_finite()) {
            return Err(InvalidEars::LeastDeviation(least_sd));
        }
        Ok(Self { baseline_days, least_sd })
    }
}

impl Default for Ears {
    /// Seven days; a standard deviation of at least one half, so that after a week without cases two are an alarm and one is not.
    fn default() -> Self {
        Self { baseline_days: 7, least_sd: 0.5 }
    }
}

/// The limit of one day, and whether its count is above.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlarmLimit {
    /// A count above this is an alarm.
    pub limit: f64,
    /// Whether the day's count is.
    pub is_alarm: bool,
}

/// Why a day has no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoLimit {
    /// The series does not reach back far enough.
    TooEarly,
    /// The day itself is missing.
    DayMissing,
    /// A day that it is set against is missing.
    BaselineMissing,
}

/// C1: an alarm if `n_t > x̄ + 3.09·s`, mean and standard deviation (with *n* − 1, at least the floor) of the seven days before.
///
/// Assumes that those days were usual ones and that weekdays do not differ. Reference: L. Hutwagner, W. Thompson, G. M. Seeman and T.
/// Treadwell, *Journal of Urban Health* 80 (2003) i89; limits as in M. Höhle's R package surveillance.
///
/// ```
/// use siaga::indicator::detection::{Ears, c1};
/// // A week of 9 or 11: mean 10, standard deviation 1.07, so a limit of 13.3.
/// let counts = [9.0, 11.0, 9.0, 11.0, 9.0, 11.0, 10.0, 14.0].map(Some);
/// let day = c1(&counts, &Ears::default())[7].unwrap();
/// assert!(day.is_alarm && (day.limit - (10.0 + 3.0902 * 1.0_f64)).abs() < 1e-3);
/// ```
#[must_use]
pub fn c1(counts: &[Option<f64>], ears: &Ears) -> Vec<Result<AlarmLimit, NoLimit>> {
    limits(counts, ears, 0)
}

/// C2: as [`c1`], on the seven days that end two days earlier (`t−9 … t−3`).
///
/// Slower to take an outbreak's first days for usual. Assumptions and reference as there.
///
/// ```
/// use siaga::indicator::detection::{Ears, c1, c2};
/// // The third day of an outbreak: C1 has taken the first two into its baseline, C2 has not.
/// let counts = [1.0, 0.0, 2.0, 1.0, 0.0, 1.0, 2.0, 9.0, 9.0, 9.0].map(Some);
/// let ears = Ears::default();
/// assert!(!c1(&counts, &ears)[9].unwrap().is_alarm && c2(&counts, &ears)[9].unwrap().is_alarm);
/// ```
#[must_use]
pub fn c2(counts: &[Option<f64>], ears: &Ears) -> Vec<Result<AlarmLimit, NoLimit>> {
    limits(counts, ears, GAP_DAYS)
}

/// C3: an alarm if the two days before were too high, by C2: `n_t > n_t + s_t·(1.96 − max(0, z_{t−1} − 1) − max(0, z_{t−2} − 1))`, at
/// least 0, with `z_t = (n_t − x̄_t)/s_t` of C2.
///
/// This is the form of the R package surveillance: the count of the day itself cancels, so it tells that the days before were high.
/// [`c3_classic`] counts the day in. Assumptions and reference as [`c1`].
///
/// ```
/// use siaga::indicator::detection::{Ears, c3};
/// let counts = [1.0, 0.0, 2.0, 1.0, 0.0, 1.0, 2.0, 1.0, 0.0, 6.0, 1.0, 1.0].map(Some);
/// let days = c3(&counts, &Ears::default());
/// assert!(days[11].unwrap().is_alarm, "six cases two days ago");
/// assert!(days[10].is_err(), "C2 of the two days before is needed");
/// ```
#[must_use]
pub fn c3(counts: &[Option<f64>], ears: &Ears) -> Vec<Result<AlarmLimit, NoLimit>> {
    let of_day = |day: usize| {
        let (own, before) = (standing(counts, ears, GAP_DAYS, day)?, excess_before(counts, ears, day)?);
        let limit = (own.count + own.sd * (ONE_IN_FORTY - before)).max(0.0);
        Ok(AlarmLimit { limit, is_alarm: own.count > limit })
    };
    (0..counts.len()).map(of_day).collect()
}

/// The classic form of C3, `Σ_{i=0..2} max(0, z_{t−i} − 1)` with `z` of C2: an alarm above [`CLASSIC_C3_LIMIT`].
///
/// ```
/// use siaga::indicator::detection::{CLASSIC_C3_LIMIT, Ears, c3_classic};
/// let counts = [1.0, 0.0, 2.0, 1.0, 0.0, 1.0, 2.0, 1.0, 0.0, 1.0, 1.0, 6.0].map(Some);
/// assert!(c3_classic(&counts, &Ears::default())[11].unwrap() > CLASSIC_C3_LIMIT);
/// ```
#[must_use]
pub fn c3_classic(counts: &[Option<f64>], ears: &Ears) -> Vec<Result<f64, NoLimit>> {
    let of_day = |day: usize| {
        let own = standing(counts, ears, GAP_DAYS, day)?;
        Ok(own.excess() + excess_before(counts, ears, day)?)
    };
    (0..counts.len()).map(of_day).collect()
}

fn limits(counts: &[Option<f64>], ears: &Ears, gap: usize) -> Vec<Result<AlarmLimit, NoLimit>> {
    let of_day = |day: usize| {
        let own = standing(counts, ears, gap, day)?;
        let limit = own.mean + ONE_IN_A_THOUSAND * own.sd;
        Ok(AlarmLimit { limit, is_alarm: own.count > limit })
    };
    (0..counts.len()).map(of_day).collect()
}

/// A day's count with mean and standard deviation of its baseline.
struct Standing {
    count: f64,
    mean: f64,
    sd: f64,
}

impl Standing {
    /// `max(0, z − 1)`.
    fn excess(&self) -> f64 {
        ((self.count - self.mean) / self.sd - 1.0).max(0.0)
    }
}

fn standing(counts: &[Option<f64>], ears: &Ears, gap: usize, day: usize) -> Result<Standing, NoLimit> {
    let first = day.checked_sub(ears.baseline_days + gap).ok_or(NoLimit::TooEarly)?;
    let baseline = &counts[first..first + ears.baseline_days];
    let baseline: Option<Vec<f64>> = baseline.iter().map(|count| known(*count)).collect();
    let count = known(counts[day]).ok_or(NoLimit::DayMissing)?;
    let baseline = baseline.ok_or(NoLimit::BaselineMissing)?;
    let days = f64::from(u32::try_from(baseline.len()).unwrap_or(u32::MAX));
    let mean = baseline.iter().sum::<f64>() / days;
    let squares: f64 = baseline.iter().map(|count| (count - mean).powi(2)).sum();
    Ok(Standing { count, mean, sd: (squares / (days - 1.0)).sqrt().max(ears.least_sd) })
}

/// How far the two days before were too high, by C2.
fn excess_before(counts: &[Option<f64>], ears: &Ears, day: usize) -> Result<f64, NoLimit> {
    let earlier = |days: usize| {
        let day = day.checked_sub(days).ok_or(NoLimit::TooEarly)?;
        standing(counts, ears, GAP_DAYS, day).map(|standing| standing.excess()).map_err(|reason| match reason
        {
            NoLimit::DayMissing => NoLimit::BaselineMissing,
            other => other,
        })
    };
    Ok(earlier(1)? + earlier(2)?)
}

fn known(count: Option<f64>) -> Option<f64> {
    count.filter(|count| *count >= 0.0 && count.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SERIES: [f64; 14] =
        [10.0, 12.0, 9.0, 11.0, 13.0, 10.0, 8.0, 12.0, 11.0, 30.0, 14.0, 16.0, 25.0, 40.0];

    fn told(days: &[Result<AlarmLimit, NoLimit>], day: usize) -> (f64, bool) {
        let day = days[day - 1].unwrap();
        ((day.limit * 1e4).round() / 1e4, day.is_alarm)
    }

    #[test]
    fn the_limits_are_those_worked_out_apart() {
        let counts = SERIES.map(Some);
        let (c1, c2, c3) =
            (c1(&counts, &Ears::default()), c2(&counts, &Ears::default()), c3(&counts, &Ears::default()));
        for (day, first, second) in [
            (10, (15.8812, true), (15.7384, true)),
            (11, (36.4793, false), (16.2751, false)),
            (12, (36.6383, false), (15.8812, true)),
            (13, (37.1270, false), (36.4793, false)),
            (14, (41.2841, false), (36.6383, true)),
        ] {
            assert_eq!(told(&c1, day), first, "C1 of day {day}");
            assert_eq!(told(&c2, day), second, "C2 of day {day}");
        }
        for (day, third) in [(12, (0.0954, true)), (13, (17.3992, true)), (14, (34.5709, true))] {
            assert_eq!(told(&c3, day), third, "C3 of day {day}");
        }
        assert_eq!(c3[10], Err(NoLimit::TooEarly));
    }

    #[test]
    fn the_classic_form_counts_the_day_in() {
        let counts = SERIES.map(Some);
        let classic = c3_classic(&counts, &Ears::default());
        // Day 12: z of days 10, 11, 12 by C2, each less one, where that is above zero.
        let z = |day: usize| standing(&counts, &Ears::default(), GAP_DAYS, day - 1).unwrap().excess();
        assert!((classic[11].unwrap() - (z(10) + z(11) + z(12))).abs() < 1e-12);
        assert!(classic[11].unwrap() > CLASSIC_C3_LIMIT);
    }

    #[test]
    fn after_a_quiet_week_two_cases_are_an_alarm_and_one_is_not() {
        let after = |last: f64| {
            let mut counts = vec![Some(0.0); 7];
            counts.push(Some(last));
            c1(&counts, &Ears::default())[7].unwrap().is_alarm
        };
        assert!(after(2.0) && !after(1.0));
    }

    #[test]
    fn a_missing_day_is_not_a_quiet_one() {
        let mut counts = SERIES.map(Some);
        counts[4] = None;
        let ears = Ears::default();
        assert_eq!(c1(&counts, &ears)[9], Err(NoLimit::BaselineMissing));
        assert_eq!(c1(&counts, &ears)[6], Err(NoLimit::TooEarly));
        assert!(c1(&counts, &ears)[12].is_ok());
        counts[4] = Some(-1.0);
        assert_eq!(c1(&counts, &ears)[9], Err(NoLimit::BaselineMissing), "a count below zero is none");
        let mut counts = SERIES.map(Some);
        counts[12] = None;
        assert_eq!(c2(&counts, &ears)[12], Err(NoLimit::DayMissing));
        assert_eq!(c3(&counts, &ears)[13], Err(NoLimit::BaselineMissing));
        assert_eq!(c3_classic(&counts, &ears)[13], Err(NoLimit::BaselineMissing));
    }

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        assert_eq!(Ears::new(2, 0.5), Err(InvalidEars::Baseline(2)));
        assert_eq!(Ears::new(7, 0.0), Err(InvalidEars::LeastDeviation(0.0)));
        assert!(Ears::new(7, f64::NAN).is_err());
        assert_eq!(Ears::new(7, 0.5), Ok(Ears::default()));
        assert_eq!(InvalidEars::Baseline(2).to_string(), "the baseline of EARS has 2 days; give at least 3");
    }

    proptest! {
        #[test]
        fn later_days_change_no_limit_that_was_known(
            counts in prop::collection::vec(prop::option::weighted(0.9, 0.0_f64..40.0), 0..40), cut in 0_usize..20,
        ) {
            let then = &counts[..counts.len().saturating_sub(cut)];
            for method in [c1, c2, c3] {
                let ears = Ears::default();
                prop_assert_eq!(&method(&counts, &ears)[..then.len()], &method(then, &ears)[..]);
            }
        }

        #[test]
        fn more_cases_today_never_take_an_alarm_away(
            counts in prop::collection::vec(0.0_f64..40.0, 10), more in 0.0_f64..40.0,
        ) {
            let before: Vec<_> = counts.iter().copied().map(Some).collect();
            let mut after = before.clone();
            after[9] = after[9].map(|count| count + more);
            let ears = Ears::default();
            for method in [c1, c2] {
                let (one, other) = (method(&before, &ears)[9].unwrap(), method(&after, &ears)[9].unwrap());
                prop_assert_eq!(one.limit, other.limit);
                prop_assert!(!one.is_alarm || other.is_alarm);
            }
        }
    }
}
