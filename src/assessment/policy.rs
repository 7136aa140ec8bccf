//! A policy: a versioned file of rules, steps and how to move between them. Never edited once in force.

use chrono::NaiveDate;
use serde::Deserialize;
use thiserror::Error;

use super::condition::{Comparison, Condition, ConditionFile};
use super::level::{Caps, Step};
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
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// How the level moves between steps.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Movement {
    /// The indicator without which the level is not assessable.
    pub primary: IndicatorKind,
    /// How old it may be when today's report has not come yet.
    pub primary_max_age_days: u32,
    /// Days a step stays at least, the first day included.
    pub minimum_stay_days: u32,
    /// Days in a row on which every leave value must have held.
    pub leave_days: u32,
    /// How many of those days must be known.
    pub leave_valid_days: u32,
    /// From this step on, leaving also needs weekly growth below [`Self::leave_growth_below`].
    pub leave_growth_from_step: Step,
    /// See [`Self::leave_growth_from_step`].
    pub leave_growth_below: f64,
}

/// One step a rule may call for.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleStep {
    /// The step.
    pub step: Step,
    /// Calls for the step when true.
    pub enter: Condition,
    /// Lets go of it when true.
    pub leave: Condition,
}

/// What makes a rule fire.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleKind {
    /// Its steps' own conditions.
    Steps(Vec<RuleStep>),
    /// So many steps above another rule, within bounds.
    Above {
        /// The other rule's id.
        rule: String,
        /// At least this step.
        at_least: Step,
        /// At most this step.
        at_most: Step,
        /// Fires when true.
        enter: Condition,
        /// Lets go when true.
        leave: Condition,
    },
    /// An order of the centre or the province.
    Order,
}

/// One rule of a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its id: R1.
    pub id: String,
    /// What it watches, in both languages.
    pub title: Text,
    /// Where its numbers come from.
    pub source: String,
    /// A remark shown when it fires.
    pub note: Option<Text>,
    /// The indicator shown beside it.
    pub indicator: Option<IndicatorKind>,
    /// How old a value it may rest on.
    pub max_age_days: u32,
    /// What makes it fire.
    pub kind: RuleKind,
}

