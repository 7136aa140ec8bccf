//! Drawing in CSS pixels on plotters' SVG backend, with the embedded font: shapes, text, measuring, wrapping.
//! Plotters rounds to whole units, so everything is drawn ten times larger and `svg.rs` scales it back: bars of
//! 4.6 px keep equal widths and a line does not climb in steps. Not here: what a chart looks like, real colours.
//! Next: `frame.rs` and `axis.rs`, which draw what all charts share.

use std::sync::Once;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::register_font;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::theme::{SENTINEL_RED, Token};

/// The regular weight; also what PNGs are set in.
pub(super) const REGULAR: &[u8] = include_bytes!("../../dashboards/assets/font/siaga-sans-400.ttf");
/// The semi-bold weight of titles.
pub(super) const SEMIBOLD: &[u8] = include_bytes!("../../dashboards/assets/font/siaga-sans-600.ttf");

/// Drawing units per CSS pixel.
pub(super) const UNITS: f64 = 10.0;
/// Plotters writes a font size divided by this.
const PLOTTERS_FONT_RATIO: f64 = 1.24;
/// Plotters takes a size for the font's line height (1.326 em here: ascent 1,000 and descent 326 of 1,000) when it
/// measures, and for 1.24 em when it writes; one per cent more keeps rounding on the safe side.
const WIDTH_CORRECTION: f64 = 1.326 / PLOTTERS_FONT_RATIO * 1.01;
/// The name plotters knows the embedded font by; `svg.rs` writes the family's real name.
pub(super) const FAMILY: &str = "sans-serif";

/// A point in CSS pixels from the top left corner.
pub(super) type Point = (f64, f64);

/// A way of using a colour that plain SVG colours cannot say; `svg.rs` turns it into attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Plain,
    Dashed,
    Dotted,
    Hatched,
    Halo,
}

impl Effect {
    const ALL: [Self; 5] = [Self::Plain, Self::Dashed, Self::Dotted, Self::Hatched, Self::Halo];

    /// The second byte of a sentinel colour.
    fn code(self) -> u8 {
        Self::ALL.iter().zip(0_u8..).find(|(effect, _)| **effect == self).map_or(0, |(_, code)| code)
    }

    pub(super) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

/// Second byte of a sentinel colour that begins or ends a group instead of colouring anything.
pub(super) const GROUP_MARK: u8 = 0xF0;
/// Third byte of the sentinel that ends a group.
pub(super) const GROUP_END: u8 = 0xFF;

/// A part of a drawing that programs can find: its group's class is `part-` and the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Axis,
    Ground,
    Band,
    Bars,
    Lumps,
    Line,
    Beside,
    Others,
    Ahead,
    Reports,
    Thresholds,
    Gaps,
    Levels,
}

impl Part {
    const ALL: [(Self, &'static str); 13] = [
        (Self::Axis, "axis"),
        (Self::Ground, "ground"),
        (Self::Band, "band"),
        (Self::Bars, "bars"),
        (Self::Lumps, "lumps"),
        (Self::Line, "line"),
        (Self::Beside, "beside"),
        (Self::Others, "others"),
        (Self::Ahead, "ahead"),
        (Self::Reports, "reports"),
        (Self::Thresholds, "thresholds"),
        (Self::Gaps, "gaps"),
        (Self::Levels, "levels"),
    ];

    /// The name behind a code.
    pub(super) fn name(code: u8) -> Option<&'static str> {
        Self::ALL.get(usize::from(code)).map(|(_, name)| *name)
    }
}

/// A colour with its effect and opacity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ink {
    token: Token,
    effect: Effect,
    opacity: f64,
}

impl From<Token> for Ink {
    fn from(token: Token) -> Self {
        Self { token, effect: Effect::Plain, opacity: 1.0 }
    }
}

impl Ink {
    pub(super) fn with(token: Token, effect: Effect) -> Self {
        Self { token, effect, opacity: 1.0 }
    }

    pub(super) fn faded(token: Token, opacity: f64) -> Self {
        Self { token, effect: Effect::Plain, opacity }
    }

    fn colour(self) -> RGBAColor {
        RGBColor(SENTINEL_RED, self.effect.code(), self.token.index()).mix(self.opacity)
    }

    fn fill(self) -> ShapeStyle {
        self.colour().filled()
    }

    fn stroke(self, width: f64) -> ShapeStyle {
        self.colour().stroke_width(units(width).unsigned_abs())
    }
}

/// Which end of a text stands at the given point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text is set: size in CSS pixels, weight, colour, anchor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Face {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) ink: Ink,
    pub(super) anchor: Anchor,
}

