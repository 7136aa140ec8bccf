//! The baseline: next week is as the last, give or take what weeks have differed so far.

use super::{Horizon, NoForecast, Quantiles};
use crate::observation::quantile;

/// Differences that the spread rests on at least.
const LEAST_DIFFERENCES: usize = 4;
/// A stretch between two differences shorter than this share of all is one point: dividing by it would magnify rounding.
const NARROW: f64 = 1e-9;
/// Halvings of the range in which a quantile is sought: a part in 10¹².
const HALVINGS: usize = 40;

/// The baseline of the COVID-19 Forecast Hub for weekly counts, the last one last.
///
/// **Definition.** The median is the last week. One week ahead it is off by a difference between neighbouring weeks of the past, in
/// either direction; two weeks ahead by the sum of two such, drawn apart. Nothing falls below 0.
///
/// **Equation.** With `D` the past differences and their negatives, `Q` their quantile function (linear between neighbours, type 7):
/// one week ahead the *p*-quantile is `last + Q(p)`, two weeks ahead that of `last + Q(U₁) + Q(U₂)`, `U` independent and uniform. The
/// Hub draws the latter by permuting; here it is the limit of many draws, worked out exactly: `P(Q(U₁) + Q(U₂) ≤ x)` is the mean over
/// the stretches of `Q` of an integral of its distribution function. It is symmetric, so its median is the last week without being
/// moved there, and the same input gives the same forecast, digit by digit.
///
/// **Assumptions.** Differences of the past are those to come: large ones of an earlier wave make a wide band in a quiet time.
/// Differences between weeks of which one is missing are left out.
///
/// **Reference.** E. Y. Cramer and others, *PNAS* 119 (2022) e2113561119.
///
/// ```
/// use siaga::indicator::forecast::{Horizon, baseline};
/// // Differences 20, 30, −20, 50 and their negatives: a half lies within 22.5 of the last week.
/// let weeks = [100.0, 120.0, 150.0, 130.0, 180.0].map(Some);
/// let next = baseline(&weeks, Horizon::OneWeek).unwrap();
/// assert_eq!(next.median(), 180.0);
/// assert_eq!(next.interval(0.5).map(|i| (i.lower, i.upper)), Some((157.5, 202.5)));
/// assert_eq!(next.interval(0.95).map(|i| (i.lower, i.upper)), Some((133.5, 226.5)));
/// ```
///
/// # Errors
/// [`NoForecast`] if the last week is missing or fewer than four differences are known.
pub fn baseline(weeks: &[Option<f64>], horizon: Horizon) -> Result<Quantiles, NoForecast> {
    let known = |week: Option<f64>| week.filter(|cases| *cases >= 0.0 && cases.is_finite());
    let last = weeks.last().copied().and_then(known).ok_or(NoForecast::LastWeekMissing)?;
    let difference = |pair: &[Option<f64>]| Some(known(pair[1])? - known(pair[0])?);
    let differences: Vec<f64> = weeks.windows(2).filter_map(difference).collect();
    if differences.len() < LEAST_DIFFERENCES {
        return Err(NoForecast::PastTooShort);
    }
    let differences = Differences::new(&differences);
    let off = |level: f64| match horizon {
        Horizon::OneWeek => differences.quantile(level),
        Horizon::TwoWeeks => differences.quantile_of_two(level),
    };
    Ok(Quantiles::around(last, off))
}

/// Past differences with their negatives, rising, as a distribution: uniform on each stretch between neighbours, each stretch as likely
/// as the other.
struct Differences {
    knots: Vec<f64>,
    /// The integral of the distribution function up to each knot.
    integral: Vec<f64>,
}

impl Differences {
    fn new(differences: &[f64]) -> Self {
        let mut knots: Vec<f64> = differences.iter().flat_map(|one| [*one, -one]).collect();
        knots.sort_by(f64::total_cmp);
        let mut integral = vec![0.0];
        let stretches = as_number(knots.len() - 1);
        for (place, pair) in knots.windows(2).enumerate() {
            let sum = integral[place] + (pair[1] - pair[0]) * (as_number(place) + 0.5) / stretches;
            integral.push(sum);
        }
        Self { knots, integral }
    }

    fn last(&self) -> usize {
        self.knots.len() - 1
    }

    /// `Q(p)`.
    fn quantile(&self, level: f64) -> f64 {
        quantile(&self.knots, level).unwrap_or(0.0)
    }

    /// The quantile of the sum of two at a level above one half, by halving. (The sum is symmetric about 0.)
    fn quantile_of_two(&self, level: f64) -> f64 {
        if self.share_of_two_below(0.0) >= level {
            return 0.0;
        }
        let (mut low, mut high) = (0.0, 2.0 * self.knots[self.last()]);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if self.share_of_two_below(middle) >= level { high = middle } else { low = middle }
        }
        high
    }

    /// `P(Q(U₁) + Q(U₂) ≤ x)`: the mean over the stretches of `Q` of the share of the other one that lies below what is left of `x`.
    fn share_of_two_below(&self, x: f64) -> f64 {
        let width_of_all = self.knots[self.last()] - self.knots[0];
        let mut sum = 0.0;
        // What is left of x falls from knot to knot, so the stretch it lies in only moves down.
        let mut stretch = self.last();
        let mut below_first = self.up_to(x - self.knots[0], &mut stretch);
        for pair in self.knots.windows(2) {
            let below_second = self.up_to(x - pair[1], &mut stretch);
            let width = pair[1] - pair[0];
            sum += if width > NARROW * width_of_all {
                (below_first.integral - below_second.integral) / width
            } else {
                below_second.share
            };
            below_first = below_second;
        }
        sum / as_number(self.last())
    }

    /// The distribution function at `y` and its integral up to there; `stretch` is at or above the one that `y` lies in.
    fn up_to(&self, y: f64, stretch: &mut usize) -> Below {
        while *stretch > 0 && self.knots[*stretch] > y {
            *stretch -= 1;
        }
        let (place, last) = (*stretch, self.last());
        let beyond = y - self.knots[place];
        if beyond < 0.0 {
            return Below { share: 0.0, integral: 0.0 };
        }
        if place == last {
            return Below { share: 1.0, integral: self.integral[last] + beyond };
        }
        let (width, stretches) = (self.knots[place + 1] - self.knots[place], as_number(last));
        let part = beyond / width;
        Below {
            share: (as_number(place) + part) / stretches,
            integral: self.integral[place] + beyond * (as_number(place) + 0.5 * part) / stretches,
        }
    }
}

