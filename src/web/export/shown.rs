//! What a chart shows, as a table: the same days, the same figures, at full precision.

use chrono::NaiveDate;

use crate::assessment::{Mode, Step, Verdict};
use crate::epi::{IndicatorKind, Window};
use crate::export::{Cell, Column, Kind, Table};
use crate::web::figures::{self, Asked, Curve, DAYS, Per, Staff, Subject, curve_settings, figure};

/// The table of a chart as it is asked for; `None` for another name, and for what has no table.
pub(super) fn shown(name: &str, subject: Subject<'_>, asked: Asked) -> Option<Table> {
    let curve = || Curve::new(subject, &curve_settings(asked), asked);
    let days = asked.days.unwrap_or(DAYS);
    match name {
        "epicurve" => Some(of_curve(subject, &curve(), asked.per == Some(Per::Residents))),
        "level_strip" => Some(of_levels(subject, curve().range)),
        "staff" => Some(of_staff(subject, &Staff::new(subject, days))),
        "incidence" if asked.per == Some(Per::Count) => Some(of_line(subject, IndicatorKind::Cases7d, days)),
        _ => match kind_of(name) {
            Some(kind) => Some(of_line(subject, kind, days)),
            None => Some(of_figure(&figure(name, subject, asked)?.table)),
        },
    }
}

/// The indicator that a chart shows over days, where it is one alone.
fn kind_of(name: &str) -> Option<IndicatorKind> {
    match name {
        "incidence" => Some(IndicatorKind::Incidence7dPer100k),
        "growth" => Some(IndicatorKind::GrowthPct),
        "rt" => Some(IndicatorKind::Rt),
        "bed_occupancy" => Some(IndicatorKind::BedOccupancyPct),
        "icu_occupancy" => Some(IndicatorKind::IcuOccupancyPct),
        "deaths" => Some(IndicatorKind::Deaths7dPer100k),
        "staff_prevalence" => Some(IndicatorKind::StaffPrevalenceTotalPct),
        _ => None,
    }
}

/// The table beside a chart of several things, under the heads it has there; oldest day first, as in every file.
fn of_figure(shown: &figures::Table) -> Table {
    let is_number = |place: usize| {
        let cells = shown.rows.iter().filter_map(|row| row.cells.get(place));
        cells.filter(|cell| !cell.value.is_empty()).all(|cell| cell.value.parse::<f64>().is_ok())
    };
    let numbers: Vec<bool> = (0..shown.columns.len()).map(is_number).collect();
    let mut columns = vec![Column::of(Kind::Date, "date", "the day")];
    columns.extend(shown.columns.iter().enumerate().map(|(place, name)| {
        let kind = if numbers[place] { Kind::Number } else { Kind::Text };
        Column::of(kind, name, &shown.unit)
    }));
    let row = |row: &figures::Row| {
        let mut cells = vec![row.date.parse::<NaiveDate>().map_or(Cell::Empty, Cell::Date)];
        cells.extend(row.cells.iter().enumerate().map(|(place, cell)| match cell.value.parse() {
            Ok(value) if numbers.get(place) == Some(&true) => Cell::Number(value),
            _ if cell.value.is_empty() && numbers.get(place) == Some(&true) => Cell::Empty,
            _ => cell.text.as_str().into(),
        }));
        cells
    };
    Table { rows: shown.rows.iter().rev().map(row).collect(), columns }
}

fn table(columns: &[(Kind, &str, &str)]) -> Table {
    let columns = columns.iter().map(|(kind, name, description)| Column::of(*kind, name, description));
    Table { columns: columns.collect(), rows: Vec::new() }
}