impl Face {
    pub(super) fn new(size: f64, token: Token) -> Self {
        Self { size, bold: false, ink: token.into(), anchor: Anchor::Start }
    }

    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    /// Puts a rim of the surface's colour round the letters, for text over bars and lines.
    pub(super) fn with_halo(self) -> Self {
        Self { ink: Ink { effect: Effect::Halo, ..self.ink }, ..self }
    }

    /// Width of `text` in CSS pixels.
    pub(super) fn width(&self, text: &str) -> f64 {
        register_fonts();
        let measured = self.font().box_size(text).map_or(0, |(width, _)| width);
        f64::from(measured) / UNITS * WIDTH_CORRECTION
    }

    /// Breaks `text` between words into lines of at most `width` CSS pixels; a word longer than that stays whole.
    pub(super) fn wrap(&self, text: &str, width: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in unbroken(text) {
            if let Some(line) = lines.last_mut() {
                let longer = format!("{line} {word}");
                if self.width(&longer) <= width {
                    *line = longer;
                    continue;
                }
            }
            lines.push(word);
        }
        lines
    }

    /// As [`Face::wrap`], with lines of similar length: a title does not end in a lone word.
    pub(super) fn wrap_evenly(&self, text: &str, width: f64) -> Vec<String> {
        let mut best = self.wrap(text, width);
        let mut narrower = width;
        while best.len() > 1 && narrower > width / 2.0 {
            narrower -= width / 40.0;
            let lines = self.wrap(text, narrower);
            if lines.len() > best.len() || lines.iter().any(|line| self.width(line) > width) {
                break;
            }
            best = lines;
        }
        best
    }

    fn font(&self) -> FontDesc<'static> {
        let style = if self.bold { FontStyle::Bold } else { FontStyle::Normal };
        // Not `into_font().style(…)`: that keeps measuring with the regular weight's letters.
        FontDesc::new(FontFamily::SansSerif, self.size * UNITS * PLOTTERS_FONT_RATIO, style)
    }
}

/// A surface to draw on. Errors are dropped on purpose: writing into a `String` cannot fail, and the font is
/// embedded and checked by a test below.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// Draws on a canvas of `size` CSS pixels and returns plotters' SVG, in [`UNITS`] and sentinel colours.
pub(super) fn draw(size: (u32, u32), drawing: impl FnOnce(&Canvas<'_>)) -> String {
    register_fonts();
    let mut svg = String::new();
    let scaled = (size.0.saturating_mul(10), size.1.saturating_mul(10));
    let canvas = Canvas { area: SVGBackend::with_string(&mut svg, scaled).into_drawing_area() };
    drawing(&canvas);
    let _ = canvas.area.present();
    drop(canvas);
    svg
}

impl Canvas<'_> {
    /// What is drawn inside becomes one group of the SVG, named for programs.
    pub(super) fn group(&self, part: Part, drawing: impl FnOnce()) {
        self.mark_group(part as u8);
        drawing();
        self.mark_group(GROUP_END);
    }

    /// A disc of no size in a colour that nothing else has; `svg.rs` turns it into a tag.
    fn mark_group(&self, code: u8) {
        let ink = RGBColor(SENTINEL_RED, GROUP_MARK, code).filled();
        let _ = self.area.draw(&Circle::new((0, 0), 0, ink));
    }

    /// A filled rectangle from corner to corner.
    pub(super) fn rect(&self, from: Point, to: Point, ink: impl Into<Ink>) {
        let _ = self.area.draw(&Rectangle::new([place(from), place(to)], ink.into().fill()));
    }

    /// A filled shape.
    pub(super) fn polygon(&self, points: &[Point], ink: impl Into<Ink>) {
        if points.is_empty() {
            return;
        }
        let points: Vec<_> = points.iter().copied().map(place).collect();
        let _ = self.area.draw(&Polygon::new(points, ink.into().fill()));
    }

    /// An open line, `width` CSS pixels thick.
    pub(super) fn line(&self, points: &[Point], width: f64, ink: impl Into<Ink>) {
        if points.is_empty() {
            return;
        }
        let points: Vec<_> = points.iter().copied().map(place).collect();
        let _ = self.area.draw(&PathElement::new(points, ink.into().stroke(width)));
    }

    /// A filled disc.
    pub(super) fn disc(&self, centre: Point, radius: f64, ink: impl Into<Ink>) {
        let _ = self.area.draw(&Circle::new(place(centre), units(radius), ink.into().fill()));
    }

    /// A stretch of the line that carries the message, with a rim that lifts it off the bars; a lone day is a dot.
    pub(super) fn trend(&self, run: &[Point], ink: impl Into<Ink>) {
        if let [only] = run {
            self.disc(*only, 2.4, ink);
            return;
        }
        self.line(run, 4.5, Ink::faded(Token::Surface, 0.85));
        self.line(run, 2.4, ink);
    }

    /// A line of text whose baseline passes through `at`.
    pub(super) fn text(&self, text: &str, at: Point, face: Face) {
        let horizontal = match face.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let style = face.font().color(&face.ink.colour()).pos(Pos::new(horizontal, VPos::Top));
        // The backend hangs "top" text 0.76 em above its baseline; taking that off leaves the baseline at `at`.
        let top = (at.0, at.1 - 0.76 * face.size);
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let _ = self.area.draw_text(&clean, &style, place(top));
    }
}

