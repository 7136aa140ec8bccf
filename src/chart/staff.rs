//! The city's own staff: the cumulative count of positive civil servants as steps, every report a point with its
//! number and, where it fits, the share with its interval in words. Made for few reports (three are enough) at
//! uneven distances. Not here: the interval's arithmetic (`indicator`) and all number formats (the caller).

use chrono::NaiveDate;

use super::canvas::{self, Canvas, Face, Ink, Part, Point};
use super::frame::Frame;
use super::svg::{Chart, Envelope, Hit, HitRow, finish};
use super::theme::{Theme, Token};
use super::time_axis::{FOOT, TimeAxis};
use super::value_axis::{Scale, ValueAxis};

/// Reports of staff cases, ready to be drawn. Texts are in the reader's language.
pub struct StaffChart<'a> {
    /// Makes the ids in the SVG unique in a page.
    pub slug: &'a str,
    /// The finding, for example "42 ASN positif, dua kali lipat dalam enam hari".
    pub title: &'a str,
    /// What is shown and its unit.
    pub subtitle: &'a str,
    /// The text alternative.
    pub description: &'a str,
    /// The reports.
    pub points: &'a [StaffPoint],
    /// First and last day shown; wider than the reports when the chart runs to the as-of date.
    pub range: (NaiveDate, NaiveDate),
    /// As-of date and source.
    pub source_line: &'a str,
    /// Width and height in CSS pixels.
    pub size: (u32, u32),
    /// Writes a number of the value axis.
    pub format: &'a dyn Fn(f64) -> String,
    /// Writes a day of the time axis.
    pub format_date: &'a dyn Fn(NaiveDate) -> String,
}

/// One report.
#[derive(Debug, Clone)]
pub struct StaffPoint {
    /// The day it counts for.
    pub date: NaiveDate,
    /// People positive so far.
    pub count: f64,
    /// The count in words, for example "42".
    pub value_label: String,
    /// Share and interval, for example "0,66% (0,49–0,89)"; may be empty.
    pub interval_label: String,
    /// Ready text for hovering and keyboard reading.
    pub label: String,
}

/// Draws the chart. Without any report it draws the texts and the axes.
#[must_use]
pub fn staff_chart(chart: &StaffChart<'_>, theme: Theme) -> Chart {
    let envelope =
        Envelope { slug: chart.slug, title: chart.title, description: chart.description, size: chart.size };
    let mut hits = Vec::new();
    let raw = canvas::draw(chart.size, |canvas| {
        let frame = Frame {
            title: chart.title,
            subtitle: chart.subtitle,
            source_line: chart.source_line,
            key: &[],
            size: chart.size,
        };
        let (top, bottom) = frame.draw(canvas);
        let time = TimeAxis::new(chart.range.0, chart.range.1, chart.size.0).without_names(chart.size.0);
        let reports = chart.reports(&time);
        let high = reports.iter().map(|report| report.count).fold(0.0, f64::max);
        // Head room for the labels, which stand over their points.
        let value = ValueAxis::from_zero(Scale::Linear, high * 1.25, true, (top, bottom));
        canvas.group(Part::Axis, || value.draw(canvas, &time, chart.format));
        canvas.group(Part::Reports, || draw_steps(canvas, &reports, (&time, &value)));
        canvas.group(Part::Axis, || time.draw(canvas, value.bottom(), chart.format_date));
        canvas.group(Part::Reports, || draw_labels(canvas, &reports, (&time, &value)));
        let hit = |report: &&StaffPoint| Hit {
            date: report.date,
            left: time.start(report.date),
            width: time.step(),
            label: report.label.clone(),
            value: Some(report.count),
        };
        let height = value.bottom() - value.top() + FOOT;
        hits.push(HitRow { top: value.top(), height, hits: reports.iter().map(hit).collect() });
    });
    finish(&raw, &envelope, &hits, theme)
}

impl StaffChart<'_> {
    /// The reports inside the range, by date.
    fn reports(&self, time: &TimeAxis) -> Vec<&StaffPoint> {
        let inside = |point: &&StaffPoint| time.contains(point.date) && point.count.is_finite();
        let mut reports: Vec<_> = self.points.iter().filter(inside).collect();
        reports.sort_by_key(|report| report.date);
        reports
    }
}

/// A count holds until the next report says otherwise: level lines with upright steps, faintly filled.
fn draw_steps(canvas: &Canvas<'_>, reports: &[&StaffPoint], (time, value): (&TimeAxis, &ValueAxis)) {
    let mut steps: Vec<Point> = Vec::new();
    for report in reports {
        let (x, y) = (time.middle(report.date), value.y(report.count));
        if let Some((_, before)) = steps.last().copied() {
            steps.push((x, before));
        }
        steps.push((x, y));
    }
    let (Some(first), Some(last)) = (steps.first().copied(), steps.last().copied()) else {
        return;
    };
    steps.push((time.right(), last.1));
    let mut area = steps.clone();
    area.extend([(time.right(), value.bottom()), (first.0, value.bottom())]);
    canvas.polygon(&area, Ink::faded(Token::Band, 0.6));
    canvas.line(&steps, 2.4, Token::Line);
    for report in reports {
        let centre = (time.middle(report.date), value.y(report.count));
        canvas.disc(centre, 5.5, Token::Surface);
        canvas.disc(centre, 4.0, Token::Line);
    }
}

