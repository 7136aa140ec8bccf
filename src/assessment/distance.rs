//! How far the level is from changing: leave values held so far, thresholds not yet reached.

use chrono::{Duration, NaiveDate};

use super::case::Case;
use super::condition::{Condition, Truth, usable};
use super::finding::Finding;
use super::level::Step;
use super::policy::{Movement, Rule, RuleKind};
use super::report::{Change, Direction};
use super::standing::Standing;
use crate::epi::IndicatorKind;

/// What a rule's leave value did on the last days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeaveHeld {
    /// Whether the rule has any say at this step.
    pub is_concerned: bool,
    /// Days of the window on which it held.
    pub held: u32,
    /// Days of the window on which it did not.
    pub not_held: u32,
    /// Days in a row, up to the day itself, on which it held.
    pub in_a_row: u32,
}

impl LeaveHeld {
    /// Whether the rule lets go of the step: held on every known day, and on enough of them; a rule without
    /// any figure lets go only if it never called for the step while that was in force.
    #[must_use]
    pub fn lets_go(self, movement: &Movement, standing: &Standing, rule: &str) -> bool {
        if !self.is_concerned {
            return true;
        }
        let is_silent = self.held == 0 && self.not_held == 0 && !standing.support.contains(rule);
        is_silent || (self.not_held == 0 && self.held >= movement.leave_valid_days)
    }
}

/// How a rule's leave values did over the policy's window, for the step in force.
#[must_use]
pub fn leave_held(case: Case<'_>, rule: &Rule, step: Step, date: NaiveDate) -> LeaveHeld {
    // A figure that was never reported cannot be waited for, and a step that needs one was never called for.
    let never_reported = |kind| case.table.last_given(kind, date).is_none();
    let conditions: Vec<Condition> = edges(rule, step)
        .into_iter()
        .filter(|(enter, _)| enter.is_reachable(&never_reported))
        .map(|(_, leave)| leave.without(&never_reported).unwrap_or_else(|| leave.clone()))
        .collect();
    let mut held = LeaveHeld { is_concerned: !conditions.is_empty(), held: 0, not_held: 0, in_a_row: 0 };
    for offset in (0..i64::from(case.policy.movement.leave_days)).rev() {
        let day = date - Duration::days(offset);
        // On a day in the past only that day's own value counts; today's may be the last one known.
        let max_age = if offset == 0 || rule.indicator.is_some_and(IndicatorKind::is_stock) {
            rule.max_age_days
        } else {
            0
        };
        let truth = conditions.iter().map(|condition| condition.evaluate(case.table, day, max_age)).fold(
            Truth::True,
            |all, truth| match (all, truth) {
                (Truth::False, _) | (_, Truth::False) => Truth::False,
                (Truth::True, truth) => truth,
                (unknown, _) => unknown,
            },
        );
        match truth {
            Truth::True => {
                held.held += 1;
                held.in_a_row += 1;
            }
            Truth::False => {
                held.not_held += 1;
                held.in_a_row = 0;
            }
            Truth::Unknown(..) => {}
        }
    }
    held
}

/// Enter and leave of every step of the rule that would support staying at `step` or above.
fn edges(rule: &Rule, step: Step) -> Vec<(&Condition, &Condition)> {
    match &rule.kind {
        RuleKind::Order => Vec::new(),
        RuleKind::Steps(steps) => {
            steps.iter().filter(|s| s.step >= step).map(|s| (&s.enter, &s.leave)).collect()
        }
        RuleKind::Above { at_most, enter, leave, .. } if *at_most >= step => vec![(enter, leave)],
        RuleKind::Above { .. } => Vec::new(),
    }
}

/// What would raise the level, and what has to hold for it to be lowered.
#[must_use]
pub fn would_change(case: Case<'_>, findings: &[Finding], date: NaiveDate, step: Step) -> Vec<Change> {
    let mut changes = Vec::new();
    for (rule, finding) in case.policy.rules.iter().zip(findings) {
        changes.extend(raises(case, rule, finding, date, step));
    }
    if step > Step::NORMAL {
        for rule in &case.policy.rules {
            changes.extend(lowers(case, rule, date, step));
        }
    }
    changes
}

fn raises(case: Case<'_>, rule: &Rule, finding: &Finding, date: NaiveDate, step: Step) -> Option<Change> {
    let RuleKind::Steps(steps) = &rule.kind else {
        return None;
    };
    let next = steps.iter().find(|s| s.step > step && finding.step.is_none_or(|fired| s.step > fired))?;
    let kind = rule.indicator?;
    let comparison = next.enter.comparison_of(kind)?;
    let estimate = usable(case.table, kind, date, rule.max_age_days);
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
        cases_more: cases_more(case, kind, value, comparison.threshold()),
        days_held: None,
        days_needed: None,
    })
}

fn lowers(case: Case<'_>, rule: &Rule, date: NaiveDate, step: Step) -> Option<Change> {
    let (_, condition) = *edges(rule, step).first()?;
    let kind = rule.indicator?;
    let comparison = condition.comparison_of(kind)?;
    let estimate = usable(case.table, kind, date, rule.max_age_days);
    estimate.at_most()?;
    let held = leave_held(case, rule, step, date);
    let needed = case.policy.movement.leave_days;
    (held.in_a_row < needed).then(|| Change {
        direction: Direction::Lower,
        rule: rule.id.clone(),
        step: step.down(),
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

/// Cases this week between the incidence and a threshold, rounded up.
fn cases_more(case: Case<'_>, kind: IndicatorKind, value: f64, threshold: f64) -> Option<i64> {
    let population = case.table.population.filter(|_| kind == IndicatorKind::Incidence7dPer100k)?;
    let cases = ((threshold - value) * population / 1e5).ceil();
    #[expect(clippy::cast_possible_truncation, reason = "checked to be a small whole number just here")]
    (0.0..1e12).contains(&cases).then_some(cases as i64)
}
