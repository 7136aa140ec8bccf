//! Indicators by day, newest first. A missing value says why; a carried one does not occur here.

use askama::Template;
use chrono::NaiveDate;

use super::Context;
use super::downloads::take_away;
use super::filters::window;
use crate::epi::{Estimate, IndicatorKind};
use crate::job::Dataset;
use crate::text::{Phrases, date_medium, indicator_value};
use crate::web::error::WebError;
use crate::web::words::{Chip, count, sentence};

struct Cell {
    /// Empty: missing.
    text: String,
    value: String,
    /// The interval, if the field gives one.
    interval: String,
    reason: String,
}

struct Row {
    date: NaiveDate,
    day: String,
    cells: Vec<Cell>,
    level: Option<Chip>,
    step: String,
}

#[derive(Template)]
#[template(path = "panel/indicators.html")]
pub(super) struct IndicatorsPanel {
    t: Phrases,
    heads: Vec<String>,
    rows: Vec<Row>,
    caption: String,
    downloads: Vec<(String, String)>,
}

pub(super) fn panel(
    context: Context<'_>,
    days: u32,
    columns: &[IndicatorKind],
) -> Result<IndicatorsPanel, WebError> {
    let t = context.t;
    let window = window(context, days)?;
    let rows: Vec<Row> = window.days().rev().map(|date| row(context, date, columns)).collect();
    let (from, to) = (window.from.to_string(), window.to.to_string());
    let names: Vec<&str> = columns.iter().map(|kind| kind.name()).collect();
    let asked = [("from", &*from), ("to", &*to), ("indicator", &*names.join(","))];
    Ok(IndicatorsPanel {
        t,
        downloads: take_away(context.visit, Dataset::Indicators, &asked),
        heads: columns.iter().map(|kind| sentence(&t.say(&format!("indicator-{}", kind.name())))).collect(),
        caption: t.say_with("indicators-caption", &[("days", &count(rows.len(), t.locale))]),
        rows,
    })
}

fn row(context: Context<'_>, date: NaiveDate, columns: &[IndicatorKind]) -> Row {
    let (view, t) = (context.view, context.t);
    let made = view.ledger.on(date);
    Row {
        date,
        day: date_medium(date, t.locale),
        cells: columns.iter().map(|kind| cell(*kind, &view.table.at(*kind, date), t)).collect(),
        level: made.map(|made| Chip::recommended((made.step, made.mode), context.journey().policy(), t)),
        step: made.map(|made| made.step.to_string()).unwrap_or_default(),
    }
}

fn cell(kind: IndicatorKind, estimate: &Estimate, t: Phrases) -> Cell {
    let shown = |value: f64| indicator_value(Some(kind), value, t);
    let interval = match (estimate.lower(), estimate.upper()) {
        (Some(lower), Some(upper)) if upper.is_finite() => format!("{}–{}", shown(lower), shown(upper)),
        _ => String::new(),
    };
    let reason =
        estimate.reason().map(|reason| t.say(&format!("missing-{}", reason.code()))).unwrap_or_default();
    Cell {
        text: estimate.value().map(shown).unwrap_or_default(),
        value: estimate.value().map(|value| value.to_string()).unwrap_or_default(),
        interval,
        reason,
    }
}
