//! Observed against expected: is an office hit harder than the city, and is that more than chance when many offices are looked at?

use crate::epi::{Interval, poisson_at_least};

/// A count held against what was expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Excess {
    /// Cases counted.
    pub observed: f64,
    /// Cases expected.
    pub expected: f64,
    /// Observed over expected with its exact 95% Poisson interval; none where nothing is expected.
    pub ratio: Option<(f64, Interval)>,
    /// `P(X ≥ observed)` if the expectation is right.
    pub p: f64,
}

/// Cases that so many people would have at a rate per 100,000 over the same days.
///
/// ```
/// use siaga::indicator::detection::expected_cases;
/// // A unit of 120 in fourteen days at 275 per 100,000.
/// assert!((expected_cases(120.0, 275.0) - 0.33).abs() < 1e-12);
/// ```
#[must_use]
pub fn expected_cases(people: f64, per_100k: f64) -> f64 {
    people * per_100k / 100_000.0
}

/// The standardised ratio *O/E* with its exact interval, and how surprising *O* is.
///
/// The interval is that of the Poisson count *O* (Garwood 1936), over *E*; `p = P(X ≥ O)`, *X* Poisson with mean *E*. Assumes that cases
/// are independent (in one office they are not, which is why it is looked at), that *E* covers the same days, and that those counted
/// are tested as much as those expected from: staff are tested more. `None` unless both are finite and not negative.
///
/// Reference: N. E. Breslow and N. E. Day, *Statistical Methods in Cancer Research* II (1987), chapter 2.
///
/// ```
/// use siaga::indicator::detection::excess;
/// // 15 staff cases in a week in which the city's rate would give 12.7: not more than chance.
/// let week = excess(15.0, 12.7).unwrap();
/// let (ratio, interval) = week.ratio.unwrap();
/// assert!((ratio - 1.18).abs() < 0.005 && (interval.lower - 0.66).abs() < 0.005 && (interval.upper - 1.95).abs() < 0.005);
/// // Three in a unit of which 0.33 were to be expected: five times in a thousand.
/// assert!((excess(3.0, 0.33).unwrap().p - 0.0047).abs() < 5e-5);
/// ```
#[must_use]
pub fn excess(observed: f64, expected: f64) -> Option<Excess> {
    let p = poisson_at_least(observed, expected)?;
    let ratio =
        (expected > 0.0).then(|| (observed / expected, Interval::poisson(observed).scaled(1.0 / expected)));
    Some(Excess { observed, expected, ratio, p })
}

/// One unit's count and its expectation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// Cases counted.
    pub observed: f64,
    /// Cases expected.
    pub expected: f64,
}

/// A unit among others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ComparedUnit {
    /// The unit by itself.
    pub excess: Excess,
    /// Its *p* for all units looked at ([`benjamini_hochberg`]): those below 0.05 hold, on average, at most one false in twenty.
    pub adjusted_p: f64,
}

/// [`excess()`] of many units at once, in their order, with the *p*-values adjusted for how many there are. A unit whose numbers are none
/// has no value and does not count.
///
/// ```
/// use siaga::indicator::detection::{Unit, excesses};
/// // Three cases where 0.33 were expected, among nine offices with nobody ill.
/// let mut units = vec![Unit { observed: 0.0, expected: 0.33 }; 9];
/// units.push(Unit { observed: 3.0, expected: 0.33 });
/// let compared = excesses(&units)[9].unwrap();
/// assert!(compared.excess.p < 0.005 && (compared.adjusted_p - 10.0 * compared.excess.p).abs() < 1e-12);
/// ```
#[must_use]
pub fn excesses(units: &[Unit]) -> Vec<Option<ComparedUnit>> {
    let alone: Vec<Option<Excess>> = units.iter().map(|unit| excess(unit.observed, unit.expected)).collect();
    let p: Vec<f64> = alone.iter().flatten().map(|excess| excess.p).collect();
    let mut adjusted = benjamini_hochberg(&p).into_iter();
    let of_unit =
        |excess: Option<Excess>| Some(ComparedUnit { excess: excess?, adjusted_p: adjusted.next()? });
    alone.into_iter().map(of_unit).collect()
}

