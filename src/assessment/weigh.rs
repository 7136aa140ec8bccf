//! One day weighed: what the rules call for, given what stands, and what stands then.
//!
//! This is where the level is made; what is told of it is in `assess`.

use chrono::{Duration, NaiveDate};

use super::board::{Board, Called};
use super::distance::{LeaveHeld, leave_held};
use super::level::Step;
use super::memory::{Memory, bit};
use super::order::Order;
use super::policy::{Effect, IfMissing, LevelShown};
use super::report::Verdict;
use crate::epi::{Estimate, IndicatorKind};

use super::condition::{Reach, usable};

/// How long a printed zone is carried: it is published weekly.
const ZONE_MAX_AGE_DAYS: u32 = 14;

/// What the city's own rules call for, before higher orders.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own {
    /// What to do.
    pub verdict: Verdict,
    /// What stands after it.
    pub memory: Memory,
}

/// Everything that is told of a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weighed<'a> {
    /// The strictest order in force.
    pub order: Option<&'a Order>,
    /// The step that it forces.
    pub forced: Option<Step>,
    /// What stood before.
    pub before: Option<Memory>,
    /// What the city's own rules say.
    pub own: Own,
    /// The step told of the day.
    pub step: Step,
    /// What to do.
    pub verdict: Verdict,
}

