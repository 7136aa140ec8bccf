//! Colours by what they mean. A chart is drawn with one sentinel colour per [`Token`]; [`paint`] puts the real
//! ones in afterwards, so that one drawing serves the page (CSS variables: light, dark and print follow the
//! reader) and files (fixed hex). Not here: shapes and hatching (`svg.rs`), the page's own style sheet.
//! Next: `canvas.rs`, which draws with the sentinels.

use std::fmt::Write as _;

/// Where the chart will be seen, which decides how colours are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Inline in a page: colours are `var(--…)`, the size is left to the page, no background.
    Page,
    /// A file or PNG on white paper.
    Light,
    /// A file or PNG on a dark ground.
    Dark,
}

/// A colour by its meaning; each is a CSS custom property of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// Titles and labels that matter.
    Ink,
    /// Subtitles, axis labels, sources.
    Muted,
    /// Grid lines.
    Grid,
    /// Bars of daily figures.
    Bar,
    /// Hatching of days whose figures are not complete.
    BarIncomplete,
    /// Hatching of a figure that stands for several days.
    Lump,
    /// The line that carries the message: the 7-day mean, an indicator's value.
    Line,
    /// An uncertainty band.
    Band,
    /// The lowest threshold.
    Threshold1,
    /// The middle threshold.
    Threshold2,
    /// The highest threshold.
    Threshold3,
    /// The ground under the chart.
    Surface,
    /// Fill of level step 0, normal.
    Level0,
    /// Fill of level step 1, partial with 75 % in the office.
    Level1,
    /// Fill of level step 2, partial with 50 %.
    Level2,
    /// Fill of level step 3, partial with 25 %.
    Level3,
    /// Fill of level step 4, all at home; the only red.
    Level4,
    /// Hatching where no level can be given.
    LevelUnknown,
    /// Text on the fill of step 0.
    Level0Ink,
    /// Text on the fill of step 1.
    Level1Ink,
    /// Text on the fill of step 2.
    Level2Ink,
    /// Text on the fill of step 3.
    Level3Ink,
    /// Text on the fill of step 4.
    Level4Ink,
    /// A second series beside the line that carries the message.
    Beside,
}

/// One row of the palette: token, CSS property, light hex, dark hex.
type Row = (Token, &'static str, &'static str, &'static str);

/// The palette, in the order of [`Token`]. Levels run through one warm hue family whose luminance moves in one
/// direction, so that the steps keep their order in greyscale and for colour-blind readers; text tokens have at
/// least 4.5:1 on the surface or fill they stand on (both are tested below).
const PALETTE: [Row; 24] = [
    (Token::Ink, "--chart-ink", "#14202b", "#e7ecf0"),
    (Token::Muted, "--chart-muted", "#4c5a67", "#a5b2bd"),
    (Token::Grid, "--chart-grid", "#e1e6ea", "#2a343d"),
    (Token::Bar, "--chart-bar", "#7b96ab", "#58748a"),
    (Token::BarIncomplete, "--chart-bar-incomplete", "#7b96ab", "#6b889e"),
    (Token::Lump, "--chart-lump", "#7f92a1", "#5c788c"),
    (Token::Line, "--chart-line", "#0b4868", "#a8dbf7"),
    (Token::Band, "--chart-band", "#cfdfe9", "#27404f"),
    (Token::Threshold1, "--chart-threshold-1", "#8a6a12", "#d0ad55"),
    (Token::Threshold2, "--chart-threshold-2", "#a4560f", "#e29a4d"),
    (Token::Threshold3, "--chart-threshold-3", "#981212", "#ff8f80"),
    (Token::Surface, "--chart-surface", "#ffffff", "#181f26"),
    (Token::Level0, "--level-0", "#e6ebed", "#323d45"),
    (Token::Level1, "--level-1", "#efcf82", "#574622"),
    (Token::Level2, "--level-2", "#dc9a33", "#74500f"),
    (Token::Level3, "--level-3", "#ad5c10", "#a6651f"),
    (Token::Level4, "--level-4", "#981212", "#fb6353"),
    (Token::LevelUnknown, "--level-unknown", "#dfe4e8", "#333d46"),
    (Token::Level0Ink, "--on-level-0", "#14202b", "#f1f5f7"),
    (Token::Level1Ink, "--on-level-1", "#2b1d02", "#fff6df"),
    (Token::Level2Ink, "--on-level-2", "#241500", "#ffffff"),
    (Token::Level3Ink, "--on-level-3", "#ffffff", "#ffffff"),
    (Token::Level4Ink, "--on-level-4", "#ffffff", "#1a0402"),
    (Token::Beside, "--chart-beside", "#ad4c88", "#d98bbd"),
];

/// First byte of every sentinel; the other two are an effect and the token.
pub(super) const SENTINEL_RED: u8 = 0x5A;

impl Token {
    /// The token's place in the palette.
    pub(super) fn index(self) -> u8 {
        PALETTE.iter().zip(0_u8..).find(|(row, _)| row.0 == self).map_or(0, |(_, index)| index)
    }

    /// The token at a place in the palette.
    pub(super) fn from_index(index: u8) -> Option<Self> {
        PALETTE.get(usize::from(index)).map(|row| row.0)
    }

    /// The CSS custom property of the page, for example `--chart-ink`.
    #[must_use]
    pub fn css_name(self) -> &'static str {
        self.row().1
    }

    /// The value written into an attribute: `var(--chart-ink)` for a page, `#1a2430` for a file.
    #[must_use]
    pub fn value(self, theme: Theme) -> String {
        let (_, name, light, dark) = *self.row();
        match theme {
            Theme::Page => format!("var({name})"),
            Theme::Light => light.to_owned(),
            Theme::Dark => dark.to_owned(),
        }
    }

    /// The stand-in colour as it appears in the raw drawing.
    pub(super) fn sentinel(self) -> String {
        format!("#{SENTINEL_RED:02X}00{:02X}", self.index())
    }

    fn row(self) -> &'static Row {
        &PALETTE[usize::from(self.index())]
    }
}

