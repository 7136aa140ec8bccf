//! What a policy may not say: values that cannot be, rules that contradict themselves, names that are not there.
//!
//! Each check gives sentences without a line; `file` knows where they belong.

use super::movement::{Counting, Movement};
use super::rule::{IfMissing, Rule, RuleStep};
use super::{RuleKind, StepDefinition};
use crate::assessment::condition::{Comparison, Condition};
use crate::assessment::level::Step;
use crate::epi::IndicatorKind;

/// So many rules a policy may have.
pub(super) const MOST_RULES: usize = 64;

/// Whether a text may be a level's word: lower case, as it stands in files.
pub(super) fn is_word(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !text.is_empty() && text != "not_assessable" && text.chars().all(is_letter)
}

/// What is wrong with a step of the ladder, given the one before.
pub(super) fn step(before: Option<&StepDefinition>, step: &StepDefinition) -> Vec<String> {
    let mut messages = Vec::new();
    let number = step.step;
    match before {
        None if number != Step::NORMAL => {
            messages.push(format!("the ladder begins with step {number}; it must begin with step 0"));
        }
        Some(before) if before.step >= number => messages.push(format!(
            "step {number} comes after step {}: the steps must rise, each written once",
            before.step
        )),
        _ => {}
    }
    if !is_word(&step.level) {
        messages.push(format!(
            "level = '{}' must be a word of lower-case letters, digits and _ (not_assessable is siaga's own)",
            step.level
        ));
    }
    let caps = step.caps;
    if [caps.non_service, caps.essential, caps.critical, caps.critical_desk].iter().any(|cap| *cap > 100) {
        messages.push(format!("step {number}: caps are percentages, at most 100"));
    }
    if before.is_some_and(|before| caps.non_service > before.caps.non_service) {
        messages.push(format!("step {number}: caps.non_service may not rise from a step to the next"));
    }
    messages
}

/// Keys of a movement that mean nothing without memory.
pub(super) fn memory(has_memory: bool, written: &[(&str, bool)]) -> Vec<String> {
    let extra = written.iter().filter(|(_, is_written)| *is_written && !has_memory);
    extra.map(|(key, _)| format!("{key} means nothing with memory = false: every day stands alone")).collect()
}

/// What is wrong with a movement.
pub(super) fn movement(movement: &Movement) -> Vec<String> {
    let mut messages = Vec::new();
    let mut ask = |is_sound: bool, message: &str| {
        if !is_sound {
            messages.push(message.to_owned());
        }
    };
    ask((1..=366).contains(&movement.minimum_stay_days), "minimum_stay_days must be 1 to 366");
    ask((1..=60).contains(&movement.leave_days), "leave_days must be 1 to 60");
    ask((1..=60).contains(&movement.enter_days), "enter_days must be 1 to 60");
    ask(
        (1..=movement.leave_days).contains(&movement.leave_valid_days),
        "leave_valid_days must be between 1 and leave_days",
    );
    ask(movement.primary_max_age_days <= 60, "primary_max_age_days must be at most 60");
    let counts_weeks = [movement.enter_counts, movement.leave_counts].contains(&Counting::Evaluations);
    ask(
        !counts_weeks || movement.evaluate_on.is_some(),
        "counting evaluations needs evaluate_on, the weekday on which the level may move",
    );
    ask(
        movement.leave_growth.is_none_or(|(_, below)| below.is_finite() && below > 0.0),
        "leave_growth_below must be a ratio above 0",
    );
    messages
}

/// What is wrong with a rule that stands above another.
pub(super) fn above(other: &str, (at_least, at_most): (Step, Step), earlier: &[&str]) -> Result<(), String> {
    if !earlier.contains(&other) {
        return Err(format!("stands above {other}, which must be written before it"));
    }
    if at_least > at_most {
        return Err("above.at_least is higher than above.at_most".to_owned());
    }
    Ok(())
}