impl<'a> Board<'a> {
    /// Weighs one day, given what stands.
    pub(super) fn weigh(&self, place: usize, standing: Option<&Memory>) -> Weighed<'a> {
        let date = self.date(place);
        let order = if self.policy.heeds_orders() { self.order_on(date) } else { None };
        let forced = order.and_then(|order| order.step(self.policy));
        let before = standing.map(|standing| standing.on(date));
        let own = self.own_verdict(place, before);
        let told = match self.policy.movement.shown {
            LevelShown::Recommended => own.memory.target(),
            LevelShown::InForce => own.memory.on(date).step,
        };
        let is_superseded = forced.is_some_and(|forced| forced >= told);
        Weighed {
            step: told.max(forced.unwrap_or(Step::NORMAL)),
            verdict: if is_superseded { Verdict::Superseded } else { own.verdict },
            order,
            forced,
            before,
            own,
        }
    }

    fn order_on(&self, date: NaiveDate) -> Option<&'a Order> {
        let zone = self.case.table.carried(IndicatorKind::Zone, date, ZONE_MAX_AGE_DAYS).value();
        self.case.orders.in_force(self.case.lineage, date, zone)
    }

    fn own_verdict(&self, place: usize, before: Option<Memory>) -> Own {
        let (date, movement) = (self.date(place), &self.policy.movement);
        let current = before.unwrap_or_else(|| Memory::new(Step::NORMAL, date));
        let target = current.target();
        if !movement.has_memory {
            return self.without_memory(place, current);
        }
        if !movement.is_evaluation(date) {
            return Own { verdict: move_or_hold(current), memory: current };
        }
        let called = self.called(place);
        let confirmed = self.confirmed(place);
        if confirmed > target {
            let to = if movement.is_one_step_up { self.policy.higher(target) } else { confirmed };
            let effect = (movement.raise_effect, to);
            return Own { verdict: Verdict::Raise, memory: self.moved(current, effect, place) };
        }
        let mut kept = current;
        kept.support |= self.support(target, place);
        let keeps = if !called.is_known {
            Some(Verdict::NotAssessable)
        } else if current.next.is_some() {
            // Called for earlier and not in effect yet: said again, not "hold".
            Some(move_between(current.step, target))
        } else if target == Step::NORMAL || date < self.evaluation_date(&current) {
            Some(Verdict::Hold)
        } else {
            None
        };
        if let Some(verdict) = keeps {
            return Own { verdict, memory: kept };
        }
        let lower = self.lowest(place, called, &kept);
        if lower == target {
            return Own { verdict: Verdict::Extend, memory: kept };
        }
        let memory = self.moved(current, (movement.lower_effect, lower), place);
        Own { verdict: move_between(target, lower), memory }
    }

    /// Every day stands alone; a level that cannot be told keeps the step of the day before.
    fn without_memory(&self, place: usize, current: Memory) -> Own {
        let (called, date) = (self.called(place), self.date(place));
        if !self.policy.movement.is_evaluation(date) {
            return Own { verdict: Verdict::Hold, memory: current };
        }
        if !called.is_known {
            let held = called.at_least.max(current.step);
            let memory = if held == current.step { current } else { Memory::new(held, date) };
            return Own { verdict: Verdict::NotAssessable, memory };
        }
        if called.at_least == current.step {
            return Own { verdict: Verdict::Hold, memory: current };
        }
        let verdict = move_between(current.step, called.at_least);
        Own { verdict, memory: Memory::new(called.at_least, date) }
    }

    /// A step called for, with the day it takes effect; a move that only calls off the last one takes effect at once.
    fn moved(&self, current: Memory, (effect, to): (Effect, Step), place: usize) -> Memory {
        let support = self.support(to, place);
        if to == current.step {
            return Memory { next: None, support, ..current };
        }
        let date = self.date(place);
        let from = self.policy.movement.takes_effect(effect, date, self.case.calendar);
        Memory { next: Some((to, from)), support, ..current }
    }

    /// A bit for each of the city's own rules that calls for a step or a higher one.
    fn support(&self, step: Step, place: usize) -> u64 {
        let calls = |rule: &usize| self.vote(*rule, place).step.is_some_and(|called| called >= step);
        (0..self.policy.rules.len()).filter(calls).fold(0, |all, rule| all | bit(rule))
    }

    /// The last day of the minimum stay: from then on the step may be lowered or is to be extended.
    pub(super) fn evaluation_date(&self, memory: &Memory) -> NaiveDate {
        let movement = &self.policy.movement;
        let stay = memory.target_since() + Duration::days(i64::from(movement.minimum_stay_days) - 1);
        let week = (0..7).map(|offset| stay + Duration::days(offset));
        week.into_iter().find(|day| movement.is_evaluation(*day)).unwrap_or(stay)
    }

    /// The lowest step that everything lets go to: one down at a time, or as far as it goes.
    fn lowest(&self, place: usize, called: Called, standing: &Memory) -> Step {
        let mut step = standing.target();
        while step > Step::NORMAL && self.may_step_down(place, (called, step), standing) {
            step = self.policy.lower(step);
            if self.policy.movement.is_one_step_down {
                break;
            }
        }
        step
    }

    fn may_step_down(&self, place: usize, (called, step): (Called, Step), standing: &Memory) -> bool {
        let (date, movement, table) = (self.date(place), &self.policy.movement, self.case.table);
        let is_held_by_growth = movement.leave_growth.is_some_and(|(from, below)| {
            let reach = Reach::days(movement.primary_max_age_days);
            let growth = || usable(table, IndicatorKind::GrowthRatio, date, reach);
            step >= from && Estimate::at_most(&growth()).is_none_or(|growth| growth >= below)
        });
        called.at_least < step
            && !is_held_by_growth
            && self.open_doubts(date).next().is_none()
            && (0..self.policy.rules.len()).all(|rule| self.lets_go(rule, (step, place), standing))
    }

    /// Whether a rule lets go of a step: its leave value held on every known day, and on enough of them. A rule without any
    /// figure lets go only if it never called for the step while that was in force, or has no say when it is silent.
    pub(super) fn lets_go(&self, rule: usize, (step, place): (Step, usize), standing: &Memory) -> bool {
        let own = &self.policy.rules[rule];
        if !own.is_valid_on(self.date(place)) {
            return true;
        }
        let held: LeaveHeld = leave_held(self, rule, step, place);
        let is_silent = held.held == 0 && held.not_held == 0;
        let may_be_silent = own.if_missing == IfMissing::NoVote || !standing.is_supported_by(rule);
        !held.is_concerned
            || (is_silent && may_be_silent)
            || (held.not_held == 0 && held.held >= self.policy.movement.leave_valid_days)
    }

    /// Days of the leave window whose figures look like a backlog and are not confirmed.
    pub(super) fn open_doubts(&self, date: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let from = date - Duration::days(i64::from(self.policy.movement.leave_days) - 1);
        let days = self.case.table.flags.iter().map(|flag| flag.date);
        days.filter(move |day| (from..=date).contains(day))
    }

    /// The first rule of the file that calls for the step, else the first that has not let go of it.
    pub(super) fn deciding_rule(&self, place: usize, weighed: &Weighed<'_>) -> Option<usize> {
        let step = weighed.step;
        if step == Step::NORMAL {
            return None;
        }
        let rules = || 0..self.policy.rules.len();
        let is_order = |rule: &usize| self.is_order(*rule);
        let called = |rule: &usize| {
            let step_of = if is_order(rule) { weighed.forced } else { self.vote(*rule, place).step };
            step_of.is_some_and(|called| called >= step)
        };
        let not_let_go =
            |rule: &usize| !is_order(rule) && !self.lets_go(*rule, (step, place), &weighed.own.memory);
        let holds = || if self.policy.movement.has_memory { rules().find(not_let_go) } else { None };
        rules().find(called).or_else(holds)
    }

    /// Whether a rule stands for orders.
    pub(super) fn is_order(&self, rule: usize) -> bool {
        matches!(self.policy.rules[rule].kind, super::policy::RuleKind::Order)
    }
}

fn move_or_hold(current: Memory) -> Verdict {
    match current.next {
        Some((to, _)) => move_between(current.step, to),
        None => Verdict::Hold,
    }
}

fn move_between(from: Step, to: Step) -> Verdict {
    match to {
        _ if to > from => Verdict::Raise,
        Step::NORMAL => Verdict::End,
        _ => Verdict::StepDown,
    }
}