/// The custom properties of one theme as CSS declarations, one a line, for a style sheet or for a test that
/// compares the page's style sheet with this palette. [`Theme::Page`] has no values of its own and gives light.
#[must_use]
pub fn variables(theme: Theme) -> String {
    PALETTE.iter().fold(String::new(), |mut css, (_, name, light, dark)| {
        let hex = if theme == Theme::Dark { dark } else { light };
        let _ = writeln!(css, "{name}: {hex};");
        css
    })
}

/// Replaces the sentinel colours of a drawing by the theme's values.
///
/// Only whole attribute values are replaced (`="#5A0003"`): text cannot contain that sequence, because its
/// quotation marks are escaped.
#[must_use]
pub fn paint(svg: &str, theme: Theme) -> String {
    let mark = format!("=\"#{SENTINEL_RED:02X}00");
    let mut painted = String::with_capacity(svg.len() + svg.len() / 8);
    let mut rest = svg;
    while let Some(at) = rest.find(&mark) {
        let (before, found) = rest.split_at(at);
        painted.push_str(before);
        let code = found.get(mark.len()..mark.len() + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code.and_then(|index| PALETTE.get(usize::from(index))) {
            Some(row) => {
                painted.push_str("=\"");
                painted.push_str(&row.0.value(theme));
                rest = &found[mark.len() + 2..];
            }
            None => {
                painted.push_str(&mark);
                rest = &found[mark.len()..];
            }
        }
    }
    painted.push_str(rest);
    painted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2) of a `#rrggbb` colour, 0 to 1.
    fn luminance(hex: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (a, b) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_token_stands_at_its_own_row() {
        for (row, index) in PALETTE.iter().zip(0_u8..) {
            assert_eq!(row.0.index(), index);
            assert_eq!(row.0 as usize, usize::from(index), "the palette follows the order of the enum");
        }
    }

    #[test]
    fn text_is_readable_in_both_themes() {
        use Token::{
            Ink, Level0, Level0Ink, Level1, Level1Ink, Level2, Level2Ink, Level3, Level3Ink, Level4,
            Level4Ink,
        };
        use Token::{Line, Muted, Surface, Threshold1, Threshold2, Threshold3};
        let on_surface = [Ink, Muted, Line, Threshold1, Threshold2, Threshold3].map(|token| (token, Surface));
        let on_levels = [
            (Level0Ink, Level0),
            (Level1Ink, Level1),
            (Level2Ink, Level2),
            (Level3Ink, Level3),
            (Level4Ink, Level4),
        ];
        for theme in [Theme::Light, Theme::Dark] {
            for (text, ground) in on_surface.iter().chain(&on_levels) {
                let ratio = contrast(&text.value(theme), &ground.value(theme));
                assert!(ratio >= 4.5, "{text:?} on {ground:?}, {theme:?}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn levels_keep_their_order_in_greyscale() {
        let steps = [Token::Level0, Token::Level1, Token::Level2, Token::Level3, Token::Level4];
        for theme in [Theme::Light, Theme::Dark] {
            let shades = steps.map(|step| luminance(&step.value(theme)));
            let sorted = shades.is_sorted_by(|one, other| match theme {
                Theme::Dark => one < other,
                Theme::Page | Theme::Light => one > other,
            });
            assert!(sorted, "{theme:?}: {shades:?}");
            for pair in steps.windows(2) {
                let [one, other] = pair else { continue };
                let ratio = contrast(&one.value(theme), &other.value(theme));
                assert!(ratio >= 1.2, "{one:?} and {other:?}, {theme:?}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn paint_replaces_attributes_and_leaves_text_alone() {
        let svg = format!("<a fill=\"{}\">#5A0000</a><b x=\"#5A00FF\"/>", Token::Grid.sentinel());
        assert_eq!(paint(&svg, Theme::Page), "<a fill=\"var(--chart-grid)\">#5A0000</a><b x=\"#5A00FF\"/>");
        assert!(paint(&svg, Theme::Dark).contains("fill=\"#2a343d\""));
    }
}
