//! The receipt of a rule for each evaluation, and what became of messages and alerts afterwards: one list, only added to.

use std::collections::BTreeMap;

use serde::Serialize;

use super::evaluate::{Happening, Kept};
use super::event::AlertEvent;

/// What an evaluation made of a rule; the most notable first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Something began, and people were told.
    Fired,
    /// It got worse, and people were told.
    Raised,
    /// Nobody acknowledged it in time; others were told.
    Escalated,
    /// It is over, and people were told.
    Resolved,
    /// There have been no figures for longer than its patience.
    NoData,
    /// Figures are back.
    DataBack,
    /// Kept back: somebody silenced it.
    Silenced,
    /// Kept back: known to be a false alarm.
    KnownFalse,
    /// Kept back: a larger alert is on.
    Muted,
    /// Over, and nobody had been told.
    NeverTold,
    /// On and told earlier.
    Firing,
    /// There are still no figures; told earlier.
    StillNoData,
    /// On, and still kept back.
    KeptBack,
    /// On, and not for long enough.
    Pending,
    /// Nothing.
    Quiet,
    /// Not looked at: it is not its day or its hour.
    NotJudged,
}

impl Outcome {
    /// The word in the store and in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Raised => "raised",
            Self::Escalated => "escalated",
            Self::Resolved => "resolved",
            Self::NoData => "no_data",
            Self::DataBack => "data_back",
            Self::Silenced => "silenced",
            Self::KnownFalse => "known_false",
            Self::Muted => "muted",
            Self::NeverTold => "never_told",
            Self::Firing => "firing",
            Self::StillNoData => "still_no_data",
            Self::KeptBack => "kept_back",
            Self::Pending => "held",
            Self::Quiet => "quiet",
            Self::NotJudged => "not_judged",
        }
    }

    /// What becomes of what happened.
    #[must_use]
    pub fn of(happening: &Happening) -> Self {
        match (&happening.kept, happening.alert.event) {
            (Some(Kept::Muted(_)), _) => Self::Muted,
            (Some(Kept::Silenced(_)), _) => Self::Silenced,
            (Some(Kept::KnownFalse(_)), _) => Self::KnownFalse,
            (Some(Kept::NeverTold), _) => Self::NeverTold,
            (None, AlertEvent::Fired) => Self::Fired,
            (None, AlertEvent::Raised) => Self::Raised,
            (None, AlertEvent::Escalated) => Self::Escalated,
            (None, AlertEvent::Resolved) => Self::Resolved,
            (None, AlertEvent::NoData) => Self::NoData,
            (None, AlertEvent::DataBack) => Self::DataBack,
        }
    }
}

/// What an evaluation made of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The rule.
    pub rule: String,
    /// The most notable of what became of its subjects.
    pub outcome: Outcome,
    /// How many subjects of each.
    pub counts: BTreeMap<Outcome, usize>,
}
