//! Conditions over indicators, three-valued: true, false, or unknown because of something missing.
//!
//! A range counts by its near end: "at least 5" is true when the lower bound is, false when the upper bound
//! is not, unknown between. Unknown is never read as false.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::epi::{Estimate, IndicatorKind, Missing, Status};
use crate::indicator::IndicatorTable;

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

    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(t) => value >= t,
            Self::Above(t) => value > t,
            Self::Below(t) => value < t,
            Self::AtMost(t) => value <= t,
        }
    }

    fn is_upward(self) -> bool {
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
        /// Whether the lower bound of its interval is compared instead of the value.
        lower_bound: bool,
        /// The comparison.
        comparison: Comparison,
        /// How old the value may be here, if not as old as the rule allows.
        max_age_days: Option<u32>,
    },
    /// The indicator cannot be had.
    IsUnknown(IndicatorKind),
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

/// What a rule may rest on: the day's value or one not older than allowed, and never a reconstruction.
#[must_use]
pub fn usable(table: &IndicatorTable, kind: IndicatorKind, date: NaiveDate, max_age_days: u32) -> Estimate {
    let estimate = table.carried(kind, date, max_age_days);
    match estimate.status() {
        Some(Status::Reconstructed) => Estimate::Missing(Missing::OnlyReconstructed),
        _ => estimate,
    }
}

impl Condition {
    /// Evaluates the condition on a day; values may be up to `max_age_days` old.
    #[must_use]
    pub fn evaluate(&self, table: &IndicatorTable, date: NaiveDate, max_age_days: u32) -> Truth {
        match self {
            Self::Compare { indicator, lower_bound, comparison, max_age_days: own } => {
                let max_age_days = own.map_or(max_age_days, |own| own.min(max_age_days));
                compare(&usable(table, *indicator, date, max_age_days), *indicator, *lower_bound, *comparison)
            }
            Self::IsUnknown(indicator) => match usable(table, *indicator, date, max_age_days) {
                Estimate::Missing(_) => Truth::True,
                _ => Truth::False,
            },
            Self::All(parts) => {
                combine(parts.iter().map(|p| p.evaluate(table, date, max_age_days)), Truth::False)
            }
            Self::Any(parts) => {
                combine(parts.iter().map(|p| p.evaluate(table, date, max_age_days)), Truth::True)
            }
        }
    }

    /// The first comparison of an indicator in this condition.
    #[must_use]
    pub fn comparison_of(&self, kind: IndicatorKind) -> Option<Comparison> {
        match self {
            Self::Compare { indicator, comparison, lower_bound: false, .. } if *indicator == kind => {
                Some(*comparison)
            }
            Self::Compare { .. } | Self::IsUnknown(_) => None,
            Self::All(parts) | Self::Any(parts) => parts.iter().find_map(|part| part.comparison_of(kind)),
        }
    }

    /// Whether it could ever be true if these indicators never have a value.
    #[must_use]
    pub fn is_reachable(&self, is_never_known: &dyn Fn(IndicatorKind) -> bool) -> bool {
        match self {
            Self::Compare { indicator, .. } => !is_never_known(*indicator),
            Self::IsUnknown(_) => true,
            Self::All(parts) => parts.iter().all(|part| part.is_reachable(is_never_known)),
            Self::Any(parts) => parts.iter().any(|part| part.is_reachable(is_never_known)),
        }
    }

    /// The same without the comparisons of some indicators inside its lists; `None` if nothing is left.
    #[must_use]
    pub fn without(&self, is_left_out: &dyn Fn(IndicatorKind) -> bool) -> Option<Self> {
        let rest =
            |parts: &[Self]| -> Vec<Self> { parts.iter().filter_map(|p| p.without(is_left_out)).collect() };
        match self {
            Self::Compare { indicator, .. } if is_left_out(*indicator) => None,
            Self::Compare { .. } | Self::IsUnknown(_) => Some(self.clone()),
            Self::All(parts) => Some(Self::All(rest(parts))).filter(|c| *c != Self::All(Vec::new())),
            Self::Any(parts) => Some(Self::Any(rest(parts))).filter(|c| *c != Self::Any(Vec::new())),
        }
    }

    /// Every comparison, with its indicator.
    pub fn comparisons(&self) -> Vec<(IndicatorKind, Comparison)> {
        match self {
            Self::Compare { indicator, comparison, .. } => vec![(*indicator, *comparison)],
            Self::IsUnknown(_) => Vec::new(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::comparisons).collect(),
        }
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let joined = |parts: &[Self], word: &str| {
            parts.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(word)
        };
        match self {
            Self::Compare { indicator, lower_bound, comparison, .. } => {
                let bound = if *lower_bound { " (lower bound)" } else { "" };
                write!(f, "{indicator}{bound} {} {}", comparison.sign(), comparison.threshold())
            }
            Self::IsUnknown(indicator) => write!(f, "{indicator} unknown"),
            Self::All(parts) => f.write_str(&joined(parts, " and ")),
            Self::Any(parts) => f.write_str(&joined(parts, " or ")),
        }
    }
}

fn compare(
    estimate: &Estimate,
    indicator: IndicatorKind,
    lower_bound: bool,
    comparison: Comparison,
) -> Truth {
    let (near, far) = if lower_bound {
        (estimate.lower(), estimate.lower())
    } else if comparison.is_upward() {
        (estimate.at_least(), estimate.at_most())
    } else {
        (estimate.at_most(), estimate.at_least())
    };
    match (near, far) {
        (Some(near), _) if comparison.holds(near) => Truth::True,
        (_, Some(far)) if !comparison.holds(far) => Truth::False,
        _ => Truth::Unknown(indicator, estimate.reason().unwrap_or(Missing::NoFigure)),
    }
}

/// `deciding` settles it wherever it appears; otherwise an unknown outweighs the rest.
fn combine(parts: impl Iterator<Item = Truth>, deciding: Truth) -> Truth {
    let mut unknown = None;
    for truth in parts {
        match truth {
            truth if truth == deciding => return deciding,
            Truth::Unknown(..) => unknown = unknown.or(Some(truth)),
            _ => {}
        }
    }
    let settled = if deciding == Truth::True { Truth::False } else { Truth::True };
    unknown.unwrap_or(settled)
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
    all: Option<Vec<ConditionFile>>,
    any: Option<Vec<ConditionFile>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Bound {
    Lower,
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
        match (self.indicator, self.unknown, self.all, self.any, comparisons.as_slice()) {
            (Some(indicator), None, None, None, [comparison]) if comparison.threshold().is_finite() => {
                Ok(Condition::Compare {
                    indicator,
                    lower_bound: self.bound.is_some(),
                    comparison: *comparison,
                    max_age_days: self.max_age_days,
                })
            }
            (Some(indicator), None, None, None, _) => Err(format!(
                "the condition on {indicator} needs exactly one of at_least, above, below, at_most, with a number"
            )),
            (None, Some(indicator), None, None, []) => Ok(Condition::IsUnknown(indicator)),
            (None, None, Some(parts), None, []) if !parts.is_empty() => {
                parts.into_iter().map(Self::check).collect::<Result<_, _>>().map(Condition::All)
            }
            (None, None, None, Some(parts), []) if !parts.is_empty() => {
                parts.into_iter().map(Self::check).collect::<Result<_, _>>().map(Condition::Any)
            }
            _ => Err(
                "a condition is either an indicator with a threshold, or unknown, or a list under all or any"
                    .to_owned(),
            ),
        }
    }
}
