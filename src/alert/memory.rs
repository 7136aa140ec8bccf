//! What the rules remember from one evaluation to the next.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::event::About;
use super::sight::Figures;
use crate::assessment::Step;

/// Where a subject of a rule stands that is not quiet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// When it became so, in milliseconds after 1970.
    pub since: i64,
    /// When it fired; `None` while it is pending.
    pub fired_at: Option<i64>,
    /// How bad it got.
    #[serde(default)]
    pub grade: u8,
    /// Whether people were told that it fires; not where it was muted or silenced.
    #[serde(default)]
    pub is_told: bool,
    /// Whether it went further, unacknowledged.
    #[serde(default)]
    pub is_escalated: bool,
    /// Since when it seems over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_since: Option<i64>,
    /// What was last known of it.
    pub about: About,
}

/// Since when nobody can tell, and whether that was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoData {
    /// Since when, in milliseconds after 1970.
    pub since: i64,
    /// Whether people were told.
    pub is_told: bool,
}

/// What is remembered of one rule.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleMemory {
    /// Subjects that are pending or firing.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub standing: BTreeMap<String, Standing>,
    /// Subjects of which nobody can tell.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub no_data: BTreeMap<String, NoData>,
    /// Subjects that were known once: what never came is not missing.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub known: BTreeSet<String>,
    /// What happened and was told: the last key of each subject.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub happened: BTreeMap<String, String>,
}

/// What all rules remember.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// By rule.
    pub rules: BTreeMap<String, RuleMemory>,
    /// What figures said when they were last assessed.
    #[serde(default)]
    pub figures: Option<Figures>,
}

/// What was remembered with a recommendation before there were rules for alerts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Earlier {
    firing: BTreeMap<String, Step>,
    step: Step,
    is_unknown: bool,
    sources: BTreeMap<String, String>,
    due: BTreeSet<String>,
}

impl Memory {
    /// Reads what was remembered with a recommendation before there were rules for alerts, so that nothing is told again
    /// after the program was brought up to date. `at` is when it was made.
    ///
    /// # Errors
    /// When it is no such memory.
    pub fn of_earlier(json: &str, at: i64) -> serde_json::Result<Self> {
        let earlier: Earlier = serde_json::from_str(json)?;
        let mut memory = Self::default();
        let standing = |about: About, grade: u8| Standing {
            since: at,
            fired_at: Some(at),
            grade,
            is_told: true,
            is_escalated: true,
            off_since: None,
            about,
        };
        for (rule, step) in earlier.firing {
            let about =
                About { kind: "threshold_crossed".to_owned(), rule: rule.clone(), step, ..About::default() };
            let crossed = memory.rules.entry("threshold_crossed".to_owned()).or_default();
            crossed.standing.insert(rule, standing(about, step.number()));
        }
        for (source, kind) in earlier.sources {
            let about = About { kind, rule: source.clone(), ..About::default() };
            let trouble = memory.rules.entry("source_trouble".to_owned()).or_default();
            trouble.standing.insert(source, standing(about, 0));
        }
        if earlier.is_unknown {
            let about = About { kind: "not_assessable".to_owned(), step: earlier.step, ..About::default() };
            let unknown = memory.rules.entry("not_assessable".to_owned()).or_default();
            unknown.standing.insert(String::new(), standing(about, 0));
        }
        let step = earlier.step.number().to_string();
        let changed = memory.rules.entry("recommendation_changed".to_owned()).or_default();
        changed.happened.insert(String::new(), step);
        let due = memory.rules.entry("decision_due".to_owned()).or_default();
        for key in earlier.due {
            let kind = key.split_once(':').map_or("", |(_, kind)| kind).to_owned();
            due.happened.insert(kind, key);
        }
        memory.rules.retain(|_, rule| *rule != RuleMemory::default());
        Ok(memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_before_there_were_rules_for_alerts_is_not_told_again() {
        let old = r#"{"firing":{"R2":4},"step":4,"is_unknown":false,"sources":{"dinkes":"source_late"},"due":["3:reminder"]}"#;
        let memory = Memory::of_earlier(old, 7).unwrap();
        let crossed = &memory.rules["threshold_crossed"].standing["R2"];
        assert_eq!((crossed.grade, crossed.fired_at, crossed.is_told), (4, Some(7), true));
        assert_eq!(memory.rules["source_trouble"].standing["dinkes"].about.kind, "source_late");
        assert_eq!(memory.rules["recommendation_changed"].happened[""], "4");
        assert_eq!(memory.rules["decision_due"].happened["reminder"], "3:reminder");
        assert!(!memory.rules.contains_key("not_assessable"));
        assert_eq!(Memory::of_earlier("{}", 7).unwrap().rules.len(), 1);
        assert!(Memory::of_earlier("4", 7).is_err());
    }
}
