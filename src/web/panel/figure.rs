//! A chart in a page: two drawings of it, for wide and for narrow screens, what is read out of it, its table and its
//! files. On a wall it is drawn once.

use askama::Template;

use super::Context;
use crate::chart::{Chart, Theme};
use crate::text::Phrases;
use crate::web::dashboard::CurveSettings;
use crate::web::export::{Picture, PictureForm};
use crate::web::figures::{Asked, Curve, Figure, Look, Strip, Table, figure};

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

#[derive(Template)]
#[template(path = "panel/figure.html")]
pub(super) struct FigurePanel {
    t: Phrases,
    id: String,
    pub(super) title: String,
    drawings: Vec<Drawing>,
    readout: String,
    downloads: Vec<(String, String)>,
    table: Table,
}

fn drawing(context: Context<'_>, slug: &str, draw: impl Fn(Look<'_>) -> Chart) -> Drawing {
    let one =
        |width: &str, size| draw(Look { slug: &format!("{slug}-{width}"), theme: Theme::Page, size }).svg;
    match context.is_wall {
        true => Drawing { wide: one("wall", WALL), narrow: None },
        false => Drawing { wide: one("wide", WIDE), narrow: Some(one("narrow", NARROW)) },
    }
}

pub(super) fn epicurve(context: Context<'_>, settings: &CurveSettings, nth: usize) -> FigurePanel {
    let subject = context.subject();
    let asked = context.asked(Some(settings.days));
    let settings = &CurveSettings { days: asked.days.unwrap_or(settings.days), ..settings.clone() };
    let mut curve = Curve::new(subject, settings, asked);
    if context.is_wall {
        // The line above the panels says of when the figures are; what is left of the wall is the curve's.
        curve.subtitle.clear();
        curve.source_line.clear();
    }
    let range = curve.range;
    let mut panel = of(context, Figure::curve(subject, curve), ("epicurve", nth), Some(settings.days));
    let strip = Strip::new(subject, range);
    if settings.has_strip && !strip.is_empty() {
        let under = drawing(context, &format!("strip-{nth}"), |look| strip.draw(subject, look, false));
        panel.drawings.push(under);
    }
    panel
}

/// Any chart by its name, over so many days or as many as it usually has.
pub(super) fn named(context: Context<'_>, name: &str, days: Option<u32>, nth: usize) -> Option<FigurePanel> {
    let figure = figure(name, context.subject(), context.asked(days))?;
    Some(of(context, figure, (name, nth), days))
}

fn of(context: Context<'_>, figure: Figure, (name, nth): (&str, usize), days: Option<u32>) -> FigurePanel {
    let id = format!("{}-{nth}", name.replace('_', "-"));
    FigurePanel {
        t: context.t,
        title: figure.title.clone(),
        drawings: vec![drawing(context, &id, |look| figure.draw(context.subject(), look))],
        readout: figure.readout.clone(),
        downloads: downloads(context, name, context.asked(days)),
        table: figure.table,
        id,
    }
}

impl Context<'_> {
    /// Days, scale and unit as the address has them; words that are none are as good as unsaid here, the chart's own address
    /// refuses them.
    fn asked(self, days: Option<u32>) -> Asked {
        let asked = Asked::read(self.visit.parameter("scale"), self.visit.parameter("per"), None);
        Asked { days: self.visit.days.or(days), ..asked.unwrap_or_default() }
    }
}

/// The chart and its table as files, as they are shown here.
fn downloads(context: Context<'_>, name: &str, asked: Asked) -> Vec<(String, String)> {
    let days = asked.days.map(|days| format!("&days={days}")).unwrap_or_default();
    let scale = if asked.is_log { "&scale=log" } else { "" };
    let per = asked.per.map(|per| format!("&per={}", per.as_str())).unwrap_or_default();
    let file = |form: PictureForm| {
        let label = context.t.say_with("download", &[("form", &form.as_str().to_uppercase())]);
        let address = context.visit.to_file(&format!("/charts/{name}.{form}"));
        (format!("{address}{days}{scale}{per}"), label)
    };
    PictureForm::ALL.into_iter().filter(|form| Picture::has(name, *form)).map(file).collect()
}
