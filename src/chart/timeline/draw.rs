//! How a timeline is put together: texts, axes, grounds and lines under the series, names over them, targets on top.
//! Not here: how one series looks (`marks.rs`).

use chrono::NaiveDate;

use super::chart::{Baseline, Form, IndicatorThreshold, Series, ThresholdSide, Timeline, finite};
use crate::chart::Scale;
use crate::chart::canvas::{self, Anchor, Canvas, Effect, Face, Ink, Part};
use crate::chart::frame::{Frame, KeyEntry, Sample};
use crate::chart::svg::{Chart, Envelope, Hit, HitRow, finish};
use crate::chart::theme::{Theme, Token};
use crate::chart::threshold::{NamedLine, draw_lines, draw_names, reach};
use crate::chart::time_axis::{FOOT, TimeAxis, is_narrow};
use crate::chart::value_axis::ValueAxis;

/// Opacity of a level's colour as a ground.
const GROUND: f64 = 0.11;
/// A series whose last value is so near the right edge, in days, is named there; else in the key.
const NAMED_AT_END: i64 = 3;
/// Cut bands reach at most this share of the plot's height beyond the values.
const BEYOND: f64 = 0.5;

/// Draws the chart. Without any value it says why in the middle.
#[must_use]
pub fn timeline(chart: &Timeline<'_>, theme: Theme) -> Chart {
    let envelope =
        Envelope { slug: chart.slug, title: chart.title, description: chart.description, size: chart.size };
    let mut hits = Vec::new();
    let raw = canvas::draw(chart.size, |canvas| {
        let time = chart.time();
        let key = chart.key(&time);
        let frame = Frame {
            title: chart.title,
            subtitle: chart.subtitle,
            source_line: chart.source_line,
            key: &key,
            size: chart.size,
        };
        let span = frame.draw(canvas);
        let value = chart.value_axis(span);
        let axes = (&time, &value);
        if chart.has_values() {
            chart.draw_plot(canvas, axes);
        } else {
            chart.draw_nothing(canvas, axes);
        }
        hits.push(chart.hits(&time, &value));
    });
    finish(&raw, &envelope, &hits, theme)
}

