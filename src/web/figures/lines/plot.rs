//! A chart over days, with the rows that it is drawn, read out and tabled from.

use chrono::NaiveDate;

use super::unit::Unit;
use super::{ahead, indicator, late, shares, then, weekly};
use crate::chart::{
    Baseline, Chart, Ground, IndicatorThreshold, Now, Reading, Series, Timeline, TimelineWords, ValueRange,
    timeline,
};
use crate::epi::{Estimate, Missing};
use crate::text::{Phrases, date_long, date_medium};
use crate::web::figures::figure::{Cell, Row, Table};
use crate::web::figures::{Asked, Look, Subject};
use crate::web::words::sentence;

/// Days shown at least, so that two reports do not fill the picture.
const LEAST_DAYS: i64 = 14;
/// Days before the first value that are shown.
const BEFORE: i64 = 3;

/// A chart over days; `None` for a name that is none.
pub(in crate::web::figures) fn plot(name: &str, subject: Subject<'_>, asked: Asked) -> Option<Plot> {
    match name {
        "forecast" => Some(ahead::plot(subject, asked)),
        "nowcast" => Some(late::plot(subject, asked)),
        "revisions" => Some(then::plot(subject, asked)),
        "staff_prevalence" => Some(shares::plot(subject, asked)),
        "unit_clusters" => Some(weekly::plot(subject, asked)),
        _ => indicator::plot(name, subject, asked),
    }
}

/// A chart over days.
pub(in crate::web::figures) struct Plot {
    /// The finding.
    pub(in crate::web::figures) title: String,
    pub(super) subtitle: String,
    pub(super) source_line: String,
    /// Why there is nothing to draw, where there is nothing.
    pub(super) nothing: String,
    pub(super) series: Vec<Series>,
    pub(super) thresholds: Vec<IndicatorThreshold>,
    pub(super) grounds: Vec<Ground>,
    pub(super) range: (NaiveDate, NaiveDate),
    /// The last day known, and what comes after it.
    pub(super) now: Option<(NaiveDate, String)>,
    pub(super) unit: Unit,
    pub(super) values: ValueRange,
    pub(super) caption: String,
    pub(super) columns: Vec<String>,
    /// Oldest first.
    pub(super) rows: Vec<PlotRow>,
    pub(super) phrases: Phrases,
}

/// A day of the chart.
pub(super) struct PlotRow {
    pub(super) date: NaiveDate,
    /// Days it stands for, ending on it.
    pub(super) days: u8,
    /// What is read out after the day.
    pub(super) said: String,
    /// The value of the line that carries the message.
    pub(super) value: Option<f64>,
    pub(super) cells: Vec<Cell>,
}

impl Plot {
    /// A chart of this subject without series, thresholds and rows.
    pub(super) fn new(subject: Subject<'_>, (family, asked): (&str, Asked), unit: Unit) -> Self {
        let window = subject.window(asked.days.unwrap_or(1));
        let range = (window.from, window.to);
        Self {
            title: String::new(),
            subtitle: String::new(),
            source_line: subject.source_line(family, range),
            nothing: String::new(),
            series: Vec::new(),
            thresholds: Vec::new(),
            grounds: Vec::new(),
            range,
            now: None,
            unit,
            values: ValueRange {
                baseline: Baseline::Zero,
                scale: if unit == Unit::Count || unit == Unit::Rate {
                    asked.scale()
                } else {
                    crate::chart::Scale::Linear
                },
                is_whole: unit == Unit::Count,
                cuts_bands: false,
            },
            caption: String::new(),
            columns: Vec::new(),
            rows: Vec::new(),
            phrases: subject.phrases,
        }
    }

    /// Begins shortly before the first value: an empty half says no more than the words do.
    pub(super) fn begin_at_first_value(&mut self) {
        let Some(first) = self.rows.iter().find(|row| row.value.is_some()).map(|row| row.date) else {
            return;
        };
        let latest = self.range.1 - chrono::Duration::days(LEAST_DAYS - 1);
        let from = (first - chrono::Duration::days(BEFORE)).min(latest).max(self.range.0);
        self.range.0 = from;
        self.rows.retain(|row| row.date >= from);
    }

    /// The days with a value, of all.
    fn known(&self) -> usize {
        self.rows.iter().filter(|row| row.value.is_some()).count()
    }

    fn read(&self, row: &PlotRow) -> String {
        format!("{}: {}", date_long(row.date, self.phrases.locale), row.said)
    }

    /// What is read out before anybody points at a day: the last value, else why there is none.
    pub(in crate::web::figures) fn readout(&self) -> String {
        let last = self.rows.iter().rfind(|row| row.value.is_some()).or(self.rows.last());
        last.map_or_else(|| sentence(&self.nothing), |row| self.read(row))
    }

    fn description(&self) -> String {
        if self.known() == 0 {
            return sentence(&self.nothing);
        }
        let (t, (from, to)) = (self.phrases, self.range);
        let count = |things: usize| crate::web::words::count(things, t.locale);
        let args = [
            ("from", &*date_medium(from, t.locale)),
            ("to", &*date_medium(to, t.locale)),
            ("known", &*count(self.known())),
            ("all", &*count(self.rows.len())),
            ("last", &*self.readout()),
        ];
        format!("{}. {}", self.subtitle, t.say_with("chart-description", &args))
    }

    /// The rows that are drawn, newest first.
    pub(in crate::web::figures) fn table(&self) -> Table {
        let row = |row: &PlotRow| Row {
            date: row.date.to_string(),
            day: date_long(row.date, self.phrases.locale),
            cells: row.cells.clone(),
        };
        Table {
            caption: self.caption.clone(),
            unit: self.subtitle.clone(),
            columns: self.columns.clone(),
            rows: self.rows.iter().rev().map(row).collect(),
        }
    }

    pub(in crate::web::figures) fn draw(&self, subject: Subject<'_>, look: Look<'_>) -> Chart {
        let t = subject.phrases;
        let words = ["wide", "near", "no-figure", "incomplete"];
        let [wide, near, no_value, open] = words.map(|word| t.say(&format!("chart-key-{word}")));
        let readings: Vec<Reading> = self.rows.iter().map(|row| self.reading(row)).collect();
        let nothing = sentence(&self.nothing);
        let chart = Timeline {
            slug: look.slug,
            title: &self.title,
            subtitle: &self.subtitle,
            description: &self.description(),
            source_line: &self.source_line,
            series: &self.series,
            thresholds: &self.thresholds,
            grounds: &self.grounds,
            readings: &readings,
            range: self.range,
            now: self.now.as_ref().map(|(date, name)| Now { date: *date, name }),
            words: TimelineWords {
                wide: &wide,
                near: &near,
                no_value: &no_value,
                open: &open,
                nothing: &nothing,
            },
            values: self.values,
            size: look.size,
            format: &|value| self.unit.tick(value, t.locale),
            format_value: &|value| self.unit.value(value, t.locale),
            format_date: &|date| subject.short(date),
        };
        timeline(&chart, look.theme)
    }

    fn reading(&self, row: &PlotRow) -> Reading {
        Reading { date: row.date, days: row.days, label: self.read(row), value: row.value }
    }
}

/// The interval of an estimate.
pub(super) fn interval(estimate: &Estimate) -> Option<(f64, f64)> {
    Some((estimate.lower()?, estimate.upper()?))
}

/// Why there is no value, in the reader's words.
pub(super) fn reason(missing: Option<Missing>, t: Phrases) -> String {
    match missing {
        Some(missing) => t.say(&format!("missing-{}", missing.code())),
        None => t.say("chart-key-no-figure"),
    }
}
