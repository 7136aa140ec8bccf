//! What would change the level, in a sentence: everything that has to hold, with the value of each.

use super::explain::indicator_value;
use super::number::decimal;
use super::phrase::Phrases;
use crate::assessment::{Bound, Change, Compared, Counting, Direction, MOVEMENT, Policy, Requirement};
use crate::epi::{IndicatorKind, Missing};

/// Says one thing that would change the level.
#[must_use]
pub fn change_line(change: &Change, policy: &Policy, phrases: Phrases) -> String {
    let parts: Vec<Requirement> = requirements(change).into_iter().map(simplified).collect();
    let cases = change.cases_more.filter(|_| change.days_needed.is_none());
    let (conditions, cases) = match (parts.as_slice(), cases) {
        ([Requirement::Compare(only)], Some(cases)) => (comparison(only, phrases), Some(cases)),
        ([only], _) => (said(only, 0, phrases), None),
        (several, _) => (joined(several, "change-and", 1, phrases), None),
    };
    let movement = &policy.movement;
    let (key, counting) = match change.direction {
        Direction::Raise if cases.is_some() => ("change-raise-cases", movement.enter_counts),
        Direction::Raise if change.days_needed.is_some() => ("change-raise-days", movement.enter_counts),
        Direction::Raise => ("change-raise", movement.enter_counts),
        Direction::Lower if change.rule == MOVEMENT && change.days_needed.is_none() => {
            ("change-lower-growth", movement.leave_counts)
        }
        Direction::Lower => ("change-lower", movement.leave_counts),
    };
    let level = phrases.locale.of(&policy.step(change.step).name);
    let needed = counted(change.days_needed.unwrap_or(0), counting, phrases);
    let held = change.days_held.unwrap_or(0).to_string();
    let cases = cases.map(|cases| cases.to_string()).unwrap_or_default();
    phrases.say_with(
        key,
        &[
            ("rule", &change.rule),
            ("level", level),
            ("conditions", &conditions),
            ("cases", &cases),
            ("needed", &needed),
            ("held", &held),
        ],
    )
}

/// What has to hold. A change that was kept before conditions were told has only the comparison of its own keys.
fn requirements(change: &Change) -> Vec<Requirement> {
    if !change.conditions.is_empty() {
        return change.conditions.clone();
    }
    vec![Requirement::Compare(Compared {
        indicator: change.indicator,
        bound: Bound::Value,
        sign: change.sign.clone(),
        threshold: change.threshold,
        value: change.value,
        lower: change.lower,
        upper: change.upper,
        reason: None,
        met: None,
        cases_more: change.cases_more,
    })]
}

fn counted(days: u32, counting: Counting, phrases: Phrases) -> String {
    let key = match counting {
        Counting::Calendar => "days-counted-calendar",
        Counting::Working => "days-counted-working",
        Counting::MondayToSaturday => "days-counted-monday_to_saturday",
        Counting::Evaluations => "days-counted-evaluations",
    };
    phrases.say_with(key, &[("days", &days.to_string())])
}

/// What is said of a condition: of alternatives those that hold already, where any does; a group of one is that one.
fn simplified(requirement: Requirement) -> Requirement {
    let each = |parts: Vec<Requirement>| parts.into_iter().map(simplified).collect();
    let (mut parts, met, is_any): (Vec<Requirement>, _, _) = match requirement {
        Requirement::Any { any, met } => (each(any), met, true),
        Requirement::All { all, met } => (each(all), met, false),
        single => return single,
    };
    if is_any && parts.iter().any(|part| part.met() == Some(true)) {
        parts.retain(|part| part.met() == Some(true));
    }
    match (parts.len(), is_any) {
        (1, _) => parts.remove(0),
        (_, true) => Requirement::Any { any: parts, met },
        (_, false) => Requirement::All { all: parts, met },
    }
}

