//! The city's own staff (ASN): the running total of positive people, each report a point with its share.

use chrono::{Duration, NaiveDate};

use super::figure::{Cell, Row, Table};
use super::{Look, Subject};
use crate::chart::{Chart, StaffChart, StaffPoint, staff_chart};
use crate::epi::{Estimate, IndicatorKind};
use crate::observation::Measure;
use crate::text::{date_long, date_medium, decimal};

/// Days shown at least, so that two reports do not fill the picture.
const LEAST_DAYS: i64 = 14;

/// The reports of the window.
pub(in crate::web) struct Staff {
    pub(in crate::web) title: String,
    subtitle: String,
    description: String,
    source_line: String,
    pub(in crate::web) points: Vec<StaffPoint>,
    range: (NaiveDate, NaiveDate),
}

impl Staff {
    pub(in crate::web) fn new(subject: Subject<'_>, days: u32) -> Self {
        let (view, t) = (subject.view, subject.phrases);
        let window = subject.window(days);
        let cells = view.grid.cells(Measure::StaffCasesTotal).iter().enumerate();
        let points: Vec<StaffPoint> = cells
            .filter_map(|(slot, cell)| Some((view.grid.date(slot), cell.as_ref()?.value)))
            .filter(|(date, _)| window.contains(*date))
            .map(|(date, count)| point(subject, date, count))
            .collect();
        let latest = view.date - Duration::days(LEAST_DAYS - 1);
        let first = points.first().map_or(latest, |point| point.date - Duration::days(1));
        let labels: Vec<&str> = points.iter().map(|point| point.label.as_str()).collect();
        Self {
            title: title(subject, &points),
            subtitle: t.say_with("chart-staff-subtitle", &[("city", &subject.journey.city.name)]),
            description: labels.join("; "),
            source_line: subject.source_line(Measure::StaffCasesTotal.family(), (window.from, window.to)),
            range: (first.min(latest), view.date),
            points,
        }
    }

    pub(in crate::web) fn readout(&self) -> String {
        self.points.last().map_or_else(String::new, |point| point.label.clone())
    }

    /// The reports, newest first.
    pub(super) fn table(&self, subject: Subject<'_>) -> Table {
        let t = subject.phrases;
        let row = |point: &StaffPoint| {
            let count = Cell { text: point.value_label.clone(), value: point.count.to_string() };
            let share = if point.interval_label.is_empty() { "–" } else { &point.interval_label };
            Row::of(point.date, subject, vec![count, Cell::said(share.to_owned())])
        };
        Table {
            caption: t.say("chart-staff-caption"),
            unit: self.subtitle.clone(),
            columns: vec![t.say("chart-staff_prevalence-people"), t.say("chart-staff-share")],
            rows: self.points.iter().rev().map(row).collect(),
        }
    }

    pub(in crate::web) fn draw(&self, subject: Subject<'_>, look: Look<'_>) -> Chart {
        let chart = StaffChart {
            slug: look.slug,
            title: &self.title,
            subtitle: &self.subtitle,
            description: &self.description,
            points: &self.points,
            range: self.range,
            source_line: &self.source_line,
            size: look.size,
            format: &|value| subject.number(value),
            format_date: &|date| subject.short(date),
        };
        staff_chart(&chart, look.theme)
    }
}

fn point(subject: Subject<'_>, date: NaiveDate, count: f64) -> StaffPoint {
    let interval_label = share(&subject.view.table.at(IndicatorKind::StaffPrevalenceTotalPct, date), subject);
    let value_label = subject.number(count);
    let mut label = subject.phrases.say_with(
        "chart-staff-point",
        &[("date", &date_long(date, subject.locale())), ("count", &value_label)],
    );
    if !interval_label.is_empty() {
        label = format!("{label}, {interval_label}");
    }
    StaffPoint { date, count, value_label, interval_label, label }
}

/// "0,66% (0,49–0,89)".
fn share(estimate: &Estimate, subject: Subject<'_>) -> String {
    let shown = |value: f64| decimal(value, 2, subject.locale());
    match (estimate.value(), estimate.lower(), estimate.upper()) {
        (Some(value), Some(lower), Some(upper)) => {
            format!("{}% ({}–{})", shown(value), shown(lower), shown(upper))
        }
        (Some(value), ..) => format!("{}%", shown(value)),
        _ => String::new(),
    }
}

fn title(subject: Subject<'_>, points: &[StaffPoint]) -> String {
    let t = subject.phrases;
    let Some(last) = points.last() else { return t.say("chart-staff-title-none") };
    match points.iter().rev().nth(1).filter(|before| before.count < last.count) {
        Some(before) => {
            let date = date_medium(before.date, t.locale);
            let args = [("count", &*last.value_label), ("before", &*before.value_label), ("date", &*date)];
            t.say_with("chart-staff-title-rise", &args)
        }
        None => t.say_with("chart-staff-title", &[("count", &last.value_label)]),
    }
}
