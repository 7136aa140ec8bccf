//! Silences: somebody keeps an alert back, says why, and until when. Never for ever, never forgotten.

use thiserror::Error;

use super::rule::AlertRules;
use crate::epi::Vintage;

/// A silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// Its number.
    pub number: i64,
    /// Which alert rule; `*` for all.
    pub rule: String,
    /// Which subject; `*` for all.
    pub subject: String,
    /// From when on.
    pub from: Vintage,
    /// Until when.
    pub until: Vintage,
    /// Who keeps it back.
    pub by: String,
    /// That person's role.
    pub role: String,
    /// Why.
    pub reason: String,
    /// When it was lifted before its end, and by whom.
    pub lifted: Option<(Vintage, String)>,
}

/// Longest silence: one that lasts longer is forgotten.
pub const LONGEST_SILENCE_DAYS: i64 = 30;
/// Characters of a reason at most.
pub const REASON_LENGTH: usize = 500;

/// Why a silence is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SilenceFault {
    /// There is no such rule.
    #[error("there is no alert rule '{0}': write one of {1}, or * for all")]
    Rule(String, String),
    /// No reason.
    #[error("say why, in at most {REASON_LENGTH} characters on one line")]
    Reason,
    /// It ends in the past or too far ahead.
    #[error("until {0}: a silence ends after now and at most {LONGEST_SILENCE_DAYS} days ahead")]
    Until(String),
    /// Everything.
    #[error("a silence of every rule and every subject would be a dead alarm: name a rule or a subject")]
    Everything,
}

impl SilenceFault {
    /// The code; its sentence is `silence-` and the code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rule(..) => "rule",
            Self::Reason => "reason",
            Self::Until(_) => "until",
            Self::Everything => "everything",
        }
    }
}

impl Silence {
    /// Whether it is about a rule's subject.
    #[must_use]
    pub fn covers(&self, rule: &str, subject: &str) -> bool {
        (self.rule == "*" || self.rule == rule) && (self.subject == "*" || self.subject == subject)
    }

    /// Whether it holds at a moment.
    #[must_use]
    pub fn holds_at(&self, at: Vintage) -> bool {
        let end = self.lifted.as_ref().map_or(self.until, |(lifted, _)| self.until.min(*lifted));
        self.from <= at && at < end
    }

    /// Whether it may be taken.
    ///
    /// # Errors
    /// [`SilenceFault`].
    pub fn check(&self, rules: &AlertRules) -> Result<(), SilenceFault> {
        if self.rule != "*" && rules.rule(&self.rule).is_none() {
            let known: Vec<&str> = rules.rules.iter().map(|rule| rule.id.as_str()).collect();
            return Err(SilenceFault::Rule(self.rule.clone(), known.join(", ")));
        }
        if self.rule == "*" && self.subject == "*" {
            return Err(SilenceFault::Everything);
        }
        let reason = self.reason.trim();
        let is_told = !reason.is_empty() && reason.chars().count() <= REASON_LENGTH;
        if !is_told || reason.chars().any(char::is_control) {
            return Err(SilenceFault::Reason);
        }
        let length = self.until.moment() - self.from.moment();
        if length <= chrono::Duration::zero() || length > chrono::Duration::days(LONGEST_SILENCE_DAYS) {
            return Err(SilenceFault::Until(self.until.to_string()));
        }
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn of_rule(number: i64, rule: &str, subject: &str) -> Self {
        let at = |millis| Vintage::new(chrono::DateTime::from_timestamp_millis(millis).unwrap());
        Self {
            number,
            rule: rule.to_owned(),
            subject: subject.to_owned(),
            from: at(0),
            until: at(60_000),
            by: "dina".to_owned(),
            role: "epidemiologist".to_owned(),
            reason: "uji".to_owned(),
            lifted: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silence_ends_by_itself_or_when_it_is_lifted() {
        let at = |millis| Vintage::new(chrono::DateTime::from_timestamp_millis(millis).unwrap());
        let mut silence = Silence::of_rule(1, "a", "*");
        let held = |silence: &Silence| [0, 59_999, 60_000].map(|millis| silence.holds_at(at(millis)));
        assert_eq!(held(&silence), [true, true, false]);
        silence.lifted = Some((at(1_000), "dina".to_owned()));
        assert_eq!(held(&silence), [true, false, false]);
    }

    #[test]
    fn a_silence_without_reason_end_or_rule_is_refused() {
        let rules = AlertRules::read(include_str!("../../data/alert/default.toml")).unwrap();
        let sound = Silence::of_rule(1, "source_trouble", "*");
        assert_eq!(sound.check(&rules), Ok(()));
        let code = |silence: Silence| silence.check(&rules).unwrap_err().code();
        assert_eq!(code(Silence { rule: "luck".to_owned(), ..sound.clone() }), "rule");
        assert_eq!(code(Silence { rule: "*".to_owned(), ..sound.clone() }), "everything");
        assert_eq!(
            Silence { rule: "*".to_owned(), subject: "R2".to_owned(), ..sound.clone() }.check(&rules),
            Ok(())
        );
        for reason in ["", "  ", "a\nb", &"x".repeat(501)] {
            assert_eq!(code(Silence { reason: reason.to_owned(), ..sound.clone() }), "reason");
        }
        assert_eq!(code(Silence { until: sound.from, ..sound.clone() }), "until");
        let far = Vintage::new(sound.from.moment() + chrono::Duration::days(31));
        assert_eq!(code(Silence { until: far, ..sound }), "until");
    }
}
