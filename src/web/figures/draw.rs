//! A chart by its name, and what every chart is drawn from.

use chrono::NaiveDate;

use super::epicurve::Curve;
use super::line::{Line, kind_of};
use super::staff::Staff;
use super::strip::Strip;
use crate::chart::{Chart, Theme};
use crate::epi::Window;
use crate::job::{CityView, Journey};
use crate::text::{Locale, Phrases, date_short, number};
use crate::web::dashboard::{self, CurveSettings, Panel};
use crate::web::words::moment;

/// The charts that can be asked for by name.
pub const NAMES: [&str; 7] =
    ["epicurve", "level_strip", "staff", "incidence", "growth", "bed_occupancy", "deaths"];

/// Days shown where no dashboard says how many.
const DAYS: u32 = 56;

/// What every chart is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The figures.
    pub view: &'a CityView,
    /// The city and its rules.
    pub journey: &'a Journey,
    /// The reader's words.
    pub phrases: Phrases,
}

/// How one drawing looks.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Look<'a> {
    /// Makes the ids in the page unique.
    pub(in crate::web) slug: &'a str,
    pub(in crate::web) theme: Theme,
    /// CSS pixels.
    pub(in crate::web) size: (u32, u32),
}

/// Draws a chart by its name (see [`NAMES`]) as the first dashboard that has it shows it; `None` for another name.
#[must_use]
pub fn draw(name: &str, subject: Subject<'_>, theme: Theme, size: (u32, u32)) -> Option<Chart> {
    let look = Look { slug: name, theme, size };
    let panels = dashboard::NAMES.iter().filter_map(|name| dashboard::load(name).ok());
    let panels: Vec<Panel> = panels.flat_map(|dashboard| dashboard.panels).collect();
    let settings = panels.iter().find_map(|panel| match panel {
        Panel::Epicurve(settings) => Some(settings.clone()),
        _ => None,
    });
    let settings = settings.unwrap_or(CurveSettings { days: DAYS, ..CurveSettings::default() });
    match name {
        "epicurve" => Some(Curve::new(subject, &settings).draw(subject, look)),
        "level_strip" => {
            let range = Curve::new(subject, &settings).range;
            Some(Strip::new(subject, range).draw(subject, look, true))
        }
        "staff" => {
            let days = panels.iter().find_map(|panel| match panel {
                Panel::Staff { days } => Some(*days),
                _ => None,
            });
            Some(Staff::new(subject, days.unwrap_or(DAYS)).draw(subject, look))
        }
        _ => {
            let days = panels.iter().find_map(|panel| match panel {
                Panel::Line { figure, days } if figure == name => Some(*days),
                _ => None,
            });
            Some(Line::new(subject, kind_of(name)?, days.unwrap_or(DAYS)).draw(subject, look))
        }
    }
}

impl Subject<'_> {
    /// The days up to the one shown.
    pub(super) fn window(&self, days: u32) -> Window {
        Window::ending(self.view.date, u64::from(days))
    }

    pub(super) fn locale(&self) -> Locale {
        self.phrases.locale
    }

    pub(super) fn number(&self, value: f64) -> String {
        number(value, self.locale())
    }

    pub(super) fn short(&self, date: NaiveDate) -> String {
        date_short(date, self.locale())
    }

    /// Who reports and as known when: of several sources of one figure the one that counts, and where another counts from a day
    /// on, both.
    pub(super) fn source_line(&self, family: &str, (from, to): (NaiveDate, NaiveDate)) -> String {
        let stretches = self.view.grid.sources.get(family).into_iter().flatten();
        let mut drawn: Vec<_> = stretches.filter(|told| told.from <= to && told.to >= from).collect();
        drawn.sort_by_key(|told| told.from);
        let as_of = moment(self.view.as_of, self.journey.city.zone, self.locale());
        if drawn.is_empty() {
            return self.phrases.say_with("chart-source-none", &[("as_of", &as_of)]);
        }
        // Titles read "publisher: what it brings".
        let title = |name: &str| {
            let spec = self.journey.sources.iter().find(|spec| spec.id == name);
            let title = spec.map_or(name, |spec| spec.title_in(self.locale() == Locale::En));
            title.split(": ").next().unwrap_or(title).to_owned()
        };
        let titles: Vec<String> = drawn.iter().map(|told| title(&told.source)).collect();
        let title = titles.join(", ");
        self.phrases.say_with("chart-source", &[("source", &title), ("as_of", &as_of)])
    }
}