/// A label's box: left, top, right, bottom.
type Area = (f64, f64, f64, f64);

/// Numbers over their points, intervals over the numbers. The latest report is labelled first and always; an
/// earlier one gives up its interval, then its number, where it would touch another label.
fn draw_labels(canvas: &Canvas<'_>, reports: &[&StaffPoint], (time, value): (&TimeAxis, &ValueAxis)) {
    let mut taken: Vec<Area> = Vec::new();
    for report in reports.iter().rev() {
        let at = (time.middle(report.date), value.y(report.count));
        let with_interval = Label::new(report, &report.interval_label, at, time);
        let number_only = Label::new(report, "", at, time);
        let free = |label: &&Label<'_>| {
            label.areas.iter().all(|area| !taken.iter().any(|other| overlap(*area, *other)))
        };
        if let Some(label) = [&with_interval, &number_only].into_iter().find(free) {
            label.draw(canvas);
            taken.extend(label.areas);
        }
    }
}

/// A point's number with an optional line over it.
struct Label<'a> {
    number: &'a str,
    interval: &'a str,
    number_at: Point,
    interval_at: Point,
    /// Of the number and of the interval.
    areas: [Area; 2],
}

const NUMBER: f64 = 17.0;
const INTERVAL: f64 = 12.5;

impl<'a> Label<'a> {
    fn new(report: &'a StaffPoint, interval: &'a str, (x, y): Point, time: &TimeAxis) -> Self {
        let number = report.value_label.as_str();
        let number_width = Face::new(NUMBER, Token::Ink).bold().width(number);
        let interval_width = Face::new(INTERVAL, Token::Muted).width(interval);
        let fit = |width: f64| (x - width / 2.0).min(time.right() - width).max(time.left() + 4.0);
        let baseline = y - 11.0;
        let area = |width: f64, baseline: f64, size: f64| {
            (fit(width) - 4.0, baseline - size, fit(width) + width + 4.0, baseline + 3.0)
        };
        let interval_y = baseline - NUMBER - 2.0;
        Self {
            number,
            interval,
            number_at: (fit(number_width), baseline),
            interval_at: (fit(interval_width), interval_y),
            areas: [area(number_width, baseline, NUMBER), area(interval_width, interval_y, INTERVAL)],
        }
    }

    fn draw(&self, canvas: &Canvas<'_>) {
        canvas.text(self.number, self.number_at, Face::new(NUMBER, Token::Ink).bold().with_halo());
        if !self.interval.is_empty() {
            canvas.text(self.interval, self.interval_at, Face::new(INTERVAL, Token::Muted).with_halo());
        }
    }
}

fn overlap(one: Area, other: Area) -> bool {
    one.0 < other.2 && other.0 < one.2 && one.1 < other.3 && other.1 < one.3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn june(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2021, 6, day).unwrap()
    }

    fn report(day: u32, count: f64, interval: &str) -> StaffPoint {
        StaffPoint {
            date: june(day),
            count,
            value_label: count.to_string(),
            interval_label: interval.to_owned(),
            label: format!("hari {day}"),
        }
    }

    fn draw(points: &[StaffPoint]) -> String {
        let chart = StaffChart {
            slug: "asn",
            title: "42 ASN positif",
            subtitle: "Kumulatif",
            description: "Tiga laporan.",
            points,
            range: (june(20), june(29)),
            source_line: "BKPSDM",
            size: (460, 280),
            format: &|value| value.to_string(),
            format_date: &|date| date.to_string(),
        };
        staff_chart(&chart, Theme::Page).svg
    }

    #[test]
    fn three_reports_are_three_labelled_points() {
        let points = [report(28, 42.0, "0,66%"), report(22, 20.0, "0,31%"), report(24, 27.0, "0,42%")];
        let svg = draw(&points);
        for text in ["\n20\n", "\n27\n", "\n42\n", "0,31%", "0,42%", "0,66%"] {
            assert!(svg.contains(text), "{text}");
        }
        assert_eq!(svg.matches("data-label=").count(), 3);
    }

    #[test]
    fn labels_never_overlap_and_the_latest_is_kept() {
        let points: Vec<_> = (21..=28).map(|day| report(day, f64::from(day), "0,66% (0,49–0,89)")).collect();
        let svg = draw(&points);
        assert!(svg.contains("\n28\n"));
        assert!(svg.matches("0,66%").count() < points.len());
    }

    #[test]
    fn no_report_draws_the_axes() {
        assert!(draw(&[]).contains("42 ASN positif"));
        assert!(!draw(&[report(22, f64::NAN, "")]).contains("NaN\" "));
    }
}
