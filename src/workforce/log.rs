//! What units and their people note down: field permits, recalls to the office, talks with province and centre, priority
//! programmes, and breaches of the rules that somebody refers to the personnel agency. Entries are added, never changed: the
//! newest one of a programme is how it stands.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use thiserror::Error;

use crate::epi::Vintage;

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogKind {
    /// Leave to work in the field, with a reason; counted apart from the office.
    FieldPermit,
    /// People called in to the office: why, how many or which positions.
    Recall,
    /// A talk with the province or the centre.
    Coordination,
    /// How a priority programme stands.
    Programme,
    /// A breach of the rules, referred by somebody. Nothing follows from it by itself.
    Referral,
    /// The head's own stricter cap: its number is the share at the office, in percent.
    OwnCap,
}

/// No kind of entry has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not an entry: field_permit, recall, coordination, programme, referral, own_cap")]
pub struct UnknownLogKind(pub String);

impl LogKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::FieldPermit, Self::Recall, Self::Coordination, Self::Programme, Self::Referral, Self::OwnCap];

    /// The name in the store and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FieldPermit => "field_permit",
            Self::Recall => "recall",
            Self::Coordination => "coordination",
            Self::Programme => "programme",
            Self::Referral => "referral",
            Self::OwnCap => "own_cap",
        }
    }
}

impl fmt::Display for LogKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for LogKind {
    type Err = UnknownLogKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| UnknownLogKind(text.to_owned()))
    }
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its number; 0 before it is kept.
    pub id: i64,
    /// When it was noted down.
    pub at: Vintage,
    /// By whom.
    pub by: String,
    /// Their role.
    pub role: String,
    /// What it is about.
    pub kind: LogKind,
    /// The unit.
    pub unit_id: String,
    /// First day it is about.
    pub from: NaiveDate,
    /// Last day, if there is one.
    pub to: Option<NaiveDate>,
    /// Where to, with whom, which programme, which rule.
    pub subject: String,
    /// Why, what was said, how it stands, what is in the way.
    pub text: String,
    /// How many people; the share of a head's own cap.
    pub number: Option<u32>,
}

/// Why an entry cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LogFault {
    /// Nobody wrote it: the program notes nothing down by itself.
    #[error("an entry needs a person who writes it")]
    NoAuthor,
    /// It does not say what it is about.
    #[error("say what it is about: 3 to 120 letters")]
    NoSubject,
    /// It does not say why, or how it stands.
    #[error("say why, or how it stands: 3 to 1,000 letters")]
    NoText,
    /// It ends before it begins.
    #[error("the last day lies before the first")]
    EndBeforeStart,
    /// It needs a number, or another one.
    #[error(
        "give the number: people of a permit or a recall (1 to 10,000), percent of an own cap (0 to 100)"
    )]
    Number,
}

impl LogFault {
    /// The code; its sentence is `log-` and the code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoAuthor => "no-author",
            Self::NoSubject => "no-subject",
            Self::NoText => "no-text",
            Self::EndBeforeStart => "end-before-start",
            Self::Number => "number",
        }
    }
}

impl LogEntry {
    /// Whether it can be kept.
    ///
    /// # Errors
    /// [`LogFault`].
    pub fn check(&self) -> Result<(), LogFault> {
        let is_between =
            |text: &str, least: usize, most: usize| (least..=most).contains(&text.trim().chars().count());
        if self.by.trim().is_empty() || ["system", "public", "demo"].contains(&self.role.as_str()) {
            return Err(LogFault::NoAuthor);
        }
        if self.kind != LogKind::OwnCap && !is_between(&self.subject, 3, 120) {
            return Err(LogFault::NoSubject);
        }
        if !is_between(&self.text, 3, 1_000) {
            return Err(LogFault::NoText);
        }
        if self.to.is_some_and(|to| to < self.from) {
            return Err(LogFault::EndBeforeStart);
        }
        let is_number_sound = match self.kind {
            LogKind::FieldPermit | LogKind::Recall => {
                self.number.is_some_and(|people| (1..=10_000).contains(&people))
            }
            LogKind::OwnCap => self.number.is_some_and(|share| share <= 100),
            LogKind::Coordination | LogKind::Programme | LogKind::Referral => self.number.is_none(),
        };
        if is_number_sound { Ok(()) } else { Err(LogFault::Number) }
    }

    /// Whether it is about a day.
    #[must_use]
    pub fn holds_on(&self, date: NaiveDate) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: LogKind, number: Option<u32>) -> LogEntry {
        LogEntry {
            id: 0,
            at: Vintage::parse_as_of("2021-06-28", chrono_tz::Asia::Jakarta).unwrap(),
            by: "siti".to_owned(),
            role: "unit_head".to_owned(),
            kind,
            unit_id: "pupr".to_owned(),
            from: "2021-06-29".parse().unwrap(),
            to: None,
            subject: "Alun-alun Kota Bogor".to_owned(),
            text: "inspection of the works".to_owned(),
            number,
        }
    }

    #[test]
    fn every_kind_reads_back_and_asks_for_its_number() {
        for kind in LogKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            let has_number = matches!(kind, LogKind::FieldPermit | LogKind::Recall | LogKind::OwnCap);
            assert_eq!(entry(kind, Some(3)).check().is_ok(), has_number, "{kind}");
            assert_eq!(entry(kind, None).check().is_ok(), !has_number, "{kind}");
        }
        assert!("violation".parse::<LogKind>().is_err());
        assert_eq!(entry(LogKind::OwnCap, Some(101)).check(), Err(LogFault::Number));
        assert_eq!(entry(LogKind::FieldPermit, Some(0)).check(), Err(LogFault::Number));
    }

    #[test]
    fn an_entry_needs_a_person_and_says_what_and_why() {
        let sound = entry(LogKind::Referral, None);
        let by_nobody = LogEntry { role: "system".to_owned(), ..sound.clone() };
        assert_eq!(by_nobody.check(), Err(LogFault::NoAuthor), "the program refers nobody");
        assert_eq!(LogEntry { subject: "a".to_owned(), ..sound.clone() }.check(), Err(LogFault::NoSubject));
        assert_eq!(LogEntry { text: " ".to_owned(), ..sound.clone() }.check(), Err(LogFault::NoText));
        let backwards = LogEntry { to: Some("2021-06-28".parse().unwrap()), ..sound.clone() };
        assert_eq!(backwards.check(), Err(LogFault::EndBeforeStart));
        assert!(sound.holds_on("2021-07-29".parse().unwrap()));
        assert!(!sound.holds_on("2021-06-28".parse().unwrap()));
    }
}
