//! Where the 95% interval of a value comes from. It is worked out when somebody asks: exact intervals cost a thousand times
//! the value, and of most values nobody ever looks at the interval.

use std::cell::RefCell;

use super::{GammaQuantiles, Interval};

/// What an interval is worked out from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    /// The field gives none.
    None,
    /// The bounds themselves.
    Bounds(Interval),
    /// A Poisson count, times a factor ([`Interval::poisson`]).
    Poisson {
        /// The count.
        count: f64,
        /// What it is multiplied by.
        factor: f64,
    },
    /// A gamma distribution: its 2.5% and 97.5% quantiles.
    Gamma {
        /// Its shape.
        shape: f64,
        /// Its scale.
        scale: f64,
    },
    /// A share, in percent: exact ([`Interval::clopper_pearson`]) or Wilson's.
    Percent {
        /// The part.
        part: f64,
        /// The whole.
        whole: f64,
        /// Whether the exact interval is meant.
        is_exact: bool,
    },
    /// The ratio of two counts ([`Interval::count_ratio`]).
    CountRatio {
        /// The later count.
        later: f64,
        /// The earlier count.
        earlier: f64,
        /// Over-dispersion; 1 and less means exact ([`Interval::count_ratio_exact`]), as a later count of zero does.
        dispersion: f64,
        /// As what the ratio is told.
        told_as: RatioForm,
    },
}

/// The bounds at scale 1. Shapes are a prior's plus a count: over a country and its years the same ones come again and again.
fn gamma_bounds(shape: f64) -> Option<Interval> {
    thread_local! {
        static KNOWN: RefCell<Option<GammaQuantiles<2>>> = RefCell::new(GammaQuantiles::new([0.025, 0.975]));
    }
    KNOWN.with_borrow_mut(|known| {
        let [lower, upper] = known.as_mut()?.at(shape)?;
        Some(Interval { lower, upper })
    })
}

/// A ratio of two weeks and what is told of it in other words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RatioForm {
    /// Itself.
    Ratio,
    /// The change in percent.
    Percent,
    /// Days until it doubles; there is no interval when the ratio's contains 1, where the time runs through infinity.
    DoublingDays,
}

impl Spread {
    /// The 95% interval, if there is one.
    #[must_use]
    pub fn interval(self) -> Option<Interval> {
        match self {
            Self::None => None,
            Self::Bounds(interval) => Some(interval),
            Self::Poisson { count, factor } => Some(Interval::poisson(count).scaled(factor)),
            Self::Gamma { shape, scale } => gamma_bounds(shape).map(|bounds| bounds.scaled(scale)),
            Self::Percent { part, whole, is_exact } => {
                let share = if is_exact { Interval::clopper_pearson } else { Interval::wilson };
                share(part, whole).map(|interval| interval.scaled(100.0))
            }
            Self::CountRatio { later, earlier, dispersion, told_as } => {
                let ratio = if dispersion > 1.0 && later > 0.0 {
                    Interval::count_ratio(later, earlier, dispersion)
                } else {
                    Interval::count_ratio_exact(later, earlier)
                };
                ratio.and_then(|ratio| told_as.of(ratio))
            }
        }
    }

    /// The same for a value that is multiplied by `factor` (not negative).
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        match self {
            Self::None => Self::None,
            Self::Poisson { count, factor: own } => Self::Poisson { count, factor: own * factor },
            other => other.interval().map_or(Self::None, |interval| Self::Bounds(interval.scaled(factor))),
        }
    }

    /// The same ratio told in other words.
    #[must_use]
    pub fn told_as(self, form: RatioForm) -> Self {
        match self {
            Self::CountRatio { later, earlier, dispersion, told_as: RatioForm::Ratio } => {
                Self::CountRatio { later, earlier, dispersion, told_as: form }
            }
            other => other.interval().and_then(|ratio| form.of(ratio)).map_or(Self::None, Self::Bounds),
        }
    }
}

impl RatioForm {
    /// Days until a ratio of two weeks doubles; negative while it halves.
    #[must_use]
    pub fn doubling_days(ratio: f64) -> f64 {
        7.0 * std::f64::consts::LN_2 / ratio.ln()
    }

    /// The bounds of a ratio in this form.
    fn of(self, ratio: Interval) -> Option<Interval> {
        match self {
            Self::Ratio => Some(ratio),
            Self::Percent => {
                Some(Interval { lower: 100.0 * (ratio.lower - 1.0), upper: 100.0 * (ratio.upper - 1.0) })
            }
            Self::DoublingDays => {
                let runs_one_way = ratio.lower > 0.0 && (ratio.lower > 1.0 || ratio.upper < 1.0);
                runs_one_way.then(|| Interval {
                    lower: Self::doubling_days(ratio.upper),
                    upper: Self::doubling_days(ratio.lower),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JUNE: Spread =
        Spread::CountRatio { later: 1833.0, earlier: 1030.0, dispersion: 5.0, told_as: RatioForm::Ratio };

    #[test]
    fn a_ratio_has_the_same_bounds_in_every_form() {
        let ratio = JUNE.interval().unwrap();
        let percent = JUNE.told_as(RatioForm::Percent).interval().unwrap();
        assert!((percent.lower - 100.0 * (ratio.lower - 1.0)).abs() < 1e-12);
        let days = JUNE.told_as(RatioForm::DoublingDays).interval().unwrap();
        assert!(days.lower < 8.4 && 8.4 < days.upper);
        let given = Spread::Bounds(ratio);
        assert_eq!(given.told_as(RatioForm::DoublingDays).interval(), Some(days));
    }

    #[test]
    fn a_doubling_time_that_runs_through_infinity_has_no_bounds() {
        let flat = Spread::Bounds(Interval { lower: 0.9, upper: 1.1 });
        assert_eq!(flat.told_as(RatioForm::DoublingDays).interval(), None);
        assert_eq!(Spread::None.told_as(RatioForm::DoublingDays), Spread::None);
    }

    #[test]
    fn a_later_count_of_zero_is_exact() {
        let none =
            Spread::CountRatio { later: 0.0, earlier: 20.0, dispersion: 5.0, told_as: RatioForm::Ratio };
        assert_eq!(none.interval(), Interval::count_ratio_exact(0.0, 20.0));
    }

    #[test]
    fn a_count_is_scaled_without_being_worked_out() {
        let per_100k = Spread::Poisson { count: 1833.0, factor: 1.0 }.scaled(1e5 / 1_043_070.0);
        assert!(matches!(per_100k, Spread::Poisson { .. }));
        let interval = per_100k.interval().unwrap();
        assert!((interval.lower - 167.8).abs() < 0.05 && (interval.upper - 184.0).abs() < 0.05);
    }
}
