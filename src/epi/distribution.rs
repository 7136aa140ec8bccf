//! Distribution functions and quantiles that intervals, tests and forecasts are made of.
//!
//! The special functions are spec_math's, a translation of the Cephes library as SciPy carries it; here they get their domain:
//! an argument outside it has no value. What the numbers are used for is in [`super::Interval`] and in `indicator`.

use std::collections::HashMap;

use spec_math::cephes64::{igam, igamc, igami, incbet, incbi, ndtr, ndtri, stdtri};

/// Whether a distribution has a finite quantile there.
fn is_share(p: f64) -> bool {
    p > 0.0 && p < 1.0
}

fn is_positive(value: f64) -> bool {
    value > 0.0 && value.is_finite()
}

/// The `p`-quantile of the gamma distribution with this shape and scale 1: the *x* with `P(shape, x) = p`, `P` the regularised
/// lower incomplete gamma function. The quantile for another scale is this times the scale.
///
/// Relative error below 1e-12 for shapes 0.01 to 10,000,000 and *p* from 0.001 to 0.999. Method: a start after A. R. DiDonato and
/// A. H. Morris, *ACM Trans. Math. Softw.* 12 (1986) 377, and Halley's steps. `None` unless the shape is positive and
/// `0 < p < 1`.
///
/// ```
/// use siaga::epi::gamma_quantile;
/// // With shape 1 it is the exponential distribution: the median is ln 2.
/// assert!((gamma_quantile(1.0, 0.5).unwrap() - 2.0_f64.ln()).abs() < 1e-15);
/// assert_eq!(gamma_quantile(0.0, 0.5), None);
/// ```
#[must_use]
pub fn gamma_quantile(shape: f64, p: f64) -> Option<f64> {
    (is_positive(shape) && is_share(p)).then(|| igami(shape, p))
}

/// The share of the gamma distribution with this shape and scale 1 that lies at or below `x`; 0 below zero. `None` unless the
/// shape is positive and `x` a number.
///
/// ```
/// use siaga::epi::gamma_share_below;
/// // Shape 2: 1 − e^{−x}(1 + x).
/// assert!((gamma_share_below(2.0, 1.0).unwrap() - (1.0 - 2.0 / 1.0_f64.exp())).abs() < 1e-15);
/// ```
#[must_use]
pub fn gamma_share_below(shape: f64, x: f64) -> Option<f64> {
    (is_positive(shape) && !x.is_nan()).then(|| if x <= 0.0 { 0.0 } else { igam(shape, x) })
}

/// The share that lies above `x`, with its own precision where that is little. `None` as in [`gamma_share_below`].
///
/// ```
/// use siaga::epi::gamma_share_above;
/// // Shape 1: e^{−x}.
/// assert!((gamma_share_above(1.0, 40.0).unwrap() / (-40.0_f64).exp() - 1.0).abs() < 1e-13);
/// ```
#[must_use]
pub fn gamma_share_above(shape: f64, x: f64) -> Option<f64> {
    (is_positive(shape) && !x.is_nan()).then(|| if x <= 0.0 { 1.0 } else { igamc(shape, x) })
}

/// The `p`-quantile of the beta distribution.
///
/// Relative error below 2e-11 for `a + b` up to 10,000 and below 1e-9 up to a million. `None` unless both parameters are positive
/// and `0 < p < 1`.
///
/// ```
/// use siaga::epi::beta_quantile;
/// // Beta(1, 1) is uniform, Beta(2, 1) has the distribution function x².
/// assert!((beta_quantile(1.0, 1.0, 0.3).unwrap() - 0.3).abs() < 1e-15);
/// assert!((beta_quantile(2.0, 1.0, 0.25).unwrap() - 0.5).abs() < 1e-15);
/// ```
#[must_use]
pub fn beta_quantile(a: f64, b: f64, p: f64) -> Option<f64> {
    (is_positive(a) && is_positive(b) && is_share(p)).then(|| incbi(a, b, p))
}

/// The share of the beta distribution that lies at or below `x`. `None` unless both parameters are positive and `x` a number.
///
/// ```
/// use siaga::epi::beta_share_below;
/// assert!((beta_share_below(2.0, 1.0, 0.5).unwrap() - 0.25).abs() < 1e-15);
/// ```
#[must_use]
pub fn beta_share_below(a: f64, b: f64, x: f64) -> Option<f64> {
    (is_positive(a) && is_positive(b) && !x.is_nan()).then(|| incbet(a, b, x.clamp(0.0, 1.0)))
}

