//! What one rule says on one day, with its value: fires, quiet, or not assessed and why.

use serde::{Deserialize, Serialize};

use super::board::Board;
use super::condition::{Comparison, Condition, usable};
use super::level::Step;
use super::policy::{Rule, RuleKind};
use crate::epi::{Estimate, IndicatorKind, Missing};

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
    /// Its own word for what it says.
    pub word: String,
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
pub(super) fn findings(board: &Board<'_>, place: usize, forced: Option<Step>) -> Vec<Finding> {
    (0..board.policy.rules.len()).map(|rule| finding(board, rule, place, forced)).collect()
}

fn finding(board: &Board<'_>, rule: usize, place: usize, forced: Option<Step>) -> Finding {
    let own = &board.policy.rules[rule];
    let mut vote = board.vote(rule, place);
    let is_order = board.is_order(rule);
    if is_order {
        vote.step = forced;
    }
    let status = match (vote.step, vote.missing) {
        (Some(_), _) => FindingStatus::Fires,
        (None, Some(_)) => FindingStatus::NotAssessed,
        (None, None) => FindingStatus::Quiet,
    };
    let estimate = match own.indicator {
        _ if is_order => Estimate::Missing(Missing::NoOrder),
        None => Estimate::Missing(Missing::NeverReported),
        Some(kind) => usable(board.case.table, kind, board.date(place), own.reach),
    };
    // Of several things missing, the one that stands beside the rule is named.
    let missing = vote.missing.map(|other| own.indicator.zip(estimate.reason()).unwrap_or(other));
    let shown = conditions(own).into_iter().nth(vote.edge.unwrap_or(0));
    Finding {
        rule: own.id.clone(),
        status,
        step: vote.step,
        word: match vote.step {
            Some(step) if is_order => board.policy.step(step).level.clone(),
            _ => board.word(rule, &vote).to_owned(),
        },
        estimate,
        enter: shown.and_then(|(enter, _)| threshold(own, enter)),
        leave: shown.and_then(|(_, leave)| threshold(own, leave)),
        missing,
    }
}

fn threshold(rule: &Rule, condition: &Condition) -> Option<f64> {
    let main = rule.indicator.and_then(|kind| condition.comparison_of(kind));
    let first = || condition.comparisons().first().map(|(_, comparison)| *comparison);
    main.or_else(first).map(Comparison::threshold)
}

/// Enter and leave of each step of a rule.
fn conditions(rule: &Rule) -> Vec<(&Condition, &Condition)> {
    match &rule.kind {
        RuleKind::Order | RuleKind::Dated(_) => Vec::new(),
        RuleKind::Steps(steps) => steps.iter().map(|step| (&step.enter, &step.leave)).collect(),
        RuleKind::Above { enter, leave, .. } => vec![(enter, leave)],
    }
}