fn of_curve(subject: Subject<'_>, curve: &Curve, is_rate: bool) -> Table {
    let view = subject.view;
    let of_day = match is_rate {
        true => {
            ("cases_per_100k", "confirmed cases of the day, or of the several days, per 100,000 residents")
        }
        false => ("cases", "confirmed cases of the day, or of the several days"),
    };
    let mean = if is_rate { IndicatorKind::CasesMean7dPer100k } else { IndicatorKind::CasesMean7d };
    let mut table = table(&[
        (Kind::Date, "date", "the day; of a figure for several days, the last"),
        (Kind::Date, "date_from", "first day of a figure for several days, else empty"),
        (Kind::Number, of_day.0, of_day.1),
        (Kind::Text, "status", "printed, derived or reconstructed"),
        (Kind::Number, mean.name(), mean.description()),
    ]);
    for day in &curve.days {
        let cell = view.grid.index(day.date).and_then(|slot| view.daily.get(slot)?.as_ref());
        let status = cell.map_or("", |cell| cell.status.as_str());
        let row = vec![day.date.into(), Cell::Empty, day.cases.into(), status.into(), day.mean_7d.into()];
        table.rows.push(row);
        for lump in curve.lumps.iter().filter(|lump| lump.to == day.date) {
            let total = Cell::Number(lump.total);
            table.rows.push(vec![lump.to.into(), lump.from.into(), total, Cell::Empty, Cell::Empty]);
        }
    }
    table
}

fn of_levels(subject: Subject<'_>, (from, to): (NaiveDate, NaiveDate)) -> Table {
    let mut table = table(&[
        (Kind::Date, "date", "day assessed"),
        (Kind::Text, "known", "as_known_then, or on_these_figures: as known at the moment of the file"),
        (Kind::Whole, "step", "recommended step, 0 to 4"),
        (Kind::Text, "mode", "normal, partial, wfh, not_assessable"),
        (Kind::Text, "verdict", "what the rules say to do"),
    ]);
    let row = |date: NaiveDate, known: &str, (step, mode, verdict): (Step, Mode, Verdict)| {
        let step = Cell::Whole(i64::from(step.number()));
        vec![date.into(), known.into(), step, mode.as_str().into(), verdict.as_str().into()]
    };
    let is_shown = |date: NaiveDate| (from..=to).contains(&date);
    let then = subject.view.ledger.iter().filter(|made| is_shown(made.date));
    table.rows.extend(then.map(|made| row(made.date, "as_known_then", (made.step, made.mode, made.verdict))));
    let now = subject.view.backtest.iter().filter(|day| is_shown(day.date));
    table.rows.extend(now.map(|day| row(day.date, "on_these_figures", (day.step, day.mode, day.verdict))));
    table
}

fn of_staff(subject: Subject<'_>, staff: &Staff) -> Table {
    let kind = IndicatorKind::StaffPrevalenceTotalPct;
    let mut table = table(&[
        (Kind::Date, "date", "day of the report"),
        (Kind::Number, "staff_cases_total", "staff who were positive so far"),
        (Kind::Number, kind.name(), kind.description()),
        (Kind::Number, "staff_prevalence_total_pct_lower", "lower bound (95%), or at least"),
        (Kind::Number, "staff_prevalence_total_pct_upper", "upper bound (95%), or at most"),
    ]);
    for point in &staff.points {
        let share = subject.view.table.at(kind, point.date);
        let upper = share.upper().filter(|upper| upper.is_finite());
        let total = Cell::Number(point.count);
        table.rows.push(vec![
            point.date.into(),
            total,
            share.value().into(),
            share.lower().into(),
            upper.into(),
        ]);
    }
    table
}

fn of_line(subject: Subject<'_>, kind: IndicatorKind, days: u32) -> Table {
    let name = kind.name();
    let (lower, upper) = (format!("{name}_lower"), format!("{name}_upper"));
    let mut table = table(&[
        (Kind::Date, "date", "last day of the window"),
        (Kind::Number, name, kind.description()),
        (Kind::Number, &lower, "lower bound (95%), or at least"),
        (Kind::Number, &upper, "upper bound (95%), or at most"),
        (Kind::Text, "missing", "why the value is empty"),
    ]);
    for date in Window::ending(subject.view.date, u64::from(days)).days() {
        let estimate = subject.view.table.at(kind, date);
        let why = estimate.reason().map_or("", |reason| reason.code());
        let upper = estimate.upper().filter(|upper| upper.is_finite());
        table.rows.push(vec![
            date.into(),
            estimate.value().into(),
            estimate.lower().into(),
            upper.into(),
            why.into(),
        ]);
    }
    table
}
