//! What a policy says: its ladder, its rules, how they make a level and how the level moves.

use chrono::NaiveDate;
use serde::Deserialize;
use thiserror::Error;

use super::super::level::{Caps, Step};
use super::{Combination, Movement, Rule, RuleKind, file};
use crate::epi::IndicatorKind;

/// A word or sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Bahasa Indonesia.
    pub id: String,
    /// English.
    pub en: String,
}

/// What a step of the ladder asks.
#[derive(Debug, Clone, PartialEq)]
pub struct StepDefinition {
    /// The step.
    pub step: Step,
    /// The policy's own word for it, lower case.
    pub level: String,
    /// Its name on pages.
    pub name: Text,
    /// The most staff at the office.
    pub caps: Caps,
}

/// The policy's own word for a level that cannot be told: `unknown`, `grey`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnknownLevel {
    /// The word, lower case.
    pub level: String,
    /// Its name on pages.
    pub name: Text,
}

/// A policy in one version.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Its id: kota-bogor.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its name.
    pub title: Text,
    /// First day it may be used for.
    pub valid_from: NaiveDate,
    /// The ladder: step 0 first, each once, rising; a policy from elsewhere may leave steps out.
    pub steps: Vec<StepDefinition>,
    /// Its own word for what cannot be told, if it has one.
    pub unknown: Option<UnknownLevel>,
    /// How the level moves.
    pub movement: Movement,
    /// The rules, in the order that settles ties.
    pub rules: Vec<Rule>,
    /// How the rules make the level.
    pub combination: Combination,
    /// SHA-256 of what the file says, comments and spacing left out.
    pub fingerprint: String,
    /// The file.
    pub text: String,
}

/// A policy file that cannot be used: where and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct PolicyFault {
    /// Line of the file, counted from 1.
    pub line: usize,
    /// What is wrong and what was expected.
    pub message: String,
}

impl Policy {
    /// Reads and checks a policy file.
    ///
    /// # Errors
    /// The first [`PolicyFault`] of [`Policy::read`].
    pub fn parse(text: &str) -> Result<Self, PolicyFault> {
        let first = |mut faults: Vec<PolicyFault>| {
            faults.sort_by_key(|fault| fault.line);
            let unreadable = PolicyFault { line: 1, message: "cannot be read".to_owned() };
            faults.into_iter().next().unwrap_or(unreadable)
        };
        Self::read(text).map_err(first)
    }

    /// Reads and checks a policy file, and tells everything that is wrong with it.
    ///
    /// # Errors
    /// Every [`PolicyFault`] with its line: unknown or missing keys (only the first of these: nothing after it can be read),
    /// impossible values, rules that contradict themselves.
    pub fn read(text: &str) -> Result<Self, Vec<PolicyFault>> {
        file::read(text)
    }

    /// What a step asks. A step that the ladder leaves out asks what the next lower one does.
    #[must_use]
    pub fn step(&self, step: Step) -> &StepDefinition {
        let fitting = self.steps.iter().rev().find(|definition| definition.step <= step);
        fitting.unwrap_or(&self.steps[0])
    }

    /// The next step up of this ladder; the highest stays.
    #[must_use]
    pub fn higher(&self, step: Step) -> Step {
        self.steps.iter().map(|definition| definition.step).find(|own| *own > step).unwrap_or(step)
    }

    /// The next step down of this ladder; 0 stays 0.
    #[must_use]
    pub fn lower(&self, step: Step) -> Step {
        let below = self.steps.iter().rev().map(|definition| definition.step).find(|own| *own < step);
        below.unwrap_or(Step::NORMAL)
    }

    /// The highest step of this ladder.
    #[must_use]
    pub fn highest(&self) -> Step {
        self.steps.last().map_or(Step::NORMAL, |definition| definition.step)
    }

    /// The lowest step whose cap for non-service units is not above `wfo_pct`: what an order forces.
    #[must_use]
    pub fn step_for_cap(&self, wfo_pct: u8) -> Step {
        let fitting = self.steps.iter().find(|step| step.caps.non_service <= wfo_pct);
        fitting.map_or(self.highest(), |step| step.step)
    }

    /// Whether it heeds orders of the centre and the province: only a policy with a rule for them does.
    #[must_use]
    pub fn heeds_orders(&self) -> bool {
        self.rules.iter().any(|rule| matches!(rule.kind, RuleKind::Order))
    }

    /// The word for a level that cannot be told.
    #[must_use]
    pub fn unknown_word(&self) -> &str {
        self.unknown.as_ref().map_or("not_assessable", |unknown| unknown.level.as_str())
    }

    /// Every indicator that its rules or its movement read.
    #[must_use]
    pub fn indicators(&self) -> Vec<IndicatorKind> {
        let of_movement = self.movement.indicators();
        let mut all: Vec<_> = self.rules.iter().flat_map(Rule::indicators).chain(of_movement).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
