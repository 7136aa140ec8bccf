//! A policy with some numbers moved: what an analyst asks before anybody writes a new version.

use super::Policy;
use super::check;
use super::rule::{Rule, RuleKind};
use crate::assessment::condition::{Bound, Comparison, Condition};
use crate::assessment::level::Step;
use crate::epi::IndicatorKind;

/// Where a step of a rule is entered or left, by the rule's main indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Where it is called for.
    Enter,
    /// Where it lets go.
    Leave,
}

/// A number of a policy that may be moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Knob {
    /// The rule's id.
    pub rule: String,
    /// The step it calls for; of a rule that stands above another the highest.
    pub step: Step,
    /// The rule's main indicator.
    pub indicator: IndicatorKind,
    /// Where the step is entered.
    pub enter: Option<Comparison>,
    /// Where it is left.
    pub leave: Option<Comparison>,
}

/// One number moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// The rule's id.
    pub rule: String,
    /// The step.
    pub step: Step,
    /// Which side.
    pub side: Side,
    /// The new threshold.
    pub value: f64,
}

impl Policy {
    /// The numbers that may be moved: where each step of each rule is entered and left by the rule's main indicator.
    #[must_use]
    pub fn knobs(&self) -> Vec<Knob> {
        let of_rule = |rule: &Rule| -> Vec<Knob> {
            let Some(indicator) = rule.indicator else { return Vec::new() };
            let knob = |step: Step, enter: &Condition, leave: &Condition| Knob {
                rule: rule.id.clone(),
                step,
                indicator,
                enter: enter.comparison_of(indicator),
                leave: leave.comparison_of(indicator),
            };
            match &rule.kind {
                RuleKind::Steps(steps) => steps.iter().map(|s| knob(s.step, &s.enter, &s.leave)).collect(),
                RuleKind::Above { at_most, enter, leave, .. } => vec![knob(*at_most, enter, leave)],
                RuleKind::Dated(_) | RuleKind::Order => Vec::new(),
            }
        };
        let knobs = self.rules.iter().flat_map(of_rule);
        knobs.filter(|knob| knob.enter.is_some() || knob.leave.is_some()).collect()
    }

    /// The same policy with some numbers moved; its version says that it is none that anybody wrote.
    ///
    /// # Errors
    /// A sentence: there is no such number, or the policy could not be used so.
    pub fn turned(&self, turns: &[Turn]) -> Result<Self, String> {
        let mut turned = self.clone();
        turned.version = format!("{}+what-if", self.version);
        for turn in turns {
            if !turn.value.is_finite() || turn.value.abs() > 1e9 {
                return Err(format!("{}, step {}: write a number", turn.rule, turn.step));
            }
            let rule = turned.rules.iter_mut().find(|rule| rule.id == turn.rule);
            let is_moved = rule.is_some_and(|rule| moved(rule, turn));
            if !is_moved {
                return Err(format!("rule {}, step {} has no such number", turn.rule, turn.step));
            }
        }
        for rule in &turned.rules {
            if let RuleKind::Steps(steps) = &rule.kind {
                for (place, step) in steps.iter().enumerate() {
                    let before = place.checked_sub(1).map(|before| &steps[before]);
                    check::rule_step((rule.indicator, true), before, step)
                        .map_err(|fault| format!("rule {}, step {}: {fault}", rule.id, step.step))?;
                }
            }
        }
        Ok(turned)
    }
}

fn moved(rule: &mut Rule, turn: &Turn) -> bool {
    let Some(kind) = rule.indicator else { return false };
    let condition = match (&mut rule.kind, turn.side) {
        (RuleKind::Steps(steps), side) => {
            let step = steps.iter_mut().find(|step| step.step == turn.step);
            step.map(|step| if side == Side::Enter { &mut step.enter } else { &mut step.leave })
        }
        (RuleKind::Above { at_most, enter, leave, .. }, side) if *at_most == turn.step => {
            Some(if side == Side::Enter { enter } else { leave })
        }
        _ => None,
    };
    condition.is_some_and(|condition| set(condition, kind, turn.value))
}

/// Moves the first comparison of an indicator.
fn set(condition: &mut Condition, kind: IndicatorKind, value: f64) -> bool {
    match condition {
        Condition::Compare { indicator, comparison, bound: Bound::Value, .. } if *indicator == kind => {
            *comparison = match comparison {
                Comparison::AtLeast(_) => Comparison::AtLeast(value),
                Comparison::Above(_) => Comparison::Above(value),
                Comparison::Below(_) => Comparison::Below(value),
                Comparison::AtMost(_) => Comparison::AtMost(value),
            };
            true
        }
        Condition::All(parts) | Condition::Any(parts) => parts.iter_mut().any(|part| set(part, kind, value)),
        Condition::Compare { .. } | Condition::IsKnown(_) | Condition::IsUnknown(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Policy {
        Policy::parse(include_str!("../../../data/policy/kota-bogor.toml")).unwrap()
    }

    fn turn(rule: &str, step: u8, side: Side, value: f64) -> Turn {
        Turn { rule: rule.to_owned(), step: Step::try_from(step).unwrap(), side, value }
    }

    #[test]
    fn a_number_is_moved_and_nothing_else() {
        let turned = shipped().turned(&[turn("R1", 3, Side::Enter, 60.0)]).unwrap();
        let told = shipped().differences(&turned);
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].second.as_deref(), Some("incidence_7d_per_100k ≥ 60"));
        assert_eq!(turned.version, "1+what-if");
    }

    #[test]
    fn every_knob_can_be_left_where_it_is() {
        let policy = shipped();
        let turns: Vec<Turn> = policy
            .knobs()
            .into_iter()
            .filter_map(|knob| Some((knob.rule, knob.step, knob.enter?.threshold())))
            .map(|(rule, step, value)| Turn { rule, step, side: Side::Enter, value })
            .collect();
        assert!(turns.len() > 15, "{}", turns.len());
        assert_eq!(policy.differences(&policy.turned(&turns).unwrap()), []);
    }

    #[test]
    fn what_no_policy_could_say_is_refused() {
        let policy = shipped();
        for (turns, what) in [
            (turn("R1", 3, Side::Enter, 30.0), "above the 30 at which it enters"),
            (turn("R1", 2, Side::Enter, 60.0), "below the 60 of the step before"),
            (turn("R1", 4, Side::Enter, 60.0), "no such number"),
            (turn("R77", 1, Side::Enter, 60.0), "no such number"),
            (turn("R7", 1, Side::Enter, 60.0), "no such number"),
            (turn("R1", 3, Side::Enter, f64::NAN), "write a number"),
        ] {
            let fault = policy.turned(std::slice::from_ref(&turns)).unwrap_err();
            assert!(fault.contains(what), "{turns:?}: {fault}");
        }
    }
}
