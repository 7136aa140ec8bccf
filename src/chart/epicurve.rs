//! Daily figures as bars with their 7-day mean, the policy's thresholds and what happened when.
//! The rule that shapes it: a day without a figure is never a zero. It stays empty, the axis carries a quiet dotted
//! mark, the mean line breaks; a figure for several days is one wide hatched bar. Not here: what the figures are
//! (`indicator`), words and number formats (the caller). Next: `level_strip.rs`, made to stand under it.

use chrono::NaiveDate;

use super::canvas;
use super::frame::Frame;
use super::marker::{MARKER_ROW, Marker, lay_markers};
use super::svg::{Chart, Envelope, finish};
use super::theme::Theme;
use super::time_axis::TimeAxis;
use super::value_axis::{Scale, ValueAxis};

/// A curve of daily cases, ready to be drawn. Texts are in the reader's language.
pub struct Epicurve<'a> {
    /// Makes the ids in the SVG unique in a page.
    pub slug: &'a str,
    /// The finding, for example "Kasus harian melewati 400, tertinggi sejak awal pandemi".
    pub title: &'a str,
    /// What is shown and its unit, for example "Kasus positif baru per hari, Kota Bogor".
    pub subtitle: &'a str,
    /// The text alternative: what a reader who sees no picture must know.
    pub description: &'a str,
    /// The days; dates may be missing (no figure) but not repeated.
    pub days: &'a [EpicurveDay],
    /// Figures that stand for several days.
    pub lumps: &'a [Lump],
    /// Horizontal lines, lowest first; the first three are drawn.
    pub thresholds: &'a [ThresholdLine],
    /// Events; those outside the days shown are left out.
    pub markers: &'a [Marker],
    /// As-of date and source.
    pub source_line: &'a str,
    /// Words of the key; an entry is shown only where the chart has such a thing.
    pub words: EpicurveWords<'a>,
    /// Width and height in CSS pixels.
    pub size: (u32, u32),
    /// Writes a number of the value axis.
    pub format: &'a dyn Fn(f64) -> String,
    /// Writes a day of the time axis, for example "7 Jun"; the year is added where it is new.
    pub format_date: &'a dyn Fn(NaiveDate) -> String,
    /// Linear unless an analyst asked for the logarithm.
    pub scale: Scale,
    /// Whether only whole numbers get a grid line: counts, not rates.
    pub is_whole: bool,
}

/// One day of the curve.
#[derive(Debug, Clone)]
pub struct EpicurveDay {
    /// The day the figure counts for.
    pub date: NaiveDate,
    /// Cases that day; `None` where there is no figure, which is not zero.
    pub cases: Option<f64>,
    /// Mean of the seven days to this one, cases a day; `None` breaks the line.
    pub mean_7d: Option<f64>,
    /// The figure was derived from others (a difference of totals), not reported; drawn paler.
    pub is_reconstructed: bool,
    /// The figure will still grow; drawn hatched, and the mean dashed.
    pub is_incomplete: bool,
    /// Ready text for hovering and keyboard reading.
    pub label: String,
}

/// One figure for several days, drawn as one wide bar of average height and never as daily bars.
#[derive(Debug, Clone)]
pub struct Lump {
    /// First day it covers.
    pub from: NaiveDate,
    /// Last day it covers.
    pub to: NaiveDate,
    /// Cases over all its days.
    pub total: f64,
    /// Ready short text, for example "24–27 Jun: 1.096"; shown in the key when it is the only lump.
    pub label: String,
}

/// A threshold brought to the chart's unit.
#[derive(Debug, Clone)]
pub struct ThresholdLine {
    /// Cases a day.
    pub value_per_day: f64,
    /// Its name, for example "150 per 100.000 = 224 per hari".
    pub name: String,
}

/// Words of the key.
#[derive(Debug, Clone, Copy)]
pub struct EpicurveWords<'a> {
    /// The bars, for example "kasus harian".
    pub cases: &'a str,
    /// The line, for example "rata-rata 7 hari".
    pub mean: &'a str,
    /// Paler bars, for example "dihitung dari selisih kumulatif".
    pub reconstructed: &'a str,
    /// Hatched last days, for example "belum lengkap".
    pub incomplete: &'a str,
    /// Wide hatched bars, for example "satu angka untuk beberapa hari".
    pub lump: &'a str,
    /// The dotted mark on the axis, for example "tidak ada angka".
    pub no_figure: &'a str,
}

