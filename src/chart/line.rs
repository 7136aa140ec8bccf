//! One indicator over time: its value as a line, its uncertainty as a quiet band, the thresholds at which a step
//! begins (solid) and ends (dashed). Gaps break line and band. Not here: which indicator it is, its words and its
//! number format (the caller). For counts of cases a day see `epicurve.rs`.

use chrono::NaiveDate;

use super::canvas::{self, Anchor, Canvas, Face, Point};
use super::frame::{Frame, KeyEntry, Sample};
use super::svg::{Chart, Envelope, Hit, HitRow, finish};
use super::theme::{Theme, Token};
use super::threshold::{NamedLine, TOKENS, draw_lines, draw_names, reach};
use super::time_axis::{FOOT, TimeAxis, runs};
use super::value_axis::ValueAxis;

/// Up to this many points every one is marked, because most stand alone or in twos.
const SPARSE: usize = 20;

/// An indicator's history, ready to be drawn. Texts are in the reader's language.
pub struct LineChart<'a> {
    /// Makes the ids in the SVG unique in a page.
    pub slug: &'a str,
    /// The finding.
    pub title: &'a str,
    /// What is shown and its unit.
    pub subtitle: &'a str,
    /// The text alternative.
    pub description: &'a str,
    /// The values; dates may be missing (no value) but not repeated.
    pub points: &'a [LinePoint],
    /// The first three are drawn.
    pub thresholds: &'a [IndicatorThreshold],
    /// As-of date and source.
    pub source_line: &'a str,
    /// Words of the key; the band's is shown only where a point has one.
    pub words: LineWords<'a>,
    /// Where the value axis begins.
    pub baseline: Baseline,
    /// Width and height in CSS pixels.
    pub size: (u32, u32),
    /// Writes a number of the value axis.
    pub format: &'a dyn Fn(f64) -> String,
    /// Writes a day of the time axis.
    pub format_date: &'a dyn Fn(NaiveDate) -> String,
}

/// The indicator on one day, all figures in the axis's unit.
#[derive(Debug, Clone)]
pub struct LinePoint {
    /// The day.
    pub date: NaiveDate,
    /// `None` where the indicator abstains; the line breaks.
    pub value: Option<f64>,
    /// Lower end of the interval; the band is drawn where both ends are given.
    pub lower: Option<f64>,
    /// Upper end of the interval.
    pub upper: Option<f64>,
    /// Ready text for hovering and keyboard reading.
    pub label: String,
}

/// A threshold of an indicator.
#[derive(Debug, Clone)]
pub struct IndicatorThreshold {
    /// In the axis's unit.
    pub value: f64,
    /// Its name, shown at the right edge.
    pub name: String,
    /// Whether it begins or ends a step.
    pub side: ThresholdSide,
}

/// Which way a threshold works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThresholdSide {
    /// At or above it a step begins; solid.
    Enter,
    /// Below it the step may end; dashed.
    Leave,
}

/// Where the value axis begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baseline {
    /// At zero: counts, shares, rates.
    Zero,
    /// At the data: only where zero means nothing, for example Rt around 1.
    Data,
}

/// Words of the key.
#[derive(Debug, Clone, Copy)]
pub struct LineWords<'a> {
    /// The line.
    pub value: &'a str,
    /// The band, for example "rentang 95%".
    pub band: &'a str,
}

/// Draws the chart. Without any point it draws the texts only.
#[must_use]
pub fn line_chart(chart: &LineChart<'_>, theme: Theme) -> Chart {
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
        let span = frame.draw(canvas);
        let dates = || chart.points.iter().map(|point| point.date);
        if let (Some(first), Some(last)) = (dates().min(), dates().max()) {
            let time = TimeAxis::new(first, last, chart.size.0);
            let value = ValueAxis::linear(chart.extent(), false, span);
            chart.draw_plot(canvas, (&time, &value));
            hits.push(chart.hits(&time, &value));
        }
    });
    finish(&raw, &envelope, &hits, theme)
}

