//! The inside of the epidemic curve: bars, wide bars for several days, the mean, the marks of gaps, the key and the
//! hover texts. Not here: what a curve is made of and how it is put together (`epicurve.rs`, whose tests cover
//! this file too).

use chrono::NaiveDate;

use super::canvas::{Anchor, Canvas, Effect, Face, Ink, Part, Point};
use super::epicurve::{Epicurve, EpicurveDay, Lump, ThresholdLine};
use super::frame::{KeyEntry, Sample};
use super::marker::Lane;
use super::svg::{Hit, HitRow};
use super::theme::Token;
use super::threshold::{NamedLine, TOKENS, draw_lines, draw_names, reach};
use super::time_axis::{FOOT, TimeAxis, is_narrow, runs};
use super::value_axis::ValueAxis;

/// Opacity of bars that were reconstructed rather than reported.
const RECONSTRUCTED: f64 = 0.55;

impl Epicurve<'_> {
    pub(super) fn draw_plot(&self, canvas: &Canvas<'_>, axes: (&TimeAxis, &ValueAxis), lanes: &[Lane<'_>]) {
        let (time, value) = axes;
        canvas.group(Part::Axis, || value.draw(canvas, time, self.format));
        for lane in lanes {
            lane.draw_line(canvas, (value.top(), value.bottom()));
        }
        canvas.group(Part::Bars, || self.draw_bars(canvas, axes));
        canvas.group(Part::Lumps, || self.draw_lumps(canvas, axes));
        let lines: Vec<_> = self.thresholds.iter().zip(TOKENS).map(named).collect();
        canvas.group(Part::Thresholds, || draw_lines(canvas, &lines, axes));
        canvas.group(Part::Line, || self.draw_mean(canvas, axes));
        canvas.group(Part::Gaps, || self.draw_gaps(canvas, axes));
        canvas.group(Part::Axis, || time.draw(canvas, value.bottom(), self.format_date));
        canvas.group(Part::Thresholds, || draw_names(canvas, &lines, axes, f64::from(self.size.0)));
        for lane in lanes {
            lane.draw_label(canvas, value.top());
        }
    }

    /// A curve without any day says so in the middle rather than showing axes of nothing.
    pub(super) fn draw_nothing(&self, canvas: &Canvas<'_>, (top, bottom): (f64, f64)) {
        let at = (f64::from(self.size.0) / 2.0, f64::midpoint(top, bottom));
        let face = Face::new(16.0, Token::Muted).anchored(Anchor::Middle);
        canvas.text(self.words.no_figure, at, face);
    }

    /// The highest value that must fit.
    pub(super) fn high(&self) -> f64 {
        let daily = self.days.iter().flat_map(|day| [day.cases, day.mean_7d]).flatten();
        let measured = daily.chain(self.lumps.iter().map(Lump::per_day)).filter(|value| value.is_finite());
        reach(measured.fold(0.0, f64::max), self.thresholds.iter().map(|line| line.value_per_day))
    }

    /// Bars of one look are one shape: a thousand days then weigh a third and draw in a third of the time.
    fn draw_bars(&self, canvas: &Canvas<'_>, (time, value): (&TimeAxis, &ValueAxis)) {
        let inset = bar_inset(time.step());
        let comb = |wanted: &dyn Fn(&EpicurveDay) -> bool| {
            let bars = self.days.iter().filter(|day| wanted(day)).filter_map(|day| {
                let cases = day.cases.filter(|cases| cases.is_finite() && *cases > 0.0)?;
                Some((time.start(day.date) + inset, time.end(day.date) - inset, value.y(cases)))
            });
            bars.flat_map(|(left, right, y)| {
                [(left, value.bottom()), (left, y), (right, y), (right, value.bottom())]
            })
            .collect::<Vec<_>>()
        };
        let whole = comb(&|day| !day.is_incomplete && !day.is_reconstructed);
        let reconstructed = comb(&|day| !day.is_incomplete && day.is_reconstructed);
        let incomplete = comb(&|day| day.is_incomplete);
        canvas.polygon(&whole, Token::Bar);
        // Opaque ground first: grid and marker lines must not show through the paler bars.
        canvas.polygon(&reconstructed, Token::Surface);
        canvas.polygon(&reconstructed, Ink::faded(Token::Bar, RECONSTRUCTED));
        canvas.polygon(&incomplete, Ink::with(Token::BarIncomplete, Effect::Hatched));
        if time.step() >= 4.0 {
            canvas.line(&incomplete, 1.0, Token::BarIncomplete);
        }
    }

    fn draw_lumps(&self, canvas: &Canvas<'_>, (time, value): (&TimeAxis, &ValueAxis)) {
        let inset = bar_inset(time.step());
        for lump in self.lumps.iter().filter(|lump| lump.per_day().is_finite()) {
            let (left, right) = (time.start(lump.from) + inset, time.end(lump.to) - inset);
            let y = value.y(lump.per_day());
            canvas.rect((left, y), (right, value.bottom()), Ink::with(Token::Lump, Effect::Hatched));
            let outline = [(left, value.bottom()), (left, y), (right, y), (right, value.bottom())];
            canvas.line(&outline, 1.0, Token::Lump);
        }
    }

    /// The line breaks over gaps and is dashed where its last days are not complete.
    fn draw_mean(&self, canvas: &Canvas<'_>, (time, value): (&TimeAxis, &ValueAxis)) {
        let point = |day: &EpicurveDay| -> Option<Point> {
            let mean = day.mean_7d.filter(|mean| mean.is_finite())?;
            Some((time.middle(day.date), value.y(mean)))
        };
        let by_date = self.by_date(time);
        let settled = |day: &&EpicurveDay| !day.is_incomplete;
        let solid = runs(by_date.iter().map(|day| day.filter(settled).and_then(point)));
        // The dashed part starts at the last complete day, so that the two parts meet.
        let previous = std::iter::once(None).chain(by_date.iter().copied());
        let following = by_date.iter().copied().skip(1).chain([None]);
        let joined = by_date.iter().zip(previous).zip(following).map(|((day, _), next)| {
            let meets = next.is_some_and(|next| next.is_incomplete);
            day.filter(|day| day.is_incomplete || meets).and_then(point)
        });
        for run in &runs(joined) {
            canvas.trend(run, Ink::with(Token::Line, Effect::Dashed));
        }
        for run in &solid {
            canvas.trend(run, Token::Line);
        }
    }

    /// Every day of the axis with its entry, if it has one.
    fn by_date(&self, time: &TimeAxis) -> Vec<Option<&EpicurveDay>> {
        time.rows_by_day(self.days, |day| day.date)
    }

    /// Runs of days without a figure: dots on the axis and, over long stretches, the words.
    fn draw_gaps(&self, canvas: &Canvas<'_>, (time, value): (&TimeAxis, &ValueAxis)) {
        let face = Face::new(12.5, Token::Muted).anchored(Anchor::Middle);
        let room = (face.width(self.words.no_figure) + 24.0).max((time.right() - time.left()) * 0.15);
        let y = value.bottom() - 4.0;
        for (from, to) in self.gaps(time) {
            let inset = (time.step() * 0.3).min(3.0);
            let (left, right) = (time.start(from) + inset, time.end(to) - inset);
            canvas.line(&[(left, y), (right, y)], 2.0, Ink::with(Token::Muted, Effect::Dotted));
            if right - left >= room
                && let Some(baseline) = self.free_baseline((from, to), value)
            {
                canvas.text(self.words.no_figure, (f64::midpoint(left, right), baseline), face);
            }
        }
    }

    /// The lowest place over a gap where a line of text touches no threshold, grid line or mean.
    fn free_baseline(&self, (from, to): (NaiveDate, NaiveDate), value: &ValueAxis) -> Option<f64> {
        let means =
            self.days.iter().filter(|day| (from..=to).contains(&day.date)).filter_map(|day| day.mean_7d);
        let thresholds = self.thresholds.iter().map(|line| line.value_per_day);
        let lines: Vec<_> =
            means.chain(thresholds).chain(value.ticks()).map(|level| value.y(level)).collect();
        let clear = |baseline: &f64| lines.iter().all(|y| *y < baseline - 12.0 || *y > baseline + 4.0);
        (0..14_u8).map(|step| value.bottom() - 12.0 - 3.0 * f64::from(step)).find(clear)
    }

    fn gaps(&self, time: &TimeAxis) -> Vec<(NaiveDate, NaiveDate)> {
        let mut gaps: Vec<(NaiveDate, NaiveDate)> = Vec::new();
        for (date, day) in time.dates().zip(self.by_date(time)) {
            let lumped = self.lumps.iter().any(|lump| (lump.from..=lump.to).contains(&date));
            let figure = day.and_then(|day| day.cases).is_some_and(f64::is_finite);
            if figure || lumped {
                continue;
            }
            match gaps.last_mut() {
                Some((_, last)) if last.succ_opt() == Some(date) => *last = date,
                _ => gaps.push((date, date)),
            }
        }
        gaps
    }

    pub(super) fn key(&self) -> Vec<KeyEntry<'_>> {
        let words = &self.words;
        let any = |wanted: &dyn Fn(&EpicurveDay) -> bool| {
            self.days.iter().any(|day| day.cases.is_some() && wanted(day))
        };
        let has_gap = self
            .range()
            .is_some_and(|(first, last)| !self.gaps(&TimeAxis::new(first, last, self.size.0)).is_empty());
        let lump = match self.lumps {
            // A phone's key has no room for the figure; hovering and the table say it.
            [only] if !is_narrow(self.size.0) => format!("{} ({})", words.lump, only.label).into(),
            _ => words.lump.into(),
        };
        let entries = [
            (
                any(&|day| !day.is_reconstructed && !day.is_incomplete),
                Sample::Bar(Token::Bar.into()),
                words.cases.into(),
            ),
            (self.days.iter().any(|day| day.mean_7d.is_some()), Sample::Line(Token::Line), words.mean.into()),
            (
                any(&|day| day.is_reconstructed && !day.is_incomplete),
                Sample::Bar(Ink::faded(Token::Bar, RECONSTRUCTED)),
                words.reconstructed.into(),
            ),
            (any(&|day| day.is_incomplete), Sample::Outlined(Token::BarIncomplete), words.incomplete.into()),
            (!self.lumps.is_empty(), Sample::Outlined(Token::Lump), lump),
            (has_gap, Sample::Dots(Token::Muted), words.no_figure.into()),
        ];
        entries
            .into_iter()
            .filter(|(shown, ..)| *shown)
            .map(|(_, sample, text)| KeyEntry { sample, text })
            .collect()
    }

    pub(super) fn hits(&self, time: &TimeAxis, value: &ValueAxis) -> HitRow {
        let hits = time.dates().zip(self.by_date(time)).map(|(date, day)| {
            let lump = self.lumps.iter().find(|lump| (lump.from..=lump.to).contains(&date));
            let mut label = match (day, lump) {
                (Some(day), _) => day.label.clone(),
                (None, Some(lump)) => lump.label.clone(),
                (None, None) => format!("{}: {}", (self.format_date)(date), self.words.no_figure),
            };
            for marker in self.markers.iter().filter(|marker| marker.date == date) {
                label.push_str(" · ");
                label.push_str(&marker.label);
            }
            Hit {
                date,
                left: time.start(date),
                width: time.step(),
                label,
                value: day.and_then(|day| day.cases),
            }
        });
        HitRow { top: value.top(), height: value.bottom() - value.top() + FOOT, hits: hits.collect() }
    }
}

impl Lump {
    /// Average cases a day.
    #[must_use]
    pub fn per_day(&self) -> f64 {
        let days = i32::try_from((self.to - self.from).num_days()).unwrap_or(0).max(0) + 1;
        self.total / f64::from(days)
    }
}

fn named((line, token): (&ThresholdLine, Token)) -> NamedLine<'_> {
    NamedLine { value: line.value_per_day, name: &line.name, dashed: false, token, is_across: true }
}

/// Space left free on either side of a bar; very narrow bars touch rather than flicker.
fn bar_inset(step: f64) -> f64 {
    if step < 2.5 { 0.0 } else { (step * 0.1).min(3.0) }
}
