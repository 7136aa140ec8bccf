//! Steps 0 to 4 and the three modes in which they are shown.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A step of the ladder, 0 (normal) to 4 (100% work from home).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Step(u8);

/// The ladder has no such step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("step {0} does not exist: steps are 0 to 4")]
pub struct InvalidStep(pub u8);

impl Step {
    /// Nothing restricted.
    pub const NORMAL: Self = Self(0);
    /// The top of the ladder.
    pub const HIGHEST: Self = Self(4);

    /// The number.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }

    /// Every step, lowest first.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        (0..=Self::HIGHEST.0).map(Self)
    }
}

impl TryFrom<u8> for Step {
    type Error = InvalidStep;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        if number <= Self::HIGHEST.0 { Ok(Self(number)) } else { Err(InvalidStep(number)) }
    }
}

impl From<Step> for u8 {
    fn from(step: Step) -> Self {
        step.0
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// How a step is shown; `NotAssessable` stands beside the ladder and never lowers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Step 0.
    Normal,
    /// Steps 1 to 3: at most 75, 50, 25% at the office.
    Partial,
    /// Step 4: 100% work from home.
    Wfh,
    /// The main indicator cannot be had; the step in force is held.
    NotAssessable,
}

impl Mode {
    /// The mode of a step.
    #[must_use]
    pub fn of(step: Step) -> Self {
        match step.0 {
            0 => Self::Normal,
            1..=3 => Self::Partial,
            _ => Self::Wfh,
        }
    }

    /// The word in files and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Partial => "partial",
            Self::Wfh => "wfh",
            Self::NotAssessable => "not_assessable",
        }
    }
}

/// The most staff at the office, in percent, by service category of the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    /// Units that do not serve the public directly (N).
    pub non_service: u8,
    /// Essential services (E).
    pub essential: u8,
    /// Critical services in the field (K).
    pub critical: u8,
    /// Desks of critical services (K).
    pub critical_desk: u8,
}

impl Caps {
    /// What a step asks where a policy does not say: the ladder of 75, 50, 25 and 0% of SE MenPANRB 67/2020 and of Kota Bogor's
    /// decision of 28 June 2021. It lets policies from elsewhere be compared by days at the office.
    #[must_use]
    pub fn of(step: Step) -> Self {
        let (non_service, essential, critical_desk) = match step.0 {
            0 => (100, 100, 100),
            1 => (75, 100, 100),
            2 => (50, 75, 100),
            3 => (25, 50, 100),
            _ => (0, 25, 25),
        };
        Self { non_service, essential, critical: 100, critical_desk }
    }
}