impl LineChart<'_> {
    fn draw_plot(&self, canvas: &Canvas<'_>, axes: (&TimeAxis, &ValueAxis)) {
        let (time, value) = axes;
        value.draw(canvas, time, self.format);
        self.draw_band(canvas, axes);
        let lines = self.named_lines();
        draw_lines(canvas, &lines, axes);
        let by_date = self.by_date(time);
        let place = |point: &LinePoint| Some((time.middle(point.date), value.y(finite(point.value)?)));
        for run in runs(by_date.iter().map(|point| point.and_then(place))) {
            canvas.trend(&run, Token::Line);
        }
        if self.points.len() <= SPARSE {
            for point in by_date.iter().filter_map(|point| point.and_then(place)) {
                canvas.disc(point, 3.0, Token::Line);
            }
        }
        time.draw(canvas, value.bottom(), self.format_date);
        self.draw_last(canvas, axes);
        draw_names(canvas, &lines, axes, f64::from(self.size.0));
    }

    /// Steps get the threshold colours from the lowest up; a dashed line shares the colour of the step it ends.
    fn named_lines(&self) -> Vec<NamedLine<'_>> {
        let mut enters: Vec<f64> = self
            .thresholds
            .iter()
            .filter(|line| line.side == ThresholdSide::Enter)
            .map(|line| line.value)
            .collect();
        enters.sort_by(f64::total_cmp);
        let token = |value: f64| {
            let step =
                enters.iter().position(|enter| *enter >= value).unwrap_or(enters.len().saturating_sub(1));
            TOKENS[step.min(TOKENS.len() - 1)]
        };
        let lines = self.thresholds.iter().map(|line| NamedLine {
            value: line.value,
            name: &line.name,
            dashed: line.side == ThresholdSide::Leave,
            token: token(line.value),
        });
        lines.collect()
    }

    fn draw_band(&self, canvas: &Canvas<'_>, (time, value): (&TimeAxis, &ValueAxis)) {
        let by_date = self.by_date(time);
        let edge = |end: fn(&LinePoint) -> Option<f64>| {
            let both = move |point: &&LinePoint| finite(point.lower).and(finite(point.upper)).is_some();
            let place =
                move |point: &LinePoint| Some((time.middle(point.date), value.y(finite(end(point))?)));
            runs(by_date.iter().map(move |point| point.filter(both).and_then(place)))
        };
        for (lower, upper) in edge(|point| point.lower).iter().zip(edge(|point| point.upper)) {
            let outline: Vec<Point> = lower.iter().copied().chain(upper.into_iter().rev()).collect();
            canvas.polygon(&outline, Token::Band);
        }
    }

    /// The latest value, marked and written at the line's end.
    fn draw_last(&self, canvas: &Canvas<'_>, (time, value): (&TimeAxis, &ValueAxis)) {
        let known = self.points.iter().filter_map(|point| Some((point.date, finite(point.value)?)));
        let Some((date, latest)) = known.max_by_key(|(date, _)| *date) else {
            return;
        };
        let (x, y) = (time.middle(date), value.y(latest));
        canvas.disc((x, y), 5.0, Token::Surface);
        canvas.disc((x, y), 3.6, Token::Line);
        let face = Face::new(15.0, Token::Line).bold().anchored(Anchor::End).with_halo();
        // Over the point, unless that would be outside the plot.
        let baseline = if y - 26.0 > value.top() { y - 11.0 } else { y + 23.0 };
        canvas.text(&(self.format)(latest), ((x + 8.0).min(time.right()), baseline), face);
    }

    /// Lowest and highest value that must fit.
    fn extent(&self) -> (f64, f64) {
        let figures = || self.points.iter().flat_map(|point| [point.value, point.lower, point.upper]);
        let finite = || figures().flatten().filter(|value| value.is_finite());
        let high = reach(finite().fold(0.0, f64::max), self.thresholds.iter().map(|line| line.value));
        match self.baseline {
            Baseline::Zero => (finite().fold(0.0, f64::min), high),
            Baseline::Data => {
                let near = self.thresholds.iter().map(|line| line.value).filter(|value| *value <= high);
                (finite().chain(near).reduce(f64::min).unwrap_or(0.0), high)
            }
        }
    }

    fn by_date(&self, time: &TimeAxis) -> Vec<Option<&LinePoint>> {
        time.rows_by_day(self.points, |point| point.date)
    }

    fn key(&self) -> Vec<KeyEntry<'_>> {
        let line = KeyEntry { sample: Sample::Line(Token::Line), text: self.words.value.into() };
        let band = KeyEntry { sample: Sample::Bar(Token::Band.into()), text: self.words.band.into() };
        let has_band = self.points.iter().any(|point| point.lower.and(point.upper).is_some());
        // A line alone is named by the subtitle.
        if has_band { vec![line, band] } else { Vec::new() }
    }

    fn hits(&self, time: &TimeAxis, value: &ValueAxis) -> HitRow {
        let hit = |point: &LinePoint| Hit {
            date: point.date,
            left: time.start(point.date),
            width: time.step(),
            label: point.label.clone(),
        };
        let mut hits: Vec<_> = self.points.iter().map(hit).collect();
        hits.sort_by_key(|hit| hit.date);
        HitRow { top: value.top(), height: value.bottom() - value.top() + FOOT, hits }
    }
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(day: u32, value: Option<f64>) -> LinePoint {
        LinePoint {
            date: NaiveDate::from_ymd_opt(2021, 6, day).unwrap(),
            value,
            lower: value.map(|value| value - 0.2),
            upper: value.map(|value| value + 0.2),
            label: format!("hari {day}"),
        }
    }

    fn draw(points: &[LinePoint], thresholds: &[IndicatorThreshold]) -> String {
        let chart = LineChart {
            slug: "rt",
            title: "Rt di atas 1",
            subtitle: "Rt",
            description: "Rt per hari.",
            points,
            thresholds,
            source_line: "Dinkes",
            words: LineWords { value: "Rt", band: "rentang" },
            baseline: Baseline::Data,
            size: (960, 360),
            format: &|value| format!("{value:.1}"),
            format_date: &|date| date.to_string(),
        };
        line_chart(&chart, Theme::Page).svg
    }

    #[test]
    fn a_gap_breaks_line_and_band() {
        let values = [Some(1.1), Some(1.2), None, Some(1.3), Some(1.2), Some(f64::NAN)];
        let points: Vec<_> = values.into_iter().zip(1..).map(|(value, day)| point(day, value)).collect();
        let svg = draw(&points, &[]);
        assert_eq!(svg.matches("<polygon fill=\"var(--chart-band)\"").count(), 2);
        let line = "stroke=\"var(--chart-line)\" stroke-width=\"24\"";
        assert_eq!(svg.matches(line).count(), 2);
        assert!(!svg.contains("NaN"));
        assert!(svg.contains("\n1.2\n"), "the latest value is written out");
    }

    #[test]
    fn a_step_ends_in_the_colour_it_began_with() {
        let threshold = |value, side| IndicatorThreshold { value, name: format!("t{value}"), side };
        let thresholds = [
            threshold(1.0, ThresholdSide::Leave),
            threshold(1.1, ThresholdSide::Enter),
            threshold(1.3, ThresholdSide::Enter),
        ];
        let svg = draw(&[point(1, Some(1.2)), point(2, Some(1.4))], &thresholds);
        assert!(svg.contains("stroke=\"var(--chart-threshold-1)\" stroke-dasharray"));
        assert!(!svg.contains("var(--chart-threshold-3)"));
        assert!(["t1\n", "t1.1\n", "t1.3\n"].iter().all(|name| svg.contains(name)));
    }

    #[test]
    fn no_points_draw_the_texts() {
        assert!(draw(&[], &[]).contains("Rt di atas 1"));
        assert!(draw(&[point(1, None)], &[]).contains("2021-06-01"));
    }
}
