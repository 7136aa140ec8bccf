//! A policy file as it is written, key by key. What its values mean and whether they fit together is in `file` and `check`.

use chrono::{NaiveDate, Weekday};
use serde::Deserialize;
use toml::Spanned;

use super::{Text, UnknownLevel};
use crate::assessment::condition::ConditionFile;
use crate::assessment::level::{Caps, Step};
use crate::epi::IndicatorKind;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyFile {
    pub(super) id: Spanned<String>,
    pub(super) version: Spanned<String>,
    pub(super) title: Text,
    pub(super) valid_from: NaiveDate,
    pub(super) step: Vec<Spanned<StepFile>>,
    pub(super) unknown: Option<UnknownLevel>,
    pub(super) movement: Spanned<MovementFile>,
    pub(super) rule: Vec<Spanned<RuleFile>>,
    pub(super) combination: Option<Spanned<CombinationFile>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepFile {
    pub(super) step: Step,
    pub(super) level: String,
    pub(super) name: Text,
    pub(super) caps: Option<Caps>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MovementFile {
    #[serde(default = "yes")]
    pub(super) memory: bool,
    pub(super) primary: Option<IndicatorKind>,
    #[serde(default)]
    pub(super) primary_max_age_days: u32,
    pub(super) evaluate_on: Option<Weekday>,
    pub(super) enter_days: Option<u32>,
    pub(super) enter_counts: Option<Counts>,
    pub(super) one_step_up: Option<bool>,
    pub(super) raise_takes_effect: Option<When>,
    pub(super) minimum_stay_days: Option<u32>,
    pub(super) leave_days: Option<u32>,
    pub(super) leave_valid_days: Option<u32>,
    pub(super) leave_counts: Option<Counts>,
    pub(super) one_step_down: Option<bool>,
    pub(super) lower_takes_effect: Option<When>,
    pub(super) leave_growth_from_step: Option<Step>,
    pub(super) leave_growth_below: Option<f64>,
    #[serde(default)]
    pub(super) level_shown: Shown,
    pub(super) holidays: Option<Vec<NaiveDate>>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Counts {
    Calendar,
    Working,
    MondayToSaturday,
    Evaluations,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum When {
    SameDay,
    NextDay,
    NextWorkingDay,
    DayAfterNext,
    #[serde(untagged)]
    Days {
        days: u32,
    },
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Shown {
    #[default]
    Recommended,
    InForce,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) id: String,
    pub(super) title: Text,
    pub(super) source: String,
    #[serde(default)]
    pub(super) unverified: bool,
    pub(super) note: Option<Text>,
    pub(super) indicator: Option<IndicatorKind>,
    #[serde(default)]
    pub(super) max_age_days: u32,
    #[serde(default)]
    pub(super) lag_days: u32,
    #[serde(default)]
    pub(super) carry: CarryFile,
    #[serde(default)]
    pub(super) if_missing: IfMissingFile,
    pub(super) valid_from: Option<NaiveDate>,
    pub(super) valid_to: Option<NaiveDate>,
    pub(super) quiet: Option<String>,
    #[serde(default)]
    pub(super) step: Vec<Spanned<RuleStepFile>>,
    pub(super) above: Option<AboveFile>,
    pub(super) enter: Option<ConditionFile>,
    pub(super) leave: Option<ConditionFile>,
    pub(super) dated: Option<Step>,
    #[serde(default)]
    pub(super) order: bool,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CarryFile {
    #[default]
    AtTheEnd,
    OverGaps,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum IfMissingFile {
    #[default]
    Hold,
    NoVote,
    NotAssessable,
    Unknown,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleStepFile {
    pub(super) step: Step,
    pub(super) word: Option<String>,
    pub(super) enter: ConditionFile,
    pub(super) leave: Option<ConditionFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AboveFile {
    pub(super) rule: String,
    pub(super) at_least: Step,
    pub(super) at_most: Step,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CombinationFile {
    pub(super) row: Vec<Spanned<RowFile>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowFile {
    #[serde(default)]
    pub(super) when: std::collections::BTreeMap<String, Vec<String>>,
    pub(super) level: Option<String>,
    pub(super) highest_of: Option<Vec<String>>,
}
