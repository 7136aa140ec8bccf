//! Conditions over indicators, three-valued: true, false, or unknown because of something missing.
//!
//! A range counts by its near end: "at least 5" is true when the lower bound is, false when the upper bound
//! is not, unknown between. Unknown is never read as false.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::epi::{Estimate, IndicatorKind, Missing, Status};
use crate::indicator::{Carry, IndicatorTable};

/// How a value is held against a threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Comparison {
    /// value ≥ threshold
    AtLeast(f64),
    /// value > threshold
    Above(f64),
    /// value < threshold
    Below(f64),
    /// value ≤ threshold
    AtMost(f64),
}

impl Comparison {
    /// What holds exactly when this does not.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::AtLeast(t) => Self::Below(t),
            Self::Above(t) => Self::AtMost(t),
            Self::Below(t) => Self::AtLeast(t),
            Self::AtMost(t) => Self::Above(t),
        }
    }

    /// Whether every value that meets this meets the other too.
    #[must_use]
    pub fn implies(self, other: Self) -> bool {
        let is_past = match (self, other) {
            // Neither threshold is met by itself, and yet the farther one leaves the nearer behind.
            (Self::Above(own), Self::Above(near)) => own >= near,
            (Self::Below(own), Self::Below(near)) => own <= near,
            _ => other.holds(self.threshold()),
        };
        self.is_upward() == other.is_upward() && is_past
    }

    /// The threshold.
    #[must_use]
    pub fn threshold(self) -> f64 {
        match self {
            Self::AtLeast(t) | Self::Above(t) | Self::Below(t) | Self::AtMost(t) => t,
        }
    }

    /// The sign shown to people.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::AtLeast(_) => "≥",
            Self::Above(_) => ">",
            Self::Below(_) => "<",
            Self::AtMost(_) => "≤",
        }
    }

    /// Whether a value meets it; no value, written NaN, meets nothing.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(t) => value >= t,
            Self::Above(t) => value > t,
            Self::Below(t) => value < t,
            Self::AtMost(t) => value <= t,
        }
    }

    /// Whether more of the indicator is what meets it.
    #[must_use]
    pub fn is_upward(self) -> bool {
        matches!(self, Self::AtLeast(_) | Self::Above(_))
    }
}

/// A condition of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// One indicator against one threshold.
    Compare {
        /// The indicator.
        indicator: IndicatorKind,
        /// What of it is compared.
        bound: Bound,
        /// The comparison.
        comparison: Comparison,
        /// How old the value may be here, if not as old as the rule allows.
        max_age_days: Option<u32>,
    },
    /// The indicator cannot be had.
    IsUnknown(IndicatorKind),
    /// The indicator can be had.
    IsKnown(IndicatorKind),
    /// All of these.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
}

/// What a condition says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It cannot be said: this indicator is missing, for this reason.
    Unknown(IndicatorKind, Missing),
}

/// What of an indicator is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Its value.
    Value,
    /// The lower bound of its interval.
    Lower,
    /// The upper bound of its interval.
    Upper,
}

/// How far back a rule may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// How old a value it may rest on.
    pub max_age_days: u32,
    /// So many days before the day assessed its values are taken. A series of a single day is a snapshot that its publisher
    /// has aligned already, and is read as it is.
    pub lag_days: u32,
    /// Whether values are carried over gaps.
    pub carry: Carry,
}

impl Reach {
    /// Values of the day, or up to so many days old at the end of what is known.
    #[must_use]
    pub fn days(max_age_days: u32) -> Self {
        Self { max_age_days, lag_days: 0, carry: Carry::AtTheEnd }
    }

    /// How an indicator is carried: a stock over gaps always.
    #[must_use]
    pub fn carry_of(self, kind: IndicatorKind) -> Carry {
        if kind.is_stock() { Carry::OverGaps } else { self.carry }
    }
}

/// What a rule may rest on: the day's value or one not older than allowed, and never a reconstruction.
#[must_use]
pub fn usable(table: &IndicatorTable, kind: IndicatorKind, date: NaiveDate, reach: Reach) -> Estimate {
    match usable_slot(table, kind, date, reach) {
        Ok(slot) => table.column(kind).map_or(Estimate::Missing(Missing::NeverReported), |all| all[slot]),
        Err(missing) => Estimate::Missing(missing),
    }
}

/// The slot of the value that [`usable`] gives, or why there is none.
pub(super) fn usable_slot(
    table: &IndicatorTable,
    kind: IndicatorKind,
    date: NaiveDate,
    reach: Reach,
) -> Result<usize, Missing> {
    let is_snapshot = || {
        let first = table.first_given(kind);
        first.is_some() && first == table.last_given(kind, table.last())
    };
    let lag = if reach.lag_days > 0 && !is_snapshot() { i64::from(reach.lag_days) } else { 0 };
    let key = (kind, reach.carry_of(kind));
    let slot = table.slot_of(key, table.offset(date) - lag, reach.max_age_days)?;
    let estimate = table.column(kind).map(|all| &all[slot]);
    if estimate.and_then(Estimate::status) == Some(Status::Reconstructed) {
        return Err(Missing::OnlyReconstructed);
    }
    // A week in which more was taken back than came says nothing of how many fell ill: it is not good news.
    let is_correction = kind.is_net_count() && estimate.and_then(Estimate::at_least).is_some_and(|v| v < 0.0);
    if is_correction { Err(Missing::TotalFell) } else { Ok(slot) }
}

