//! How far the level is from changing: what is still to be reached to raise it, what has to hold for it to be lowered.

use super::board::Board;
use super::condition::{Bound, Comparison, Reach, Truth, usable};
use super::level::Step;
use super::memory::Memory;
use super::report::{Change, Compared, Direction, MOVEMENT, Requirement};
use super::requirement::compared;
use super::weigh::Weighed;
use crate::epi::IndicatorKind;

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
pub(super) fn would_change(board: &Board<'_>, place: usize, weighed: &Weighed<'_>) -> Vec<Change> {
    let rules = 0..board.policy.rules.len();
    let memory = &weighed.own.memory;
    let own = memory.target();
    let above = own.max(weighed.step);
    let mut changes: Vec<Change> =
        rules.clone().filter_map(|rule| raises(board, rule, place, above)).collect();
    // What an order holds up is not lowered by figures.
    let is_own = weighed.forced.is_none_or(|forced| forced <= own);
    if own > Step::NORMAL && board.policy.movement.has_memory && is_own {
        changes.extend(rules.filter_map(|rule| lowers(board, rule, place, memory)));
        changes.extend(growth_to_lower(board, place, own));
    }
    changes
}

/// The next step of a rule that would take the level above `above`, as long as anything it asks for is known.
fn raises(board: &Board<'_>, rule: usize, place: usize, above: Step) -> Option<Change> {
    let (own, movement) = (&board.policy.rules[rule], &board.policy.movement);
    if !own.is_valid_on(board.date(place)) {
        return None;
    }
    let (stands, above) = (above, above.max(board.called(place).at_least));
    if movement.is_one_step_up && above > stands {
        return None; // It rises by its one step without this rule, and by no more with it.
    }
    let next = board.vote(rule, place).edge.map_or(0, |edge| edge + 1);
    let called = |edge: usize| board.called_if(place, Some((rule, edge)));
    let edge = (next..board.rules[rule].len()).find(|edge| called(*edge).at_least > above)?;
    let called = called(edge);
    // Days on which the level cannot be told make no row of days.
    if movement.enter_days > 1 && !called.is_known {
        return None;
    }
    let conditions = board.to_enter(rule, edge, place);
    let is_known = |compared: &&Compared| compared.value.or(compared.lower).is_some();
    conditions.iter().flat_map(Requirement::comparisons).find(is_known)?;
    let step = if movement.is_one_step_up { board.policy.higher(above) } else { called.at_least };
    let days_needed = (movement.enter_days > 1).then_some(movement.enter_days);
    let change = change((Direction::Raise, step), board, rule, conditions)?;
    Some(Change { days_needed, ..change })
}

/// What a rule must show to let go of the step in force, as long as it holds it.
fn lowers(board: &Board<'_>, rule: usize, place: usize, memory: &Memory) -> Option<Change> {
    let step = memory.target();
    if board.lets_go(rule, (step, place), memory) {
        return None;
    }
    let conditions = board.to_leave(rule, step, place);
    let change = change((Direction::Lower, board.policy.lower(step)), board, rule, conditions)?;
    Some(Change {
        cases_more: None,
        days_held: Some(leave_held(board, rule, step, place).in_a_row),
        days_needed: Some(board.policy.movement.leave_days),
        ..change
    })
}

/// The growth that the policy's movement asks for from some steps on, as long as it is not there.
fn growth_to_lower(board: &Board<'_>, place: usize, step: Step) -> Option<Change> {
    let movement = &board.policy.movement;
    let (_, below) = movement.leave_growth.filter(|(from, _)| step >= *from)?;
    let comparison = Comparison::Below(below);
    let (kind, reach) = (IndicatorKind::GrowthRatio, Reach::days(movement.primary_max_age_days));
    let estimate = usable(board.case.table, kind, board.date(place), reach);
    let met = estimate.at_most().map(|growth| comparison.holds(growth));
    let compared = compared(kind, &estimate, (Bound::Value, comparison), met);
    (met != Some(true)).then(|| {
        let conditions = vec![Requirement::Compare(compared.clone())];
        flat((Direction::Lower, board.policy.lower(step)), MOVEMENT, &compared, conditions)
    })
}

/// A change whose own keys tell the comparison that is still to be met: that of the rule's indicator, unless only others are left.
fn change(
    towards: (Direction, Step),
    board: &Board<'_>,
    rule: usize,
    conditions: Vec<Requirement>,
) -> Option<Change> {
    let own = &board.policy.rules[rule];
    let all: Vec<Compared> = conditions.iter().flat_map(Requirement::comparisons).cloned().collect();
    let is_own =
        |compared: &&Compared| own.indicator == Some(compared.indicator) && compared.bound == Bound::Value;
    let is_left = |compared: &&Compared| compared.met != Some(true);
    let told = all.iter().filter(is_own).find(is_left).or_else(|| all.iter().find(is_left));
    let told = told.or_else(|| all.iter().find(is_own)).or_else(|| all.first())?;
    Some(flat(towards, &own.id, told, conditions))
}

fn flat(
    (direction, step): (Direction, Step),
    rule: &str,
    told: &Compared,
    conditions: Vec<Requirement>,
) -> Change {
    Change {
        direction,
        rule: rule.to_owned(),
        step,
        indicator: told.indicator,
        value: told.value,
        lower: told.lower,
        upper: told.upper,
        sign: told.sign.clone(),
        threshold: told.threshold,
        cases_more: told.cases_more,
        days_held: None,
        days_needed: None,
        conditions,
    }
}
