//! Weekly growth and doubling time.

use crate::epi::{Estimate, Interval, Known, Missing};

/// Weekly growth ratio `G = C7(t) / C7(t−7)` with its 95% interval.
///
/// Definition: cases of the last seven days over those of the seven days before. The interval is
/// `exp(ln G ± 1.96·√(φ(1/a + 1/b)))` for over-dispersed counts; with a count of zero, or φ = 1, the exact
/// conditional interval. Undefined when the earlier week is zero.
///
/// ```
/// use siaga::epi::{Estimate, Known, Status};
/// use siaga::indicator::growth_ratio;
/// let week = |value| Estimate::Known(Known {
///     value, interval: None, status: Status::Printed, date: "2021-06-27".parse().unwrap(),
/// });
/// let growth = growth_ratio(&week(1833.0), &week(1030.0), 5.0);
/// assert!((growth.value().unwrap() - 1.780).abs() < 5e-4);
/// assert!((growth.lower().unwrap() - 1.500).abs() < 1e-3);
/// ```
#[must_use]
pub fn growth_ratio(week: &Estimate, week_before: &Estimate, dispersion: f64) -> Estimate {
    let (week, before) = match (week, week_before) {
        (Estimate::Known(week), Estimate::Known(before)) => (week, before),
        (Estimate::Missing(reason), _) => return Estimate::Missing(*reason),
        _ => return Estimate::Missing(Missing::NoPreviousWeek),
    };
    if before.value <= 0.0 {
        return Estimate::Missing(Missing::PreviousWeekZero);
    }
    let (a, b) = (week.value, before.value);
    let interval = if dispersion > 1.0 && a > 0.0 {
        Interval::count_ratio(a, b, dispersion)
    } else {
        Interval::count_ratio_exact(a, b)
    };
    Estimate::Known(Known { value: a / b, interval, status: week.status.max(before.status), date: week.date })
}

/// Doubling time in days, `7·ln 2 / ln G`; negative while cases halve. The bounds are those of the ratio,
/// and absent when the ratio's interval contains 1 (the doubling time then runs through infinity).
///
/// ```
/// use siaga::epi::{Estimate, Known, Status};
/// use siaga::indicator::doubling_days;
/// let growth = Estimate::Known(Known {
///     value: 1833.0 / 1030.0, interval: None, status: Status::Derived, date: "2021-06-27".parse().unwrap(),
/// });
/// assert!((doubling_days(&growth).value().unwrap() - 8.4).abs() < 0.05);
/// ```
#[must_use]
pub fn doubling_days(growth_ratio: &Estimate) -> Estimate {
    let Estimate::Known(growth) = growth_ratio else {
        return *growth_ratio;
    };
    let days = |ratio: f64| 7.0 * std::f64::consts::LN_2 / ratio.ln();
    if growth.value <= 0.0 || (growth.value - 1.0).abs() < 1e-12 {
        return Estimate::Missing(Missing::NoChange);
    }
    let interval = growth
        .interval
        .filter(|i| i.lower > 0.0 && (i.lower > 1.0 || i.upper < 1.0))
        .map(|i| Interval { lower: days(i.upper), upper: days(i.lower) });
    Estimate::Known(Known { value: days(growth.value), interval, ..*growth })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::Status;

    fn known(value: f64) -> Estimate {
        Estimate::Known(Known {
            value,
            interval: None,
            status: Status::Printed,
            date: "2021-06-27".parse().unwrap(),
        })
    }

    #[test]
    fn no_ratio_to_a_week_without_cases() {
        let growth = growth_ratio(&known(5.0), &known(0.0), 5.0);
        assert_eq!(growth, Estimate::Missing(Missing::PreviousWeekZero));
        assert_eq!(doubling_days(&growth), growth);
    }

    #[test]
    fn a_week_without_cases_after_one_with_cases_has_an_exact_interval() {
        let growth = growth_ratio(&known(0.0), &known(20.0), 5.0);
        assert_eq!(growth.value(), Some(0.0));
        assert!(growth.upper().is_some_and(|upper| upper < 0.25));
        assert_eq!(doubling_days(&growth), Estimate::Missing(Missing::NoChange));
    }

    #[test]
    fn halving_is_a_negative_doubling_time() {
        let days = doubling_days(&growth_ratio(&known(50.0), &known(100.0), 5.0));
        assert!(days.value().is_some_and(|days| (days + 7.0).abs() < 1e-9));
    }
}