/// What is wrong with a rule as a whole.
pub(super) fn rule(rule: &Rule, (ladder, has_unknown): (&[StepDefinition], bool)) -> Vec<String> {
    let mut messages = Vec::new();
    let id = &rule.id;
    let mut ask = |is_sound: bool, message: String| {
        if !is_sound {
            messages.push(format!("rule {id}: {message}"));
        }
    };
    ask(!id.trim().is_empty() && !id.contains(char::is_whitespace), "its id is one word".to_owned());
    ask(
        !rule.source.trim().is_empty(),
        "source says where its numbers come from; it may not be empty".to_owned(),
    );
    ask(rule.reach.max_age_days <= 366, "max_age_days must be at most 366".to_owned());
    ask(rule.reach.lag_days <= 60, "lag_days must be at most 60".to_owned());
    let is_in_order = rule.valid_from.zip(rule.valid_to).is_none_or(|(from, to)| from <= to);
    ask(is_in_order, "valid_to lies before valid_from".to_owned());
    ask(
        rule.if_missing != IfMissing::Unknown || has_unknown,
        "if_missing = \"unknown\" needs the policy's own word in [unknown]".to_owned(),
    );
    if let RuleKind::Dated(step) = rule.kind {
        ask(rule.valid_from.is_some(), "a dated rule needs valid_from".to_owned());
        ask(ladder.iter().any(|own| own.step == step), format!("the ladder has no step {step}"));
    }
    messages
}

/// What is wrong with a step of a rule: it must rise, and let go below where it is entered.
pub(super) fn rule_step(
    (main, has_own_leave): (Option<IndicatorKind>, bool),
    before: Option<&RuleStep>,
    step: &RuleStep,
) -> Result<(), String> {
    if step.step == Step::NORMAL || before.is_some_and(|before| before.step >= step.step) {
        return Err("the steps of a rule must rise and be 1 to 4".to_owned());
    }
    if step.word.as_deref().is_some_and(|word| !is_word(word)) {
        return Err("word must be of lower-case letters, digits and _".to_owned());
    }
    let Some(main) = main else { return Ok(()) };
    if has_own_leave {
        edges(main, &step.enter, &step.leave)?;
    }
    rise(main, before.map(|before| &before.enter), &step.enter)
}

/// A higher step may not be entered at a lower value of the rule's main indicator.
fn rise(main: IndicatorKind, below: Option<&Condition>, enter: &Condition) -> Result<(), String> {
    let lower = below.and_then(|below| below.comparison_of(main));
    match (lower, enter.comparison_of(main)) {
        (Some(lower), Some(higher))
            if lower.is_upward() && higher.is_upward() && higher.threshold() < lower.threshold() =>
        {
            Err(format!(
                "enters {main} at {}, below the {} of the step before",
                higher.threshold(),
                lower.threshold()
            ))
        }
        _ => Ok(()),
    }
}

/// The rule's main indicator may not leave above the value at which it enters: the level would flap.
fn edges(main: IndicatorKind, enter: &Condition, leave: &Condition) -> Result<(), String> {
    let (Some(entering), Some(leaving)) = (enter.comparison_of(main), leave.comparison_of(main)) else {
        return Ok(());
    };
    let is_upward = matches!(entering, Comparison::AtLeast(_) | Comparison::Above(_));
    let is_downward = matches!(leaving, Comparison::Below(_) | Comparison::AtMost(_));
    if is_upward != is_downward {
        return Err(format!(
            "enters and leaves on the same side of {main}; one must be at_least or above, the other below or at_most"
        ));
    }
    if is_upward && leaving.threshold() > entering.threshold() {
        return Err(format!(
            "leaves {main} at {}, above the {} at which it enters",
            leaving.threshold(),
            entering.threshold()
        ));
    }
    Ok(())
}

/// A name that is not there, and the one that was probably meant.
#[must_use]
pub fn unknown_name<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(name, known.clone()) {
        Some(meant) => format!("there is no {what} '{name}'; did you mean '{meant}'?"),
        None => format!("there is no {what} '{name}': {}", known.collect::<Vec<_>>().join(", ")),
    }
}

/// What the reader of TOML says, with the name that was probably meant where one is not known.
#[must_use]
pub fn told(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let meant = match quoted.split_first() {
        Some((name, known)) if message.starts_with("unknown") => nearest(name, known.iter().copied()),
        _ => None,
    };
    let indicator = message.strip_prefix('\'').and_then(|rest| rest.strip_suffix("' is not an indicator"));
    let meant = meant.or_else(|| nearest(indicator?, IndicatorKind::ALL.iter().map(|kind| kind.name())));
    match meant {
        Some(meant) => format!("{message}; did you mean '{meant}'?"),
        None => message.to_owned(),
    }
}

/// The known name that looks most like a wrong one, if any does.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |other: &str| strsim::jaro_winkler(name, other);
    let best = known.max_by(|one, other| likeness(one).total_cmp(&likeness(other)))?;
    (likeness(best) > 0.8).then_some(best)
}