/// The `p`-quantile of the standard normal distribution. `None` unless `0 < p < 1`.
///
/// ```
/// use siaga::epi::normal_quantile;
/// assert!((normal_quantile(0.975).unwrap() - 1.959_963_984_540_054).abs() < 1e-15);
/// ```
#[must_use]
pub fn normal_quantile(p: f64) -> Option<f64> {
    is_share(p).then(|| ndtri(p))
}

/// The share of the standard normal distribution that lies at or below `z`.
///
/// ```
/// use siaga::epi::normal_share_below;
/// assert!((normal_share_below(1.96) - 0.975).abs() < 1e-4);
/// ```
#[must_use]
pub fn normal_share_below(z: f64) -> f64 {
    ndtr(z)
}

/// The `p`-quantile of Student's t distribution with whole degrees of freedom. `None` unless there is at least one and
/// `0 < p < 1`.
///
/// ```
/// use siaga::epi::student_quantile;
/// // With one degree of freedom it is Cauchy's: tan(π(p − ½)).
/// assert!((student_quantile(1, 0.75).unwrap() - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn student_quantile(degrees: u32, p: f64) -> Option<f64> {
    let whole = isize::try_from(degrees).ok()?;
    (whole >= 1 && is_share(p)).then(|| stdtri(whole, p))
}

/// `P(X ≥ count)` for a Poisson count with this mean: how surprising so many are.
///
/// `P(X ≥ k) = P(k, λ)`, the regularised lower incomplete gamma function. `None` unless both are finite and not negative.
///
/// ```
/// use siaga::epi::poisson_at_least;
/// // At least one: 1 − e^{−λ}.
/// assert!((poisson_at_least(1.0, 0.33).unwrap() - 0.281_076_267).abs() < 1e-8);
/// assert_eq!(poisson_at_least(0.0, 0.33), Some(1.0));
/// ```
#[must_use]
pub fn poisson_at_least(count: f64, mean: f64) -> Option<f64> {
    let is_known = |value: f64| value >= 0.0 && value.is_finite();
    if !is_known(count) || !is_known(mean) {
        return None;
    }
    if count <= 0.0 { Some(1.0) } else { gamma_share_below(count, mean) }
}

/// `P(X ≤ count)` for a Poisson count with this mean. `None` unless both are finite and not negative.
///
/// ```
/// use siaga::epi::poisson_at_most;
/// // None at all: e^{−λ}.
/// assert!((poisson_at_most(0.0, 2.0).unwrap() - (-2.0_f64).exp()).abs() < 1e-15);
/// ```
#[must_use]
pub fn poisson_at_most(count: f64, mean: f64) -> Option<f64> {
    let is_known = |value: f64| value >= 0.0 && value.is_finite();
    (is_known(count) && is_known(mean)).then(|| gamma_share_above(count + 1.0, mean)).flatten()
}

/// Quantiles of the standard gamma distribution at fixed probabilities, each shape worked out once.
///
/// The shape of a posterior is a prior's plus a count, and the same counts come again and again: over all places and days of a
/// country a look into the table is some twenty times as quick as the quantile itself.
#[derive(Debug, Clone)]
pub struct GammaQuantiles<const N: usize> {
    probabilities: [f64; N],
    known: HashMap<u64, [f64; N]>,
}

impl<const N: usize> GammaQuantiles<N> {
    /// Shapes that are kept: a few megabytes at most.
    const KEPT: usize = 65_536;

    /// An empty table; `None` unless every probability lies between 0 and 1.
    ///
    /// ```
    /// use siaga::epi::{GammaQuantiles, gamma_quantile};
    /// let mut table = GammaQuantiles::new([0.025, 0.975]).unwrap();
    /// assert_eq!(table.at(8.0).unwrap()[1], gamma_quantile(8.0, 0.975).unwrap());
    /// assert!(GammaQuantiles::new([0.0]).is_none());
    /// ```
    #[must_use]
    pub fn new(probabilities: [f64; N]) -> Option<Self> {
        probabilities
            .iter()
            .all(|p| is_share(*p))
            .then(|| Self { probabilities, known: HashMap::with_capacity(1024) })
    }

