//! A picture for messages and social pages: the city, the level by word, shape and colour, one sentence, the curve as a sketch,
//! and as of when. Made to be read at the size of a thumb. Not here: words and figures (the caller).

use super::canvas::{self, Canvas, Effect, Face, Ink, Part};
use super::level_strip::LevelMark;
use super::svg::{Chart, Envelope, finish};
use super::theme::{Theme, Token};
use super::time_axis::runs;

/// Width and height in CSS pixels: what social pages show without cutting.
pub const CARD: (u32, u32) = (1_200, 630);

/// Space between the picture's edge and what is in it.
const EDGE: f64 = 64.0;
/// The curve's top and bottom.
const CURVE: (f64, f64) = (420.0, 556.0);

/// A card, ready to be drawn. Texts are in the reader's language.
#[derive(Debug, Clone, Copy)]
pub struct Card<'a> {
    /// Whose figures: "siaga · Kota Bogor".
    pub brand: &'a str,
    /// The level.
    pub mark: LevelMark,
    /// The level in words.
    pub level: &'a str,
    /// How bad, which way: one sentence.
    pub sentence: &'a str,
    /// As of when.
    pub as_of: &'a str,
    /// Cases a day, `None` where there is no figure.
    pub days: &'a [Option<f64>],
    /// Figures for several days: first and last of them by their place, and cases a day on average.
    pub lumps: &'a [(u32, u32, f64)],
    /// Their mean of seven days.
    pub means: &'a [Option<f64>],
}

/// Draws the card.
#[must_use]
pub fn card(card: &Card<'_>, theme: Theme) -> Chart {
    let title = format!("{}: {}", card.brand, card.level);
    let envelope = Envelope { slug: "card", title: &title, description: card.sentence, size: CARD };
    let (width, height) = (f64::from(CARD.0), f64::from(CARD.1));
    let raw = canvas::draw(CARD, |canvas| {
        canvas.text(card.brand, (EDGE, 82.0), Face::new(30.0, Token::Muted));
        canvas.group(Part::Levels, || draw_level(canvas, card, width));
        let face = Face::new(34.0, Token::Ink);
        let mut y = 292.0;
        // Three lines fit over the curve.
        for line in face.wrap_evenly(card.sentence, width - 2.0 * EDGE).iter().take(3) {
            canvas.text(line, (EDGE, y), face);
            y += 44.0;
        }
        draw_curve(canvas, card, width);
        canvas.text(card.as_of, (EDGE, height - 28.0), Face::new(24.0, Token::Muted));
    });
    finish(&raw, &envelope, &[], theme)
}

/// The level as a band of its colour with shape and word.
fn draw_level(canvas: &Canvas<'_>, card: &Card<'_>, width: f64) {
    const TOP: f64 = 116.0;
    const BOTTOM: f64 = 226.0;
    const SHAPE: f64 = 27.0;
    let middle = f64::midpoint(TOP, BOTTOM);
    let room = width - 2.0 * EDGE - 3.0 * SHAPE - 84.0;
    let wanted = Face::new(68.0, card.mark.text()).bold();
    let face =
        Face { size: (wanted.size * room / wanted.width(card.level).max(1.0)).min(wanted.size), ..wanted };
    let right = EDGE + 36.0 + 2.0 * SHAPE + 28.0 + face.width(card.level) + 40.0;
    canvas.rect((EDGE, TOP), (right, BOTTOM), card.mark.fill());
    card.mark.draw_shape(canvas, (EDGE + 36.0 + SHAPE, middle), SHAPE);
    canvas.text(card.level, (EDGE + 36.0 + 2.0 * SHAPE + 28.0, middle + face.size * 0.35), face);
}

/// Bars and mean without axes; days without a figure stay empty.
fn draw_curve(canvas: &Canvas<'_>, card: &Card<'_>, width: f64) {
    let (top, bottom) = CURVE;
    let lumps = card.lumps.iter().map(|lump| lump.2);
    let known = card.days.iter().chain(card.means).flatten().copied().chain(lumps);
    let high = known.filter(|value| value.is_finite()).fold(1.0, f64::max);
    let count = f64::from(u32::try_from(card.days.len()).unwrap_or(u32::MAX)).max(1.0);
    let step = (width - 2.0 * EDGE) / count;
    let y = |value: f64| bottom - (value / high).clamp(0.0, 1.0) * (bottom - top);
    let places = || (0_u32..).map(|nth| EDGE + f64::from(nth) * step);
    canvas.group(Part::Bars, || {
        for (left, value) in places().zip(card.days) {
            if let Some(value) = value.filter(|value| value.is_finite() && *value > 0.0) {
                canvas.rect((left + 2.0, y(value)), (left + step - 2.0, bottom), Token::Bar);
            }
        }
    });
    canvas.group(Part::Lumps, || {
        for (first, last, value) in card.lumps.iter().filter(|lump| lump.2.is_finite()) {
            let left = EDGE + f64::from(*first) * step + 2.0;
            let right = EDGE + f64::from(last + 1) * step - 2.0;
            canvas.rect((left, y(*value)), (right, bottom), Ink::with(Token::Lump, Effect::Hatched));
            let outline = [(left, bottom), (left, y(*value)), (right, y(*value)), (right, bottom)];
            canvas.line(&outline, 1.0, Token::Lump);
        }
    });
    let points = places().zip(card.means).map(|(left, value)| {
        value.filter(|value| value.is_finite()).map(|value| (left + step / 2.0, y(value)))
    });
    canvas.group(Part::Line, || {
        for run in runs(points) {
            if run.len() > 1 {
                canvas.line(&run, 8.0, Ink::faded(Token::Surface, 0.85));
                canvas.line(&run, 4.5, Token::Line);
            }
        }
    });
    canvas.line(&[(EDGE, bottom), (width - EDGE, bottom)], 1.5, Token::Muted);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(level: &str, days: &[Option<f64>]) -> Chart {
        let made = Card {
            brand: "siaga · Kota Bogor",
            mark: LevelMark::FullWfh,
            level,
            sentence: "2.083 kasus dalam 7 hari, naik 81% dari pekan sebelumnya.",
            as_of: "28 Juni 2021",
            days,
            lumps: &[(1, 1, 4.0)],
            means: days,
        };
        card(&made, Theme::Light)
    }

    #[test]
    fn a_card_says_city_level_sentence_and_when() {
        let chart = drawn("WFH 100%", &[Some(3.0), None, Some(5.0), Some(6.0)]);
        for text in ["siaga · Kota Bogor", "WFH 100%", "28 Juni 2021"] {
            assert!(chart.svg.contains(&format!("\n{text}\n")), "{text}");
        }
        let bars = chart.svg.split("part-bars").nth(1).unwrap().split("</g>").next().unwrap();
        assert_eq!(bars.matches("<rect").count(), 3, "a day without a figure has no bar");
        assert_eq!(chart.svg.matches("part-lumps").count(), 1, "a figure for several days is one wide bar");
        assert!(chart.alt.contains("naik 81%"));
    }

    #[test]
    fn a_long_level_is_set_smaller_and_nothing_odd_is_drawn() {
        let chart = drawn(&"Tidak dapat dinilai ".repeat(6), &[Some(f64::NAN), Some(f64::INFINITY)]);
        assert!(!chart.svg.contains("NaN") && !chart.svg.contains("inf"));
        assert!(drawn("Normal", &[]).svg.ends_with("</svg>\n"));
    }
}
