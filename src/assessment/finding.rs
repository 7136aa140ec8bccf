//! What one rule says on one day: fires, quiet, or not assessed and why.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::condition::{Condition, Truth, usable};
use super::level::Step;
use super::order::Order;
use super::policy::{Policy, Rule, RuleKind};
use crate::epi::{Estimate, IndicatorKind, Missing};
use crate::indicator::IndicatorTable;

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingStatus {
    /// It calls for a step.
    Fires,
    /// It was assessed and calls for none.
    Quiet,
    /// Something it needs is missing.
    NotAssessed,
}

impl FindingStatus {
    /// The word in files and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fires => "fires",
            Self::Quiet => "quiet",
            Self::NotAssessed => "not_assessed",
        }
    }
}

/// What one rule says on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// What it says.
    pub status: FindingStatus,
    /// The step it calls for.
    pub step: Option<Step>,
    /// The value shown beside it.
    pub estimate: Estimate,
    /// The threshold that was, or would next be, crossed.
    pub enter: Option<f64>,
    /// The threshold that lets go of the step.
    pub leave: Option<f64>,
    /// What is missing, if anything.
    pub missing: Option<(IndicatorKind, Missing)>,
}

/// Every rule's finding on a day, in the order of the policy.
#[must_use]
pub fn findings(
    policy: &Policy,
    table: &IndicatorTable,
    date: NaiveDate,
    order: Option<&Order>,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for rule in &policy.rules {
        let finding = match &rule.kind {
            RuleKind::Order => order_finding(policy, rule, order),
            RuleKind::Steps(steps) => {
                let edges: Vec<Edge<'_>> = steps.iter().map(|s| (s.step, &s.enter, &s.leave)).collect();
                stepped(rule, &edges, table, date)
            }
            RuleKind::Above { rule: other, at_least, at_most, enter, leave } => {
                let below = findings.iter().find(|f| f.rule == *other).and_then(|f| f.step);
                let step = below.unwrap_or(Step::NORMAL).up(1).clamp(*at_least, *at_most);
                stepped(rule, &[(step, enter, leave)], table, date)
            }
        };
        findings.push(finding);
    }
    findings
}

type Edge<'a> = (Step, &'a Condition, &'a Condition);

fn stepped(rule: &Rule, steps: &[Edge<'_>], table: &IndicatorTable, date: NaiveDate) -> Finding {
    let mut missing = None;
    let mut fired = None;
    for (place, (_, enter, _)) in steps.iter().enumerate() {
        match enter.evaluate(table, date, rule.max_age_days) {
            Truth::True => fired = Some(place),
            Truth::Unknown(kind, reason) => missing = missing.or(Some((kind, reason))),
            Truth::False => {}
        }
    }
    let status = match (fired, missing) {
        (Some(_), _) => FindingStatus::Fires,
        (None, Some(_)) => FindingStatus::NotAssessed,
        (None, None) => FindingStatus::Quiet,
    };
    let estimate = shown_value(rule, table, date);
    // Of several things missing, the one that stands beside the rule is named.
    let missing = missing.map(|other| rule.indicator.zip(estimate.reason()).unwrap_or(other));
    let threshold = |condition: &Condition| {
        rule.indicator
            .and_then(|kind| condition.comparison_of(kind))
            .or_else(|| condition.comparisons().first().map(|(_, comparison)| *comparison))
            .map(super::condition::Comparison::threshold)
    };
    let shown = steps.get(fired.unwrap_or(0));
    Finding {
        rule: rule.id.clone(),
        status,
        step: fired.and_then(|place| steps.get(place)).map(|edge| edge.0),
        estimate,
        enter: shown.and_then(|edge| threshold(edge.1)),
        leave: shown.and_then(|edge| threshold(edge.2)),
        missing,
    }
}

fn shown_value(rule: &Rule, table: &IndicatorTable, date: NaiveDate) -> Estimate {
    rule.indicator.map_or(Estimate::Missing(Missing::NeverReported), |kind| {
        usable(table, kind, date, rule.max_age_days)
    })
}

fn order_finding(policy: &Policy, rule: &Rule, order: Option<&Order>) -> Finding {
    let step = order.and_then(|order| order.step(policy));
    Finding {
        rule: rule.id.clone(),
        status: if step.is_some() { FindingStatus::Fires } else { FindingStatus::Quiet },
        step,
        estimate: Estimate::Missing(Missing::NoOrder),
        enter: None,
        leave: None,
        missing: None,
    }
}
