//! What stands while days are weighed: [`Standing`] without its words, so that years can be gone through quickly.

use chrono::NaiveDate;

use super::level::Step;
use super::policy::Policy;
use super::standing::Standing;

/// The step in force and what is about to take effect. Rules are told by their place in the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Memory {
    /// The step in force.
    pub step: Step,
    /// The first day it is in force.
    pub since: NaiveDate,
    /// A step already called for that takes effect later, with its first day.
    pub next: Option<(Step, NaiveDate)>,
    /// A bit for each rule that called for this step or a higher one while it was in force.
    pub support: u64,
}

impl Memory {
    /// A step in force since a day.
    pub(super) fn new(step: Step, since: NaiveDate) -> Self {
        Self { step, since, next: None, support: 0 }
    }

    /// Of what stands; rules that this version of the policy does not have are forgotten.
    pub(super) fn of(standing: &Standing, policy: &Policy) -> Self {
        let supports =
            policy.rules.iter().enumerate().filter(|(_, rule)| standing.support.contains(&rule.id));
        let support = supports.fold(0, |all, (place, _)| all | bit(place));
        // A step that this version's ladder leaves out counts as the next lower one.
        let on_ladder = |step: Step| policy.step(step).step;
        Self {
            step: on_ladder(standing.step),
            since: standing.since,
            next: standing.next.map(|(step, from)| (on_ladder(step), from)),
            support,
        }
    }

    /// The same in words.
    pub(super) fn standing(&self, policy: &Policy) -> Standing {
        let supports = policy.rules.iter().enumerate().filter(|(place, _)| self.support & bit(*place) != 0);
        Standing {
            step: self.step,
            since: self.since,
            next: self.next,
            support: supports.map(|(_, rule)| rule.id.clone()).collect(),
        }
    }

    /// The same on a later day: what was to take effect by then is in force.
    pub(super) fn on(&self, date: NaiveDate) -> Self {
        match self.next {
            Some((step, from)) if from <= date => Self { step, since: from, next: None, ..*self },
            _ => *self,
        }
    }

    /// The step that will be in force once everything called for has taken effect.
    pub(super) fn target(&self) -> Step {
        self.next.map_or(self.step, |(step, _)| step)
    }

    /// The first day of that step.
    pub(super) fn target_since(&self) -> NaiveDate {
        self.next.map_or(self.since, |(_, from)| from)
    }

    /// Whether a rule called for this step or a higher one while it was in force.
    pub(super) fn is_supported_by(&self, rule: usize) -> bool {
        self.support & bit(rule) != 0
    }
}

/// The bit of a rule; a policy has 64 rules at most.
pub(super) fn bit(rule: usize) -> u64 {
    1_u64.checked_shl(u32::try_from(rule).unwrap_or(u32::MAX)).unwrap_or(0)
}