/// The words of a text; a day, its month and its year are one, because nobody wants to look for half a date.
fn unbroken(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let is_day = |word: &str| matches!(word.len(), 1 | 2) && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_year = |word: &str| {
        let digits = word.trim_end_matches([',', '.', ';', ':', ')']);
        digits.len() == 4
            && digits.starts_with(['1', '2'])
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    for word in text.split_whitespace() {
        let glued = words.last().is_some_and(|before| {
            let last = before.rsplit(' ').next().unwrap_or_default();
            let is_month = word.starts_with(char::is_uppercase);
            (is_day(last) && is_month) || (before.contains(' ') && is_year(word))
        });
        match words.last_mut().filter(|_| glued) {
            Some(before) => {
                before.push(' ');
                before.push_str(word);
            }
            None => words.push(word.to_owned()),
        }
    }
    words
}

/// Registers both weights for measuring, once per process.
fn register_fonts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = register_font(FAMILY, FontStyle::Normal, REGULAR);
        let _ = register_font(FAMILY, FontStyle::Bold, SEMIBOLD);
    });
}

fn place(point: Point) -> (i32, i32) {
    (units(point.0), units(point.1))
}

/// CSS pixels to drawing units.
fn units(pixels: f64) -> i32 {
    /// Far outside any chart, far inside `i32`: no sum of coordinates can overflow.
    const LIMIT: f64 = 10_000_000.0;
    let rounded = (pixels * UNITS).round().clamp(-LIMIT, LIMIT);
    #[expect(clippy::cast_possible_truncation, reason = "rounded and clamped; NaN becomes 0")]
    let whole = rounded as i32;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_fonts_measure_text() {
        let face = Face::new(20.0, Token::Ink);
        let width = face.width("Kasus harian");
        assert!((90.0..130.0).contains(&width), "{width}");
        assert!(face.bold().width("Kasus harian") > width);
    }

    #[test]
    fn measured_widths_are_those_of_the_finished_picture() {
        let text = "Kasus harian: 1.096 (24–27 Juni)";
        for face in [Face::new(14.0, Token::Ink), Face::new(20.0, Token::Ink).bold()] {
            let weight = if face.bold { 600 } else { 400 };
            let drawn = crate::chart::png::text_width(text, face.size, weight);
            let measured = face.width(text);
            assert!(measured >= drawn && measured < drawn * 1.035, "measured {measured}, drawn {drawn}");
        }
    }

    #[test]
    fn wrapping_keeps_every_word_and_the_width() {
        let face = Face::new(14.0, Token::Ink);
        let text = "Kasus harian melewati 400, tertinggi sejak awal pandemi";
        let lines = face.wrap(text, 150.0);
        assert!(lines.len() > 1);
        assert_eq!(lines.join(" "), text);
        assert!(lines.iter().all(|line| face.width(line) <= 150.0));
        let even = face.wrap_evenly(text, 320.0);
        assert_eq!((even.len(), even.join(" ")), (2, text.to_owned()));
        assert!(face.width(&even[1]) > 140.0, "{even:?}");
        assert_eq!(face.wrap("panjangsekalikatanya", 10.0).len(), 1);
        assert!(face.wrap("  ", 10.0).is_empty());
    }

    #[test]
    fn a_date_is_not_broken() {
        let words = unbroken("naik ke 199,7 pada 28 Juni 2021, dari 110,5 pada 21 Juni; 3 unit 2021");
        assert_eq!(
            words,
            [
                "naik",
                "ke",
                "199,7",
                "pada",
                "28 Juni 2021,",
                "dari",
                "110,5",
                "pada",
                "21 Juni;",
                "3",
                "unit",
                "2021"
            ]
        );
    }

    #[test]
    fn coordinates_outside_any_chart_do_not_overflow() {
        assert_eq!(units(f64::INFINITY), 10_000_000);
        assert_eq!(units(f64::NAN), 0);
        assert_eq!(units(4.56), 46);
    }

    #[test]
    fn text_is_escaped_and_has_no_control_characters() {
        let svg =
            draw((100, 50), |canvas| canvas.text("a<b>&\u{0}c", (10.0, 20.0), Face::new(14.0, Token::Ink)));
        assert!(svg.contains("a&lt;b&gt;&amp; c"), "{svg}");
    }
}
