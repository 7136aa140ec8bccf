//! The values of the policy on one indicator: where each step is entered, as named lines, and the grounds between them.

use super::unit::Unit;
use crate::assessment::{Bound, Comparison, Condition, RuleKind, Step};
use crate::chart::{Ground, IndicatorThreshold, ThresholdSide};
use crate::epi::IndicatorKind;
use crate::web::figures::Subject;

/// More names than these cannot be read beside an axis.
const MOST: usize = 4;

/// A value at which a rule on the indicator calls for a step.
struct Entered {
    value: f64,
    step: Option<Step>,
    /// What it calls for.
    says: String,
    /// What it calls for beside further conditions.
    higher: Option<String>,
}

/// The enter values of the rules on an indicator, lowest first, each once, as named lines; `times` brings them to the axis.
pub(super) fn of_policy(
    subject: Subject<'_>,
    kind: IndicatorKind,
    (unit, times): (Unit, impl Fn(f64) -> f64),
) -> Vec<IndicatorThreshold> {
    let mut entered = entered(subject, kind);
    entered.sort_by(|one, other| one.value.total_cmp(&other.value).then(one.step.cmp(&other.step)));
    entered.dedup_by(|later, earlier| {
        let is_same = (later.value - earlier.value).abs() < f64::EPSILON;
        if is_same && later.step > earlier.step {
            // The higher step has further conditions: the line calls for the lower one at the least.
            earlier.higher = Some(later.says.clone());
        }
        is_same
    });
    // The highest decide.
    let shown = entered.split_off(entered.len().saturating_sub(MOST));
    let line = |Entered { value, step, says, higher }: Entered| {
        let value = times(value);
        let says = match higher {
            Some(higher) => {
                subject.phrases.say_with("chart-line-up-to", &[("level", &says), ("higher", &higher)])
            }
            None => says,
        };
        IndicatorThreshold {
            name: format!("{}: {says}", unit.tick(rounded(value), subject.locale())),
            value,
            side: ThresholdSide::Enter,
            step: step.map(Step::number),
        }
    };
    shown.into_iter().map(line).collect()
}

/// A faint ground for each step between its line and the next.
pub(super) fn grounds(lines: &[IndicatorThreshold]) -> Vec<Ground> {
    let next = lines.iter().skip(1).map(|line| Some(line.value)).chain([None]);
    let ground = |(line, to): (&IndicatorThreshold, Option<f64>)| {
        Some(Ground { from: line.value, to, step: line.step? })
    };
    lines.iter().zip(next).filter_map(ground).collect()
}

fn entered(subject: Subject<'_>, kind: IndicatorKind) -> Vec<Entered> {
    let policy = subject.journey.policy();
    let mut found = Vec::new();
    for rule in policy.rules.iter().filter(|rule| rule.indicator == Some(kind)) {
        match &rule.kind {
            RuleKind::Steps(steps) => {
                for own in steps {
                    let says = subject.locale().of(&policy.step(own.step).name);
                    let values = upward(&own.enter, kind).into_iter();
                    found.extend(values.map(|value| Entered {
                        value,
                        step: Some(own.step),
                        says: says.to_owned(),
                        higher: None,
                    }));
                }
            }
            RuleKind::Above { enter, .. } => {
                let says = subject.locale().of(&rule.title);
                let values = upward(enter, kind).into_iter();
                found.extend(values.map(|value| Entered {
                    value,
                    step: None,
                    says: says.to_owned(),
                    higher: None,
                }));
            }
            RuleKind::Dated(_) | RuleKind::Order => {}
        }
    }
    found
}

/// The values that more of the indicator must reach.
fn upward(condition: &Condition, kind: IndicatorKind) -> Vec<f64> {
    match condition {
        Condition::Compare { indicator, bound: Bound::Value, comparison, .. } if *indicator == kind => {
            match comparison {
                Comparison::AtLeast(value) | Comparison::Above(value) => vec![*value],
                Comparison::Below(_) | Comparison::AtMost(_) => Vec::new(),
            }
        }
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().flat_map(|part| upward(part, kind)).collect()
        }
        _ => Vec::new(),
    }
}

/// To two decimals: a weekly rate brought to counts has many.
fn rounded(value: f64) -> f64 {
    if value.abs() >= 20.0 { value.round() } else { (value * 100.0).round() / 100.0 }
}
