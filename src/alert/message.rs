//! The words of a message: one for everything an evaluation has to tell, in the language of the settings.

use serde_json::json;

use super::detect::{Alert, AlertKind};
use crate::assessment::{Assessment, Policy, Step};
use crate::text::{Phrases, date_long, decimal, explain};

/// A message in words and as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// For machines.
    pub json: String,
}

/// Says an evaluation's alerts. `city` is the location's name, `demo` marks every message of the demonstration.
#[must_use]
pub fn compose(
    alerts: &[Alert],
    assessment: &Assessment,
    policy: &Policy,
    (city, is_demo): (&str, bool),
    phrases: Phrases,
) -> Composed {
    let words = explain(assessment, policy, phrases);
    let date = date_long(assessment.date, phrases.locale);
    let mut subject = phrases.say_with("mail-subject", &[("level", &words.level), ("city", city)]);
    if is_demo {
        subject = format!("[{}] {subject}", phrases.say("mail-demo"));
    }
    let mut lines =
        vec![format!("{city}, {date}"), String::new(), words.headline.clone(), words.recommendation.clone()];
    lines.extend(words.decided.iter().cloned());
    lines.push(String::new());
    lines.extend(alerts.iter().map(|alert| format!("- {}", line(alert, policy, phrases))));
    lines.push(String::new());
    lines.push(phrases.say_with(
        "mail-foot",
        &[
            ("policy", &format!("{} {}", policy.id, policy.version)),
            ("as_of", assessment.as_of.as_deref().unwrap_or("–")),
        ],
    ));
    if is_demo {
        lines.push(phrases.say("mail-demo-foot"));
    }
    let payload = json!({
        "city": city,
        "demo": is_demo,
        "date": assessment.date,
        "as_of": assessment.as_of,
        "step": assessment.step,
        "mode": assessment.mode,
        "verdict": assessment.verdict,
        "deciding_rule": assessment.deciding_rule,
        "policy": assessment.policy,
        "sentence": words.headline,
        "alerts": alerts,
        "would_change": assessment.would_change,
    });
    Composed { subject, body: lines.join("\n"), json: payload.to_string() }
}

fn line(alert: &Alert, policy: &Policy, phrases: Phrases) -> String {
    let name = |step: Step| phrases.locale.of(&policy.step(step).name).to_owned();
    let shown = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |v| decimal(v, 1, phrases.locale));
    match alert.kind {
        AlertKind::ThresholdCrossed => {
            let rule = policy.rules.iter().find(|rule| rule.id == alert.rule);
            let title = rule.map_or_else(String::new, |rule| phrases.locale.of(&rule.title).to_owned());
            phrases.say_with(
                if alert.threshold.is_some() { "alert-threshold_crossed" } else { "alert-order" },
                &[
                    ("rule", &alert.rule),
                    ("title", &title),
                    ("value", &shown(alert.value)),
                    ("threshold", &shown(alert.threshold)),
                    ("level", &name(alert.step)),
                ],
            )
        }
        AlertKind::RecommendationChanged => phrases.say_with(
            "alert-recommendation_changed",
            &[("before", &name(alert.step_before)), ("level", &name(alert.step))],
        ),
        AlertKind::SourceLate
        | AlertKind::SourceStalled
        | AlertKind::SourceFailing
        | AlertKind::SourceBack => phrases.say_with(
            &format!("alert-{}", alert.kind.as_str()),
            &[("source", &alert.title), ("since", &alert.since)],
        ),
        AlertKind::DecisionDue => {
            let date = alert
                .since
                .parse()
                .map_or_else(|_| alert.since.clone(), |day| date_long(day, phrases.locale));
            phrases.say_with(
                "alert-decision_due",
                &[
                    ("number", &alert.title),
                    ("what", &phrases.say(&format!("decision-due-{}", alert.rule))),
                    ("date", &date),
                ],
            )
        }
        AlertKind::NotAssessable => phrases.say_with("alert-not_assessable", &[("level", &name(alert.step))]),
    }
}
