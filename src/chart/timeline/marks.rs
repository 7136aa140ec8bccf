//! How one series of a timeline looks: line, bars, reports with whiskers, fan. Not here: what stands round it (`draw.rs`).

use super::chart::{Form, Series, SeriesPoint, Timeline, finite};
use crate::chart::canvas::{Anchor, Canvas, Effect, Face, Ink, Part, Point};
use crate::chart::frame::Sample;
use crate::chart::theme::Token;
use crate::chart::time_axis::{TimeAxis, runs};
use crate::chart::value_axis::ValueAxis;

/// Up to this many points every one is marked, because most stand alone or in twos.
const SPARSE: usize = 20;
/// Opacity of the narrow band over the wide one.
pub(super) const NEAR: f64 = 0.28;
/// Height of the value written at a point.
const VALUE: f64 = 15.0;

/// Which interval of a point.
type Band = fn(&SeriesPoint) -> Option<(f64, f64)>;

type Axes<'a> = (&'a TimeAxis, &'a ValueAxis);

impl Series {
    pub(super) fn part(&self) -> Part {
        match self.form {
            Form::Main => Part::Line,
            Form::Beside => Part::Beside,
            Form::Other => Part::Others,
            Form::Ahead | Form::Baseline => Part::Ahead,
            Form::Reports => Part::Reports,
            Form::Bars(_) => Part::Bars,
        }
    }

    pub(super) fn sample(&self) -> Sample {
        match self.form {
            Form::Bars(_) => Sample::Bar(Token::Bar.into()),
            Form::Ahead | Form::Baseline => Sample::Dashes(self.token()),
            _ => Sample::Line(self.token()),
        }
    }

    /// The bands behind all lines: quiet, the narrow one over the wide one. Gaps break them.
    pub(super) fn draw_bands(&self, canvas: &Canvas<'_>, axes: Axes<'_>) {
        if matches!(self.form, Form::Reports | Form::Baseline) {
            return;
        }
        let bands: [(Band, Ink); 2] =
            [(|point| point.wide, Token::Band.into()), (|point| point.near, Ink::faded(Token::Line, NEAR))];
        for (band, ink) in bands {
            let edge = |upper: bool| {
                let place = move |point: &SeriesPoint| {
                    let (low, high) =
                        band(point).filter(|(low, high)| low.is_finite() && high.is_finite())?;
                    Some((axes.0.middle(point.date), axes.1.y(if upper { high } else { low })))
                };
                runs(self.on_days(axes.0).into_iter().map(move |point| point.and_then(place)))
            };
            for (lower, upper) in edge(false).into_iter().zip(edge(true)) {
                // A day alone has no width: it is drawn as a whisker.
                if let ([low], [high]) = (lower.as_slice(), upper.as_slice()) {
                    canvas.line(&[*low, *high], 6.0, Token::Band);
                    continue;
                }
                let outline: Vec<Point> = lower.into_iter().chain(upper.into_iter().rev()).collect();
                canvas.polygon(&outline, ink);
            }
        }
    }

    pub(super) fn draw(&self, canvas: &Canvas<'_>, axes: Axes<'_>) {
        match self.form {
            Form::Main => self.draw_main(canvas, axes),
            Form::Beside => self.draw_beside(canvas, axes),
            Form::Other => self.draw_runs(canvas, axes, (1.2, Ink::faded(Token::Muted, 0.6))),
            Form::Ahead => {
                self.draw_runs(canvas, axes, (2.4, Ink::with(Token::Line, Effect::Dashed)));
                self.dots(canvas, axes, 4.0);
            }
            Form::Baseline => self.draw_whiskers(canvas, axes, true),
            Form::Reports => self.draw_whiskers(canvas, axes, false),
            Form::Bars(days) => self.draw_bars(canvas, axes, f64::from(days.max(1))),
        }
    }

    /// The points in the order of days, `None` where a day has none. Points further apart than a day are joined only where the
    /// series is not daily.
    fn on_days(&self, time: &TimeAxis) -> Vec<Option<&SeriesPoint>> {
        if matches!(self.form, Form::Main | Form::Beside | Form::Other) {
            return time.rows_by_day(&self.points, |point| point.date);
        }
        let mut points: Vec<_> = self.points.iter().filter(|point| time.contains(point.date)).collect();
        points.sort_by_key(|point| point.date);
        points.into_iter().map(Some).collect()
    }

    fn placed(&self, (time, value): Axes<'_>) -> Vec<(&SeriesPoint, Point)> {
        let place = |point: &'_ SeriesPoint| Some((time.middle(point.date), value.y(finite(point.value)?)));
        self.on_days(time).into_iter().flatten().filter_map(|point| Some((point, place(point)?))).collect()
    }

