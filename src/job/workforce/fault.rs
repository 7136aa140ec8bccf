//! Why something of the workforce cannot be done, said in the reader's words.

use std::fmt;

use chrono::NaiveDate;

use crate::account::Visitor;
use crate::store::StoreError;
use crate::text::{Locale, Phrases, Reason, date_medium};
use crate::workforce::{ClosureFault, LinkFault, LogFault, RowFault, SwapFault};

/// Why not.
#[derive(Debug)]
pub enum WorkforceFault {
    /// It is another unit's.
    NotYours(String),
    /// No unit, or more than one, goes by this name.
    UnknownUnit(String),
    /// The file is no list.
    File(Reason),
    /// The closure cannot be.
    Closure(ClosureFault),
    /// The swap cannot be.
    Swap(SwapFault),
    /// The note cannot be.
    Log(LogFault),
    /// What is said of cases cannot be.
    Link(LinkFault),
    /// The days end before they begin, or are more than a year.
    Days,
    /// The number of officers is not one of those that can be.
    Required(u32),
    /// Every unit's days are laid out already, up to this one.
    Planned(NaiveDate),
    /// Nobody is known by this id.
    UnknownOfficer(String),
    /// A head-count is no number, or says nothing.
    HeadCount,
    /// The day lies ahead.
    Ahead(NaiveDate),
    /// Somebody else did it meanwhile.
    Meanwhile,
    /// The store does not answer.
    Unavailable(anyhow::Error),
}

impl WorkforceFault {
    /// The sentence, without a capital and without a full stop.
    #[must_use]
    pub fn say(&self, t: Phrases) -> String {
        let date = |date: &NaiveDate| date_medium(*date, t.locale);
        match self {
            Self::NotYours(unit) => t.say_with("workforce-not-yours", &[("unit", unit)]),
            Self::UnknownUnit(unit) => t.say_with("workforce-unknown-unit", &[("unit", unit)]),
            Self::File(reason) => t.say_with("workforce-file", &[("reason", &reason.say(t))]),
            Self::Closure(fault) => {
                let day = match fault {
                    ClosureFault::Overlaps(day) | ClosureFault::NotClosed(day) => date(day),
                    _ => String::new(),
                };
                t.say_with(&format!("closure-{}", fault.code()), &[("date", &day)])
            }
            Self::Swap(fault) => {
                t.say_with(&format!("swap-{}", fault.code()), &[("officer", fault.officer())])
            }
            Self::Log(fault) => t.say(&format!("log-{}", fault.code())),
            Self::Link(fault) => {
                let day = fault.day().map_or_else(String::new, |day| date(&day));
                t.say_with(&format!("link-{}", fault.code()), &[("date", &day)])
            }
            Self::Days => t.say("workforce-days"),
            Self::Required(count) => t.say_with("workforce-required", &[("count", &count.to_string())]),
            Self::Planned(day) => t.say_with("workforce-planned", &[("date", &date(day))]),
            Self::UnknownOfficer(id) => t.say_with("workforce-unknown-officer", &[("officer", id)]),
            Self::HeadCount => t.say("workforce-head-count"),
            Self::Ahead(day) => t.say_with("workforce-ahead", &[("date", &date(day))]),
            Self::Meanwhile => t.say("workforce-meanwhile"),
            Self::Unavailable(_) => t.say("workforce-unavailable"),
        }
    }
}

impl fmt::Display for WorkforceFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(error) => write!(f, "{error:#}"),
            fault => f.write_str(&fault.say(Phrases::new(Locale::En))),
        }
    }
}

impl std::error::Error for WorkforceFault {}

impl From<StoreError> for WorkforceFault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } => Self::Meanwhile,
            error => Self::Unavailable(error.into()),
        }
    }
}

impl From<ClosureFault> for WorkforceFault {
    fn from(fault: ClosureFault) -> Self {
        Self::Closure(fault)
    }
}

impl From<anyhow::Error> for WorkforceFault {
    fn from(error: anyhow::Error) -> Self {
        Self::Unavailable(error)
    }
}

/// Refuses a unit that is not the visitor's, if the visitor has one.
pub(super) fn is_theirs(visitor: &Visitor, unit_id: &str) -> Result<(), WorkforceFault> {
    match visitor.own_unit() {
        Some(own) if own != unit_id => Err(WorkforceFault::NotYours(unit_id.to_owned())),
        _ => Ok(()),
    }
}

/// A refused row in the reader's words: "line 4, unit: no unit goes by this name (dinas)".
#[must_use]
pub fn row_fault(fault: &RowFault, t: Phrases) -> String {
    let reason = t.say(&format!("row-{}", fault.reason.code()));
    let reason = match fault.found.is_empty() {
        true => reason,
        false => t.say_with("row-found", &[("reason", &reason), ("found", &fault.found)]),
    };
    let line = fault.line.to_string();
    t.say_with("row-line", &[("line", &line), ("column", &fault.column), ("reason", &reason)])
}

/// Refused rows that are told one by one; a list may have many.
const TOLD: usize = 50;

/// The refused rows in the reader's words, the first of them, and how many more there are.
#[must_use]
pub fn told_rows(faults: &[RowFault], t: Phrases) -> Vec<String> {
    let mut told: Vec<String> = faults.iter().take(TOLD).map(|fault| row_fault(fault, t)).collect();
    if let Some(more) = faults.len().checked_sub(TOLD).filter(|more| *more > 0) {
        told.push(t.say_with("runs-more", &[("count", &more.to_string())]));
    }
    told
}
