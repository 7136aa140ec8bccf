//! Thin named lines across a plot, with their names in the right gutter: pushed apart where they would overlap,
//! joined to their lines by a leader, and said at the top with a small triangle where the value lies above the
//! axis. Not here: what a threshold means (the policy) and its name's words (the caller).

use super::canvas::{Canvas, Effect, Face, Ink};
use super::theme::Token;
use super::time_axis::TimeAxis;
use super::value_axis::ValueAxis;

/// At most this many names; more cannot be told apart.
const MOST: usize = 5;
const SIZE: f64 = 12.5;
const LEADING: f64 = 14.0;

/// One line across the plot, or the end of a series that is named like one.
#[derive(Clone)]
pub(super) struct NamedLine<'a> {
    /// In the unit of the value axis.
    pub(super) value: f64,
    pub(super) name: &'a str,
    pub(super) dashed: bool,
    pub(super) token: Token,
    /// Whether it is a line; else only its name is drawn.
    pub(super) is_across: bool,
}

/// The three threshold colours, lowest first.
pub(super) const TOKENS: [Token; 3] = [Token::Threshold1, Token::Threshold2, Token::Threshold3];

/// The highest value the axis must reach: thresholds count only while they do not flatten what is measured.
pub(super) fn reach(measured: f64, thresholds: impl Iterator<Item = f64>) -> f64 {
    let near = thresholds.filter(|value| value.is_finite() && *value <= measured * 1.6);
    near.fold(measured, f64::max)
}

/// The lines themselves; drawn before the values so that the values stay on top.
pub(super) fn draw_lines(canvas: &Canvas<'_>, lines: &[NamedLine<'_>], axes: (&TimeAxis, &ValueAxis)) {
    let (time, value) = axes;
    for line in lines.iter().take(MOST).filter(|line| line.value <= value.high()) {
        let y = value.y(line.value);
        let effect = if line.dashed { Effect::Dashed } else { Effect::Plain };
        canvas.line(&[(time.left(), y), (time.right(), y)], 1.2, Ink::with(line.token, effect));
    }
}

/// The names in the right gutter, `edge` being the picture's right edge in CSS pixels.
pub(super) fn draw_names(
    canvas: &Canvas<'_>,
    lines: &[NamedLine<'_>],
    axes: (&TimeAxis, &ValueAxis),
    edge: f64,
) {
    let (time, value) = axes;
    let left = time.right() + 14.0;
    let mut sorted: Vec<_> = lines.iter().take(MOST).filter(|line| line.value.is_finite()).collect();
    sorted.sort_by(|one, other| other.value.total_cmp(&one.value));
    // A word that is wider than the gutter is set smaller rather than cut off.
    let words = sorted.iter().flat_map(|line| line.name.split_whitespace());
    let widest = words.map(|word| Face::new(SIZE, Token::Muted).width(word)).fold(1.0, f64::max);
    let size = (SIZE * (edge - left) / widest).clamp(9.5, SIZE);
    let names: Vec<_> =
        sorted.iter().map(|line| Face::new(size, line.token).wrap(line.name, edge - left)).collect();
    let wanted: Vec<_> =
        sorted.iter().zip(&names).map(|(line, name)| (value.y(line.value), height(name))).collect();
    let placed = spread(&wanted, (value.top() - 3.0, value.bottom() + 12.0));
    for ((line, name), (centre, (y, height))) in sorted.iter().zip(&names).zip(placed.iter().zip(&wanted)) {
        let face = Face::new(size, line.token);
        if line.value <= value.high() {
            let leader =
                [(time.right(), *y), (time.right() + 3.0, *y), (left - 5.0, *centre), (left - 2.0, *centre)];
            canvas.line(&leader, 1.0, line.token);
        } else {
            let (x, top) = (left - 10.0, centre - height / 2.0 + 2.0);
            canvas.polygon(&[(x, top + 7.0), (x + 3.5, top), (x + 7.0, top + 7.0)], line.token);
        }
        for (text, nth) in name.iter().zip(0_u8..) {
            let baseline = centre - height / 2.0 + LEADING * f64::from(nth) + 11.0;
            canvas.text(text, (left, baseline), face);
        }
    }
}

fn height(name: &[String]) -> f64 {
    name.iter().fold(0.0, |height, _| height + LEADING)
}

/// Centres of boxes, given in order from the top as (wanted centre, height), that neither overlap nor leave the
/// span. Boxes are pushed down first and, where they then stick out at the bottom, back up.
fn spread(wanted: &[(f64, f64)], (top, bottom): (f64, f64)) -> Vec<f64> {
    const GAP: f64 = 3.0;
    let mut edge = top;
    let mut centres: Vec<f64> = Vec::with_capacity(wanted.len());
    for (centre, height) in wanted {
        let placed = centre.max(edge + height / 2.0);
        centres.push(placed);
        edge = placed + height / 2.0 + GAP;
    }
    let mut edge = bottom;
    for (centre, (_, height)) in centres.iter_mut().zip(wanted).rev() {
        *centre = centre.min(edge - height / 2.0);
        edge = *centre - height / 2.0 - GAP;
    }
    centres
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_overlap() {
        let wanted = [(100.0, 28.0), (104.0, 28.0), (108.0, 28.0)];
        let centres = spread(&wanted, (0.0, 112.0));
        for pair in centres.windows(2) {
            let [one, other] = pair else { continue };
            assert!(other - one >= 28.0, "{centres:?}");
        }
        assert!(centres.iter().all(|centre| centre + 14.0 <= 112.0));
    }

    #[test]
    fn names_with_room_stand_at_their_lines() {
        assert_eq!(spread(&[(20.0, 14.0), (60.0, 14.0)], (0.0, 100.0)), [20.0, 60.0]);
    }

    #[test]
    fn a_far_threshold_does_not_flatten_the_curve() {
        let thresholds = [29.8, 74.5, 223.5];
        assert!((reach(50.0, thresholds.into_iter()) - 74.5).abs() < 1e-9);
        assert!((reach(400.0, thresholds.into_iter()) - 400.0).abs() < 1e-9);
    }
}
