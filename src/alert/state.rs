//! The states of one subject of a rule: inactive, pending, firing, resolved; and no data, a state of its own.

use super::event::AlertEvent;
use super::memory::{NoData, Standing};
use super::reading::{Condition, Reading};
use super::rule::AlertRule;

/// What becomes of a subject: where it stands now, and what that is worth telling.
///
/// - It fires once it has been on for the rule's hold; while it fires nothing more is told but a worse grade.
/// - It is over once it has been off for the rule's keep. Between leaving and entering it stays as it was.
/// - Missing figures neither end it nor begin it.
#[must_use]
pub(super) fn advance(
    rule: &AlertRule,
    before: Option<Standing>,
    reading: &Reading,
    at: i64,
) -> (Option<Standing>, Option<AlertEvent>) {
    match (&reading.condition, before) {
        (Condition::On(grade), before) => on(rule, before, (reading, *grade), at),
        (Condition::Off, Some(standing)) => off(rule, standing, at),
        // What is only pending must be on all the time.
        (Condition::Between, Some(standing)) if standing.fired_at.is_none() => (None, None),
        (Condition::Between, Some(standing)) => (Some(Standing { off_since: None, ..standing }), None),
        (_, before) => (before, None),
    }
}

fn on(
    rule: &AlertRule,
    before: Option<Standing>,
    (reading, grade): (&Reading, u8),
    at: i64,
) -> (Option<Standing>, Option<AlertEvent>) {
    let mut standing = before.unwrap_or_else(|| Standing {
        since: at,
        fired_at: None,
        grade,
        is_told: false,
        is_escalated: false,
        off_since: None,
        about: reading.about.clone(),
    });
    standing.off_since = None;
    let is_held = at - standing.since >= rule.hold.num_milliseconds();
    let event = match standing.fired_at {
        None if is_held => {
            standing.fired_at = Some(at);
            standing.grade = grade;
            Some(AlertEvent::Fired)
        }
        Some(_) if grade > standing.grade => {
            standing.grade = grade;
            Some(AlertEvent::Raised)
        }
        _ => None,
    };
    if event.is_some() {
        standing.about = reading.about.clone();
    }
    (Some(standing), event)
}

fn off(rule: &AlertRule, mut standing: Standing, at: i64) -> (Option<Standing>, Option<AlertEvent>) {
    if standing.fired_at.is_none() {
        return (None, None);
    }
    let since = *standing.off_since.get_or_insert(at);
    if at - since >= rule.keep.num_milliseconds() {
        return (None, Some(AlertEvent::Resolved));
    }
    (Some(standing), None)
}

/// Whether nobody can tell, and whether that is worth telling: once it lasts longer than the rule's patience, and once
/// when it is over.
#[must_use]
pub(super) fn patience(
    rule: &AlertRule,
    before: Option<NoData>,
    is_unknown: bool,
    at: i64,
) -> (Option<NoData>, Option<AlertEvent>) {
    let Some(patience) = rule.no_data_after else { return (None, None) };
    match (before, is_unknown) {
        (before, true) => {
            let mut state = before.unwrap_or(NoData { since: at, is_told: false });
            let is_due = !state.is_told && at - state.since >= patience.num_milliseconds();
            state.is_told |= is_due;
            (Some(state), is_due.then_some(AlertEvent::NoData))
        }
        (Some(state), false) if state.is_told => (None, Some(AlertEvent::DataBack)),
        (_, false) => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::event::About;
    use crate::alert::rule::AlertRules;

    fn rule(rest: &str) -> AlertRule {
        let head = "version = \"1\"\n[[rule]]\nid = \"a\"\ntitle = { id = \"a\", en = \"a\" }\nwatch = \"sources\"\n\
                    severity = \"info\"\noffices = [\"secretary\"]\n";
        AlertRules::read(&format!("{head}{rest}")).unwrap().rules.remove(0)
    }

    const MINUTE: i64 = 60_000;

    /// What is told at each minute.
    fn told(rule: &AlertRule, minutes: &[Condition]) -> Vec<Option<AlertEvent>> {
        let mut standing = None;
        let each = minutes.iter().enumerate().map(|(minute, condition)| {
            let reading = Reading { condition: condition.clone(), about: About::default() };
            let at = i64::try_from(minute).unwrap() * MINUTE;
            let (next, event) = advance(rule, standing.take(), &reading, at);
            standing = next;
            event
        });
        each.collect()
    }

    use AlertEvent::{DataBack, Fired, NoData as None_, Raised, Resolved};
    use Condition::{Between, Off, On, Unknown};

    #[test]
    fn it_is_told_once_until_it_has_let_go() {
        let minutes = [On(3), On(3), Unknown, On(3), Between, On(3), Off, Off, Between, On(3), On(4), On(3)];
        let expected = [
            Some(Fired),
            None,
            None,
            None,
            None,
            None,
            Some(Resolved),
            None,
            None,
            Some(Fired),
            Some(Raised),
            None,
        ];
        assert_eq!(told(&rule(""), &minutes), expected);
    }

    #[test]
    fn a_hold_must_be_on_all_the_time_and_its_last_minute_counts() {
        let rule = rule("hold = \"2m\"");
        assert_eq!(told(&rule, &[On(0), On(0), On(0)]), [None, None, Some(Fired)]);
        assert_eq!(told(&rule, &[On(0), Off, On(0), On(0), On(0)]), [None, None, None, None, Some(Fired)]);
        assert_eq!(
            told(&rule, &[On(0), Between, On(0), On(0), On(0)]),
            [None, None, None, None, Some(Fired)]
        );
        assert_eq!(
            told(&rule, &[On(0), Unknown, On(0)]),
            [None, None, Some(Fired)],
            "missing figures end nothing"
        );
    }

    #[test]
    fn it_is_over_once_it_stayed_off_and_one_end_is_told() {
        let rule = rule("keep = \"2m\"");
        assert_eq!(
            told(&rule, &[On(0), Off, On(0), Off, Off, Off, Off])[1..],
            [None, None, None, None, Some(Resolved), None]
        );
        assert_eq!(told(&rule, &[On(0), Off, Unknown, Off])[3], Some(Resolved));
    }

    #[test]
    fn no_data_has_its_own_patience() {
        let rule = rule("no_data_after = \"2m\"");
        let mut state = None;
        let minutes = [true, true, false, true, true, true, true, false, false];
        let told = minutes.iter().zip(0..).map(|(is_unknown, minute)| {
            let (next, event) = patience(&rule, state.take(), *is_unknown, minute * MINUTE);
            state = next;
            event
        });
        let told: Vec<_> = told.collect();
        assert_eq!(told, [None, None, None, None, None, Some(None_), None, Some(DataBack), None]);
        let never = super::tests::rule("");
        assert_eq!(patience(&never, None, true, 0), (None, None));
    }
}