/// Parts in a row. Groups among them are set off by commas; groups within these by brackets, so that "and" and "or" are never
/// read in two ways.
fn joined(parts: &[Requirement], word: &str, depth: u32, phrases: Phrases) -> String {
    let is_group = |part: &Requirement| matches!(part, Requirement::Any { .. } | Requirement::All { .. });
    let comma = if parts.iter().any(is_group) { "," } else { "" };
    let between = format!("{comma} {} ", phrases.say(word));
    parts.iter().map(|part| said(part, depth, phrases)).collect::<Vec<_>>().join(&between)
}

fn said(requirement: &Requirement, depth: u32, phrases: Phrases) -> String {
    let bracketed = |text: String| if depth > 1 { format!("[{text}]") } else { text };
    match requirement {
        Requirement::All { all, .. } => bracketed(joined(all, "change-and", depth + 1, phrases)),
        Requirement::Any { any, .. } => {
            let list = joined(any, "change-or", depth + 1, phrases);
            let either = || phrases.say_with("change-either", &[("conditions", &list)]);
            if depth == 0 { list } else { bracketed(either()) }
        }
        Requirement::Known { indicator, known, met } => {
            let indicator = phrases.say(&format!("indicator-{}", indicator.name()));
            let key = if *known { "condition-known" } else { "condition-unknown" };
            let so = match met {
                Some(true) => "condition-already-so",
                Some(false) => "condition-not-so",
                None => "condition-withheld",
            };
            format!("{} ({})", phrases.say_with(key, &[("indicator", &indicator)]), phrases.say(so))
        }
        Requirement::Compare(compared) => {
            format!("{} ({})", comparison(compared, phrases), standing(compared, phrases))
        }
    }
}

/// "test positivity above 15%"
fn comparison(compared: &Compared, phrases: Phrases) -> String {
    let name = phrases.say(&format!("indicator-{}", compared.indicator.name()));
    let indicator = match compared.bound {
        Bound::Value => name,
        Bound::Lower => phrases.say_with("condition-bound-lower", &[("indicator", &name)]),
        Bound::Upper => phrases.say_with("condition-bound-upper", &[("indicator", &name)]),
    };
    let key = match compared.sign.as_str() {
        "≥" => "condition-at-least",
        ">" => "condition-above",
        "<" => "condition-below",
        _ => "condition-at-most",
    };
    let threshold = indicator_value(Some(compared.indicator), compared.threshold, phrases);
    phrases.say_with(key, &[("indicator", &indicator), ("threshold", &threshold)])
}

/// "now 4.2%", "already 17%", or that it is not known.
fn standing(compared: &Compared, phrases: Phrases) -> String {
    let shown = |value: f64| apart(compared, value, phrases);
    let value = match (compared.value, compared.lower, compared.upper) {
        (Some(value), ..) => shown(value),
        (None, Some(lower), Some(upper)) => format!("{}–{}", shown(lower), shown(upper)),
        _ if compared.reason == Some(Missing::Withheld) => return phrases.say("condition-withheld"),
        _ => return phrases.say("condition-missing"),
    };
    let cases = compared.cases_more.map(|cases| cases.to_string()).unwrap_or_default();
    let key = match compared.met {
        Some(true) => "condition-already",
        _ if compared.cases_more.is_some() => "condition-now-cases",
        _ => "condition-now",
    };
    phrases.say_with(key, &[("value", &value), ("cases", &cases)])
}

/// A value in the reader's form; with more decimals where it would otherwise read like the threshold that it is not.
fn apart(compared: &Compared, value: f64, phrases: Phrases) -> String {
    let shown = |value: f64| indicator_value(Some(compared.indicator), value, phrases);
    let text = shown(value);
    let is_mistaken = text == shown(compared.threshold) && value.total_cmp(&compared.threshold).is_ne();
    if compared.indicator == IndicatorKind::Zone || !is_mistaken {
        return text;
    }
    let unit = if text.ends_with('%') { "%" } else { "" };
    format!("{}{unit}", decimal(value, 3, phrases.locale))
}
