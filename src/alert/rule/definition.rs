//! Alert rules as they are applied.

use chrono::{Duration, NaiveDate, NaiveTime, Weekday};

use super::super::recipient::{Office, Severity};
use super::watch::Watch;
use crate::assessment::Text;

/// All alert rules, with what holds for all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertRules {
    /// The version of the file.
    pub version: String,
    /// When nobody is to be woken.
    pub quiet: Option<Quiet>,
    /// How long messages wait for others.
    pub group: Group,
    /// The rules, in the order of the file.
    pub rules: Vec<AlertRule>,
    /// False alarms that are known.
    pub known: Vec<KnownFalse>,
}

impl AlertRules {
    /// The rule of an id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&AlertRule> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}

/// Hours in which messages wait for the morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// Their first minute, in the city's time.
    pub from: NaiveTime,
    /// Their end; before `from` it is on the next day.
    pub until: NaiveTime,
    /// What is at least so severe goes out at once.
    pub spares: Severity,
}

impl Quiet {
    /// Whether a time of day is in them; their end is not.
    #[must_use]
    pub fn holds_at(&self, time: NaiveTime) -> bool {
        if self.from <= self.until {
            self.from <= time && time < self.until
        } else {
            self.from <= time || time < self.until
        }
    }
}

/// How long messages wait for others of the same recipient, by severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Of what is only for information.
    pub info: Duration,
    /// Of warnings.
    pub warning: Duration,
    /// Of what is critical.
    pub critical: Duration,
}

impl Group {
    /// How long a message so severe waits.
    #[must_use]
    pub fn of(&self, severity: Severity) -> Duration {
        match severity {
            Severity::Info => self.info,
            Severity::Warning => self.warning,
            Severity::Critical => self.critical,
        }
    }
}

/// A false alarm that is known: told to nobody, written down all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFalse {
    /// Which rule.
    pub rule: String,
    /// Which subject; `*` for all.
    pub subject: String,
    /// From which day on.
    pub from: NaiveDate,
    /// Until which day, itself included.
    pub until: NaiveDate,
    /// Why, and who says so.
    pub reason: String,
}

impl KnownFalse {
    /// Whether it is about this on that day.
    #[must_use]
    pub fn covers(&self, rule: &str, subject: &str, date: NaiveDate) -> bool {
        self.rule == rule
            && (self.subject == "*" || self.subject == subject)
            && (self.from..=self.until).contains(&date)
    }
}

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertRule {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// What it watches.
    pub watch: Watch,
    /// How severe it is.
    pub severity: Severity,
    /// Whose work it is.
    pub offices: Vec<Office>,
    /// How long it must have been so before somebody is told.
    pub hold: Duration,
    /// How long it must be over before it counts as over.
    pub keep: Duration,
    /// After how long without figures that is told; `None`: never.
    pub no_data_after: Option<Duration>,
    /// Rules that it mutes while it fires.
    pub mutes: Vec<String>,
    /// After how long unacknowledged it goes further, and to whom.
    pub escalate: Option<(Duration, Vec<Office>)>,
    /// The one day of the week on which it is judged.
    pub weekday: Option<Weekday>,
    /// The time of day from which it is judged, in the city's time.
    pub from: Option<NaiveTime>,
}

impl AlertRule {
    /// Whether it is judged at a moment of the city.
    #[must_use]
    pub fn is_judged(&self, weekday: Weekday, time: NaiveTime) -> bool {
        self.weekday.is_none_or(|day| day == weekday) && self.from.is_none_or(|from| from <= time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_cross_midnight_and_end_on_their_minute() {
        let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
        let quiet = |from, until| Quiet { from: time(from), until: time(until), spares: Severity::Critical };
        let night = quiet("21:00", "05:00");
        let held: Vec<bool> =
            ["20:59", "21:00", "00:00", "04:59", "05:00"].iter().map(|at| night.holds_at(time(at))).collect();
        assert_eq!(held, [false, true, true, true, false]);
        let noon = quiet("12:00", "13:00");
        assert_eq!(["11:59", "12:00", "13:00"].map(|at| noon.holds_at(time(at))), [false, true, false]);
    }
}
