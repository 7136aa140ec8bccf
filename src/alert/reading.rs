//! How things stand with what a rule watches, subject by subject.

use super::event::About;

/// How it stands with a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It is so; the grade rises when it gets worse (the step a rule of the policy calls for).
    On(u8),
    /// Between leaving and entering: as it was.
    Between,
    /// It is not so.
    Off,
    /// Nobody can tell: figures are missing. Missing figures end nothing.
    Unknown,
    /// It happened, and is over: told once for each key.
    Happened(String),
}

/// One subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// How it stands.
    pub condition: Condition,
    /// What there is to say; `about.rule` is the subject.
    pub about: About,
}

/// What becomes of subjects that are not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// They are fine: whatever is not listed is over.
    Off,
    /// Nobody looked: they stay as they were.
    AsItWas,
}

/// All subjects of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Readings {
    /// Those that are listed.
    pub listed: Vec<Reading>,
    /// What becomes of the others.
    pub rest: Rest,
}

impl Readings {
    /// Nothing is known of any subject.
    #[must_use]
    pub fn none() -> Self {
        Self { listed: Vec::new(), rest: Rest::AsItWas }
    }

    /// These, and no other.
    #[must_use]
    pub fn only(listed: Vec<Reading>) -> Self {
        Self { listed, rest: Rest::Off }
    }
}
