//! Named indicators on the day shown, a row each: the last value with its interval and its day, the one of a week before, or
//! why there is none.

use askama::Template;
use chrono::Duration;

use crate::epi::{Estimate, IndicatorKind};
use crate::text::{Phrases, date_medium, indicator_value};
use crate::web::panel::Context;
use crate::web::words::sentence;

/// Older values are not shown as if they were of today.
const CARRIED_DAYS: u32 = 14;

struct Row {
    name: String,
    value: String,
    interval: String,
    before: String,
    /// The day of the value, or the reason why there is none.
    note: String,
}

#[derive(Template)]
#[template(path = "panel/table.html")]
pub(in crate::web::panel) struct TablePanel {
    t: Phrases,
    id: String,
    caption: String,
    rows: Vec<Row>,
}

pub(in crate::web::panel) fn panel(
    context: Context<'_>,
    indicators: &[IndicatorKind],
    nth: usize,
) -> TablePanel {
    let t = context.t;
    TablePanel {
        t,
        id: format!("table-{nth}"),
        caption: t.say_with("table-caption", &[("date", &date_medium(context.view.date, t.locale))]),
        rows: indicators.iter().map(|kind| row(context, *kind)).collect(),
    }
}

fn row(context: Context<'_>, kind: IndicatorKind) -> Row {
    let (table, t, date) = (&context.view.table, context.t, context.view.date);
    let shown = |value: f64| indicator_value(Some(kind), value, t);
    let now = table.carried(kind, date, CARRIED_DAYS);
    let stands_on = now.date().unwrap_or(date);
    let before = table.at(kind, stands_on - Duration::days(7)).value();
    let interval = match (now.lower(), now.upper()) {
        (Some(lower), Some(upper)) if upper.is_finite() => format!("{}–{}", shown(lower), shown(upper)),
        _ => String::new(),
    };
    let reason = |now: &Estimate| now.reason().map(|reason| t.say(&format!("missing-{}", reason.code())));
    let note = match now.value() {
        Some(_) => t.say_with("fact-stands-on", &[("date", &date_medium(stands_on, t.locale))]),
        None => sentence(&reason(&now).unwrap_or_default()),
    };
    Row {
        name: sentence(&t.say(&format!("indicator-{}", kind.name()))),
        value: now.value().map_or_else(|| "–".to_owned(), shown),
        interval,
        before: before.map_or_else(|| "–".to_owned(), shown),
        note,
    }
}