impl Timeline<'_> {
    fn time(&self) -> TimeAxis {
        let axis = TimeAxis::new(self.range.0, self.range.1, self.size.0);
        let is_named = !self.thresholds.is_empty() || (self.series.len() > 1 && !is_narrow(self.size.0));
        if is_named { axis } else { axis.without_names(self.size.0) }
    }

    fn has_values(&self) -> bool {
        self.series.iter().any(|series| series.last().is_some())
    }

    fn draw_plot(&self, canvas: &Canvas<'_>, axes: (&TimeAxis, &ValueAxis)) {
        let (time, value) = axes;
        canvas.group(Part::Ground, || self.draw_grounds(canvas, axes));
        canvas.group(Part::Axis, || value.draw(canvas, time, self.format));
        for series in self.series {
            canvas.group(Part::Band, || series.draw_bands(canvas, axes));
        }
        let lines = self.named_lines(time);
        canvas.group(Part::Thresholds, || {
            let own: Vec<_> = lines.iter().filter(|line| line.is_across).cloned().collect();
            draw_lines(canvas, &own, axes);
        });
        for series in self.series {
            canvas.group(series.part(), || series.draw(canvas, axes));
        }
        canvas.group(Part::Gaps, || self.draw_gaps(canvas, axes));
        canvas.group(Part::Axis, || time.draw(canvas, value.bottom(), self.format_date));
        self.draw_now(canvas, axes);
        self.draw_values(canvas, axes);
        canvas.group(Part::Thresholds, || draw_names(canvas, &lines, axes, f64::from(self.size.0)));
    }

    /// The axis of days, its dotted mark, and the reason over it.
    fn draw_nothing(&self, canvas: &Canvas<'_>, (time, value): (&TimeAxis, &ValueAxis)) {
        canvas.group(Part::Gaps, || {
            let y = value.bottom() - 4.0;
            canvas.line(
                &[(time.left() + 2.0, y), (time.right() - 2.0, y)],
                2.0,
                Ink::with(Token::Muted, Effect::Dotted),
            );
        });
        canvas.group(Part::Axis, || time.draw(canvas, value.bottom(), self.format_date));
        let face = Face::new(15.0, Token::Muted).anchored(Anchor::Middle);
        let middle = f64::midpoint(time.left(), time.right());
        let lines = face.wrap_evenly(self.words.nothing, (time.right() - time.left()) * 0.86);
        let mut y = f64::midpoint(value.top(), value.bottom());
        for line in &lines {
            canvas.text(line, (middle, y), face);
            y += 20.0;
        }
    }

    fn draw_grounds(&self, canvas: &Canvas<'_>, (time, value): (&TimeAxis, &ValueAxis)) {
        for ground in self.grounds.iter().filter(|ground| ground.from < value.high()) {
            let top = ground.to.map_or(value.top(), |to| value.y(to));
            let ink = Ink::faded(ground.token(), GROUND);
            canvas.rect((time.left(), top), (time.right(), value.y(ground.from)), ink);
        }
    }

    /// A dotted mark on the axis where a daily series has no value.
    fn draw_gaps(&self, canvas: &Canvas<'_>, (time, value): (&TimeAxis, &ValueAxis)) {
        let y = value.bottom() - 4.0;
        for (from, to) in self.gaps(time) {
            let inset = (time.step() * 0.3).min(3.0);
            let line = [(time.start(from) + inset, y), (time.end(to) - inset, y)];
            canvas.line(&line, 2.0, Ink::with(Token::Muted, Effect::Dotted));
        }
    }

    /// Days up to the last known on which the first daily series has no value.
    fn gaps(&self, time: &TimeAxis) -> Vec<(NaiveDate, NaiveDate)> {
        let Some(series) = self.series.iter().find(|series| series.is_daily()) else { return Vec::new() };
        let known_until = self.now.map_or(self.range.1, |now| now.date);
        let mut gaps: Vec<(NaiveDate, NaiveDate)> = Vec::new();
        let rows = time.rows_by_day(&series.points, |point| point.date);
        for (date, point) in time.dates().zip(rows).take_while(|(date, _)| *date <= known_until) {
            if point.and_then(|point| finite(point.value)).is_some() {
                continue;
            }
            match gaps.last_mut() {
                Some((_, last)) if last.succ_opt() == Some(date) => *last = date,
                _ => gaps.push((date, date)),
            }
        }
        gaps
    }

    /// An upright line where the known ends, and the name of what comes after.
    fn draw_now(&self, canvas: &Canvas<'_>, (time, value): (&TimeAxis, &ValueAxis)) {
        let Some(now) = self.now else { return };
        let x = time.middle(now.date);
        canvas.line(&[(x, value.top()), (x, value.bottom())], 1.0, Ink::with(Token::Muted, Effect::Dashed));
        let face = Face::new(12.5, Token::Muted).with_halo();
        let width = face.width(now.name);
        let left = if x + 6.0 + width > f64::from(self.size.0) - 4.0 { x - 6.0 - width } else { x + 6.0 };
        canvas.text(now.name, (left, value.top() + 2.0), face);
    }

    /// The thresholds, and the series that end at the right edge, named there.
    fn named_lines(&self, time: &TimeAxis) -> Vec<NamedLine<'_>> {
        let thresholds = self.thresholds.iter().map(|line| NamedLine {
            value: line.value,
            name: &line.name,
            dashed: line.side == ThresholdSide::Leave,
            token: line.token(),
            is_across: true,
        });
        let ends = self.series.iter().filter(|series| self.is_named_at_end(series, time));
        let ends = ends.filter_map(|series| {
            Some(NamedLine {
                value: series.last()?.1,
                name: &series.name,
                dashed: false,
                token: series.token(),
                is_across: false,
            })
        });
        thresholds.chain(ends).collect()
    }

    /// Direct labels where they fit: on a wide chart, for lines that run to its right edge.
    fn is_named_at_end(&self, series: &Series, time: &TimeAxis) -> bool {
        let is_line =
            matches!(series.form, Form::Main | Form::Beside | Form::Other | Form::Ahead | Form::Baseline);
        let reaches_edge =
            || series.last().is_some_and(|(date, _)| (time.last() - date).num_days() <= NAMED_AT_END);
        self.series.len() > 1 && is_line && !is_narrow(self.size.0) && reaches_edge()
    }

    fn key(&self, time: &TimeAxis) -> Vec<KeyEntry<'_>> {
        let mut key: Vec<KeyEntry<'_>> = Vec::new();
        let shown = self.series.iter().filter(|series| series.last().is_some());
        // A series alone is named by the subtitle.
        let is_alone = shown.clone().count() < 2;
        for series in shown.clone() {
            if !is_alone && !self.is_named_at_end(series, time) {
                key.push(KeyEntry { sample: series.sample(), text: series.name.as_str().into() });
            }
        }
        if shown.clone().any(|series| series.has_near()) {
            let sample = Sample::Bar(Ink::faded(Token::Line, super::marks::NEAR));
            key.push(KeyEntry { sample, text: self.words.near.into() });
        }
        let with_band =
            |series: &Series| series.has_wide() && !matches!(series.form, Form::Reports | Form::Baseline);
        if shown.clone().any(with_band) {
            let sample = Sample::Bar(Token::Band.into());
            key.push(KeyEntry { sample, text: self.words.wide.into() });
        } else if shown.clone().any(|series| series.has_wide()) {
            key.push(KeyEntry { sample: Sample::Whisker(Token::Line), text: self.words.wide.into() });
        }
        let open = |series: &&Series| series.points.iter().any(|point| point.is_open);
        if let Some(series) = self.series.iter().find(open) {
            let sample = match series.form {
                Form::Bars(_) => Sample::Outlined(Token::BarIncomplete),
                _ => Sample::Dashes(Token::Line),
            };
            key.push(KeyEntry { sample, text: self.words.open.into() });
        }
        if self.has_values() && !self.gaps(time).is_empty() {
            key.push(KeyEntry { sample: Sample::Dots(Token::Muted), text: self.words.no_value.into() });
        }
        key
    }

    fn value_axis(&self, span: (f64, f64)) -> ValueAxis {
        let (low, high) = self.extent();
        if self.values.scale == Scale::Log {
            return ValueAxis::from_zero(Scale::Log, high, self.values.is_whole, span);
        }
        ValueAxis::linear((low, high), self.values.is_whole, span)
    }

    /// Lowest and highest value that must fit.
    fn extent(&self) -> (f64, f64) {
        let values = || self.series.iter().flat_map(Series::values).map(|(_, value)| value);
        let points = || self.series.iter().flat_map(|series| &series.points);
        let bounds = || {
            let both = points().flat_map(|point| [point.wide, point.near]).flatten();
            both.flat_map(|(lower, upper)| [lower, upper]).filter(|bound| bound.is_finite())
        };
        let marks = || {
            let near = |line: &&IndicatorThreshold| line.side == ThresholdSide::Mark;
            self.thresholds.iter().filter(near).map(|line| line.value)
        };
        let zero = || (self.values.baseline == Baseline::Zero).then_some(0.0);
        let low = values().chain(marks()).chain(zero()).reduce(f64::min).unwrap_or(0.0);
        let high = values().chain(marks()).chain(zero()).reduce(f64::max).unwrap_or(0.0);
        let beyond = if self.values.cuts_bands { (high - low) * BEYOND } else { f64::INFINITY };
        let low = low.min(bounds().fold(low, f64::min).max(low - beyond));
        let high = high.max(bounds().fold(high, f64::max).min(high + beyond));
        // Numbers stand over the bars of weeks.
        let has_tops = self.series.iter().any(|series| matches!(series.form, Form::Bars(days) if days > 1));
        let high = if has_tops { high * 1.12 } else { high };
        (low, reach(high, self.thresholds.iter().map(|line| line.value)))
    }

    fn hits(&self, time: &TimeAxis, value: &ValueAxis) -> HitRow {
        let shown = self.readings.iter().filter(|reading| time.contains(reading.date));
        let hit = |reading: &super::chart::Reading| {
            let days = f64::from(reading.days.max(1));
            let left = (time.end(reading.date) - days * time.step()).max(time.left());
            Hit {
                date: reading.date,
                left,
                width: time.end(reading.date) - left,
                label: reading.label.clone(),
                value: reading.value,
            }
        };
        let mut hits: Vec<_> = shown.map(hit).collect();
        hits.sort_by_key(|hit| hit.date);
        HitRow { top: value.top(), height: value.bottom() - value.top() + FOOT, hits }
    }
}
