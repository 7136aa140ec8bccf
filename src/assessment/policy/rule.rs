//! One rule of a policy: what it watches, when it calls for a step, when it lets go.

use chrono::NaiveDate;

use super::Text;
use crate::assessment::condition::{Condition, Reach};
use crate::assessment::level::Step;
use crate::epi::IndicatorKind;
use crate::indicator::Carry;

/// One step a rule may call for.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleStep {
    /// The step.
    pub step: Step,
    /// The rule's own word for it, where it is not the ladder's.
    pub word: Option<String>,
    /// Calls for the step when true.
    pub enter: Condition,
    /// Lets go of it when true.
    pub leave: Condition,
}

/// What makes a rule fire.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleKind {
    /// Its steps' own conditions.
    Steps(Vec<RuleStep>),
    /// So many steps above another rule, within bounds.
    Above {
        /// The other rule's id.
        rule: String,
        /// At least this step.
        at_least: Step,
        /// At most this step.
        at_most: Step,
        /// Fires when true.
        enter: Condition,
        /// Lets go when true.
        leave: Condition,
    },
    /// A step for as long as the rule is valid: a decree with a first and a last day.
    Dated(Step),
    /// An order of the centre or the province.
    Order,
}

/// What it means when a rule cannot be assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMissing {
    /// It calls for nothing, and what it called for before it is not seen to let go of.
    Hold,
    /// It has no say.
    NoVote,
    /// The level is not assessable; other rules may still raise it.
    NotAssessable,
    /// Its level is the policy's own word for what cannot be told.
    Unknown,
}

/// One rule of a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its id: R1.
    pub id: String,
    /// What it watches, in both languages.
    pub title: Text,
    /// Where its numbers come from.
    pub source: String,
    /// Whether that source was not checked against the original.
    pub is_unverified: bool,
    /// A remark shown when it fires.
    pub note: Option<Text>,
    /// The indicator shown beside it.
    pub indicator: Option<IndicatorKind>,
    /// How far back it may read.
    pub reach: Reach,
    /// What it means when it cannot be assessed.
    pub if_missing: IfMissing,
    /// The first day it is valid for; before, it has no say.
    pub valid_from: Option<NaiveDate>,
    /// The last day.
    pub valid_to: Option<NaiveDate>,
    /// Its own word for calling for nothing, where it is not the ladder's lowest.
    pub quiet: Option<String>,
    /// What makes it fire.
    pub kind: RuleKind,
}

impl Rule {
    /// Whether it has a say on a day.
    #[must_use]
    pub fn is_valid_on(&self, date: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= date) && self.valid_to.is_none_or(|to| date <= to)
    }

    /// Every indicator that has a part in it: the one shown beside it and those of its conditions.
    #[must_use]
    pub fn indicators(&self) -> Vec<IndicatorKind> {
        let conditions: Vec<&Condition> = match &self.kind {
            RuleKind::Steps(steps) => steps.iter().flat_map(|step| [&step.enter, &step.leave]).collect(),
            RuleKind::Above { enter, leave, .. } => vec![enter, leave],
            RuleKind::Order | RuleKind::Dated(_) => Vec::new(),
        };
        let compared = conditions.iter().flat_map(|condition| condition.indicators());
        let mut all: Vec<IndicatorKind> = self.indicator.into_iter().chain(compared).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// How far back it may read of a day in the past, when it is asked whether it let go: a stock holds until it is reported
    /// again; of anything else only that day's own value counts, unless the policy itself carries it.
    #[must_use]
    pub fn past_reach(&self) -> Reach {
        let is_carried =
            self.indicator.is_some_and(IndicatorKind::is_stock) || self.reach.carry == Carry::OverGaps;
        if is_carried { self.reach } else { Reach { max_age_days: 0, ..self.reach } }
    }
}
