//! A line without axes for a table's cell or a sentence: where it went, and a dot where it stands. Gaps stay gaps. What it
//! shows is in its text alternative; the number itself stands beside it in the cell.

use super::canvas::{self, Part};
use super::svg::{Chart, Envelope, finish};
use super::theme::{Theme, Token};
use super::time_axis::runs;

/// Room round the line for the dot.
const EDGE: f64 = 3.5;

/// A sparkline, ready to be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Sparkline<'a> {
    /// Makes the ids in the SVG unique in a page.
    pub slug: &'a str,
    /// What it is.
    pub title: &'a str,
    /// First and last value in words.
    pub description: &'a str,
    /// A value a day; `None` where there is none.
    pub values: &'a [Option<f64>],
    /// Width and height in CSS pixels.
    pub size: (u32, u32),
}

/// Draws it, from zero up, so that sparklines of one table can be compared by their shape.
#[must_use]
pub fn sparkline(spark: &Sparkline<'_>, theme: Theme) -> Chart {
    let envelope =
        Envelope { slug: spark.slug, title: spark.title, description: spark.description, size: spark.size };
    let (width, height) = (f64::from(spark.size.0), f64::from(spark.size.1));
    let known = || spark.values.iter().flatten().copied().filter(|value| value.is_finite());
    let (low, high) = (known().fold(0.0, f64::min), known().fold(0.0, f64::max));
    let span = if high - low > 0.0 { high - low } else { 1.0 };
    let steps = f64::from(u32::try_from(spark.values.len().saturating_sub(1)).unwrap_or(u32::MAX)).max(1.0);
    let places = (0_u32..).map(f64::from).zip(spark.values);
    let points: Vec<_> = places
        .map(|(nth, value)| {
            let value = value.filter(|value| value.is_finite())?;
            let y = height - EDGE - (value - low) / span * (height - 2.0 * EDGE);
            Some((EDGE + nth / steps * (width - 2.0 * EDGE), y))
        })
        .collect();
    let raw = canvas::draw(spark.size, |canvas| {
        canvas.group(Part::Line, || {
            for run in runs(points.iter().copied()) {
                match run.as_slice() {
                    [only] => canvas.disc(*only, 1.2, Token::Line),
                    line => canvas.line(line, 1.6, Token::Line),
                }
            }
            if let Some(last) = points.iter().rev().copied().flatten().next() {
                canvas.disc(last, 2.6, Token::Line);
            }
        });
    });
    finish(&raw, &envelope, &[], theme)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(values: &[Option<f64>]) -> String {
        let spark =
            Sparkline { slug: "kasus", title: "Kasus", description: "Dari 1 ke 3.", values, size: (120, 28) };
        sparkline(&spark, Theme::Page).svg
    }

    #[test]
    fn a_gap_parts_the_line_and_the_last_value_is_a_dot() {
        let svg = draw(&[Some(1.0), Some(2.0), None, Some(2.0), Some(3.0)]);
        assert_eq!(svg.matches("<polyline").count(), 2);
        assert_eq!(svg.matches("<circle").count(), 1);
        assert!(svg.contains("Dari 1 ke 3."));
    }

    #[test]
    fn nothing_and_odd_values_draw_nothing_odd() {
        for values in [&[][..], &[None], &[Some(f64::NAN), Some(f64::INFINITY)], &[Some(0.0)]] {
            let svg = draw(values);
            assert!(!svg.contains("NaN") && !svg.contains("inf") && svg.ends_with("</svg>\n"));
        }
    }
}
