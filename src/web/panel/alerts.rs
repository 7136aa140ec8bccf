//! What was told: each crossing with its value, its threshold, the level it calls for, and when.

use askama::Template;
use serde_json::Value;

use super::Context;
use super::downloads::take_away;
use crate::assessment::Step;
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
    let (alerts, t) = (&context.view.alerts, context.t);
    let shown = most.min(alerts.len()).to_string();
    let args = [("shown", &*shown), ("total", &*alerts.len().to_string())];
    AlertsPanel {
        t,
        downloads: take_away(context.visit, Dataset::Alerts, &[]),
        items: alerts.iter().take(most).map(|alert| item(context, alert)).collect(),
        total: (alerts.len() > most).then(|| t.say_with("shown-of", &args)),
    }
}

fn item(context: Context<'_>, alert: &AlertRow) -> Item {
    let (t, policy) = (context.t, context.journey().policy());
    // Everything about an alert travels as JSON; what cannot be read is left out.
    let about: Value = serde_json::from_str(&alert.json).unwrap_or_default();
    let step = |name: &str| about[name].as_u64().and_then(|n| Step::try_from(u8::try_from(n).ok()?).ok());
    let name = |step: Option<Step>| step.map_or("–", |step| t.locale.of(&policy.step(step).name)).to_owned();
    let called_for = Step::try_from(alert.step).unwrap_or_default();
    let rule = policy.rules.iter().find(|rule| rule.id == alert.rule);
    let value = |name: &str| {
        let number = about[name].as_f64();
        number.map(|number| indicator_value(rule.and_then(|rule| rule.indicator), number, t))
    };
    let (title, text) = match alert.kind.as_str() {
        "threshold_crossed" => {
            let title = rule.map_or_else(String::new, |rule| sentence(t.locale.of(&rule.title)));
            let text = match (value("value"), value("threshold")) {
                (Some(value), Some(threshold)) => t.say_with(
                    "alert-crossed",
                    &[("rule", &alert.rule), ("value", &value), ("threshold", &threshold)],
                ),
                _ => t.say_with("alert-crossed-plain", &[("rule", &alert.rule)]),
            };
            (title, text)
        }
        "recommendation_changed" => {
            let args = [("before", &*name(step("step_before"))), ("level", &*name(Some(called_for)))];
            (t.say("alert-changed-title"), t.say_with("alert-changed", &args))
        }
        "source_late" | "source_stalled" | "source_failing" | "source_back" => {
            let spec = context.journey().sources.iter().find(|spec| spec.id == alert.rule);
            let title = spec.map_or(&*alert.rule, |spec| spec.title_in(t.locale == Locale::En));
            (sentence(title), t.say(&format!("source-{}", alert.kind.trim_start_matches("source_"))))
        }
        "decision_due" => {
            let number = about["title"].as_str().unwrap_or_default();
            let day = about["since"].as_str().and_then(|day| day.parse().ok());
            let date = day.map_or_else(String::new, |day| date_long(day, t.locale));
            (
                t.say_with("decision-name", &[("number", number)]),
                format!("{}: {date}", sentence(&t.say(&format!("decision-due-{}", alert.rule)))),
            )
        }
        _ => (
            t.say("level-not_assessable"),
            t.say_with("alert-unknown", &[("level", &name(Some(called_for)))]),
        ),
    };
    let is_unknown = alert.kind == "not_assessable";
    Item {
        chip: if is_unknown {
            Chip::unknown(t.say("level-not_assessable"))
        } else if alert.kind.starts_with("source_") {
            Chip::unknown(t.say("column-source"))
        } else {
            Chip::of(called_for, policy, t)
        },
        at: moment_short(alert.created_at, context.journey().city.zone, t.locale),
        title,
        text,
    }
}
