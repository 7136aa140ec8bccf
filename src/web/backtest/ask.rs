//! What is asked of the backtest page: another policy, or numbers of the city's own moved.

use crate::assessment::{Comparison, Knob, Policy, PolicyBook, Side, Step, Turn};
use crate::disclosure::is_rule_shown;
use crate::job::{load_policies, shipped_policies};
use crate::text::{Phrases, indicator_value};
use crate::web::error::WebError;
use crate::web::visit::Visit;

/// Numbers that may be moved at once.
const MOST_TURNS: usize = 64;

/// What is asked for.
pub(super) struct Asked {
    /// Another policy that ships.
    pub policy: Option<String>,
    turns: Vec<Turn>,
    /// What was typed and is no number: the field and its text.
    wrong: Vec<(String, String)>,
}

/// One number of the form.
pub(super) struct Number {
    pub name: String,
    pub sign: &'static str,
    pub value: String,
    /// What stands in the policy, where it is another.
    pub was: Option<String>,
    /// Whether what was typed is no number.
    pub is_wrong: bool,
}

/// The numbers of one step of a rule.
pub(super) struct KnobRow {
    pub rule: String,
    pub title: String,
    pub indicator: String,
    pub level: String,
    /// Where it is entered, where it is left.
    pub sides: [Option<Number>; 2],
}

impl Asked {
    /// Reads the address: `policy=ID`, or a parameter `RULE.STEP.enter` or `RULE.STEP.leave` for each number that is not where the
    /// policy has it.
    pub(super) fn read(visit: &Visit) -> Result<Self, WebError> {
        let policy = match visit.parameter("policy") {
            None => None,
            Some(id) if shipped_policies().iter().any(|shipped| shipped == id) => Some(id.to_owned()),
            Some(_) => return Err(WebError::Parameter { name: "policy" }),
        };
        let (mut turns, mut wrong) = (Vec::new(), Vec::new());
        for knob in shown_knobs(visit) {
            for (side, comparison) in [(Side::Enter, knob.enter), (Side::Leave, knob.leave)] {
                let Some(comparison) = comparison else { continue };
                let field = name(&knob, side);
                let Some(text) = visit.parameter(&field) else { continue };
                let Some(value) = number(text) else {
                    wrong.push((field, text.to_owned()));
                    continue;
                };
                if (value - comparison.threshold()).abs() > f64::EPSILON {
                    turns.push(Turn { rule: knob.rule.clone(), step: knob.step, side, value });
                }
            }
        }
        if turns.len() > MOST_TURNS {
            return Err(WebError::Parameter { name: "threshold" });
        }
        Ok(Self { policy, turns, wrong })
    }

    /// The policy that is held against the city's own.
    ///
    /// # Errors
    /// A sentence when the policy could not be used so.
    pub(super) fn other(&self, visit: &Visit, own: &PolicyBook) -> Result<PolicyBook, String> {
        match &self.policy {
            Some(id) => load_policies(id).map_err(|error| format!("{error:#}")),
            None => own
                .newest()
                .turned(&self.turns)
                .map(PolicyBook::from)
                .map_err(|fault| visit.phrases.say_with("backtest-fault", &[("fault", &fault)])),
        }
    }

    /// What the second row is called.
    pub(super) fn name(&self, t: Phrases) -> String {
        let other = self.policy.as_deref().and_then(|id| load_policies(id).ok());
        match other {
            Some(book) => t.locale.of(&book.newest().title).to_owned(),
            None => t.say("backtest-moved"),
        }
    }

    /// What is to be said of the first text that is no number.
    pub(super) fn no_number(&self, t: Phrases) -> Option<String> {
        let (_, text) = self.wrong.first()?;
        let short: String = text.chars().take(40).collect();
        Some(t.say_with("backtest-no-number", &[("text", &short)]))
    }

    /// Whether anything differs from the policy in force.
    pub(super) fn is_moved(&self) -> bool {
        self.policy.is_some() || !self.turns.is_empty() || !self.wrong.is_empty()
    }

    /// The form's numbers.
    pub(super) fn rows(&self, visit: &Visit, policy: &Policy) -> Vec<KnobRow> {
        let t = visit.phrases;
        let number = |knob: &Knob, side: Side, comparison: Option<Comparison>| {
            let comparison = comparison?;
            let is_it = |turn: &&Turn| turn.rule == knob.rule && turn.step == knob.step && turn.side == side;
            let moved = self.turns.iter().find(is_it).map(|turn| turn.value);
            let field = name(knob, side);
            let typed = self.wrong.iter().find(|(wrong, _)| *wrong == field).map(|(_, text)| text.clone());
            let was = indicator_value(Some(knob.indicator), comparison.threshold(), t);
            Some(Number {
                name: field,
                sign: comparison.sign(),
                is_wrong: typed.is_some(),
                was: (moved.is_some() || typed.is_some()).then_some(was),
                value: typed.unwrap_or_else(|| moved.unwrap_or_else(|| comparison.threshold()).to_string()),
            })
        };
        let row = |knob: Knob| {
            let rule = policy.rules.iter().find(|rule| rule.id == knob.rule);
            KnobRow {
                title: rule.map_or_else(String::new, |rule| t.locale.of(&rule.title).to_owned()),
                indicator: t.say(&format!("indicator-{}", knob.indicator.name())),
                level: t.locale.of(&policy.step(knob.step).name).to_owned(),
                sides: [number(&knob, Side::Enter, knob.enter), number(&knob, Side::Leave, knob.leave)],
                rule: knob.rule,
            }
        };
        shown_knobs(visit).into_iter().map(row).collect()
    }
}

/// Numbers of rules on staff are offered to those only who see staff.
fn shown_knobs(visit: &Visit) -> Vec<Knob> {
    let policy = visit.journey().policy();
    let mut knobs = policy.knobs();
    knobs.retain(|knob| {
        let rule = policy.rules.iter().find(|rule| rule.id == knob.rule);
        rule.is_some_and(|rule| is_rule_shown(rule, &visit.audience))
    });
    knobs
}

fn name(knob: &Knob, side: Side) -> String {
    let side = if side == Side::Enter { "enter" } else { "leave" };
    format!("{}.{}.{side}", knob.rule, Step::number(knob.step))
}

/// A number as a form sends it: a point, or the comma of an Indonesian keyboard.
fn number(text: &str) -> Option<f64> {
    let value: f64 = text.replace(',', ".").parse().ok()?;
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_read_with_a_point_or_a_comma_and_nothing_else_is() {
        assert_eq!((number("12.5"), number("12,5")), (Some(12.5), Some(12.5)));
        for text in ["", "dua", "1.2.3", "NaN", "inf"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
