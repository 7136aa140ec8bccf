//! What is worth telling after an evaluation. Pure: the memory of what is firing goes in and comes out.
//!
//! A rule that is crossed is told once and remembered until it is assessed and back under its leave value; missing
//! figures neither resolve it nor tell it again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::assessment::{Assessment, FindingStatus, RuleReport, Step, Verdict};

/// What an alert tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A rule calls for a step it did not call for before.
    ThresholdCrossed,
    /// The rules recommend another step.
    RecommendationChanged,
    /// The level has become not assessable.
    NotAssessable,
    /// A source has not come when it was expected.
    SourceLate,
    /// A source comes and says nothing new.
    SourceStalled,
    /// The pulls of a source fail.
    SourceFailing,
    /// A source that was in trouble is well again.
    SourceBack,
    /// Something about the decision in force is due: a reminder, its evaluation, its end.
    DecisionDue,
}

/// What an alert is about, and so whose work it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// The level and the lines that make it: those who decide.
    Level,
    /// Whether figures come: the data officer.
    Sources,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Level, Self::Sources];
}

impl AlertKind {
    /// What it is about.
    #[must_use]
    pub fn topic(self) -> Topic {
        match self {
            Self::ThresholdCrossed
            | Self::RecommendationChanged
            | Self::NotAssessable
            | Self::DecisionDue => Topic::Level,
            Self::SourceLate | Self::SourceStalled | Self::SourceFailing | Self::SourceBack => Topic::Sources,
        }
    }

    /// The word in the store and in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ThresholdCrossed => "threshold_crossed",
            Self::RecommendationChanged => "recommendation_changed",
            Self::NotAssessable => "not_assessable",
            Self::SourceLate => "source_late",
            Self::SourceStalled => "source_stalled",
            Self::SourceFailing => "source_failing",
            Self::SourceBack => "source_back",
            Self::DecisionDue => "decision_due",
        }
    }
}

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// What it tells.
    pub kind: AlertKind,
    /// The rule, for a crossing; the id of a source; what is due of a decision.
    pub rule: String,
    /// The step called for.
    pub step: Step,
    /// The step called for, or recommended, before.
    pub step_before: Step,
    /// The rule's value.
    pub value: Option<f64>,
    /// Its threshold.
    pub threshold: Option<f64>,
    /// The title of a source, in the language of messages; the number of a decision.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Since when, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub since: String,
}

/// What was told already and has not ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// Rules that are firing, with the highest step told.
    pub firing: BTreeMap<String, Step>,
    /// The step last recommended.
    pub step: Step,
    /// Whether the level was not assessable.
    pub is_unknown: bool,
    /// Sources in trouble, with what was told of them.
    #[serde(default)]
    pub sources: BTreeMap<String, AlertKind>,
    /// What was told of the decision clock: number of the decision and what was due.
    #[serde(default)]
    pub due: BTreeSet<String>,
}

/// What to tell after an evaluation, and what to remember.
#[must_use]
pub fn detect(before: &Memory, assessment: &Assessment) -> (Vec<Alert>, Memory) {
    let mut alerts = Vec::new();
    let mut memory = before.clone();
    if assessment.step != before.step {
        alerts.push(Alert {
            kind: AlertKind::RecommendationChanged,
            rule: assessment.deciding_rule.clone().unwrap_or_default(),
            step: assessment.step,
            step_before: before.step,
            value: None,
            threshold: None,
            title: String::new(),
            since: String::new(),
        });
    }
    for rule in &assessment.rules {
        alerts.extend(crossing(rule, &mut memory));
    }
    let is_unknown = assessment.verdict == Verdict::NotAssessable;
    if is_unknown && !before.is_unknown {
        alerts.push(Alert {
            kind: AlertKind::NotAssessable,
            rule: String::new(),
            step: assessment.step,
            step_before: before.step,
            value: None,
            threshold: None,
            title: String::new(),
            since: String::new(),
        });
    }
    memory.step = assessment.step;
    memory.is_unknown = is_unknown;
    (alerts, memory)
}

fn crossing(rule: &RuleReport, memory: &mut Memory) -> Option<Alert> {
    let told = memory.firing.get(&rule.id).copied();
    match (rule.status, rule.step) {
        (FindingStatus::Fires, Some(step)) if told.is_none_or(|told| step > told) => {
            memory.firing.insert(rule.id.clone(), step);
            Some(Alert {
                kind: AlertKind::ThresholdCrossed,
                rule: rule.id.clone(),
                step,
                step_before: told.unwrap_or(Step::NORMAL),
                value: rule.value.or(rule.lower),
                threshold: rule.enter,
                title: String::new(),
                since: String::new(),
            })
        }
        (FindingStatus::Quiet, _) if has_let_go(rule) => {
            memory.firing.remove(&rule.id);
            None
        }
        _ => None,
    }
}

/// Between the leave and the enter value a rule is quiet but not over: told again there, it would flap.
fn has_let_go(rule: &RuleReport) -> bool {
    match (rule.value, rule.leave) {
        (Some(value), Some(leave)) => value < leave,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(value: Option<f64>, step: Option<u8>, status: FindingStatus) -> RuleReport {
        RuleReport {
            level: String::new(),
            id: "R1".to_owned(),
            indicator: None,
            value,
            lower: None,
            upper: None,
            enter: Some(50.0),
            leave: Some(40.0),
            step: step.and_then(|step| Step::try_from(step).ok()),
            status,
            reason: None,
            date: None,
        }
    }

    #[test]
    fn a_crossing_is_told_once_until_it_has_let_go() {
        use FindingStatus::{Fires, NotAssessed, Quiet};
        let mut memory = Memory::default();
        let days = [
            (Some(55.0), Some(3), Fires, true),
            (Some(60.0), Some(3), Fires, false),
            (None, None, NotAssessed, false),
            (Some(52.0), Some(3), Fires, false),
            (Some(45.0), None, Quiet, false),
            (Some(51.0), Some(3), Fires, false),
            (Some(39.0), None, Quiet, false),
            (Some(50.0), Some(3), Fires, true),
            (Some(160.0), Some(4), Fires, true),
        ];
        for (place, (value, step, status, is_told)) in days.into_iter().enumerate() {
            let alert = crossing(&report(value, step, status), &mut memory);
            assert_eq!(alert.is_some(), is_told, "evaluation {place}");
        }
    }
}