    fn draw_runs(&self, canvas: &Canvas<'_>, axes: Axes<'_>, (width, ink): (f64, Ink)) {
        let (time, value) = axes;
        let place = |point: &SeriesPoint| Some((time.middle(point.date), value.y(finite(point.value)?)));
        for run in runs(self.on_days(time).into_iter().map(|point| point.and_then(place))) {
            match run.as_slice() {
                [only] => canvas.disc(*only, width, ink),
                line => canvas.line(line, width, ink),
            }
        }
    }

    /// Solid where figures are complete, dashed where they will still change; the two parts meet.
    fn draw_main(&self, canvas: &Canvas<'_>, axes: Axes<'_>) {
        let (time, value) = axes;
        let days = self.on_days(time);
        let place = |point: &SeriesPoint| Some((time.middle(point.date), value.y(finite(point.value)?)));
        let settled = days.iter().map(|day| day.filter(|point| !point.is_open).and_then(place));
        let open = days.iter().enumerate().map(|(index, day)| {
            let meets = days.get(index + 1).copied().flatten().is_some_and(|next| next.is_open);
            day.filter(|point| point.is_open || meets).and_then(place)
        });
        for run in runs(open) {
            canvas.trend(&run, Ink::with(Token::Line, Effect::Dashed));
        }
        for run in runs(settled) {
            canvas.trend(&run, Token::Line);
        }
        if self.values().count() <= SPARSE {
            self.dots(canvas, axes, 3.0);
        }
    }

    fn draw_beside(&self, canvas: &Canvas<'_>, axes: Axes<'_>) {
        self.draw_runs(canvas, axes, (1.6, Token::Beside.into()));
        // Open dots tell the two lines apart without colour, while they do not run into each other.
        let radius = if axes.0.step() < 7.0 { 2.2 } else { 3.4 };
        for (_, centre) in self.placed(axes) {
            canvas.disc(centre, radius, Token::Beside);
            canvas.disc(centre, radius - 1.3, Token::Surface);
        }
    }

    fn dots(&self, canvas: &Canvas<'_>, axes: Axes<'_>, radius: f64) {
        for (_, centre) in self.placed(axes) {
            canvas.disc(centre, radius + 1.2, Token::Surface);
            canvas.disc(centre, radius, self.token());
        }
    }

    fn draw_whiskers(&self, canvas: &Canvas<'_>, axes: Axes<'_>, is_beside: bool) {
        let value = axes.1;
        // What is compared with stands a little to the right, so that it hides nothing.
        let (shift, cap, token) = if is_beside { (7.0, 3.0, Token::Muted) } else { (0.0, 5.0, Token::Line) };
        for (point, (x, y)) in self.placed(axes) {
            let x = x + shift;
            if let Some((low, high)) = point.wide.filter(|(low, high)| low.is_finite() && high.is_finite()) {
                let (low, high) = (value.y(low), value.y(high));
                canvas.line(&[(x, low), (x, high)], 1.6, token);
                canvas.line(&[(x - cap, low), (x + cap, low)], 1.6, token);
                canvas.line(&[(x - cap, high), (x + cap, high)], 1.6, token);
            }
            canvas.disc((x, y), if is_beside { 4.2 } else { 6.0 }, Token::Surface);
            canvas.disc((x, y), if is_beside { 3.0 } else { 4.6 }, token);
        }
    }

    fn draw_bars(&self, canvas: &Canvas<'_>, (time, value): Axes<'_>, days: f64) {
        let inset = if time.step() * days < 2.5 { 0.0 } else { (time.step() * days * 0.1).min(3.0) };
        for point in self.on_days(time).into_iter().flatten() {
            let Some(height) = finite(point.value).filter(|value| *value > 0.0) else { continue };
            let right = time.end(point.date);
            let left = (right - days * time.step()).max(time.left());
            let (from, to) = ((left + inset, value.y(height)), (right - inset, value.bottom()));
            if point.is_open {
                canvas.rect(from, to, Ink::with(Token::BarIncomplete, Effect::Hatched));
                let outline = [(from.0, to.1), from, (to.0, from.1), to];
                canvas.line(&outline, 1.0, Token::BarIncomplete);
            } else {
                canvas.rect(from, to, Token::Bar);
            }
        }
    }
}

/// A label's box: left, top, right, bottom.
type Area = (f64, f64, f64, f64);

