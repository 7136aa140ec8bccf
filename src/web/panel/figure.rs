//! A chart in a page: two drawings of it, for wide and for narrow screens, what is read out of it, its table and its
//! files.

use askama::Template;

use super::Context;
use crate::chart::{Chart, Theme};
use crate::epi::Window;
use crate::text::{Phrases, date_long, number};
use crate::web::dashboard::CurveSettings;
use crate::web::figures::{Curve, Line, Look, Staff, Strip, Subject, draw, kind_of};

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

struct Row {
    date: String,
    day: String,
    cases: String,
    /// For sorting; empty for a figure of several days.
    cases_value: String,
    mean: String,
    mean_value: String,
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
    table: Vec<Row>,
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
        table: Vec::new(),
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
        table: Vec::new(),
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
        table: table(subject, &curve),
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
        table: Vec::new(),
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
        table: Vec::new(),
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

/// The days of the curve, newest first.
fn table(subject: Subject<'_>, curve: &Curve) -> Vec<Row> {
    let t = subject.phrases;
    let shown = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| number(value, t.locale));
    let raw = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let rows = curve.days.iter().rev().map(|day| {
        let lump = curve.lumps.iter().find(|lump| (lump.from..=lump.to).contains(&day.date));
        Row {
            date: day.date.to_string(),
            day: date_long(day.date, t.locale),
            cases: match (day.cases, lump) {
                (None, Some(lump)) => lump.label.clone(),
                (cases, _) => shown(cases),
            },
            cases_value: raw(day.cases),
            mean: shown(day.mean_7d),
            mean_value: raw(day.mean_7d),
        }
    });
    rows.collect()
}
