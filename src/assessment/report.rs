//! The assessment as everybody else sees it: stable JSON, explanation as data.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::condition::Bound;
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

/// The rule named by a [`Change`] that the policy's movement asks for, not one of its rules: weekly growth below a value.
pub const MOVEMENT: &str = "movement";

/// One thing that would change the level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Up or down.
    pub direction: Direction,
    /// The rule, or [`MOVEMENT`].
    pub rule: String,
    /// The step that would then be called for.
    pub step: Step,
    /// The indicator that is still to reach its threshold: the rule's own, unless only others are left.
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
    /// Days in a row that are needed (up only where one is not enough).
    pub days_needed: Option<u32>,
    /// Everything that has to hold, all of it, as it stands. Rows kept before this was told have none.
    #[serde(default)]
    pub conditions: Vec<Requirement>,
}

/// Something that has to hold, as it stands on the day. `met` is `None` where that cannot be told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Requirement {
    /// At least one of these.
    Any {
        /// The alternatives.
        any: Vec<Requirement>,
        /// Whether it holds.
        met: Option<bool>,
    },
    /// All of these.
    All {
        /// The parts.
        all: Vec<Requirement>,
        /// Whether it holds.
        met: Option<bool>,
    },
    /// That a figure can be had, or that it cannot.
    Known {
        /// The indicator.
        indicator: IndicatorKind,
        /// Whether it is to be known.
        known: bool,
        /// Whether it holds.
        met: Option<bool>,
    },
    /// An indicator against a threshold.
    Compare(Compared),
}

/// An indicator against a threshold, as it stands on the day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The indicator.
    pub indicator: IndicatorKind,
    /// What of it is compared.
    pub bound: Bound,
    /// `≥`, `>`, `<` or `≤`.
    pub sign: String,
    /// The threshold.
    pub threshold: f64,
    /// What is compared, now.
    pub value: Option<f64>,
    /// At least, where only a range is known.
    pub lower: Option<f64>,
    /// At most, where only a range is known.
    pub upper: Option<f64>,
    /// Why there is no single value.
    pub reason: Option<Missing>,
    /// Whether it holds.
    pub met: Option<bool>,
    /// How many more cases this week would reach it (incidence that is to rise only).
    pub cases_more: Option<i64>,
}

impl Requirement {
    /// Whether it holds, where that can be told.
    #[must_use]
    pub fn met(&self) -> Option<bool> {
        match self {
            Self::Any { met, .. } | Self::All { met, .. } | Self::Known { met, .. } => *met,
            Self::Compare(compared) => compared.met,
        }
    }

    /// Every comparison in it, in the order of the policy.
    #[must_use]
    pub fn comparisons(&self) -> Vec<&Compared> {
        match self {
            Self::Any { any: parts, .. } | Self::All { all: parts, .. } => {
                parts.iter().flat_map(Self::comparisons).collect()
            }
            Self::Known { .. } => Vec::new(),
            Self::Compare(compared) => vec![compared],
        }
    }

    /// Every indicator in it.
    #[must_use]
    pub fn indicators(&self) -> Vec<IndicatorKind> {
        match self {
            Self::Any { any: parts, .. } | Self::All { all: parts, .. } => {
                parts.iter().flat_map(Self::indicators).collect()
            }
            Self::Known { indicator, .. } => vec![*indicator],
            Self::Compare(compared) => vec![compared.indicator],
        }
    }

    /// Takes away what is told of some indicators; returns whether anything was about them. What they are compared with stays:
    /// it is in the policy.
    pub fn withhold(&mut self, is_hidden: &dyn Fn(IndicatorKind) -> bool) -> bool {
        match self {
            Self::Any { any: parts, met } | Self::All { all: parts, met } => {
                // Of a whole that holds and a part that does not, one could tell the part that is hidden.
                let touched = parts.iter_mut().map(|part| u32::from(part.withhold(is_hidden)));
                let is_touched = touched.sum::<u32>() > 0;
                *met = met.filter(|_| !is_touched);
                is_touched
            }
            Self::Known { indicator, met, .. } => {
                let is_touched = is_hidden(*indicator);
                *met = met.filter(|_| !is_touched);
                is_touched
            }
            Self::Compare(compared) => {
                let is_touched = is_hidden(compared.indicator);
                if is_touched {
                    (compared.value, compared.lower, compared.upper) = (None, None, None);
                    (compared.met, compared.cases_more) = (None, None);
                    compared.reason = Some(Missing::Withheld);
                }
                is_touched
            }
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// As it was written before conditions were told.
    const EARLIER: &str = r#"{"direction":"raise","rule":"R2","step":4,"indicator":"incidence_7d_per_100k",
        "value":125.6,"lower":null,"upper":null,"sign":"≥","threshold":150.0,"cases_more":255,"days_held":null,"days_needed":null}"#;

    fn growth(value: f64, met: bool) -> Requirement {
        Requirement::Compare(Compared {
            indicator: IndicatorKind::GrowthRatio,
            bound: Bound::Value,
            sign: "≥".to_owned(),
            threshold: 0.9,
            value: Some(value),
            lower: None,
            upper: None,
            reason: None,
            met: Some(met),
            cases_more: None,
        })
    }

    #[test]
    fn a_change_written_before_conditions_were_told_is_read() {
        let change: Change = serde_json::from_str(EARLIER).unwrap();
        assert_eq!((change.rule.as_str(), change.threshold, change.cases_more), ("R2", 150.0, Some(255)));
        assert_eq!(change.conditions, []);
    }

    #[test]
    fn every_kind_of_condition_reads_back_as_it_was_written() {
        let unknown =
            Requirement::Known { indicator: IndicatorKind::GrowthRatio, known: false, met: Some(false) };
        let any = Requirement::Any { any: vec![growth(0.7, false), unknown], met: Some(false) };
        let all = Requirement::All { all: vec![growth(1.4, true), any], met: Some(false) };
        let change = Change { conditions: vec![all], ..serde_json::from_str(EARLIER).unwrap() };
        let text = serde_json::to_string(&change).unwrap();
        assert_eq!(serde_json::from_str::<Change>(&text).unwrap(), change);
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["conditions"][0]["all"][1]["any"][1]["known"], false);
        assert_eq!(json["conditions"][0]["all"][0]["value"], 1.4);
    }

    #[test]
    fn what_is_withheld_cannot_be_told_from_the_whole() {
        let shown = Requirement::Known { indicator: IndicatorKind::Rt, known: true, met: Some(false) };
        let mut any = Requirement::Any { any: vec![growth(1.4, true), shown.clone()], met: Some(true) };
        assert!(any.withhold(&|kind| kind == IndicatorKind::GrowthRatio));
        let Requirement::Any { any: parts, met: None } = any else { panic!("the whole tells: {any:?}") };
        assert_eq!(parts[1], shown);
        let hidden = parts[0].comparisons()[0];
        assert_eq!((hidden.value, hidden.met, hidden.reason), (None, None, Some(Missing::Withheld)));
        assert_eq!(hidden.threshold, 0.9, "thresholds are in the policy");
    }
}
