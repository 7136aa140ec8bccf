//! How far the level is from changing: leave values held so far, thresholds not yet reached.

use super::board::Board;
use super::condition::{Condition, Truth, usable};
use super::finding::Finding;
use super::level::Step;
use super::policy::{Rule, RuleKind};
use super::report::{Change, Direction};
use crate::epi::{Estimate, IndicatorKind};

/// What a rule's leave value did on the last days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LeaveHeld {
    /// Whether the rule has any say at this step.
    pub is_concerned: bool,
    /// Days of the window on which it held.
    pub held: u32,
    /// Days of the window on which it did not.
    pub not_held: u32,
    /// Days in a row, up to the day itself, on which it held.
    pub in_a_row: u32,
}

/// How a rule's leave values did over the policy's window, for the step in force.
pub(super) fn leave_held(board: &Board<'_>, rule: usize, step: Step, place: usize) -> LeaveHeld {
    let movement = &board.policy.movement;
    let mut held = LeaveHeld { is_concerned: false, held: 0, not_held: 0, in_a_row: 0 };
    let mut is_unbroken = true;
    let counted = (0..=place)
        .rev()
        .filter(|day| movement.counts(movement.leave_counts, board.date(*day), board.case.calendar));
    for day in counted.take(movement.leave_days as usize) {
        let Some(truth) = board.let_go(rule, step, (day, place)) else {
            return held;
        };
        held.is_concerned = true;
        match truth {
            Truth::True => {
                held.held += 1;
                held.in_a_row += u32::from(is_unbroken);
            }
            Truth::False => {
                held.not_held += 1;
                is_unbroken = false;
            }
            Truth::Unknown(..) => {}
        }
    }
    held
}

/// What would raise the level, and what has to hold for it to be lowered.
pub(super) fn would_change(board: &Board<'_>, findings: &[Finding], place: usize, step: Step) -> Vec<Change> {
    let mut changes = Vec::new();
    for (rule, finding) in board.policy.rules.iter().zip(findings) {
        changes.extend(raises(board, (rule, finding), place, step));
    }
    if step > Step::NORMAL && board.policy.movement.has_memory {
        for rule in 0..board.policy.rules.len() {
            changes.extend(lowers(board, rule, place, step));
        }
    }
    changes
}

fn raises(board: &Board<'_>, (rule, finding): (&Rule, &Finding), place: usize, step: Step) -> Option<Change> {
    let RuleKind::Steps(steps) = &rule.kind else {
        return None;
    };
    let next = steps.iter().find(|s| s.step > step && finding.step.is_none_or(|fired| s.step > fired))?;
    let kind = rule.indicator?;
    let comparison = next.enter.comparison_of(kind)?;
    let estimate = usable(board.case.table, kind, board.date(place), rule.reach);
    let value = estimate.at_least()?;
    (value < comparison.threshold() + f64::EPSILON).then(|| Change {
        direction: Direction::Raise,
        rule: rule.id.clone(),
        step: next.step,
        indicator: kind,
        value: estimate.value(),
        lower: estimate.value().map_or(estimate.lower(), |_| None),
        upper: estimate.value().map_or(estimate.upper(), |_| None),
        sign: comparison.sign().to_owned(),
        threshold: comparison.threshold(),
        cases_more: cases_more(board, kind, value, comparison.threshold()),
        days_held: None,
        days_needed: None,
    })
}

fn lowers(board: &Board<'_>, rule: usize, place: usize, step: Step) -> Option<Change> {
    let own = &board.policy.rules[rule];
    let condition = first_leave(own, step)?;
    let kind = own.indicator?;
    let comparison = condition.comparison_of(kind)?;
    let estimate: Estimate = usable(board.case.table, kind, board.date(place), own.reach);
    estimate.at_most()?;
    let held = leave_held(board, rule, step, place);
    let needed = board.policy.movement.leave_days;
    (held.in_a_row < needed).then(|| Change {
        direction: Direction::Lower,
        rule: own.id.clone(),
        step: board.policy.lower(step),
        indicator: kind,
        value: estimate.value(),
        lower: estimate.value().map_or(estimate.lower(), |_| None),
        upper: estimate.value().map_or(estimate.upper(), |_| None),
        sign: comparison.sign().to_owned(),
        threshold: comparison.threshold(),
        cases_more: None,
        days_held: Some(held.in_a_row),
        days_needed: Some(needed),
    })
}

/// The first leave value of the rule that would support staying at `step` or above.
fn first_leave(rule: &Rule, step: Step) -> Option<&Condition> {
    match &rule.kind {
        RuleKind::Order | RuleKind::Dated(_) => None,
        RuleKind::Steps(steps) => steps.iter().find(|own| own.step >= step).map(|own| &own.leave),
        RuleKind::Above { at_most, leave, .. } => (*at_most >= step).then_some(leave),
    }
}

/// Cases this week between the incidence and a threshold, rounded up.
fn cases_more(board: &Board<'_>, kind: IndicatorKind, value: f64, threshold: f64) -> Option<i64> {
    let population = board.case.table.population.filter(|_| kind == IndicatorKind::Incidence7dPer100k)?;
    let cases = ((threshold - value) * population / 1e5).ceil();
    #[expect(clippy::cast_possible_truncation, reason = "checked to be a small whole number just here")]
    (0.0..1e12).contains(&cases).then_some(cases as i64)
}
