//! A chart in a page: two drawings of it, for wide and for narrow screens, what is read out of it, its table and its
//! files.

use askama::Template;
use chrono::NaiveDate;

use super::Context;
use crate::chart::{Chart, StripRow, Theme};
use crate::epi::Window;
use crate::text::{Phrases, date_long, indicator_value, number};
use crate::web::dashboard::CurveSettings;
use crate::web::figures::{Curve, Line, Look, Staff, Strip, Subject, draw, kind_of};
use crate::web::words::sentence;

/// CSS pixels of the drawing for wide and for narrow screens.
const WIDE: (u32, u32) = (960, 420);
const NARROW: (u32, u32) = (360, 400);
/// On a wall a chart is drawn small and shown large, so that its words can be read from five metres.
const WALL: (u32, u32) = (472, 206);

/// The same chart twice; on a wall once.
struct Drawing {
    wide: String,
    narrow: Option<String>,
}

/// The figures of a chart, day by day.
struct DataTable {
    caption: String,
    /// Unit, and what a gap means.
    note: String,
    heads: Vec<String>,
    rows: Vec<Row>,
}

struct Row {
    date: String,
    day: String,
    /// Texts, and what they are sorted by where that is not the text; nothing stands last.
    cells: Vec<(String, Option<String>)>,
}

impl Row {
    fn new(date: NaiveDate, t: Phrases, cells: Vec<(String, Option<String>)>) -> Self {
        Self { date: date.to_string(), day: date_long(date, t.locale), cells }
    }
}

#[derive(Template)]
#[template(path = "panel/figure.html")]
pub(super) struct FigurePanel {
    t: Phrases,
    id: String,
    title: String,
    drawings: Vec<Drawing>,
    readout: String,
    downloads: Vec<(String, String)>,
    table: Option<DataTable>,
}

fn drawing(context: Context<'_>, slug: &str, draw: impl Fn(Look<'_>) -> Chart) -> Drawing {
    let one =
        |width: &str, size| draw(Look { slug: &format!("{slug}-{width}"), theme: Theme::Page, size }).svg;
    match context.is_wall {
        true => Drawing { wide: one("wall", WALL), narrow: None },
        false => Drawing { wide: one("wide", WIDE), narrow: Some(one("narrow", NARROW)) },
    }
}

/// The strip alone, over days of its own.
pub(super) fn strip(context: Context<'_>, days: u32, nth: usize) -> FigurePanel {
    let subject = context.subject();
    let window = Window::ending(context.view.date, u64::from(context.days(days)));
    let strip = Strip::new(subject, (window.from, window.to));
    let id = format!("strip-{nth}");
    FigurePanel {
        t: context.t,
        title: context.t.say("strip-title"),
        drawings: vec![drawing(context, &id, |look| strip.draw(subject, look, true))],
        readout: String::new(),
        downloads: downloads(context, "level_strip"),
        table: Some(of_strip(context.t, &strip)),
        id,
    }
}

/// A chart that has no settings here, as its file shows it.
pub(super) fn named(context: Context<'_>, name: &str, nth: usize) -> Option<FigurePanel> {
    let wide = draw(name, context.subject(), Theme::Page, if context.is_wall { WALL } else { WIDE })?;
    Some(FigurePanel {
        t: context.t,
        title: wide.alt.clone(),
        drawings: vec![Drawing { wide: wide.svg, narrow: None }],
        readout: String::new(),
        downloads: downloads(context, name),
        table: None,
        id: format!("{name}-{nth}"),
    })
}

pub(super) fn epicurve(context: Context<'_>, settings: &CurveSettings, nth: usize) -> FigurePanel {
    let subject = context.subject();
    let settings = &CurveSettings { days: context.days(settings.days), ..settings.clone() };
    let mut curve = Curve::new(subject, settings);
    if context.is_wall {
        // The line above the panels says of when the figures are; what is left of the wall is the curve's.
        curve.subtitle.clear();
        curve.source_line.clear();
    }
    let id = format!("epicurve-{nth}");
    let mut drawings = vec![drawing(context, &id, |look| curve.draw(subject, look))];
    let strip = Strip::new(subject, curve.range);
    if settings.has_strip && !strip.is_empty() {
        drawings.push(drawing(context, &format!("strip-{nth}"), |look| strip.draw(subject, look, false)));
    }
    FigurePanel {
        t: context.t,
        title: curve.title.clone(),
        drawings,
        readout: curve.readout(),
        downloads: downloads(context, "epicurve"),
        table: Some(of_curve(subject, &curve)),
        id,
    }
}

