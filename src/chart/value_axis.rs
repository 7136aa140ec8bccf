//! Values to heights: the linear and the logarithmic scale, round ticks, light grid lines with their numbers.
//! Not here: days (`time_axis.rs`), thresholds (`threshold.rs`), what the values are.

use super::canvas::{Anchor, Canvas, Face};
use super::theme::Token;
use super::time_axis::{LABEL, TimeAxis};

/// How the values of an axis are spaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Equal steps; the reader's default.
    Linear,
    /// Equal ratios, for analysts. Values at or under zero stand on the baseline.
    Log,
}

/// Values to heights, with the values that get a grid line.
#[derive(Debug, Clone)]
pub(super) struct ValueAxis {
    scale: Scale,
    low: f64,
    high: f64,
    ticks: Vec<f64>,
    top: f64,
    bottom: f64,
}

impl ValueAxis {
    /// An axis from zero (linear) or from a power of ten (log) to a little above `high`. `whole` allows only
    /// whole numbers at the ticks, for counts. `span` is top and bottom in CSS pixels.
    pub(super) fn from_zero(scale: Scale, high: f64, whole: bool, span: (f64, f64)) -> Self {
        match scale {
            Scale::Linear => Self::linear((0.0, high), whole, span),
            Scale::Log => Self::log(high, span),
        }
    }

    /// A linear axis over `range`, stretched to whole steps where that costs little.
    pub(super) fn linear(range: (f64, f64), whole: bool, (top, bottom): (f64, f64)) -> Self {
        let (low, high) = (range.0.min(range.1), range.1);
        let height = if high - low > 1e-9 { high - low } else { 1.0 };
        let step = nice_step(height, whole);
        let floor = (low / step).floor() * step;
        let ceiling = ((low + height) / step - 1e-9).ceil() * step;
        let roomy = low + height * 1.04;
        let high = if ceiling - (low + height) <= height * 0.2 { ceiling.max(roomy) } else { roomy };
        let count = ((high - floor) / step + 1e-9).floor().clamp(0.0, 20.0);
        let ticks =
            (0_u8..=20).map(f64::from).take_while(|n| *n <= count).map(|n| floor + n * step).collect();
        Self { scale: Scale::Linear, low: floor, high, ticks, top, bottom }
    }

    fn log(high: f64, (top, bottom): (f64, f64)) -> Self {
        let high = high.max(10.0) * 1.15;
        let decades = high.log10();
        let within: &[f64] = if decades < 2.5 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let powers = (0_i32..=12).map(|power| 10_f64.powi(power));
        let ticks = powers.flat_map(|power| within.iter().map(move |digit| digit * power));
        Self {
            scale: Scale::Log,
            low: 1.0,
            high,
            ticks: ticks.take_while(|tick| *tick <= high).collect(),
            top,
            bottom,
        }
    }

    pub(super) fn top(&self) -> f64 {
        self.top
    }

    pub(super) fn bottom(&self) -> f64 {
        self.bottom
    }

    /// The values with a grid line.
    pub(super) fn ticks(&self) -> impl Iterator<Item = f64> {
        self.ticks.iter().copied()
    }

    pub(super) fn high(&self) -> f64 {
        self.high
    }

    /// Height of a value, kept inside the plot.
    pub(super) fn y(&self, value: f64) -> f64 {
        let share = match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log => value.max(self.low).log10() / self.high.log10(),
        };
        self.bottom - share.clamp(0.0, 1.0) * (self.bottom - self.top)
    }

    /// Light lines across the plot and their numbers to the left of it.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, time: &TimeAxis, format: &dyn Fn(f64) -> String) {
        let face = Face::new(LABEL, Token::Muted).anchored(Anchor::End);
        let labels: Vec<_> = self.ticks.iter().map(|tick| (self.y(*tick), format(*tick))).collect();
        // The gutter is fixed so that charts line up; long numbers are set smaller rather than cut off.
        let widest = labels.iter().map(|(_, label)| face.width(label)).fold(1.0, f64::max);
        let size = (LABEL * (time.left() - 11.0) / widest).clamp(8.0, LABEL);
        for (y, label) in labels {
            canvas.line(&[(time.left(), y), (time.right(), y)], 1.0, Token::Grid);
            canvas.text(&label, (time.left() - 8.0, y + size * 0.35), Face { size, ..face });
        }
    }
}

/// The step of 1, 2, 2.5 or 5 times a power of ten that gives nearest to five grid lines, zero included.
fn nice_step(height: f64, whole: bool) -> f64 {
    let power = 10_f64.powf((height / 5.0).log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|digit| digit * power);
    let allowed = steps.into_iter().filter(|step| !whole || (*step >= 1.0 && step.fract() < 1e-9));
    let distance = |step: f64| ((height / step).ceil() + 1.0 - 4.9).abs();
    allowed.min_by(|one, other| distance(*one).total_cmp(&distance(*other))).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_ticks_are_few_and_round() {
        for (high, expected) in [(562.0, vec![0.0, 200.0, 400.0, 600.0]), (3.0, vec![0.0, 1.0, 2.0, 3.0])] {
            let axis = ValueAxis::from_zero(Scale::Linear, high, true, (0.0, 100.0));
            assert_eq!(axis.ticks, expected);
        }
        for high in [1.0, 7.0, 12.0, 29.0, 99.0, 101.0, 450.0, 1240.0, 56_000.0] {
            let axis = ValueAxis::from_zero(Scale::Linear, high, true, (0.0, 100.0));
            assert!((2..=7).contains(&axis.ticks.len()), "{high}: {:?}", axis.ticks);
            assert!(axis.high() >= high);
        }
    }

    #[test]
    fn heights_stay_inside_the_plot() {
        for scale in [Scale::Linear, Scale::Log] {
            let axis = ValueAxis::from_zero(scale, 400.0, true, (20.0, 220.0));
            assert!((axis.y(0.0) - 220.0).abs() < 1e-9);
            assert!((20.0..220.0).contains(&axis.y(400.0)));
            assert!((axis.y(1e9) - 20.0).abs() < 1e-9);
        }
    }
}
