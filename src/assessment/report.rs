//! The assessment as everybody else sees it: stable JSON, explanation as data.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::finding::FindingStatus;
use super::level::{Caps, Mode, Step};
use crate::epi::{Estimate, IndicatorKind, Missing, Status};

/// What the rules recommend to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Keep the step: its first period is still running, or nothing is in force.
    Hold,
    /// Go to a higher step.
    Raise,
    /// Go one step down.
    StepDown,
    /// The period has run out and the figures do not allow a step down: keep the step for another.
    Extend,
    /// Go down to normal.
    End,
    /// A higher order is in force; the city's own verdict stands beside it.
    Superseded,
    /// The main indicator cannot be had: keep the step.
    NotAssessable,
}

impl Verdict {
    /// The word in files and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Raise => "raise",
            Self::StepDown => "step_down",
            Self::Extend => "extend",
            Self::End => "end",
            Self::Superseded => "superseded",
            Self::NotAssessable => "not_assessable",
        }
    }
}

/// Which policy, in which version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyId {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
}

/// The step in force on the day, before this assessment takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// The step.
    pub step: Step,
    /// Its first day; `None` when nothing was ever called for.
    pub since: Option<NaiveDate>,
}

/// One rule's part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleReport {
    /// The rule.
    pub id: String,
    /// The indicator shown beside it.
    pub indicator: Option<IndicatorKind>,
    /// Its value.
    pub value: Option<f64>,
    /// Lower bound.
    pub lower: Option<f64>,
    /// Upper bound.
    pub upper: Option<f64>,
    /// The threshold that was, or would next be, crossed.
    pub enter: Option<f64>,
    /// The threshold that lets go.
    pub leave: Option<f64>,
    /// The step it calls for.
    pub step: Option<Step>,
    /// The rule's own word for what it says.
    #[serde(default)]
    pub level: String,
    /// Fires, quiet, or not assessed.
    pub status: FindingStatus,
    /// Why it is not assessed, or why only a bound counted.
    pub reason: Option<Missing>,
    /// The day its value stands on.
    pub date: Option<NaiveDate>,
}

/// One indicator's value on the day, as the rules saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndicatorReport {
    /// The value.
    pub value: Option<f64>,
    /// Lower bound.
    pub lower: Option<f64>,
    /// Upper bound.
    pub upper: Option<f64>,
    /// Printed, derived or reconstructed.
    pub status: Option<Status>,
    /// Why there is no single value.
    pub reason: Option<Missing>,
    /// The day it stands on.
    pub date: Option<NaiveDate>,
}

impl From<&Estimate> for IndicatorReport {
    fn from(estimate: &Estimate) -> Self {
        Self {
            value: estimate.value(),
            lower: estimate.lower(),
            upper: estimate.upper(),
            status: estimate.status(),
            reason: estimate.reason(),
            date: estimate.date(),
        }
    }
}

/// Up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Would raise the step.
    Raise,
    /// Is needed to lower it.
    Lower,
}

/// One thing that would change the level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Up or down.
    pub direction: Direction,
    /// The rule.
    pub rule: String,
    /// The step that would then be called for.
    pub step: Step,
    /// The indicator.
    pub indicator: IndicatorKind,
    /// Its value now.
    pub value: Option<f64>,
    /// At least, where only a range is known.
    pub lower: Option<f64>,
    /// At most, where only a range is known.
    pub upper: Option<f64>,
    /// `≥`, `>`, `<` or `≤`.
    pub sign: String,
    /// The threshold.
    pub threshold: f64,
    /// How many more cases this week would reach it (incidence only).
    pub cases_more: Option<i64>,
    /// Days in a row on which it has held (down only).
    pub days_held: Option<u32>,
    /// Days in a row that are needed (down only).
    pub days_needed: Option<u32>,
}

/// The ceiling set by a higher order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ceiling {
    /// The most staff at the office in non-service units, in percent.
    pub pct: u8,
    /// The instrument.
    pub source: String,
}

/// How firmly a level stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sensitivity {
    /// The step if every figure of the day were at the lower end of its interval.
    pub step_at_lower: Step,
    /// The step if every figure of the day were at the upper end.
    pub step_at_upper: Step,
    /// What late reports of the usual size would have done, where their size is known.
    pub late_reports: Option<LateReports>,
}

/// What late reports of the usual size would have done.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LateReports {
    /// By how much the last week usually still grows: 1.12 is 12% more.
    pub factor: f64,
    /// Weeks in which the rules would have called for a higher step.
    pub raised_weeks: u32,
    /// Weeks looked at.
    pub weeks: u32,
}

/// What the rules say for a date, with everything it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// The day assessed.
    pub date: NaiveDate,
    /// As known when; `None`: on everything known.
    pub as_of: Option<String>,
    /// Where.
    pub location: String,
    /// By which policy.
    pub policy: PolicyId,
    /// The policy's own word for the recommended step, or `not_assessable`.
    pub level: String,
    /// The recommended step.
    pub step: Step,
    /// How it is shown.
    pub mode: Mode,
    /// What to do.
    pub verdict: Verdict,
    /// What the city's own rules say to do.
    pub own_verdict: Verdict,
    /// The first rule in the file among those that call for the step (or hold it).
    pub deciding_rule: Option<String>,
    /// What is in force on the day.
    pub in_force: InForce,
    /// First day of the recommended step.
    pub effective_from: Option<NaiveDate>,
    /// From this day on the step may be lowered or is to be extended.
    pub evaluation_date: Option<NaiveDate>,
    /// Every rule.
    pub rules: Vec<RuleReport>,
    /// Every indicator.
    pub indicators: BTreeMap<String, IndicatorReport>,
    /// What would change the level.
    pub would_change: Vec<Change>,
    /// The most staff at the office at the recommended step.
    pub caps: Caps,
    /// The ceiling of a higher order, if one is in force.
    pub ceiling: Option<Ceiling>,
    /// Days whose figures look like a backlog: they block a step down until confirmed.
    pub open_doubts: Vec<NaiveDate>,
    /// How firmly the level stands; not told of days that are only looked back on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Sensitivity>,
}
