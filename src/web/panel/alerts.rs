//! What was told: each crossing with its value, its threshold, the level it calls for, and when.

use askama::Template;

use super::Context;
use super::downloads::take_away;
use crate::alert::{Alert, AlertEvent, Sayer};
use crate::assessment::{Policy, Step};
use crate::job::Dataset;
use crate::store::AlertRow;
use crate::text::{Locale, Phrases, date_long, indicator_value};
use crate::web::words::{Chip, moment_short, sentence};

struct Item {
    chip: Chip,
    at: String,
    title: String,
    text: String,
}

#[derive(Template)]
#[template(path = "panel/alerts.html")]
pub(super) struct AlertsPanel {
    t: Phrases,
    items: Vec<Item>,
    /// How many there are, if more than are shown.
    total: Option<String>,
    downloads: Vec<(String, String)>,
}

pub(super) fn panel(context: Context<'_>, most: usize) -> AlertsPanel {
    let t = context.t;
    // What was kept back was told to nobody. Everything about an alert travels as JSON; what cannot be read is left out.
    let told = context.view.alerts.iter().filter(|row| row.kept.is_empty());
    let alerts: Vec<(&AlertRow, Alert)> =
        told.filter_map(|row| Some((row, serde_json::from_str(&row.json).ok()?))).collect();
    let shown = most.min(alerts.len()).to_string();
    let args = [("shown", &*shown), ("total", &*alerts.len().to_string())];
    AlertsPanel {
        t,
        downloads: take_away(context.visit, Dataset::Alerts, &[]),
        items: alerts.iter().take(most).map(|(row, alert)| item(context, row, alert)).collect(),
        total: (alerts.len() > most).then(|| t.say_with("shown-of", &args)),
    }
}

fn item(context: Context<'_>, row: &AlertRow, alert: &Alert) -> Item {
    let (t, policy) = (context.t, context.journey().policy());
    let sayer = Sayer { rules: &context.journey().alerting.rules, policy, phrases: t };
    let (title, text) = match alert.event {
        AlertEvent::Fired | AlertEvent::Raised => of_level(context, alert),
        _ => None,
    }
    .unwrap_or_else(|| (sentence(&sayer.rule(alert)), sayer.line(alert)));
    Item {
        chip: chip(alert, policy, t),
        at: moment_short(row.created_at, context.journey().city.zone, t.locale),
        title,
        text,
    }
}

/// Which level it calls for, where it is about one; else what kind of thing it is.
fn chip(alert: &Alert, policy: &Policy, t: Phrases) -> Chip {
    match (alert.event, alert.about.kind.as_str()) {
        (event, _) if event.is_end() => Chip::over(t.say("alert-chip-over")),
        (AlertEvent::NoData, _) => Chip::unknown(t.say("alert-chip-no_data")),
        (_, "not_assessable") => Chip::unknown(t.say("level-not_assessable")),
        (
            _,
            "threshold_crossed"
            | "near_threshold"
            | "recommendation_changed"
            | "may_step_down"
            | "decision_due",
        ) => Chip::of(alert.about.step, policy, t),
        (_, kind) if kind.starts_with("source_") || kind == "figures_held" => {
            Chip::unknown(t.say("column-source"))
        }
        _ => Chip::notice(t.say(&format!("severity-{}", alert.severity))),
    }
}

/// Title and sentence of what began, where the page has shorter words for it than a message.
fn of_level(context: Context<'_>, alert: &Alert) -> Option<(String, String)> {
    let (t, policy) = (context.t, context.journey().policy());
    let about = &alert.about;
    let name = |step: Step| t.locale.of(&policy.step(step).name).to_owned();
    let rule = policy.rules.iter().find(|rule| rule.id == about.rule);
    let value = |number: Option<f64>| {
        number.map(|number| indicator_value(rule.and_then(|rule| rule.indicator), number, t))
    };
    match about.kind.as_str() {
        "threshold_crossed" => {
            let title = rule.map_or_else(String::new, |rule| sentence(t.locale.of(&rule.title)));
            let text = match (value(about.value), value(about.threshold)) {
                (Some(value), Some(threshold)) => t.say_with(
                    "alert-crossed",
                    &[("rule", &about.rule), ("value", &value), ("threshold", &threshold)],
                ),
                _ => t.say_with("alert-crossed-plain", &[("rule", &about.rule)]),
            };
            Some((title, text))
        }
        "recommendation_changed" => {
            let args = [("before", &*name(about.step_before)), ("level", &*name(about.step))];
            Some((t.say("alert-changed-title"), t.say_with("alert-changed", &args)))
        }
        "source_late" | "source_stalled" | "source_failing" | "source_back" => {
            let spec = context.journey().sources.iter().find(|spec| spec.id == about.rule);
            let title = spec.map_or(&*about.rule, |spec| spec.title_in(t.locale == Locale::En));
            Some((sentence(title), t.say(&format!("source-{}", about.kind.trim_start_matches("source_")))))
        }
        "decision_due" => {
            let day = about.since.parse().ok();
            let date = day.map_or_else(String::new, |day| date_long(day, t.locale));
            let what = sentence(&t.say(&format!("decision-due-{}", about.rule)));
            Some((t.say_with("decision-name", &[("number", &about.title)]), format!("{what}: {date}")))
        }
        "not_assessable" => Some((
            t.say("level-not_assessable"),
            t.say_with("alert-unknown", &[("level", &name(about.step))]),
        )),
        _ => None,
    }
}