impl Timeline<'_> {
    /// The latest value of the line that carries the message, each report, each week's bar and each expected value, written out
    /// where they hide nothing: a label gives way to those before it.
    pub(super) fn draw_values(&self, canvas: &Canvas<'_>, axes: Axes<'_>) {
        let mut taken: Vec<Area> = Vec::new();
        let main_first = |series: &&Series| series.form != Form::Main;
        let mut order: Vec<&Series> = self.series.iter().collect();
        order.sort_by_key(main_first);
        for series in order {
            match series.form {
                Form::Main => self.draw_last(canvas, series, (axes, &mut taken)),
                Form::Ahead => self.draw_each(canvas, series, (axes, 13.0, &mut taken)),
                Form::Reports => self.draw_each(canvas, series, (axes, VALUE, &mut taken)),
                Form::Bars(days) if days > 1 => self.draw_tops(canvas, series, axes),
                _ => {}
            }
        }
    }

    fn draw_last(&self, canvas: &Canvas<'_>, series: &Series, about: (Axes<'_>, &mut Vec<Area>)) {
        let ((time, value), taken) = about;
        let Some((date, latest)) = series.last().filter(|(date, _)| time.contains(*date)) else { return };
        let (x, y) = (time.middle(date), value.y(latest));
        canvas.disc((x, y), 5.0, Token::Surface);
        canvas.disc((x, y), 3.6, Token::Line);
        let text = (self.format_value)(latest);
        let face = Face::new(VALUE, Token::Line).bold().anchored(Anchor::End).with_halo();
        let width = face.width(&text);
        let over_right = (x + 8.0).min(time.right()).max(time.left() + width + 2.0);
        // Over the point, before it, under it: the first place where no line runs through.
        let places = [(over_right, y - 11.0), (x - 10.0, y + 1.0), (over_right, y + 23.0)];
        let area = |(right, baseline): Point| (right - width, baseline - 12.0, right, baseline + 3.0);
        let fits = |place: &Point| {
            let area = area(*place);
            area.1 >= value.top() - 6.0 && area.0 >= time.left() && !self.is_crossed(area, (time, value))
        };
        let place = places.into_iter().find(fits).unwrap_or(places[1]);
        canvas.text(&text, place, face);
        taken.push(area(place));
    }

    /// Whether a line runs through an area.
    fn is_crossed(&self, (left, top, right, bottom): Area, axes: Axes<'_>) -> bool {
        let is_line = |series: &&Series| matches!(series.form, Form::Main | Form::Beside | Form::Ahead);
        self.series.iter().filter(is_line).any(|series| {
            let points = series.placed(axes);
            points.windows(2).any(|pair| {
                let ((_, one), (_, other)) = (pair[0], pair[1]);
                // A few points between are enough: labels are wider than days.
                (0..=8_u8).map(|part| f64::from(part) / 8.0).any(|part| {
                    let x = one.0 + (other.0 - one.0) * part;
                    let y = one.1 + (other.1 - one.1) * part;
                    x > left && x < right && y > top - 1.0 && y < bottom
                })
            })
        })
    }

    /// Values to the left of their points, where nothing else stands.
    fn draw_each(&self, canvas: &Canvas<'_>, series: &Series, about: (Axes<'_>, f64, &mut Vec<Area>)) {
        let (axes, size, taken) = about;
        let face = Face::new(size, Token::Line).bold().with_halo();
        let is_ahead = series.form == Form::Ahead;
        let known_until = self.now.map(|now| now.date);
        if !is_ahead {
            let whisker = |(point, (x, y)): (&SeriesPoint, Point)| {
                let (low, high) = point.wide.map_or((y, y), |(low, high)| (axes.1.y(low), axes.1.y(high)));
                (x - 5.0, high, x + 5.0, low)
            };
            taken.extend(series.placed(axes).into_iter().map(whisker));
        }
        for (point, (x, y)) in series.placed(axes) {
            if is_ahead && known_until.is_none_or(|until| point.date <= until) {
                continue;
            }
            let text = (self.format_value)(point.value.unwrap_or_default());
            let width = face.width(&text);
            // Before the point, or behind it where the axis is.
            let before = x - 9.0 - width;
            let left = if before > axes.0.left() + 2.0 { before } else { x + 9.0 };
            let baseline = y - if is_ahead { 8.0 } else { -5.0 };
            let area = (left, baseline - size, left + width, baseline + 3.0);
            if taken.iter().all(|other| !overlap(area, *other)) {
                canvas.text(&text, (left, baseline), face);
                taken.push(area);
            }
        }
    }

    /// Counts of weeks over their bars.
    fn draw_tops(&self, canvas: &Canvas<'_>, series: &Series, (time, value): Axes<'_>) {
        let Form::Bars(days) = series.form else { return };
        let width = f64::from(days) * time.step();
        let face = Face::new(13.0, Token::Ink).anchored(Anchor::Middle).with_halo();
        for (date, count) in series.values().filter(|(date, _)| time.contains(*date)) {
            let text = (self.format_value)(count);
            let left = (time.end(date) - width).max(time.left());
            if face.width(&text) < width {
                let at = (f64::midpoint(left, time.end(date)), value.y(count) - 5.0);
                canvas.text(&text, at, face);
            }
        }
    }
}

fn overlap(one: Area, other: Area) -> bool {
    one.0 < other.2 && other.0 < one.2 && one.1 < other.3 && other.1 < one.3
}
