//! Why a person decided: a code that can be counted, and their own words.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal;)+) => {
        /// What reasons for a work mode have been given in public, as codes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ReasonCode { $($(#[doc = $doc])+ $variant,)+ }

        impl ReasonCode {
            /// All of them, in the order in which forms show them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word in files, on the command line and in the journal.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }
    };
}

reasons! {
    /// The curve of cases: Bogor, 28 June 2021.
    CaseTrend = "case_trend";
    /// Beds are running out: Bogor, 28 June 2021.
    HospitalLoad = "hospital_load";
    /// Staff fell ill, offices became places of spread: Bogor, 28 June 2021.
    StaffInfections = "staff_infections";
    /// Those who serve the public must stay able to: Bogor, 28 June 2021.
    ProtectStaff = "protect_staff";
    /// Fewer people on the way: Bogor, 28 June 2021.
    ReduceMobility = "reduce_mobility";
    /// The city hall goes first: Bogor, 28 June 2021.
    SetExample = "set_example";
    /// A higher order asks for it: Bogor, 17 March 2020; 3 July 2021.
    HigherOrder = "higher_order";
    /// One event, not a rate: the mayor's own infection, Bogor, 20 March 2020.
    SingleEvent = "single_event";
    /// The outbreak in the country: Bontang, 30 March 2020.
    NationalSituation = "national_situation";
    /// Figures allow more at the office again.
    CasesFell = "cases_fell";
    /// A service would stand still.
    ServiceContinuity = "service_continuity";
    /// Something else, in words.
    Other = "other";
}

/// No reason has this code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not a reason")]
pub struct UnknownReason(pub String);

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ReasonCode {
    type Err = UnknownReason;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str() == text)
            .ok_or_else(|| UnknownReason(text.to_owned()))
    }
}

/// A reason: its code and, where the person gave them, their words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The code.
    pub code: ReasonCode,
    /// The person's own words; empty where the code says it.
    #[serde(default)]
    pub text: String,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text.as_str() {
            "" => write!(f, "{}", self.code),
            words => write!(f, "{}: {words}", self.code),
        }
    }
}
