//! What is worth telling of the decision in force: each thing that falls due, once.

use chrono::NaiveDate;

use super::detect::{Alert, AlertKind, Memory};
use crate::assessment::Step;
use crate::decision::{ClockState, DueKind};

/// What to tell of the decision clock on a day: everything that is due by then and was not told. Of a decision that is signed when
/// some of it is past already, only what is still ahead or due today is told.
#[must_use]
pub fn detect_due(
    memory: &mut Memory,
    clock: Option<&ClockState<'_>>,
    today: NaiveDate,
    step: Step,
) -> Vec<Alert> {
    let Some(clock) = clock else { return Vec::new() };
    let number = clock.decision.number;
    let told = |kind: DueKind| format!("{number}:{}", kind.as_str());
    let is_told = |kind: DueKind| !matches!(kind, DueKind::FirstDayBack);
    let mut alerts = Vec::new();
    for due in clock.due.iter().filter(|due| due.date <= today && is_told(due.kind)) {
        // Missed while nothing ran: told late rather than never, unless the next thing is due already.
        let is_overtaken = clock.due.iter().any(|later| later.date > due.date && later.date <= today);
        let is_new = memory.due.insert(told(due.kind));
        if is_new && !is_overtaken {
            alerts.push(Alert {
                kind: AlertKind::DecisionDue,
                rule: due.kind.as_str().to_owned(),
                step,
                step_before: clock.decision.step,
                value: None,
                threshold: None,
                title: number.to_string(),
                since: due.date.to_string(),
            });
        }
    }
    // What belongs to decisions before the last one is over.
    memory.due.retain(|key| {
        key.split_once(':')
            .and_then(|(number, _)| number.parse::<u32>().ok())
            .is_some_and(|known| known + 8 > number)
    });
    alerts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{
        Answer, CeilingOn, Circumstances, ClockRules, Journal, check, parse_exemption_list, run_clock,
    };
    use crate::epi::Calendar;

    #[derive(Debug)]
    struct NoOrder;

    impl CeilingOn for NoOrder {
        fn ceiling(&self, _: NaiveDate) -> Option<crate::assessment::Ceiling> {
            None
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn book() -> Journal {
        let policy =
            crate::assessment::Policy::parse(include_str!("../../data/policy/kota-bogor.toml")).unwrap();
        let list =
            parse_exemption_list(include_str!("../../data/exemption/kota-bogor-2021-06-28.toml")).unwrap();
        let (calendar, journal, units) =
            (Calendar::default(), Journal::default(), std::collections::BTreeMap::new());
        let answer = Answer {
            step: "4".to_owned(),
            decided_by: "Bima Arya".to_owned(),
            office: "mayor".to_owned(),
            start: "2021-06-29".to_owned(),
            last_day: "2021-07-05".to_owned(),
            reasons: vec![("case_trend".to_owned(), String::new())],
            departure: "percobaan".to_owned(),
            exemption_list: list.id.clone(),
            ..Answer::default()
        };
        let case = Circumstances {
            location: "3271",
            today: day("2021-06-28"),
            calendar: &calendar,
            journal: &journal,
            recommended: None,
            policy: &policy,
            ceiling: &NoOrder,
            lists: &[list],
            units: &units,
        };
        let decision = check(&answer, case).unwrap().signed(1, ("sekda", "2021-06-28T13:00:00Z"), "0");
        Journal::new(vec![decision]).unwrap()
    }

    #[test]
    fn each_thing_that_falls_due_is_told_once_and_a_day_late_rather_than_never() {
        let (book, calendar) = (book(), Calendar::default());
        let mut memory = Memory::default();
        let mut told = |date: &str| {
            let clock = run_clock(&book, day(date), None, (&calendar, ClockRules::default()));
            let alerts = detect_due(&mut memory, clock.as_ref(), day(date), Step::HIGHEST);
            alerts.into_iter().map(|alert| alert.rule).collect::<Vec<_>>()
        };
        assert_eq!(told("2021-06-30"), Vec::<String>::new());
        assert_eq!(told("2021-07-03"), ["reminder", "ready"]);
        assert_eq!(told("2021-07-04"), Vec::<String>::new());
        // Nothing was evaluated on the 5th: that it lapsed takes the place of what came before.
        assert_eq!(told("2021-07-06"), ["lapse"]);
        assert_eq!(told("2021-07-07"), Vec::<String>::new());
    }
}
