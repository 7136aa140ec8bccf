//! What stands round every plot: the title that says the finding, the subtitle with the unit, the key, and the
//! line with as-of date and source. Measures and wraps them and tells the chart which height is left.
//! Not here: axes (`axis.rs`) and the lines across the plot (`threshold.rs`).

use super::canvas::{Canvas, Effect, Face, Ink, Point};
use super::theme::Token;
use super::time_axis::{FOOT, is_narrow};

/// Space between the picture's edge and its texts, CSS pixels.
const EDGE: f64 = 4.0;
/// Width of a sample in the key.
const SAMPLE: f64 = 16.0;
/// Space between a sample and its words.
const SAMPLE_GAP: f64 = 5.0;

/// How one entry of the key is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sample {
    Bar(Ink),
    Outlined(Token),
    Line(Token),
    Dashes(Token),
    Whisker(Token),
    Dots(Token),
}

/// One entry of the key.
pub(super) struct KeyEntry<'a> {
    pub(super) sample: Sample,
    pub(super) text: std::borrow::Cow<'a, str>,
}

/// The texts round a plot.
pub(super) struct Frame<'a> {
    pub(super) title: &'a str,
    pub(super) subtitle: &'a str,
    pub(super) source_line: &'a str,
    pub(super) key: &'a [KeyEntry<'a>],
    /// CSS pixels.
    pub(super) size: (u32, u32),
}

impl Frame<'_> {
    /// Draws the texts and returns top and bottom of the plot in CSS pixels; the dates go under the bottom.
    pub(super) fn draw(&self, canvas: &Canvas<'_>) -> (f64, f64) {
        let width = f64::from(self.size.0) - 2.0 * EDGE;
        let title_size = if is_narrow(self.size.0) { 18.0 } else { 20.0 };
        let mut y = 2.0;
        y = lines(canvas, self.title, (y, width), Face::new(title_size, Token::Ink).bold());
        y = lines(canvas, self.subtitle, (y + 2.0, width), Face::new(14.0, Token::Muted));
        y = self.draw_key(canvas, y + 4.0, width);
        let bottom = self.draw_source(canvas, width) - FOOT;
        // A picture too low for its texts keeps a plot of some height rather than none or a negative one.
        let top = y + 14.0;
        (top, bottom.max(top + 24.0))
    }

    fn draw_key(&self, canvas: &Canvas<'_>, top: f64, width: f64) -> f64 {
        let (face, gap, leading) = if is_narrow(self.size.0) {
            (Face::new(12.5, Token::Muted), 11.0, 17.0)
        } else {
            (Face::new(13.0, Token::Muted), 18.0, 19.0)
        };
        let (mut x, mut y) = (EDGE, top);
        if self.key.is_empty() {
            return y;
        }
        for entry in self.key {
            let needed = SAMPLE + SAMPLE_GAP + face.width(&entry.text);
            if x > EDGE && x + needed > width + EDGE {
                x = EDGE;
                y += leading;
            }
            entry.sample.draw(canvas, (x, y + 4.0));
            canvas.text(&entry.text, (x + SAMPLE + SAMPLE_GAP, y + 14.0), face);
            x += needed + gap;
        }
        y + 18.0
    }

    /// Draws the source line at the foot and returns its top.
    fn draw_source(&self, canvas: &Canvas<'_>, width: f64) -> f64 {
        let face = Face::new(12.0, Token::Muted);
        let height = f64::from(self.size.1);
        let wrapped = face.wrap(self.source_line, width);
        let top = wrapped.iter().fold(height - 4.0, |top, _| top - 15.0);
        for (line, nth) in wrapped.iter().zip(1_u8..) {
            canvas.text(line, (EDGE, top + 15.0 * f64::from(nth) - 3.0), face);
        }
        top - 4.0
    }
}

impl Sample {
    fn draw(self, canvas: &Canvas<'_>, (x, y): Point) {
        let middle = y + 5.5;
        match self {
            Self::Bar(ink) => canvas.rect((x, y), (x + SAMPLE - 3.0, y + 11.0), ink),
            Self::Outlined(token) => {
                let (from, to) = ((x, y), (x + SAMPLE - 3.0, y + 11.0));
                canvas.rect(from, to, Ink::with(token, Effect::Hatched));
                canvas.line(&[from, (to.0, from.1), to, (from.0, to.1), from], 1.0, token);
            }
            Self::Line(token) => canvas.line(&[(x + 1.0, middle), (x + SAMPLE - 1.0, middle)], 2.5, token),
            Self::Dashes(token) => {
                let ink = Ink::with(token, Effect::Dashed);
                canvas.line(&[(x + 1.0, middle), (x + SAMPLE, middle)], 2.2, ink);
            }
            Self::Whisker(token) => {
                let (x, top, bottom) = (x + SAMPLE / 2.0, y - 1.0, y + 12.0);
                canvas.line(&[(x, top), (x, bottom)], 1.6, token);
                canvas.line(&[(x - 4.0, top), (x + 4.0, top)], 1.6, token);
                canvas.line(&[(x - 4.0, bottom), (x + 4.0, bottom)], 1.6, token);
            }
            Self::Dots(token) => {
                canvas.line(
                    &[(x + 1.0, middle), (x + SAMPLE, middle)],
                    2.0,
                    Ink::with(token, Effect::Dotted),
                );
            }
        }
    }
}

/// Draws wrapped text from `top` down and returns where it ends.
fn lines(canvas: &Canvas<'_>, text: &str, (top, width): (f64, f64), face: Face) -> f64 {
    let leading = (face.size * 1.22).round();
    let wrapped = if face.bold { face.wrap_evenly(text, width) } else { face.wrap(text, width) };
    wrapped.iter().fold(top, |y, line| {
        canvas.text(line, (EDGE, y + leading - face.size * 0.2), face);
        y + leading
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::canvas::draw;

    fn plot(title: &str, size: (u32, u32)) -> (f64, f64) {
        let mut span = (0.0, 0.0);
        let frame = Frame { title, subtitle: "per hari", source_line: "Dinkes", key: &[], size };
        draw(size, |canvas| span = frame.draw(canvas));
        span
    }

    #[test]
    fn a_longer_title_takes_height_from_the_plot() {
        let short = plot("Naik", (390, 340));
        let long = plot("Kasus harian melewati 400, tertinggi sejak awal pandemi di Kota Bogor", (390, 340));
        assert!(long.0 > short.0 + 20.0);
        assert!((long.1 - short.1).abs() < 1e-9);
    }

    #[test]
    fn a_picture_too_low_still_has_a_plot() {
        let (top, bottom) = plot("Kasus harian", (390, 40));
        assert!(bottom > top);
    }
}