    /// The quantiles at one shape, in the order of the probabilities; `None` unless the shape is positive.
    pub fn at(&mut self, shape: f64) -> Option<[f64; N]> {
        if let Some(known) = self.known.get(&shape.to_bits()) {
            return Some(*known);
        }
        if !is_positive(shape) {
            return None;
        }
        let quantiles = self.probabilities.map(|p| igami(shape, p));
        if self.known.len() < Self::KEPT {
            self.known.insert(shape.to_bits(), quantiles);
        }
        Some(quantiles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(value: Option<f64>, expected: f64, tolerance: f64) -> bool {
        value.is_some_and(|value| (value / expected - 1.0).abs() <= tolerance)
    }

    #[test]
    fn gamma_quantiles_are_right_over_nine_orders_of_magnitude() {
        // Shapes to 1,833: mpmath, the root of gammainc(a, 0, x, regularized) = p. Above: SciPy, and the expansion of Cornish and
        // Fisher to the fifth term agrees to 1e-15.
        for (shape, p, expected) in GAMMA {
            assert!(
                close(gamma_quantile(shape, p), expected, 1e-12),
                "{shape} {p}: {:?}",
                gamma_quantile(shape, p)
            );
        }
    }

    #[test]
    fn beta_quantiles_are_mpmaths_and_students_scipys() {
        // mpmath: the root of the binomial sum.
        for (a, b, p, expected, tolerance) in BETA {
            assert!(
                close(beta_quantile(a, b, p), expected, tolerance),
                "{a} {b} {p}: {:?}",
                beta_quantile(a, b, p)
            );
        }
        for (degrees, p, expected) in STUDENT {
            assert!(close(student_quantile(degrees, p), expected, 1e-12), "{degrees} {p}");
        }
    }

    #[test]
    fn poisson_tails_add_up_to_one_and_are_those_of_the_sum() {
        for (count, mean) in [(0.0, 0.33), (3.0, 0.33), (15.0, 12.7), (2_000.0, 1_833.0)] {
            let (most, more) =
                (poisson_at_most(count, mean).unwrap(), poisson_at_least(count + 1.0, mean).unwrap());
            assert!((most + more - 1.0).abs() < 1e-13, "{count} {mean}");
        }
        // e^{−λ}λ³/3! and what follows it, for λ = 0.33.
        let term = |k: i32| (-0.33_f64).exp() * 0.33_f64.powi(k) / (1..=k).map(f64::from).product::<f64>();
        let sum: f64 = (3..30).map(term).sum();
        assert!(close(poisson_at_least(3.0, 0.33), sum, 1e-13));
    }

    #[test]
    fn what_lies_outside_the_domain_has_no_value() {
        for (shape, p) in
            [(0.0, 0.5), (-1.0, 0.5), (f64::NAN, 0.5), (f64::INFINITY, 0.5), (1.0, 0.0), (1.0, 1.0)]
        {
            assert_eq!(gamma_quantile(shape, p), None, "{shape} {p}");
        }
        assert_eq!(gamma_quantile(1.0, f64::NAN), None);
        assert_eq!(beta_quantile(0.0, 1.0, 0.5), None);
        assert_eq!(beta_quantile(1.0, 1.0, 1.0), None);
        assert_eq!(beta_share_below(1.0, 1.0, f64::NAN), None);
        assert_eq!(normal_quantile(0.0), None);
        assert_eq!(student_quantile(0, 0.5), None);
        assert_eq!(poisson_at_least(-1.0, 1.0), None);
        assert_eq!(poisson_at_least(1.0, -1.0), None);
        assert_eq!(poisson_at_most(1.0, f64::INFINITY), None);
        assert_eq!(gamma_share_below(1.0, -1.0), Some(0.0));
        assert_eq!(gamma_share_below(0.0, 1.0), None);
        let mut table = GammaQuantiles::new([0.5]).unwrap();
        assert_eq!(table.at(-1.0), None);
    }

    proptest! {
        #[test]
        fn a_quantile_has_its_share_below_it(shape in 0.05_f64..1e5, p in 0.001_f64..0.999) {
            let x = gamma_quantile(shape, p).unwrap();
            prop_assert!((gamma_share_below(shape, x).unwrap() - p).abs() < 1e-11);
        }

        #[test]
        fn a_beta_quantile_has_its_share_below_it(a in 0.5_f64..2e3, b in 0.5_f64..2e4, p in 0.001_f64..0.999) {
            let x = beta_quantile(a, b, p).unwrap();
            prop_assert!((beta_share_below(a, b, x).unwrap() - p).abs() < 1e-9);
        }

        #[test]
        fn the_table_says_what_the_function_says(shapes in prop::collection::vec(0.1_f64..50.0, 1..20)) {
            let mut table = GammaQuantiles::new([0.025, 0.5, 0.975]).unwrap();
            for shape in shapes.iter().chain(&shapes) {
                let told = [0.025, 0.5, 0.975].map(|p| gamma_quantile(*shape, p).unwrap());
                prop_assert_eq!(table.at(*shape), Some(told));
            }
        }
    }

    /// Shape, probability, quantile.
    const GAMMA: [(f64, f64, f64); 27] = [
        (0.01, 0.001, 5.660_738_147_061_974e-301),
        (0.01, 0.025, 3.522_685_997_313_792_4e-161),
        (0.01, 0.975, 0.047_137_958_431_590_334),
        (0.3, 0.001, 6.972_699_096_783_344e-11),
        (0.3, 0.025, 3.185_679_031_739_166e-6),
        (0.3, 0.975, 1.900_263_642_838_825_3),
        (1.0, 0.001, 0.001_000_500_333_583_533_5),
        (1.0, 0.025, 0.025_317_807_984_289_876),
        (1.0, 0.975, 3.688_879_454_113_935_4),
        (8.0, 0.001, 1.970_813_921_740_365_7),
        (8.0, 0.025, 3.453_832_176_748_501_4),
        (8.0, 0.975, 14.422_675_361_702_378),
        (35.0, 0.001, 19.518_188_696_903_152),
        (35.0, 0.025, 24.378_782_402_519_76),
        (35.0, 0.975, 47.511_592_095_203_09),
        (157.0, 0.001, 121.109_209_867_523_09),
        (157.0, 0.025, 133.402_146_352_203_18),
        (157.0, 0.975, 182.491_290_037_105_41),
        (1833.0, 0.001, 1_703.540_699_036_23),
        (1833.0, 0.025, 1_750.038_117_276_502_6),
        (1833.0, 0.975, 1_917.856_114_285_518_5),
        (100_000.0, 0.001, 99_025.631_890_500_92),
        (100_000.0, 0.025, 99_381.152_663_744_72),
        (100_000.0, 0.975, 100_620.741_640_773_73),
        (10_000_000.0, 0.001, 9_990_230.677_189_464),
        (10_000_000.0, 0.025, 9_993_802.996_884_268),
        (10_000_000.0, 0.975, 10_006_198.897_421_6),
    ];

    /// Both parameters, probability, quantile, relative tolerance.
    const BETA: [(f64, f64, f64, f64, f64); 8] = [
        (1.0, 40.0, 0.025, 0.000_632_744_932_049_419, 1e-12),
        (3.0, 38.0, 0.975, 0.169_196_863_959_417_63, 1e-12),
        (42.0, 6324.0, 0.025, 0.004_759_698_092_337_804, 1e-11),
        (43.0, 6323.0, 0.975, 0.008_909_013_067_604_924, 1e-11),
        (1833.0, 1031.0, 0.025, 0.622_346_699_581_904_8, 1e-11),
        (1834.0, 1030.0, 0.975, 0.657_841_211_086_166, 1e-11),
        (1834.0, 1_041_237.0, 0.975, 0.001_839_569_708_701_592_5, 1e-10),
        (43.0, 1_043_028.0, 0.975, 5.442_721_656_239e-5, 1e-9),
    ];

    /// Degrees of freedom, probability, quantile.
    const STUDENT: [(u32, f64, f64); 4] = [
        (2, 0.975, 4.302_652_729_749_462),
        (8, 0.9, 1.396_815_309_743_865_4),
        (8, 0.975, 2.306_004_135_204_166),
        (30, 0.025, -2.042_272_456_301_238),
    ];
}
