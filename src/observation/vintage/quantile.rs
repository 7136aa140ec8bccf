//! Quantiles of a few numbers.

/// The `p`-quantile, 0 to 1, of numbers in any order: linear between neighbours, so that the median of two is their mean.
///
/// `Q(p) = x_k + (h − k)·(x_{k+1} − x_k)` with `h = (n − 1)·p + 1` and `k = ⌊h⌋`, the numbers sorted and counted from 1: type
/// 7 of R. J. Hyndman and Y. Fan, *The American Statistician* 50 (1996) 361. `None` for no numbers.
///
/// ```
/// use siaga::observation::quantile;
/// assert_eq!(quantile(&[4.0, 1.0, 3.0, 2.0], 0.5), Some(2.5));
/// assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.9), Some(4.6));
/// assert_eq!(quantile(&[], 0.5), None);
/// ```
#[must_use]
pub fn quantile(numbers: &[f64], p: f64) -> Option<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let place = p.clamp(0.0, 1.0) * f64::from(u32::try_from(last).unwrap_or(u32::MAX));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    Some(sorted[below] + place.fract() * (sorted[above] - sorted[below]))
}
