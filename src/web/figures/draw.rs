//! A chart by its name.

use super::card;
use super::epicurve::Curve;
use super::figure::Figure;
use super::lines;
use super::neighbours::Neighbours;
use super::staff::Staff;
use super::strip::Strip;
use super::{Asked, Look, Subject};
use crate::chart::{CARD, Chart, Theme};
use crate::job::Beyond;
use crate::web::dashboard::{self, CurveSettings, Panel};

/// The charts that can be asked for by name.
pub const NAMES: [&str; 17] = [
    "epicurve",
    "level_strip",
    "staff",
    "incidence",
    "growth",
    "rt",
    "forecast",
    "nowcast",
    "revisions",
    "bed_occupancy",
    "icu_occupancy",
    "deaths",
    "staff_prevalence",
    "unit_clusters",
    "neighbours",
    "sparkline",
    "card",
];

/// The charts that can be shown alone on a page.
pub(in crate::web) fn embedded_names() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().filter(|name| !["sparkline", "card"].contains(name))
}

/// What must be read first for a chart (`job::know`); for most nothing.
#[must_use]
pub fn beyond(name: &str) -> Option<Beyond> {
    match name {
        "neighbours" => Some(Beyond::Neighbours),
        "revisions" => Some(Beyond::KnownThen),
        _ => None,
    }
}

/// CSS pixels of a chart on a phone.
pub const PHONE: (u32, u32) = (360, 400);

/// CSS pixels of a chart in a document.
#[must_use]
pub fn usual_size(name: &str) -> (u32, u32) {
    match name {
        "sparkline" => (120, 28),
        "card" => CARD,
        _ => (960, 420),
    }
}

/// Picture pixels per CSS pixel of a chart's PNG: sharp on paper, and a card as large as it is shown.
#[must_use]
pub fn sharpness(name: &str) -> f32 {
    if name == "card" { 1.0 } else { 2.0 }
}

/// Days shown where nobody says how many.
pub(in crate::web) const DAYS: u32 = 56;

/// The charts that stand in a panel of their own, with their table.
pub(in crate::web) fn line_names() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().filter(|name| !["epicurve", "level_strip", "staff", "sparkline", "card"].contains(name))
}

/// Draws a chart by its name (see [`NAMES`]); `None` for another name.
#[must_use]
pub fn draw(name: &str, subject: Subject<'_>, asked: Asked, theme: Theme, size: (u32, u32)) -> Option<Chart> {
    let look = Look { slug: name, theme, size };
    match name {
        "sparkline" => Some(lines::spark(subject, asked, look)),
        "card" => Some(card::draw(subject, theme)),
        _ => Some(figure(name, subject, asked)?.draw(subject, look)),
    }
}

/// A chart with everything that stands round it on a page; `None` for another name.
pub(in crate::web) fn figure(name: &str, subject: Subject<'_>, asked: Asked) -> Option<Figure> {
    let days = asked.days.unwrap_or(DAYS);
    match name {
        "epicurve" => Some(Figure::curve(subject, Curve::new(subject, &curve_settings(asked), asked))),
        "level_strip" => {
            let range = Curve::new(subject, &curve_settings(asked), asked).range;
            Some(Figure::strip(subject, Strip::new(subject, range)))
        }
        "neighbours" => {
            let asked = Asked { days: Some(days), ..asked };
            Some(Figure::neighbours(subject, Neighbours::new(subject, asked)))
        }
        "staff" => Some(Figure::staff(subject, Staff::new(subject, days))),
        _ => lines::plot(name, subject, Asked { days: Some(days), ..asked }).map(Figure::plot),
    }
}

/// The curve as the first dashboard that has it shows it.
pub(in crate::web) fn curve_settings(asked: Asked) -> CurveSettings {
    let panels = dashboard::NAMES.iter().filter_map(|name| dashboard::load(name).ok());
    let found = panels.flat_map(|dashboard| dashboard.panels).find_map(|panel| match panel {
        Panel::Epicurve(settings) => Some(settings),
        _ => None,
    });
    let settings = found.unwrap_or(CurveSettings { days: DAYS, ..CurveSettings::default() });
    CurveSettings { days: asked.days.unwrap_or(settings.days), ..settings }
}
