//! Who can be told: by whose work it is, how grave it must be, in which language, over which channel.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::channel::Channel;
use crate::text::Locale;

/// Whose work an alert is. Files, settings and the store write the same words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Office {
    /// Who decides.
    Mayor,
    /// The secretary of the city, who prepares what is decided.
    Secretary,
    /// The health office.
    HealthOffice,
    /// The personnel agency.
    PersonnelAgency,
    /// The head of a unit, for what concerns that unit.
    UnitHead,
    /// Who sees to the figures.
    DataOfficer,
}

impl Office {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Mayor,
        Self::Secretary,
        Self::HealthOffice,
        Self::PersonnelAgency,
        Self::UnitHead,
        Self::DataOfficer,
    ];

    /// The word in files, settings and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mayor => "mayor",
            Self::Secretary => "secretary",
            Self::HealthOffice => "health_office",
            Self::PersonnelAgency => "personnel_agency",
            Self::UnitHead => "unit_head",
            Self::DataOfficer => "data_officer",
        }
    }
}

impl fmt::Display for Office {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How grave an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    #[default]
    Info,
    /// To be looked at.
    Warning,
    /// To be acted on.
    Critical,
}

impl Severity {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Critical];

    /// The word in files, settings and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is none of those it could be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{word}' is no {what}: write {words}")]
pub struct UnknownWord {
    what: &'static str,
    word: String,
    words: String,
}

fn named<T: Copy + fmt::Display>(all: &[T], what: &'static str, word: &str) -> Result<T, UnknownWord> {
    all.iter().find(|one| one.to_string() == word).copied().ok_or_else(|| UnknownWord {
        what,
        word: word.to_owned(),
        words: all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    })
}

impl FromStr for Office {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        named(&Self::ALL, "office", word)
    }
}

impl FromStr for Severity {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        named(&Self::ALL, "severity", word)
    }
}

/// Somebody or something that is told.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// The address, or the channel's own name in the settings; unique together with the channel.
    pub name: String,
    /// Whose address it is: the person's name in the settings, nothing for machines.
    pub person: String,
    /// What reaches it.
    pub channel: Channel,
    /// What offices the person holds; a machine hears of everything and holds them all.
    pub offices: Vec<Office>,
    /// The units whose head the person is. Without any, alerts of units come for another office than `unit_head` only.
    pub units: Vec<String>,
    /// Hears of alerts at least so grave.
    pub least: Severity,
    /// The language of what is sent.
    pub language: Locale,
    /// Whether the daily sign of life goes there too (to data officers it always does).
    pub heartbeat: bool,
}

impl Recipient {
    /// Whether the daily sign of life and the monthly report card go there: to who sees to the figures and to who wants them,
    /// not to the mailbox of the demonstration.
    #[must_use]
    pub fn hears_of_health(&self) -> bool {
        let is_wanted = self.heartbeat || self.offices.contains(&Office::DataOfficer);
        is_wanted && !matches!(self.channel, Channel::Mailbox)
    }

    /// Told of everything.
    #[must_use]
    pub fn of_everything(name: impl Into<String>, channel: Channel) -> Self {
        Self {
            name: name.into(),
            person: String::new(),
            channel,
            offices: Office::ALL.to_vec(),
            units: Vec::new(),
            least: Severity::Info,
            language: Locale::default(),
            heartbeat: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_another_is_refused_with_all_of_them() {
        for office in Office::ALL {
            assert_eq!(office.as_str().parse(), Ok(office));
            assert_eq!(serde_json::to_value(office).unwrap(), office.as_str());
        }
        for severity in Severity::ALL {
            assert_eq!(severity.as_str().parse(), Ok(severity));
            assert_eq!(serde_json::to_value(severity).unwrap(), severity.as_str());
        }
        assert!(Severity::Info < Severity::Warning && Severity::Warning < Severity::Critical);
        let fault = "governor".parse::<Office>().unwrap_err().to_string();
        let words = "mayor, secretary, health_office, personnel_agency, unit_head, data_officer";
        assert_eq!(fault, format!("'governor' is no office: write {words}"));
        let fault = "Mayor".parse::<Severity>().unwrap_err().to_string();
        assert_eq!(fault, "'Mayor' is no severity: write info, warning, critical");
    }
}
