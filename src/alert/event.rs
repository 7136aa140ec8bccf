//! What is told: one thing that began, rose, went further or is over.

use serde::{Deserialize, Serialize};

use super::recipient::Severity;
use crate::assessment::Step;

/// What became of what a rule watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertEvent {
    /// It began.
    #[default]
    Fired,
    /// It was on, and calls for a higher step now.
    Raised,
    /// Nobody acknowledged it in time: it goes further.
    Escalated,
    /// It is over.
    Resolved,
    /// There have been no figures for so long that nobody can tell.
    NoData,
    /// Figures are back.
    DataBack,
}

impl AlertEvent {
    /// The word in the store and in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Raised => "raised",
            Self::Escalated => "escalated",
            Self::Resolved => "resolved",
            Self::NoData => "no_data",
            Self::DataBack => "data_back",
        }
    }

    /// Whether it says that something is over.
    #[must_use]
    pub fn is_end(self) -> bool {
        matches!(self, Self::Resolved | Self::DataBack)
    }
}

/// What an alert is about, whatever became of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct About {
    /// What it tells; its phrases are named after it: `threshold_crossed`, `source_late`, `decision_due`.
    pub kind: String,
    /// Its subject: a rule of the policy, the id of a source, a unit, what is due of a decision.
    pub rule: String,
    /// The step called for.
    pub step: Step,
    /// The step called for, or recommended, before.
    pub step_before: Step,
    /// The value.
    pub value: Option<f64>,
    /// The value at which it began.
    pub threshold: Option<f64>,
    /// The title of a source or a unit, in the language of the city; the number of a decision.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Since when: a day.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub since: String,
    /// The unit, where it is about one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit_id: String,
}

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// What it is about.
    #[serde(flatten)]
    pub about: About,
    /// The alert rule that tells it; empty for what was told before there were any.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub alert_rule: String,
    /// What became of it.
    #[serde(default)]
    pub event: AlertEvent,
    /// How severe it is.
    #[serde(default = "warning")]
    pub severity: Severity,
    /// When it began, in milliseconds after 1970; with rule and subject it names the episode.
    #[serde(default)]
    pub began_at: i64,
}

fn warning() -> Severity {
    Severity::Warning
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_before_there_were_rules_for_alerts_is_read() {
        let old = r#"{"kind":"threshold_crossed","rule":"R2","step":4,"step_before":0,"value":199.7,"threshold":150.0}"#;
        let alert: Alert = serde_json::from_str(old).unwrap();
        assert_eq!((alert.about.kind.as_str(), alert.event), ("threshold_crossed", AlertEvent::Fired));
        assert_eq!((alert.about.value, alert.severity, alert.began_at), (Some(199.7), Severity::Warning, 0));
        let again: Alert = serde_json::from_str(&serde_json::to_string(&alert).unwrap()).unwrap();
        assert_eq!(again, alert);
    }
}
