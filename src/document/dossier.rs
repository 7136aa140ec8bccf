//! All that a circular is made from: the record, what it changes, the evidence as it was frozen, and what is enclosed.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::assessment::Assessment;
use crate::decision::{Decision, Exemption};

/// As what a decision is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Surat edaran.
    #[default]
    Circular,
    /// Instruksi wali kota.
    Instruction,
}

/// No form has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not a form of a decision: circular, instruction")]
pub struct UnknownForm(pub String);

impl FromStr for Form {
    type Err = UnknownForm;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "circular" => Ok(Self::Circular),
            "instruction" => Ok(Self::Instruction),
            other => Err(UnknownForm(other.to_owned())),
        }
    }
}

/// A decision and everything its circular is made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dossier {
    /// The decision.
    pub decision: Decision,
    /// As what it is given out.
    #[serde(default)]
    pub form: Form,
    /// The number of its letter, once the office has given it one.
    #[serde(default)]
    pub number: Option<String>,
    /// The day that its letter bears.
    #[serde(default)]
    pub dated: Option<NaiveDate>,
    /// What it changes: the first decision and everything that changed it since, oldest first.
    #[serde(default)]
    pub earlier: Vec<Earlier>,
    /// The assessment of its evidence, as it was frozen.
    #[serde(default)]
    pub assessment: Option<Assessment>,
    /// Names of units by id, for exempt units that the record names by id alone.
    #[serde(default)]
    pub unit_names: BTreeMap<String, String>,
    /// Staff that it is about besides civil servants: `TKD`.
    #[serde(default)]
    pub also: Vec<String>,
    /// What holds for units with a cluster, in one sentence; empty where nothing does.
    #[serde(default)]
    pub cluster_clause: String,
    /// Priority programmes that go on, beside what the record says that continues.
    #[serde(default)]
    pub programmes: Vec<Programme>,
    /// The duty roster, which is then enclosed.
    #[serde(default)]
    pub roster: Vec<DutyDay>,
}

/// A decision that a later one changes, and the letter it was given out with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// The decision.
    pub decision: Decision,
    /// The number of its letter, once it has one.
    #[serde(default)]
    pub number: Option<String>,
    /// What its letter is about, as its title says; without one, what ours would say.
    #[serde(default)]
    pub title: Option<String>,
    /// The day of its letter, where it is not the day of the decision.
    #[serde(default)]
    pub dated: Option<NaiveDate>,
}

/// A priority programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Its name.
    pub name: String,
    /// The unit that sees to it; empty where nobody is named.
    #[serde(default)]
    pub unit: String,
    /// How it stands, in the owner's words.
    #[serde(default)]
    pub status: String,
}

/// Who is on duty on a day: one line of the enclosed roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyDay {
    /// The day.
    pub date: NaiveDate,
    /// The unit.
    pub unit: String,
    /// Who; empty where nobody is named yet.
    #[serde(default)]
    pub officer: String,
    /// How they are reached.
    #[serde(default)]
    pub contact: String,
}

impl From<Decision> for Dossier {
    /// A decision alone: its circular names no figure and encloses nothing.
    fn from(decision: Decision) -> Self {
        Self {
            decision,
            form: Form::Circular,
            number: None,
            dated: None,
            earlier: Vec::new(),
            assessment: None,
            unit_names: BTreeMap::new(),
            also: Vec::new(),
            cluster_clause: String::new(),
            programmes: Vec::new(),
            roster: Vec::new(),
        }
    }
}

/// An exempt unit's name as the document writes it, else the register's, else its id.
pub(super) fn name_of<'a>(unit: &'a Exemption, names: &'a BTreeMap<String, String>) -> &'a str {
    match (unit.name.is_empty(), names.get(&unit.unit_id)) {
        (true, Some(name)) => name,
        (true, None) => &unit.unit_id,
        (false, _) => &unit.name,
    }
}

/// The cap that all exempt units have, if they have one in common.
pub(super) fn common_cap(units: &[Exemption]) -> Option<u8> {
    let first = units.first()?.cap_pct?;
    units.iter().all(|unit| unit.cap_pct == Some(first)).then_some(first)
}
