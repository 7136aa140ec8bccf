//! Neighbouring places: the weekly incidence of those in the same province whose figures are in the store, beside the city's own.

use chrono::{Duration, NaiveDate};

use super::figure::{Cell, Row, Table};
use super::{Asked, Look, Subject};
use crate::chart::{Chart, Multiples, Panel, multiples};
use crate::epi::{IndicatorKind, Window};
use crate::indicator::IndicatorTable;
use crate::text::{date_medium, decimal};

const KIND: IndicatorKind = IndicatorKind::Incidence7dPer100k;
/// Panels beside the city's own; more cannot be read side by side.
const MOST: usize = 11;
/// A value this many days old is still told as the latest.
const RECENT: u32 = 7;

/// The places and their days.
pub(super) struct Neighbours {
    pub(super) title: String,
    subtitle: String,
    source_line: String,
    nothing: String,
    range: (NaiveDate, NaiveDate),
    panels: Vec<Panel>,
}

impl Neighbours {
    pub(super) fn new(subject: Subject<'_>, asked: Asked) -> Self {
        let (t, view) = (subject.phrases, subject.view);
        let window = subject.window(asked.days.unwrap_or(1));
        let own = (subject.journey.city.name.as_str(), &view.table);
        let mut others: Vec<(&str, &IndicatorTable)> =
            view.neighbours().iter().map(|place| (place.name.as_str(), &place.table)).collect();
        others.retain(|(_, table)| window.days().any(|date| table.at(KIND, date).value().is_some()));
        let latest = |table: &IndicatorTable| table.carried(KIND, view.date, RECENT).value();
        others.sort_by(|one, other| {
            latest(other.1).unwrap_or(-1.0).total_cmp(&latest(one.1).unwrap_or(-1.0)).then(one.0.cmp(other.0))
        });
        let all = others.len();
        let title = finding(subject, own, &others);
        others.truncate(MOST);
        let panels = match all {
            0 => Vec::new(),
            _ => std::iter::once(own).chain(others).map(|place| panel(subject, window, place)).collect(),
        };
        Self {
            title,
            subtitle: t.say("chart-neighbours-subtitle"),
            source_line: subject.source_line("cases", (window.from, window.to)),
            nothing: t.say("chart-neighbours-nothing"),
            range: (window.from, window.to),
            panels,
        }
    }

    pub(super) fn readout(&self) -> String {
        self.panels.first().map_or_else(|| self.nothing.clone(), |panel| panel.label.clone())
    }

    /// A column a place, newest day first.
    pub(super) fn table(&self, subject: Subject<'_>) -> Table {
        let shown = |value: f64| decimal(value, 1, subject.locale());
        let days = Window { from: self.range.0, to: self.range.1 }.days().enumerate();
        let row = |(nth, date): (usize, NaiveDate)| {
            let cells =
                self.panels.iter().map(|panel| Cell::of(panel.values.get(nth).copied().flatten(), shown));
            Row::of(date, subject, cells.collect())
        };
        let mut rows: Vec<Row> = days.map(row).collect();
        rows.reverse();
        if self.panels.is_empty() {
            rows.clear();
        }
        Table {
            caption: subject.phrases.say("chart-neighbours-caption"),
            unit: self.subtitle.clone(),
            columns: self.panels.iter().map(|panel| panel.name.clone()).collect(),
            rows,
        }
    }

    pub(super) fn draw(&self, subject: Subject<'_>, look: Look<'_>) -> Chart {
        let labels: Vec<&str> = self.panels.iter().map(|panel| panel.label.as_str()).collect();
        let chart = Multiples {
            slug: look.slug,
            title: &self.title,
            subtitle: &self.subtitle,
            description: &labels.join("; "),
            source_line: &self.source_line,
            panels: &self.panels,
            range: self.range,
            nothing: &self.nothing,
            size: look.size,
            format: &|value| subject.number(value),
            format_date: &|date| subject.short(date),
        };
        multiples(&chart, look.theme)
    }
}

fn panel(subject: Subject<'_>, window: Window, (name, table): (&str, &IndicatorTable)) -> Panel {
    let (t, locale) = (subject.phrases, subject.locale());
    let latest = table.carried(KIND, subject.view.date, RECENT);
    let said = latest.value().map(|value| decimal(value, 1, locale));
    let label = match (&said, latest.date()) {
        (Some(value), Some(date)) => {
            let before = table.at(KIND, date - Duration::days(7)).value();
            let before = before.map_or_else(|| "–".to_owned(), |before| decimal(before, 1, locale));
            let date = date_medium(date, locale);
            let args = [("place", name), ("value", value), ("date", &date), ("before", &before)];
            t.say_with("chart-neighbours-place", &args)
        }
        _ => format!("{name}: {}", t.say("chart-key-no-figure")),
    };
    Panel {
        name: name.to_owned(),
        latest: said.unwrap_or_else(|| "–".to_owned()),
        values: window.days().map(|date| table.at(KIND, date).value()).collect(),
        is_own: name == subject.journey.city.name,
        label,
    }
}

/// The city's place among those with a recent value.
fn finding(subject: Subject<'_>, own: (&str, &IndicatorTable), others: &[(&str, &IndicatorTable)]) -> String {
    let t = subject.phrases;
    let latest = |table: &IndicatorTable| table.carried(KIND, subject.view.date, RECENT).value();
    let values: Vec<f64> = others.iter().filter_map(|(_, table)| latest(table)).collect();
    let Some(value) = latest(own.1).filter(|_| !values.is_empty()) else {
        return t.say_with("chart-neighbours-none", &[("place", own.0)]);
    };
    let higher = values.iter().filter(|other| **other > value).count();
    let count = |things: usize| crate::web::words::count(things, t.locale);
    let (higher_said, all, value) = (count(higher), count(values.len()), decimal(value, 1, t.locale));
    let key = match higher {
        0 => "chart-neighbours-highest",
        higher if higher == values.len() => "chart-neighbours-lowest",
        _ => "chart-neighbours-between",
    };
    t.say_with(key, &[("place", own.0), ("value", &value), ("higher", &higher_said), ("all", &all)])
}
