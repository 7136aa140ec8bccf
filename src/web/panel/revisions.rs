//! How figures changed after they were first told, the latest change first.

use askama::Template;

use super::Context;
use super::downloads::take_away;
use crate::job::Dataset;
use crate::observation::{Revision, revisions};
use crate::text::{Phrases, date_medium, decimal};
use crate::web::words::{count, moment_short};

struct Row {
    date: String,
    date_value: String,
    measure: &'static str,
    source: String,
    before: String,
    before_value: String,
    after: String,
    after_value: String,
    at: String,
    at_value: i64,
}

#[derive(Template)]
#[template(path = "panel/revisions.html")]
pub(super) struct RevisionsPanel {
    t: Phrases,
    rows: Vec<Row>,
    caption: String,
    downloads: Vec<(String, String)>,
}

pub(super) fn panel(context: Context<'_>, most: usize) -> RevisionsPanel {
    let t = context.t;
    let mut all = revisions(&context.view.observations);
    all.retain(|revision| revision.value_before != revision.value);
    all.sort_by_key(|revision| std::cmp::Reverse((revision.as_of, revision.date)));
    let (shown, total) = (count(most.min(all.len()), t.locale), count(all.len(), t.locale));
    RevisionsPanel {
        t,
        downloads: take_away(context.visit, Dataset::Revisions, &[]),
        caption: t.say_with("shown-of", &[("shown", &shown), ("total", &total)]),
        rows: all.iter().take(most).map(|revision| row(context, revision)).collect(),
    }
}

fn row(context: Context<'_>, revision: &Revision) -> Row {
    let t = context.t;
    let decimals = |value: f64| if value.fract() == 0.0 { 0 } else { 1 };
    let shown = |value: Option<f64>| {
        value.map_or_else(|| "–".to_owned(), |value| decimal(value, decimals(value), t.locale))
    };
    let raw = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let unit = revision.series.unit_id.as_deref().map(|unit| format!(" · {unit}")).unwrap_or_default();
    Row {
        date: date_medium(revision.date, t.locale),
        date_value: revision.date.to_string(),
        measure: revision.series.measure.name(),
        source: format!("{}{unit}", revision.series.source),
        before: shown(revision.value_before),
        before_value: raw(revision.value_before),
        after: shown(revision.value),
        after_value: raw(revision.value),
        at: moment_short(revision.as_of, context.journey().city.zone, t.locale),
        at_value: revision.as_of.millis(),
    }
}
