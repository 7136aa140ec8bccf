//! One entry of the journal of decisions, as it was signed.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::exemption::{Exemption, PositionRule};
use super::period::Period;
use super::reason::Reason;
use crate::assessment::{Caps, Ceiling, Mode, PolicyId, Step, Verdict};

/// What an entry does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// A decision of its own.
    Decision,
    /// Changes an earlier one: level, units, last day.
    Amendment,
    /// Keeps an earlier one in force for longer.
    Extension,
    /// Ends an earlier one before its last day.
    End,
}

/// No kind has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not a kind of decision: decision, amendment, extension, end")]
pub struct UnknownKind(pub String);

impl DecisionKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Decision, Self::Amendment, Self::Extension, Self::End];

    /// The word in files, on the command line and in the journal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Amendment => "amendment",
            Self::Extension => "extension",
            Self::End => "end",
        }
    }
}

impl fmt::Display for DecisionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DecisionKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

/// In which office the person decides. The mayor is the personnel authority (PPK); the secretary signs in the mayor's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Office {
    /// Wali kota.
    Mayor,
    /// Wakil wali kota.
    DeputyMayor,
    /// Sekretaris daerah.
    Secretary,
}

/// No office has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not an office that decides: mayor, deputy_mayor, secretary")]
pub struct UnknownOffice(pub String);

impl Office {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Mayor, Self::DeputyMayor, Self::Secretary];

    /// The word in files, on the command line and in the journal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mayor => "mayor",
            Self::DeputyMayor => "deputy_mayor",
            Self::Secretary => "secretary",
        }
    }
}

impl fmt::Display for Office {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Office {
    type Err = UnknownOffice;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|office| office.as_str() == text)
            .ok_or_else(|| UnknownOffice(text.to_owned()))
    }
}

/// What the rules said when the person decided. The whole assessment is in the evidence; this is what a list shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recommended {
    /// The evaluation in the ledger of recommendations.
    pub id: String,
    /// The day it assessed.
    pub date: NaiveDate,
    /// As known when.
    pub as_of: String,
    /// The recommended step.
    pub step: Step,
    /// How it is shown.
    pub mode: Mode,
    /// What the rules advised to do.
    pub verdict: Verdict,
    /// The rule that decided.
    pub deciding_rule: Option<String>,
    /// By which policy.
    pub policy: PolicyId,
}

impl Recommended {
    /// The step, where the rules could say one.
    #[must_use]
    pub fn assessed_step(&self) -> Option<Step> {
        (self.mode != Mode::NotAssessable).then_some(self.step)
    }
}

/// That a decision was taken on paper on an earlier day and entered here afterwards. Who entered it and when stand where a
/// signature's account and moment stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Afterwards {
    /// From which paper: "Surat Edaran Nomor 800/1104-BKPSDM Tahun 2020".
    pub paper: String,
}

/// One entry of the journal: signed, or recorded from paper; numbered, never changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Its number in the city's journal, from 1.
    pub number: u32,
    /// Where.
    pub location: String,
    /// What it does.
    pub kind: DecisionKind,
    /// The entry that it amends, extends or ends.
    pub amends: Option<u32>,
    /// Who decided.
    pub decided_by: String,
    /// In which office.
    pub office: Office,
    /// The account that signed here, or that entered what a paper says.
    pub recorded_by: String,
    /// The day of the decision.
    pub decided_on: NaiveDate,
    /// The moment of signing or of entering here, UTC.
    pub signed_at: String,
    /// Where it was decided: "Balai Kota".
    pub place: String,
    /// The step.
    pub step: Step,
    /// The policy's word for the step.
    pub level: String,
    /// How it is shown.
    pub mode: Mode,
    /// The most staff at the office by service category.
    pub caps: Caps,
    /// First day, last day, first day back.
    pub period: Period,
    /// The day from which this entry counts: the start of a decision of its own; of an amendment the day it changes something.
    pub effective_from: NaiveDate,
    /// The day by which it is evaluated.
    pub evaluation_date: NaiveDate,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Why it departs from the recommendation; empty where it follows it.
    pub departure: String,
    /// Circulars, instructions and laws it rests on.
    pub legal_basis: Vec<String>,
    /// The list of exempt units it was taken from, or `none`.
    pub exemption_list: String,
    /// Units that work at the office under caps of their own.
    pub exemptions: Vec<Exemption>,
    /// Posts that stay at the office in every unit.
    pub positions: Vec<PositionRule>,
    /// What continues: priority programmes, services.
    pub continues: Vec<String>,
    /// The ceiling of a higher order on its first day, if one was known.
    pub ceiling: Option<Ceiling>,
    /// What the rules said; `None` where they had never been applied.
    pub recommended: Option<Recommended>,
    /// SHA-256 of the evidence as it was then.
    pub evidence: String,
    /// That it was not signed here but recorded afterwards, with the paper it was taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub afterwards: Option<Afterwards>,
}

impl Decision {
    /// What it says of a unit that it exempts. A name without a unit of the register ("kecamatan") is that of every unit whose
    /// name begins so.
    #[must_use]
    pub fn exemption_of(&self, unit_id: &str, name: &str) -> Option<&Exemption> {
        let name = name.to_lowercase();
        let is_named =
            |exempt: &&Exemption| exempt.unit_id.is_empty() && name.starts_with(&exempt.name.to_lowercase());
        let by_id =
            self.exemptions.iter().find(|exempt| !exempt.unit_id.is_empty() && exempt.unit_id == unit_id);
        by_id.or_else(|| self.exemptions.iter().find(is_named))
    }

    /// Whether the person went with the recommendation.
    #[must_use]
    pub fn follows(&self) -> Option<bool> {
        Some(self.recommended.as_ref()?.assessed_step()? == self.step)
    }
}