pub(super) fn staff(context: Context<'_>, days: u32, nth: usize) -> FigurePanel {
    let subject = context.subject();
    let staff = Staff::new(subject, context.days(days));
    let id = format!("staff-{nth}");
    FigurePanel {
        t: context.t,
        title: staff.title.clone(),
        drawings: vec![drawing(context, &id, |look| staff.draw(subject, look))],
        readout: staff.readout(),
        downloads: downloads(context, "staff"),
        table: Some(of_staff(context.t, &staff)),
        id,
    }
}

pub(super) fn line(context: Context<'_>, name: &str, days: u32, nth: usize) -> Option<FigurePanel> {
    let subject = context.subject();
    let line = Line::new(subject, kind_of(name)?, context.days(days));
    let id = format!("{name}-{nth}");
    Some(FigurePanel {
        t: context.t,
        title: line.title.clone(),
        drawings: vec![drawing(context, &id, |look| line.draw(subject, look))],
        readout: line.readout(),
        downloads: downloads(context, name),
        table: Some(of_line(context.t, &line)),
        id,
    })
}

fn downloads(context: Context<'_>, name: &str) -> Vec<(String, String)> {
    let file = |form: &str| {
        let label = context.t.say_with("download", &[("form", &form.to_uppercase())]);
        (context.visit.to_file(&format!("/charts/{name}.{form}")), label)
    };
    vec![file("svg"), file("png")]
}

/// No figure.
fn none() -> (String, Option<String>) {
    ("–".to_owned(), Some(String::new()))
}

/// The days of the curve, newest first.
fn of_curve(subject: Subject<'_>, curve: &Curve) -> DataTable {
    let t = subject.phrases;
    let cell = |value: Option<f64>| match value {
        Some(value) => (number(value, t.locale), Some(value.to_string())),
        None => none(),
    };
    let rows = curve.days.iter().rev().map(|day| {
        let lump = curve.lumps.iter().find(|lump| (lump.from..=lump.to).contains(&day.date));
        let cases = match (day.cases, lump) {
            // A figure of several days is sorted to the end: it is none of the day's own.
            (None, Some(lump)) => (lump.label.clone(), Some(String::new())),
            (cases, _) => cell(cases),
        };
        Row::new(day.date, t, vec![cases, cell(day.mean_7d)])
    });
    DataTable {
        caption: t.say("figure-cases-caption"),
        note: t.say("figure-cases-unit"),
        heads: vec![t.say("column-cases"), t.say("column-mean")],
        rows: rows.collect(),
    }
}

/// The days of the line that have a figure, newest first.
fn of_line(t: Phrases, line: &Line) -> DataTable {
    let shown = |value: f64| indicator_value(Some(line.kind), value, t);
    let known = line.points.iter().rev().filter_map(|point| Some((point, point.value?)));
    let rows = known.map(|(point, value)| {
        let interval = match point.lower.zip(point.upper) {
            Some((lower, upper)) => (format!("{}–{}", shown(lower), shown(upper)), Some(lower.to_string())),
            None => none(),
        };
        Row::new(point.date, t, vec![(shown(value), Some(value.to_string())), interval])
    });
    DataTable {
        caption: sentence(&t.say(&format!("indicator-{}", line.kind.name()))),
        note: t.say("figure-line-note"),
        heads: vec![sentence(&t.say("chart-key-value")), sentence(&t.say("chart-key-band"))],
        rows: rows.collect(),
    }
}

/// The reports of the staff's running total, newest first.
fn of_staff(t: Phrases, staff: &Staff) -> DataTable {
    let rows = staff.points.iter().rev().map(|point| {
        let share = Some(&point.interval_label).filter(|label| !label.is_empty());
        let share = share.map_or_else(none, |label| (label.clone(), None));
        Row::new(point.date, t, vec![(point.value_label.clone(), Some(point.count.to_string())), share])
    });
    DataTable {
        caption: t.say("fact-staff"),
        note: t.say("figure-staff-note"),
        heads: vec![t.say("figure-staff-total"), t.say("figure-staff-share")],
        rows: rows.collect(),
    }
}

/// The days of the strip with the level of each of its rows, newest first.
fn of_strip(t: Phrases, strip: &Strip) -> DataTable {
    let mut dates: Vec<NaiveDate> = strip.rows.iter().flat_map(|row| &row.days).map(|day| day.date).collect();
    dates.sort_unstable();
    dates.dedup();
    let level = |row: &StripRow, date| {
        let day = row.days.iter().find(|day| day.date == date);
        // A day's label reads "day: level".
        let word = day.and_then(|day| Some(day.label.split_once(": ")?.1.to_owned()));
        word.map_or_else(none, |word| (word, None))
    };
    let row = |date: &NaiveDate| Row::new(*date, t, strip.rows.iter().map(|row| level(row, *date)).collect());
    DataTable {
        caption: t.say("strip-title"),
        note: t.say("figure-strip-note"),
        heads: strip.rows.iter().map(|row| row.name.clone()).collect(),
        rows: dates.iter().rev().map(row).collect(),
    }
}