/// The share below a point, and its integral.
struct Below {
    share: f64,
    integral: f64,
}

fn as_number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WEEKS: [f64; 5] = [100.0, 120.0, 150.0, 130.0, 180.0];

    #[test]
    fn one_week_ahead_has_the_quantiles_of_past_differences() {
        let next = baseline(&WEEKS.map(Some), Horizon::OneWeek).unwrap();
        let expected = [133.5, 144.0, 157.5, 180.0, 202.5, 216.0, 226.5];
        for (ours, worked_out) in next.values().iter().zip(expected) {
            assert!((ours - worked_out).abs() < 1e-9, "{ours} {worked_out}");
        }
    }

    #[test]
    fn two_weeks_ahead_are_the_limit_of_many_draws() {
        // A million pairs of evenly spread levels instead of draws.
        let weeks = WEEKS.map(Some);
        let knots = Differences::new(&[20.0, 30.0, -20.0, 50.0]);
        let parts: Vec<f64> =
            (0..1_000).map(|part| knots.quantile((f64::from(part) + 0.5) / 1_000.0)).collect();
        let sums: Vec<f64> =
            parts.iter().flat_map(|one| parts.iter().map(move |other| one + other)).collect();
        let later = baseline(&weeks, Horizon::TwoWeeks).unwrap();
        for (level, ours) in super::super::LEVELS.iter().zip(later.values()) {
            let drawn = 180.0 + quantile(&sums, *level).unwrap();
            assert!((ours - drawn).abs() < 0.1, "{level}: {ours} {drawn}");
        }
        assert_eq!(later.median(), 180.0);
    }

    #[test]
    fn equal_differences_are_points_and_make_no_trouble() {
        // Differences 0, 0, 0, 0, 0, 10: eleven stretches, of which nine are the point 0.
        let weeks = [50.0, 50.0, 50.0, 50.0, 50.0, 50.0, 60.0].map(Some);
        let later = baseline(&weeks, Horizon::TwoWeeks).unwrap();
        assert_eq!(later.interval(0.5).map(|i| (i.lower, i.upper)), Some((60.0, 60.0)));
        let still = baseline(&[Some(7.0); 6], Horizon::TwoWeeks).unwrap();
        assert_eq!(still.values(), [7.0; 7]);
    }

    #[test]
    fn nothing_falls_below_zero() {
        let weeks = [100.0, 20.0, 90.0, 10.0, 60.0, 5.0].map(Some);
        let next = baseline(&weeks, Horizon::OneWeek).unwrap();
        assert_eq!((next.values()[0], next.median()), (0.0, 5.0));
    }

    #[test]
    fn without_enough_of_the_past_there_is_none() {
        let mut weeks = WEEKS.map(Some);
        weeks[2] = None;
        assert_eq!(baseline(&weeks, Horizon::OneWeek), Err(NoForecast::PastTooShort));
        weeks = WEEKS.map(Some);
        weeks[4] = None;
        assert_eq!(baseline(&weeks, Horizon::OneWeek), Err(NoForecast::LastWeekMissing));
        weeks[4] = Some(-1.0);
        assert_eq!(baseline(&weeks, Horizon::TwoWeeks), Err(NoForecast::LastWeekMissing));
        assert_eq!(baseline(&[], Horizon::OneWeek), Err(NoForecast::LastWeekMissing));
    }

    proptest! {
        #[test]
        fn the_band_is_symmetric_and_no_wider_than_the_largest_differences(
            weeks in prop::collection::vec(0_u32..5_000, 5..40),
        ) {
            // High enough that nothing is cut off at zero.
            let weeks: Vec<_> = weeks.iter().map(|cases| Some(50_000.0 + f64::from(*cases))).collect();
            let differences = weeks.windows(2).map(|pair| (pair[1].unwrap() - pair[0].unwrap()).abs());
            let largest = differences.fold(0.0, f64::max);
            for horizon in Horizon::ALL {
                let forecast = baseline(&weeks, horizon).unwrap();
                let times = if horizon == Horizon::OneWeek { 1.0 } else { 2.0 };
                for (_, interval) in forecast.intervals() {
                    prop_assert!((interval.lower + interval.upper - 2.0 * forecast.median()).abs() < 1e-6);
                    prop_assert!(interval.upper - forecast.median() <= times * largest + 1e-6);
                }
            }
        }

        #[test]
        fn the_sum_of_two_has_its_share_below_its_quantile(
            differences in prop::collection::vec(-500.0_f64..500.0, 4..20), level in 0.51_f64..0.99,
        ) {
            let knots = Differences::new(&differences);
            let x = knots.quantile_of_two(level);
            prop_assert!((knots.share_of_two_below(x) - level).abs() < 1e-6);
        }
    }
}
