//! Weekly growth and doubling time.

use crate::epi::{Estimate, Known, Missing, RatioForm, Spread};

/// Weekly growth ratio `G = C7(t) / C7(t−7)` with its 95% interval.
///
/// Definition: cases of the last seven days over those of the seven days before. The interval is
/// `exp(ln G ± 1.96·√(φ(1/a + 1/b)))` for over-dispersed counts; with a count of zero, or φ = 1, the exact
/// conditional interval. Undefined when the earlier week is zero.
///
/// ```
/// use siaga::epi::{Estimate, Known, Status};
/// use siaga::indicator::growth_ratio;
/// let week = |value| Estimate::Known(Known::plain(value, Status::Printed, "2021-06-27".parse().unwrap()));
/// let growth = growth_ratio(&week(1833.0), &week(1030.0), 5.0);
/// assert!((growth.value().unwrap() - 1.780).abs() < 5e-4);
/// assert!((growth.lower().unwrap() - 1.500).abs() < 1e-3);
/// ```
#[must_use]
#[inline]
pub fn growth_ratio(week: &Estimate, week_before: &Estimate, dispersion: f64) -> Estimate {
    let (week, before) = match (week, week_before) {
        (Estimate::Known(week), Estimate::Known(before)) => (week, before),
        (Estimate::Missing(reason), _) => return Estimate::Missing(*reason),
        _ => return Estimate::Missing(Missing::NoPreviousWeek),
    };
    if before.value <= 0.0 {
        return Estimate::Missing(Missing::PreviousWeekZero);
    }
    if week.value < 0.0 {
        return Estimate::Missing(Missing::TotalFell);
    }
    let spread = Spread::CountRatio {
        later: week.value,
        earlier: before.value,
        dispersion,
        told_as: RatioForm::Ratio,
    };
    Estimate::Known(Known {
        value: week.value / before.value,
        spread,
        status: week.status.max(before.status),
        date: week.date,
    })
}

/// The weekly change in percent, `100·(G − 1)`.
#[must_use]
pub fn growth_pct(growth_ratio: &Estimate) -> Estimate {
    match *growth_ratio {
        Estimate::Known(known) => Estimate::Known(Known {
            value: 100.0 * (known.value - 1.0),
            spread: known.spread.told_as(RatioForm::Percent),
            ..known
        }),
        other => other,
    }
}

/// Doubling time in days, `7·ln 2 / ln G`; negative while cases halve. The bounds are those of the ratio,
/// and absent when the ratio's interval contains 1 (the doubling time then runs through infinity).
///
/// ```
/// use siaga::epi::{Estimate, Known, Status};
/// use siaga::indicator::doubling_days;
/// let growth = Known::plain(1833.0 / 1030.0, Status::Derived, "2021-06-27".parse().unwrap());
/// let growth = Estimate::Known(growth);
/// assert!((doubling_days(&growth).value().unwrap() - 8.4).abs() < 0.05);
/// ```
#[must_use]
pub fn doubling_days(growth_ratio: &Estimate) -> Estimate {
    let Estimate::Known(growth) = growth_ratio else {
        return *growth_ratio;
    };
    if growth.value <= 0.0 || (growth.value - 1.0).abs() < 1e-12 {
        return Estimate::Missing(Missing::NoChange);
    }
    let spread = growth.spread.told_as(RatioForm::DoublingDays);
    Estimate::Known(Known { value: RatioForm::doubling_days(growth.value), spread, ..*growth })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::Status;

    fn known(value: f64) -> Estimate {
        Estimate::Known(Known::plain(value, Status::Printed, "2021-06-27".parse().unwrap()))
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
