//! Two bounds at the 95% level, and the exact and approximate intervals of epidemiology.
//!
//! Formulas on counts, with their references; who calls them is in `indicator`. The quantiles are in
//! `distribution.rs`.

use super::distribution::{beta_quantile, gamma_quantile};

/// Lower and upper bound of a 95% interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower bound.
    pub lower: f64,
    /// Upper bound.
    pub upper: f64,
}

/// The 97.5% quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;
const TAIL: f64 = 0.025;

impl Interval {
    /// Both bounds multiplied by `factor` (not negative).
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self { lower: self.lower * factor, upper: self.upper * factor }
    }

    /// Exact Poisson interval of a count (Garwood 1936): the bounds are gamma quantiles,
    /// lower at shape `k`, upper at shape `k + 1`.
    ///
    /// Reference: F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936).
    ///
    /// ```
    /// use siaga::epi::Interval;
    /// let i = Interval::poisson(1833.0).scaled(100_000.0 / 1_043_070.0);
    /// assert!((i.lower - 167.8).abs() < 0.05 && (i.upper - 184.0).abs() < 0.05);
    /// ```
    #[must_use]
    pub fn poisson(count: f64) -> Self {
        let quantile = |shape: f64, p: f64| gamma_quantile(shape, p).unwrap_or(0.0);
        Self { lower: quantile(count, TAIL), upper: quantile(count + 1.0, 1.0 - TAIL) }
    }

    /// Wilson interval of a share `k / n`, as a fraction.
    ///
    /// Reference: E. B. Wilson, JASA 22 (1927).
    ///
    /// ```
    /// use siaga::epi::Interval;
    /// let i = Interval::wilson(42.0, 6365.0).unwrap().scaled(100.0);
    /// assert!((i.lower - 0.489).abs() < 5e-4 && (i.upper - 0.891).abs() < 5e-4);
    /// ```
    #[must_use]
    pub fn wilson(k: f64, n: f64) -> Option<Self> {
        if n <= 0.0 || k < 0.0 || k > n {
            return None;
        }
        let (share, z2) = (k / n, Z * Z);
        let centre = share + z2 / (2.0 * n);
        let spread = Z * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
        let scale = 1.0 + z2 / n;
        Some(Self {
            lower: ((centre - spread) / scale).max(0.0),
            upper: ((centre + spread) / scale).min(1.0),
        })
    }

    /// Exact interval of a share `k / n` (Clopper and Pearson 1934), as a fraction.
    ///
    /// ```
    /// use siaga::epi::Interval;
    /// let i = Interval::clopper_pearson(42.0, 6365.0).unwrap().scaled(100.0);
    /// assert!((i.lower - 0.476).abs() < 5e-4 && (i.upper - 0.891).abs() < 5e-4);
    /// ```
    #[must_use]
    pub fn clopper_pearson(k: f64, n: f64) -> Option<Self> {
        if n <= 0.0 || k < 0.0 || k > n {
            return None;
        }
        Some(Self {
            lower: if k > 0.0 { beta_quantile(k, n - k + 1.0, TAIL)? } else { 0.0 },
            upper: if k < n { beta_quantile(k + 1.0, n - k, 1.0 - TAIL)? } else { 1.0 },
        })
    }

    /// Interval of the ratio of two counts `a / b` for over-dispersed counts:
    /// `exp(ln G ± 1.96·√(φ(1/a + 1/b)))`. Needs both counts above zero.
    ///
    /// ```
    /// use siaga::epi::Interval;
    /// let i = Interval::count_ratio(1833.0, 1030.0, 5.0).unwrap();
    /// assert!((i.lower - 1.500).abs() < 1e-3 && (i.upper - 2.111).abs() < 1e-3);
    /// ```
    #[must_use]
    pub fn count_ratio(a: f64, b: f64, dispersion: f64) -> Option<Self> {
        if a <= 0.0 || b <= 0.0 {
            return None;
        }
        let half = Z * (dispersion * (1.0 / a + 1.0 / b)).sqrt();
        let log = (a / b).ln();
        Some(Self { lower: (log - half).exp(), upper: (log + half).exp() })
    }

    /// Exact conditional interval of the ratio of two Poisson counts: `p/(1−p)` of the
    /// Clopper–Pearson bounds of `a` in `a + b`. The upper bound is infinite when `b` is zero.
    ///
    /// ```
    /// use siaga::epi::Interval;
    /// let i = Interval::count_ratio_exact(8.0, 3.0).unwrap();
    /// assert!((i.lower - 0.64).abs() < 0.005 && (i.upper - 15.6).abs() < 0.05);
    /// ```
    #[must_use]
    pub fn count_ratio_exact(a: f64, b: f64) -> Option<Self> {
        let share = Self::clopper_pearson(a, a + b)?;
        Some(Self { lower: share.lower / (1.0 - share.lower), upper: share.upper / (1.0 - share.upper) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_of_zero_has_an_upper_bound_only() {
        let interval = Interval::poisson(0.0);
        assert!(interval.lower.abs() < f64::EPSILON);
        assert!((interval.upper - 3.688_879).abs() < 1e-5);
    }

    #[test]
    fn bounds_of_a_count_are_exact_for_every_size() {
        // scipy.stats.chi2.ppf([0.025, 0.975], [2k, 2k + 2]) / 2
        for (k, lower, upper) in [
            (1.0, 0.025_317_807_984_289_786, 5.571_643_390_938_898),
            (156.0, 132.480_523_322_300_14, 182.491_290_037_105_41),
            (157.0, 133.402_146_352_203_18, 183.569_423_060_279_75),
            (1_833.0, 1_750.038_117_276_502_6, 1_918.879_001_808_926_2),
        ] {
            let interval = Interval::poisson(k);
            assert!((interval.lower / lower - 1.0).abs() < 1e-9, "{k}: {}", interval.lower);
            assert!((interval.upper / upper - 1.0).abs() < 1e-9, "{k}: {}", interval.upper);
        }
    }

    #[test]
    fn growth_of_the_june_week_has_the_published_exact_interval() {
        let interval = Interval::count_ratio_exact(1833.0, 1030.0).unwrap();
        assert!((interval.lower - 1.648).abs() < 1e-3);
        assert!((interval.upper - 1.923).abs() < 1e-3);
    }

    #[test]
    fn shares_outside_zero_to_one_are_refused() {
        assert_eq!(Interval::wilson(5.0, 4.0), None);
        assert_eq!(Interval::wilson(1.0, 0.0), None);
        assert_eq!(Interval::clopper_pearson(-1.0, 4.0), None);
        assert_eq!(Interval::count_ratio(0.0, 3.0, 5.0), None);
    }
}