impl Rule {
    /// Every indicator that has a part in it: the one shown beside it and those of its conditions.
    #[must_use]
    pub fn indicators(&self) -> Vec<IndicatorKind> {
        let conditions: Vec<&Condition> = match &self.kind {
            RuleKind::Steps(steps) => steps.iter().flat_map(|step| [&step.enter, &step.leave]).collect(),
            RuleKind::Above { enter, leave, .. } => vec![enter, leave],
            RuleKind::Order => Vec::new(),
        };
        let compared = conditions.iter().flat_map(|condition| condition.comparisons()).map(|(kind, _)| kind);
        let mut all: Vec<IndicatorKind> = self.indicator.into_iter().chain(compared).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
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
    /// The ladder, step 0 to 4.
    pub steps: Vec<StepDefinition>,
    /// How the level moves.
    pub movement: Movement,
    /// The rules, in the order that settles ties.
    pub rules: Vec<Rule>,
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

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    id: String,
    version: String,
    title: Text,
    valid_from: NaiveDate,
    step: Vec<StepDefinition>,
    movement: Movement,
    rule: Vec<RuleFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    id: String,
    title: Text,
    source: String,
    note: Option<Text>,
    indicator: Option<IndicatorKind>,
    max_age_days: u32,
    #[serde(default)]
    step: Vec<RuleStepFile>,
    above: Option<AboveFile>,
    enter: Option<ConditionFile>,
    leave: Option<ConditionFile>,
    #[serde(default)]
    order: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleStepFile {
    step: Step,
    enter: ConditionFile,
    leave: ConditionFile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AboveFile {
    rule: String,
    at_least: Step,
    at_most: Step,
}

impl Policy {
    /// Reads and checks a policy file.
    ///
    /// # Errors
    /// [`PolicyFault`] with the line: unknown or missing keys, impossible values, rules that contradict
    /// themselves.
    pub fn parse(text: &str) -> Result<Self, PolicyFault> {
        let file: PolicyFile = toml::from_str(text).map_err(|error| PolicyFault {
            line: error.span().map_or(1, |span| line_at(text, span.start)),
            message: error.message().to_owned(),
        })?;
        if file.id.trim().is_empty() || file.version.trim().is_empty() {
            let (line, message) = (line_of(text, "version"), "id and version may not be empty".to_owned());
            return Err(PolicyFault { line, message });
        }
        let mut rules = Vec::new();
        for rule in file.rule {
            let line = line_of(text, &format!("id = \"{}\"", rule.id));
            let earlier: Vec<&str> = rules.iter().map(|rule: &Rule| rule.id.as_str()).collect();
            let rule = check_rule(rule, &earlier).map_err(|message| PolicyFault { line, message })?;
            rules.push(rule);
        }
        let policy = Self {
            id: file.id,
            version: file.version,
            title: file.title,
            valid_from: file.valid_from,
            steps: file.step,
            movement: file.movement,
            rules,
        };
        policy.check_steps().map_err(|message| PolicyFault { line: line_of(text, "[[step]]"), message })?;
        policy
            .check_movement()
            .map_err(|message| PolicyFault { line: line_of(text, "[movement]"), message })?;
        Ok(policy)
    }

    /// What a step asks. Every step is defined: [`Policy::parse`] has checked it.
    #[must_use]
    pub fn step(&self, step: Step) -> &StepDefinition {
        let place = usize::from(step.number()).min(self.steps.len() - 1);
        &self.steps[place]
    }

    /// The lowest step whose cap for non-service units is not above `wfo_pct`: what an order forces.
    #[must_use]
    pub fn step_for_cap(&self, wfo_pct: u8) -> Step {
        let fitting = self.steps.iter().find(|step| step.caps.non_service <= wfo_pct);
        fitting.map_or(Step::HIGHEST, |step| step.step)
    }

    fn check_steps(&self) -> Result<(), String> {
        let expected: Vec<Step> = Step::all().collect();
        let written: Vec<Step> = self.steps.iter().map(|step| step.step).collect();
        if written != expected {
            return Err("the steps 0, 1, 2, 3, 4 must each be defined once, in this order".to_owned());
        }
        let falls = self.steps.windows(2).all(|pair| pair[0].caps.non_service >= pair[1].caps.non_service);
        if !falls || self.steps.iter().any(|step| step.caps.non_service > 100) {
            return Err(
                "caps.non_service must be at most 100 and may not rise from a step to the next".to_owned()
            );
        }
        Ok(())
    }

    fn check_movement(&self) -> Result<(), String> {
        let movement = &self.movement;
        let is_in = |days: u32, most: u32| (1..=most).contains(&days);
        if !is_in(movement.minimum_stay_days, 366) || !is_in(movement.leave_days, 60) {
            return Err("minimum_stay_days must be 1 to 366 and leave_days 1 to 60".to_owned());
        }
        if movement.primary_max_age_days > 60 || self.rules.iter().any(|rule| rule.max_age_days > 366) {
            return Err(
                "primary_max_age_days must be at most 60, a rule's max_age_days at most 366".to_owned()
            );
        }
        if movement.leave_valid_days == 0 || movement.leave_valid_days > movement.leave_days {
            return Err("leave_valid_days must be between 1 and leave_days".to_owned());
        }
        Ok(())
    }
}

fn check_rule(rule: RuleFile, earlier: &[&str]) -> Result<Rule, String> {
    let id = rule.id;
    if earlier.contains(&id.as_str()) {
        return Err(format!("rule {id} is written twice"));
    }
    let kind = match (rule.order, rule.above, rule.enter, rule.leave) {
        (true, None, None, None) if rule.step.is_empty() => RuleKind::Order,
        (false, Some(above), Some(enter), Some(leave)) if rule.step.is_empty() => {
            if !earlier.contains(&above.rule.as_str()) {
                return Err(format!(
                    "rule {id} stands above {}, which must be written before it",
                    above.rule
                ));
            }
            if above.at_least > above.at_most {
                return Err(format!("rule {id}: above.at_least is higher than above.at_most"));
            }
            RuleKind::Above {
                rule: above.rule,
                at_least: above.at_least,
                at_most: above.at_most,
                enter: enter.check()?,
                leave: leave.check()?,
            }
        }
        (false, None, None, None) if !rule.step.is_empty() => {
            RuleKind::Steps(check_rule_steps(&id, rule.indicator, rule.step)?)
        }
        _ => {
            return Err(format!(
                "rule {id} needs either [[rule.step]], or above with enter and leave, or order = true"
            ));
        }
    };
    Ok(Rule {
        id,
        title: rule.title,
        source: rule.source,
        note: rule.note,
        indicator: rule.indicator,
        max_age_days: rule.max_age_days,
        kind,
    })
}

fn check_rule_steps(
    id: &str,
    main: Option<IndicatorKind>,
    written: Vec<RuleStepFile>,
) -> Result<Vec<RuleStep>, String> {
    let mut steps: Vec<RuleStep> = Vec::new();
    for file in written {
        let (step, enter, leave) = (file.step, file.enter.check()?, file.leave.check()?);
        if step == Step::NORMAL || steps.last().is_some_and(|last| last.step >= step) {
            return Err(format!("rule {id}: its steps must rise and be 1 to 4"));
        }
        if let Some(main) = main {
            check_edges((id, main), step, &enter, &leave)?;
            check_rise((id, main), steps.last(), (step, &enter))?;
        }
        steps.push(RuleStep { step, enter, leave });
    }
    Ok(steps)
}

/// A higher step may not be entered at a lower value of the rule's main indicator.
fn check_rise(
    (id, main): (&str, IndicatorKind),
    below: Option<&RuleStep>,
    (step, enter): (Step, &Condition),
) -> Result<(), String> {
    let lower = below.and_then(|below| below.enter.comparison_of(main));
    match (lower, enter.comparison_of(main)) {
        (Some(lower), Some(higher)) if higher.threshold() < lower.threshold() => Err(format!(
            "rule {id}, step {step}: enters {main} at {}, below the {} of the step before",
            higher.threshold(),
            lower.threshold()
        )),
        _ => Ok(()),
    }
}

/// The rule's main indicator may not leave above the value at which it enters: the level would flap.
fn check_edges(
    (id, main): (&str, IndicatorKind),
    step: Step,
    enter: &Condition,
    leave: &Condition,
) -> Result<(), String> {
    let (Some(entering), Some(leaving)) = (enter.comparison_of(main), leave.comparison_of(main)) else {
        return Ok(());
    };
    let is_upward = matches!(entering, Comparison::AtLeast(_) | Comparison::Above(_));
    let is_downward = matches!(leaving, Comparison::Below(_) | Comparison::AtMost(_));
    if is_upward != is_downward {
        return Err(format!(
            "rule {id}, step {step}: enters and leaves on the same side of {main}; one must be at_least or above, the other below or at_most"
        ));
    }
    if is_upward && leaving.threshold() > entering.threshold() {
        return Err(format!(
            "rule {id}, step {step}: leaves {main} at {}, above the {} at which it enters",
            leaving.threshold(),
            entering.threshold()
        ));
    }
    Ok(())
}

fn line_at(text: &str, offset: usize) -> usize {
    text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1)
}

fn line_of(text: &str, needle: &str) -> usize {
    text.find(needle).map_or(1, |offset| line_at(text, offset))
}