impl Condition {
    /// The first comparison of an indicator in this condition.
    #[must_use]
    pub fn comparison_of(&self, kind: IndicatorKind) -> Option<Comparison> {
        match self {
            Self::Compare { indicator, comparison, bound: Bound::Value, .. } if *indicator == kind => {
                Some(*comparison)
            }
            Self::Compare { .. } | Self::IsUnknown(_) | Self::IsKnown(_) => None,
            Self::All(parts) | Self::Any(parts) => parts.iter().find_map(|part| part.comparison_of(kind)),
        }
    }

    /// Whether it could ever be true if these indicators never have a value.
    #[must_use]
    pub fn is_reachable(&self, is_never_known: &dyn Fn(IndicatorKind) -> bool) -> bool {
        match self {
            Self::Compare { indicator, .. } | Self::IsKnown(indicator) => !is_never_known(*indicator),
            Self::IsUnknown(_) => true,
            Self::All(parts) => parts.iter().all(|part| part.is_reachable(is_never_known)),
            Self::Any(parts) => parts.iter().any(|part| part.is_reachable(is_never_known)),
        }
    }

    /// What holds exactly when this does not.
    #[must_use]
    pub fn negated(&self) -> Self {
        match self {
            Self::Compare { indicator, bound, comparison, max_age_days } => Self::Compare {
                indicator: *indicator,
                bound: *bound,
                comparison: comparison.negated(),
                max_age_days: *max_age_days,
            },
            Self::IsUnknown(indicator) => Self::IsKnown(*indicator),
            Self::IsKnown(indicator) => Self::IsUnknown(*indicator),
            Self::All(parts) => Self::Any(parts.iter().map(Self::negated).collect()),
            Self::Any(parts) => Self::All(parts.iter().map(Self::negated).collect()),
        }
    }

    /// Every comparison, with its indicator.
    #[must_use]
    pub fn comparisons(&self) -> Vec<(IndicatorKind, Comparison)> {
        match self {
            Self::Compare { indicator, comparison, .. } => vec![(*indicator, *comparison)],
            Self::IsUnknown(_) | Self::IsKnown(_) => Vec::new(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::comparisons).collect(),
        }
    }

    /// Every indicator that it reads.
    #[must_use]
    pub fn indicators(&self) -> Vec<IndicatorKind> {
        match self {
            Self::Compare { indicator, .. } | Self::IsUnknown(indicator) | Self::IsKnown(indicator) => {
                vec![*indicator]
            }
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::indicators).collect(),
        }
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let joined = |parts: &[Self], word: &str| {
            parts.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(word)
        };
        match self {
            Self::Compare { indicator, bound, comparison, .. } => {
                let bound = match bound {
                    Bound::Value => "",
                    Bound::Lower => " (lower bound)",
                    Bound::Upper => " (upper bound)",
                };
                write!(f, "{indicator}{bound} {} {}", comparison.sign(), comparison.threshold())
            }
            Self::IsUnknown(indicator) => write!(f, "{indicator} unknown"),
            Self::IsKnown(indicator) => write!(f, "{indicator} known"),
            Self::All(parts) => f.write_str(&joined(parts, " and ")),
            Self::Any(parts) => f.write_str(&joined(parts, " or ")),
        }
    }
}

/// A condition as written in a policy file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionFile {
    indicator: Option<IndicatorKind>,
    at_least: Option<f64>,
    above: Option<f64>,
    below: Option<f64>,
    at_most: Option<f64>,
    bound: Option<Bound>,
    max_age_days: Option<u32>,
    unknown: Option<IndicatorKind>,
    known: Option<IndicatorKind>,
    all: Option<Vec<ConditionFile>>,
    any: Option<Vec<ConditionFile>>,
}

impl ConditionFile {
    /// Checks that exactly one form is written.
    ///
    /// # Errors
    /// What is wrong, as a fragment for the policy's fault.
    pub fn check(self) -> Result<Condition, String> {
        let comparisons: Vec<Comparison> = [
            self.at_least.map(Comparison::AtLeast),
            self.above.map(Comparison::Above),
            self.below.map(Comparison::Below),
            self.at_most.map(Comparison::AtMost),
        ]
        .into_iter()
        .flatten()
        .collect();
        let is_qualified = self.bound.is_some() || self.max_age_days.is_some();
        let listed = |parts: Vec<Self>| parts.into_iter().map(Self::check).collect::<Result<Vec<_>, _>>();
        match (self.indicator, self.unknown, self.known, self.all, self.any, comparisons.as_slice()) {
            (Some(indicator), None, None, None, None, [comparison]) if comparison.threshold().is_finite() => {
                Ok(Condition::Compare {
                    indicator,
                    bound: self.bound.unwrap_or(Bound::Value),
                    comparison: *comparison,
                    max_age_days: self.max_age_days,
                })
            }
            (Some(indicator), None, None, None, None, _) => Err(format!(
                "the condition on {indicator} needs exactly one of at_least, above, below, at_most, with a number"
            )),
            (None, Some(indicator), None, None, None, []) if !is_qualified => {
                Ok(Condition::IsUnknown(indicator))
            }
            (None, None, Some(indicator), None, None, []) if !is_qualified => Ok(Condition::IsKnown(indicator)),
            (None, None, None, Some(parts), None, []) if !parts.is_empty() && !is_qualified => {
                listed(parts).map(Condition::All)
            }
            (None, None, None, None, Some(parts), []) if !parts.is_empty() && !is_qualified => {
                listed(parts).map(Condition::Any)
            }
            _ => Err(
                "a condition is either an indicator with a threshold, or known or unknown, or a list under all or any that is not empty"
                    .to_owned(),
            ),
        }
    }
}
