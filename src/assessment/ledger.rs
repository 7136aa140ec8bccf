//! What was said when: evaluations without their reasons, and of each day the one that stood in the evening.

use chrono::NaiveDate;

use super::level::{Mode, Step};
use super::report::{PolicyId, Verdict};
use crate::epi::Vintage;

/// One evaluation, without its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// Its id: location and moment.
    pub id: String,
    /// The day.
    pub date: NaiveDate,
    /// As known when.
    pub as_of: Vintage,
    /// By which rules.
    pub policy: PolicyId,
    /// The recommended step.
    pub step: Step,
    /// How it is shown.
    pub mode: Mode,
    /// What the rules said to do.
    pub verdict: Verdict,
}

/// The last evaluation of each day, before another day was evaluated, oldest first: days are evaluated several times when figures come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger(Vec<Evaluation>);

impl Ledger {
    /// As it was at a moment. `all` are every evaluation of a location, oldest first.
    #[must_use]
    pub fn known_by(all: &[Evaluation], as_of: Vintage) -> Self {
        let known = &all[..all.partition_point(|evaluation| evaluation.as_of <= as_of)];
        let days = known.chunk_by(|one, next| one.date == next.date);
        Self(days.filter_map(<[_]>::last).cloned().collect())
    }

    /// Every evening, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Evaluation> {
        self.0.iter()
    }

    /// What stood in the evening of a day.
    #[must_use]
    pub fn on(&self, date: NaiveDate) -> Option<&Evaluation> {
        self.0.iter().find(|evaluation| evaluation.date == date)
    }

    /// The newest.
    #[must_use]
    pub fn last(&self) -> Option<&Evaluation> {
        self.0.last()
    }

    /// The evenings on which step or mode were not those of the evening before, oldest first.
    pub fn changes(&self) -> impl DoubleEndedIterator<Item = &Evaluation> {
        let said = |evaluation: &Evaluation| (evaluation.step, evaluation.mode);
        self.0.chunk_by(move |one, next| said(one) == said(next)).filter_map(<[_]>::first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluated(minute: i64, date: &str, step: u8) -> Evaluation {
        let step = Step::try_from(step).unwrap();
        Evaluation {
            id: minute.to_string(),
            date: date.parse().unwrap(),
            as_of: Vintage::from_millis(minute * 60_000).unwrap(),
            policy: PolicyId { id: "kota-bogor".to_owned(), version: "1".to_owned() },
            step,
            mode: Mode::of(step),
            verdict: Verdict::Hold,
        }
    }

    fn ids<'e>(evenings: impl Iterator<Item = &'e Evaluation>) -> Vec<&'e str> {
        evenings.map(|evaluation| evaluation.id.as_str()).collect()
    }

    #[test]
    fn of_a_day_the_last_evaluation_stands_as_far_as_it_was_known() {
        let (day, next) = ("2021-06-28", "2021-06-29");
        let all = [
            evaluated(1, day, 3),
            evaluated(2, day, 4),
            evaluated(3, next, 4),
            evaluated(4, next, 4),
            evaluated(5, day, 3),
        ];
        let as_of = |minute: i64| Vintage::from_millis(minute * 60_000).unwrap();
        assert_eq!(Ledger::known_by(&all, as_of(0)), Ledger::default());
        assert_eq!(ids(Ledger::known_by(&all, as_of(1)).iter()), ["1"]);
        assert_eq!(ids(Ledger::known_by(&all, as_of(3)).iter()), ["2", "3"]);
        let whole = Ledger::known_by(&all, as_of(9));
        assert_eq!(
            ids(whole.iter()),
            ["2", "4", "5"],
            "a day that is looked at again later is an evening of its own"
        );
        assert_eq!(whole.on(day.parse().unwrap()).map(|evening| evening.id.as_str()), Some("2"));
        assert_eq!(whole.on("2021-06-30".parse().unwrap()), None);
        assert_eq!(whole.last().map(|evening| evening.id.as_str()), Some("5"));
    }

    #[test]
    fn a_change_is_an_evening_with_another_step_or_mode() {
        let mut all: Vec<Evaluation> = [(1, 1), (2, 1), (3, 4), (4, 4)]
            .iter()
            .map(|(day, step)| evaluated(*day, &format!("2021-06-0{day}"), *step))
            .collect();
        all.push(Evaluation { mode: Mode::NotAssessable, ..evaluated(5, "2021-06-05", 4) });
        let ledger = Ledger::known_by(&all, Vintage::from_millis(i64::MAX / 2_000_000).unwrap());
        assert_eq!(ids(ledger.changes()), ["1", "3", "5"]);
        assert_eq!(ids(ledger.changes().rev()), ["5", "3", "1"]);
    }
}