impl Epicurve<'_> {
    /// First and last day shown: give them to the level strip under the chart. `None` without any day.
    #[must_use]
    pub fn range(&self) -> Option<(NaiveDate, NaiveDate)> {
        let days = self.days.iter().map(|day| (day.date, day.date));
        let all = days.chain(self.lumps.iter().map(|lump| (lump.from, lump.to)));
        all.reduce(|(first, last), (from, to)| (first.min(from), last.max(to)))
    }
}

/// Draws the curve. Without any day it says that there is no figure.
#[must_use]
pub fn epicurve(chart: &Epicurve<'_>, theme: Theme) -> Chart {
    let envelope =
        Envelope { slug: chart.slug, title: chart.title, description: chart.description, size: chart.size };
    let mut hits = Vec::new();
    let raw = canvas::draw(chart.size, |canvas| {
        let key = chart.key();
        let frame = Frame {
            title: chart.title,
            subtitle: chart.subtitle,
            source_line: chart.source_line,
            key: &key,
            size: chart.size,
        };
        let (top, bottom) = frame.draw(canvas);
        if let Some((first, last)) = chart.range() {
            let time = TimeAxis::new(first, last, chart.size.0);
            let lanes = lay_markers(chart.markers, &time, chart.size.0);
            let rows = lanes.iter().map(|lane| lane.row + 1).max().unwrap_or(0);
            let top = (top + MARKER_ROW * f64::from(rows)).min(bottom - 24.0);
            let value = ValueAxis::from_zero(chart.scale, chart.high(), chart.is_whole, (top, bottom));
            chart.draw_plot(canvas, (&time, &value), &lanes);
            hits.push(chart.hits(&time, &value));
        } else {
            chart.draw_nothing(canvas, (top, bottom));
        }
    });
    finish(&raw, &envelope, &hits, theme)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Token;

    fn june(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2021, 6, day).unwrap()
    }

    fn day(number: u32, cases: Option<f64>) -> EpicurveDay {
        EpicurveDay {
            date: june(number),
            cases,
            mean_7d: cases,
            is_reconstructed: false,
            is_incomplete: false,
            label: format!("hari {number} <x>"),
        }
    }

    const WORDS: EpicurveWords<'static> = EpicurveWords {
        cases: "kasus",
        mean: "rata-rata",
        reconstructed: "dihitung",
        incomplete: "belum lengkap",
        lump: "gabungan",
        no_figure: "kosong",
    };

    fn curve<'a>(
        days: &'a [EpicurveDay],
        lumps: &'a [Lump],
        thresholds: &'a [ThresholdLine],
    ) -> Epicurve<'a> {
        Epicurve {
            slug: "kasus",
            title: "Naik",
            subtitle: "per hari",
            description: "Kasus naik.",
            days,
            lumps,
            thresholds,
            markers: &[],
            source_line: "Dinkes",
            words: WORDS,
            size: (960, 420),
            format: &|value| value.to_string(),
            format_date: &|date| date.to_string(),
            scale: Scale::Linear,
            is_whole: true,
        }
    }

    /// The points of the first shape filled with a token.
    fn points(svg: &str, token: Token) -> Vec<(i32, i32)> {
        let fill = format!("fill=\"{}\"", token.value(Theme::Page));
        let is_bars = |line: &&str| line.starts_with("<polygon") && line.contains(&fill);
        let Some(line) = svg.lines().find(is_bars) else {
            return Vec::new();
        };
        let list = line.split("points=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let pair =
            |pair: &str| pair.split_once(',').map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap())).unwrap();
        list.split_whitespace().map(pair).collect()
    }

    #[test]
    fn a_day_without_a_figure_has_no_bar_and_a_mark_on_the_axis() {
        let days = [day(1, Some(10.0)), day(2, None), day(4, Some(20.0))];
        let svg = epicurve(&curve(&days, &[], &[]), Theme::Page).svg;
        assert_eq!(points(&svg, Token::Bar).len(), 2 * 4, "two bars of four corners");
        assert_eq!(svg.matches("stroke-dasharray=\"1 35\"").count(), 2, "the gap of two days, and the key");
        assert!(svg.contains(">2021-06-03: kosong</title>"), "a day that is absent can be read");
    }

    #[test]
    fn a_zero_is_a_figure_and_not_a_gap() {
        let days = [day(1, Some(10.0)), day(2, Some(0.0)), day(3, Some(20.0))];
        let svg = epicurve(&curve(&days, &[], &[]), Theme::Page).svg;
        assert!(!svg.contains("kosong"));
    }

    #[test]
    fn a_lump_is_one_bar_of_average_height() {
        let days = [day(1, Some(100.0)), day(6, Some(100.0))];
        let lumps = [Lump { from: june(2), to: june(5), total: 400.0, label: "2–5: 400".to_owned() }];
        let svg = epicurve(&curve(&days, &lumps, &[]), Theme::Page).svg;
        let tops: Vec<_> = points(&svg, Token::Bar).into_iter().map(|(_, y)| y).collect();
        let bar = svg.lines().rfind(|line| line.contains("url(#kasus-hatch-")).unwrap();
        assert!(bar.contains(&format!(" y=\"{}\"", tops[1])), "as high as a day of 100: {bar}");
        assert_eq!(svg.matches("<title>2–5: 400</title>").count(), 4, "its days all read the one figure");
        assert!(!svg.contains("kosong"), "its days are not gaps");
    }

    #[test]
    fn incomplete_days_are_hatched_and_their_mean_is_dashed() {
        let mut days = [day(1, Some(10.0)), day(2, Some(12.0)), day(3, Some(5.0))];
        days[2].is_incomplete = true;
        let svg = epicurve(&curve(&days, &[], &[]), Theme::Page).svg;
        assert_eq!(points(&svg, Token::Bar).len(), 2 * 4);
        assert!(svg.contains("stroke=\"var(--chart-line)\" stroke-dasharray=\"50 45\""));
        assert!(svg.contains("belum lengkap"));
    }

    #[test]
    fn thresholds_are_named_even_above_the_axis() {
        let days = [day(1, Some(8.0)), day(2, Some(10.0))];
        let threshold = |value_per_day, name: &str| ThresholdLine { value_per_day, name: name.to_owned() };
        let thresholds = [threshold(12.0, "dekat"), threshold(223.5, "jauh")];
        let svg = epicurve(&curve(&days, &[], &thresholds), Theme::Page).svg;
        assert!(svg.contains("dekat") && svg.contains("jauh"));
        let tops = points(&svg, Token::Bar).into_iter().map(|(_, y)| y).min().unwrap();
        assert!(tops < 2000, "the far threshold does not flatten the bars: {tops}");
    }

    #[test]
    fn odd_figures_draw_without_odd_numbers() {
        let days =
            [day(1, Some(f64::NAN)), day(2, Some(f64::INFINITY)), day(3, Some(-5.0)), day(4, Some(3.0))];
        for scale in [Scale::Linear, Scale::Log] {
            for size in [(960, 420), (390, 340), (120, 40), (0, 0)] {
                let chart = Epicurve { scale, size, ..curve(&days, &[], &[]) };
                let svg = epicurve(&chart, Theme::Light).svg;
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{scale:?} {size:?}");
            }
        }
        let empty = epicurve(&curve(&[], &[], &[]), Theme::Page);
        assert!(empty.svg.contains("kosong") && empty.svg.ends_with("</svg>\n"));
    }

    #[test]
    fn the_same_rows_give_the_same_bytes_and_labels_are_escaped() {
        let days = [day(1, Some(10.0)), day(2, Some(11.0))];
        let one = epicurve(&curve(&days, &[], &[]), Theme::Page);
        assert_eq!(one, epicurve(&curve(&days, &[], &[]), Theme::Page));
        assert!(one.svg.contains("data-label=\"hari 1 &lt;x&gt;\""));
        assert!(!one.svg.contains("style="));
    }
}
