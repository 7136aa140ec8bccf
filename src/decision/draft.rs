//! A decision before it is signed: what a person filled in, what it is held against, and the draft that nothing is wrong with.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::exemption::ExemptionList;
use super::journal::Journal;
use super::record::{Decision, Recommended};
use super::typed::read_day;
use crate::assessment::{Ceiling, Policy};
use crate::epi::Calendar;

/// The most days one decision, amendment or extension may add: a month. Every circular seen named less; own choice.
pub const MOST_DAYS: i64 = 31;
/// So many extensions need no words of their own; own choice, for proportionality.
pub const MOST_EXTENSIONS: usize = 4;
/// What a person filled in, as it was typed: on the form, on the command line, in a draft that waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answer {
    /// `decision`, `amendment`, `extension`, `end`; empty: a decision of its own.
    pub kind: String,
    /// The number of the entry that it changes.
    pub amends: String,
    /// The step, 0 to 4.
    pub step: String,
    /// Who decides.
    pub decided_by: String,
    /// In which office.
    pub office: String,
    /// The day of the decision; empty: today.
    pub decided_on: String,
    /// The paper that it is recorded from, where it was taken on an earlier day; empty: it is signed here.
    pub paper: String,
    /// Where.
    pub place: String,
    /// The first day; of an amendment the day from which it counts.
    pub start: String,
    /// The last day.
    pub last_day: String,
    /// The day by which it is evaluated; empty: the last day.
    pub evaluation_date: String,
    /// Reasons: codes, each with its own words or none.
    pub reasons: Vec<(String, String)>,
    /// Why it departs from the recommendation.
    pub departure: String,
    /// What it rests on, one a line.
    pub legal_basis: Vec<String>,
    /// The list of exempt units, or `none`.
    pub exemption_list: String,
    /// A cap for every unit of the list, in place of the list's own.
    pub exempt_cap: String,
    /// Units exempt besides: `dinsos` or `dinsos=25`.
    pub exempt_also: Vec<String>,
    /// Units of the list that are not exempt.
    pub not_exempt: Vec<String>,
    /// What continues, one a line.
    pub continues: Vec<String>,
}

impl Answer {
    /// The day on which a decision was taken that is recorded from paper; `None` of one that is signed here, and where the day
    /// cannot be read.
    #[must_use]
    pub fn taken_on(&self) -> Option<NaiveDate> {
        let is_recorded = !self.paper.trim().is_empty();
        read_day(&self.decided_on).ok().filter(|_| is_recorded)
    }
}

/// What a draft is held against.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The city.
    pub location: &'a str,
    /// Today, in the city.
    pub today: NaiveDate,
    /// Its working days.
    pub calendar: &'a Calendar,
    /// What was decided before.
    pub journal: &'a Journal,
    /// What the rules say.
    pub recommended: Option<&'a Recommended>,
    /// The policy whose ladder the step stands on.
    pub policy: &'a Policy,
    /// The ceiling of a higher order on a day.
    pub ceiling: &'a dyn CeilingOn,
    /// Lists of exempt units.
    pub lists: &'a [ExemptionList],
    /// Names of units by id.
    pub units: &'a BTreeMap<String, String>,
}

/// Tells the ceiling on a day.
pub trait CeilingOn: std::fmt::Debug + Sync {
    /// The ceiling of the strictest higher order in force.
    fn ceiling(&self, date: NaiveDate) -> Option<Ceiling>;
}

/// A draft with nothing wrong: all that the person decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft(pub(super) Decision);

impl Draft {
    /// The entry it becomes: number, account, moment and evidence are the journal's.
    #[must_use]
    pub fn signed(self, number: u32, (recorded_by, signed_at): (&str, &str), evidence: &str) -> Decision {
        Decision {
            number,
            recorded_by: recorded_by.to_owned(),
            signed_at: signed_at.to_owned(),
            evidence: evidence.to_owned(),
            ..self.0
        }
    }

    /// What it says.
    #[must_use]
    pub fn content(&self) -> &Decision {
        &self.0
    }
}
