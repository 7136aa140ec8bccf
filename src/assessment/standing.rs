//! The step in force by the rules, since when, and what is about to take effect: the rules' memory.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::level::Step;

/// What is in force between two evaluations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The step in force.
    pub step: Step,
    /// The first day it is in force.
    pub since: NaiveDate,
    /// A step already called for that takes effect later, with its first day.
    pub next: Option<(Step, NaiveDate)>,
    /// Rules that called for this step or a higher one while it was in force: they must be seen to let go,
    /// even if their figures stop coming.
    pub support: BTreeSet<String>,
}

impl Standing {
    /// A step in force since a day.
    #[must_use]
    pub fn new(step: Step, since: NaiveDate) -> Self {
        Self { step, since, next: None, support: BTreeSet::new() }
    }

    /// The same on a later day: what was to take effect by then is in force.
    #[must_use]
    pub fn on(&self, date: NaiveDate) -> Self {
        match self.next {
            Some((step, from)) if from <= date => {
                Self { step, since: from, next: None, support: self.support.clone() }
            }
            _ => self.clone(),
        }
    }

    /// The step that will be in force once everything called for has taken effect.
    #[must_use]
    pub fn target(&self) -> Step {
        self.next.map_or(self.step, |(step, _)| step)
    }

    /// The first day of that step.
    #[must_use]
    pub fn target_since(&self) -> NaiveDate {
        self.next.map_or(self.since, |(_, from)| from)
    }
}