/// *p*-values adjusted so that among those below a bound the share of false ones is, on average, at most that bound.
///
/// `p̃_(i) = min_{j ≥ i} min(1, m·p_(j)/j)`, *p* in rising order, in the order given. Assumes independent tests, or such as are wrong
/// together. What is not between 0 and 1 counts as 1. Equal to `p.adjust(p, "BH")` of R.
///
/// Reference: Y. Benjamini and Y. Hochberg, *Journal of the Royal Statistical Society* B 57 (1995) 289.
///
/// ```
/// use siaga::indicator::detection::benjamini_hochberg;
/// // 0.01·4/1, 0.02·4/2, 0.03·4/3: all 0.04.
/// let adjusted = benjamini_hochberg(&[0.03, 0.01, 0.5, 0.02]);
/// assert_eq!(adjusted.iter().map(|p| (p * 100.0).round()).collect::<Vec<_>>(), [4.0, 4.0, 50.0, 4.0]);
/// ```
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let known = |p: f64| if (0.0..=1.0).contains(&p) { p } else { 1.0 };
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let mut falling: Vec<usize> = (0..p.len()).collect();
    falling.sort_by(|one, other| known(p[*other]).total_cmp(&known(p[*one])));
    let (mut adjusted, mut least) = (vec![1.0; p.len()], 1.0_f64);
    for (larger, index) in falling.into_iter().enumerate() {
        least = least.min(known(p[index]) * (number(p.len()) / number(p.len() - larger)));
        adjusted[index] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn about(value: f64, printed: f64) -> bool {
        (value - printed).abs() < 0.005
    }

    #[test]
    fn the_staff_of_june_2021_have_the_printed_ratios() {
        for (observed, expected, ratio, lower, upper) in
            [(15.0, 12.7, 1.18, 0.66, 1.95), (42.0, 20.2, 2.08, 1.50, 2.81)]
        {
            let (ours, interval) = excess(observed, expected).unwrap().ratio.unwrap();
            assert!(about(ours, ratio) && about(interval.lower, lower) && about(interval.upper, upper));
        }
        assert!((excess(3.0, expected_cases(120.0, 275.0)).unwrap().p - 0.005).abs() < 5e-4);
    }

    #[test]
    fn nothing_seen_and_nothing_expected_have_their_values() {
        let none = excess(0.0, 0.33).unwrap();
        assert_eq!((none.p, none.ratio.unwrap().0, none.ratio.unwrap().1.lower), (1.0, 0.0, 0.0));
        let unexpected = excess(2.0, 0.0).unwrap();
        assert_eq!((unexpected.p, unexpected.ratio), (0.0, None));
        assert_eq!(excess(0.0, 0.0).unwrap().p, 1.0);
    }

    #[test]
    fn numbers_that_are_none_have_no_excess_and_do_not_count() {
        for (observed, expected) in [(-1.0, 1.0), (1.0, -1.0), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
            assert_eq!(excess(observed, expected), None);
        }
        let units = [Unit { observed: f64::NAN, expected: 1.0 }, Unit { observed: 3.0, expected: 0.33 }];
        let compared = excesses(&units);
        assert_eq!(compared[0], None);
        let only = compared[1].unwrap();
        assert_eq!(only.adjusted_p, only.excess.p);
    }

    #[test]
    fn adjusted_values_are_those_of_r() {
        // p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.55, 0.04, 1e-4), "BH")
        let adjusted = benjamini_hochberg(&[0.01, 0.04, 0.03, 0.005, 0.55, 0.04, 1e-4]);
        let r =
            [0.023_333_333_333, 0.046_666_666_667, 0.046_666_666_667, 0.0175, 0.55, 0.046_666_666_667, 7e-4];
        for (ours, theirs) in adjusted.iter().zip(r) {
            assert!((ours - theirs).abs() < 1e-11, "{ours} {theirs}");
        }
        assert!(benjamini_hochberg(&[]).is_empty());
        assert_eq!(benjamini_hochberg(&[f64::NAN, 0.02]), [1.0, 0.04]);
    }

    proptest! {
        #[test]
        fn adjusting_keeps_the_order_and_only_raises(p in prop::collection::vec(0.0_f64..=1.0, 1..40)) {
            let adjusted = benjamini_hochberg(&p);
            for (one, ours) in p.iter().zip(&adjusted) {
                prop_assert!(ours >= one && *ours <= 1.0);
                for (other, theirs) in p.iter().zip(&adjusted) {
                    prop_assert!(one > other || ours <= theirs);
                }
            }
        }

        #[test]
        fn more_cases_are_more_surprising(observed in 0_u32..200, expected in 0.01_f64..100.0) {
            let (less, more) = (excess(f64::from(observed), expected), excess(f64::from(observed + 1), expected));
            prop_assert!(less.unwrap().p >= more.unwrap().p);
        }
    }
}
