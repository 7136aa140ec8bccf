//! Two policies over the same days: how long at which step, how often they switch, which one was earlier, how many days at the
//! office lie between them.

use chrono::NaiveDate;

use super::level::Step;
use super::policy::Policy;
use crate::epi::Calendar;

/// One day under a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayStep {
    /// The day.
    pub date: NaiveDate,
    /// The step told of it.
    pub step: Step,
    /// Whether the level could be told.
    pub is_known: bool,
}

/// What one policy did over a period.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PolicySummary {
    /// Days at each step, 0 to 4, on which the level could be told.
    pub days_at: [u32; 5],
    /// Days on which it could not.
    pub unknown_days: u32,
    /// How often the level rose.
    pub raises: u32,
    /// How often it fell.
    pub falls: u32,
    /// Levels that lasted for one reading and went back to the one before.
    pub spikes: u32,
    /// Working days of staff that the caps let be at the office, if the head-count is known.
    pub office_days: Option<f64>,
}

/// One wave at or above a step, as two policies saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// At or above this step.
    pub step: Step,
    /// First and last day by the first policy; `None` if it never got there.
    pub first: Option<(NaiveDate, NaiveDate)>,
    /// The same by the second policy.
    pub second: Option<(NaiveDate, NaiveDate)>,
}

impl Shift {
    /// Days by which the second policy was later to enter (negative: earlier), where both did.
    #[must_use]
    pub fn enter_lag_days(&self) -> Option<i64> {
        let (first, second) = self.first.zip(self.second)?;
        Some((second.0 - first.0).num_days())
    }
}

/// When a policy left a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// It never got there.
    Never,
    /// It was there to the end of what was compared: nobody knows when it leaves.
    Still,
    /// After this day.
    After(NaiveDate),
}

/// Two policies over the same days.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What the first did.
    pub first: PolicySummary,
    /// What the second did.
    pub second: PolicySummary,
    /// Days on which both could be told and said different steps.
    pub different_days: u32,
    /// Waves, by step and then by day.
    pub shifts: Vec<Shift>,
    /// The last day that was compared.
    pub last_day: Option<NaiveDate>,
}

impl Comparison {
    /// When each of the two left a wave.
    #[must_use]
    pub fn left(&self, shift: &Shift) -> [Left; 2] {
        [shift.first, shift.second].map(|spell| match spell {
            None => Left::Never,
            Some((_, end)) if Some(end) == self.last_day => Left::Still,
            Some((_, end)) => Left::After(end),
        })
    }

    /// Days by which the second policy was later to leave, where both have left.
    #[must_use]
    pub fn leave_lag_days(&self, shift: &Shift) -> Option<i64> {
        match self.left(shift) {
            [Left::After(first), Left::After(second)] => Some((second - first).num_days()),
            _ => None,
        }
    }
}

/// Two spells of one policy that lie so near are one wave for the other.
const SAME_WAVE_DAYS: i64 = 28;

/// Sums up what a policy did. Switches and spikes are counted from one day that could be told to the next, so that weekly
/// readings count as such. `headcount` gives the staff of a day; their working days are counted by the step's cap for
/// non-service units.
#[must_use]
pub fn summarise(
    policy: &Policy,
    days: &[DayStep],
    (calendar, headcount): (&Calendar, &dyn Fn(NaiveDate) -> Option<f64>),
) -> PolicySummary {
    let mut summary = PolicySummary::default();
    for day in days {
        if day.is_known {
            summary.days_at[usize::from(day.step.number()).min(4)] += 1;
        } else {
            summary.unknown_days += 1;
        }
        if let Some(staff) = headcount(day.date).filter(|_| calendar.is_working_day(day.date)) {
            let cap = f64::from(policy.step(day.step).caps.non_service) / 100.0;
            *summary.office_days.get_or_insert(0.0) += staff * cap;
        }
    }
    let known: Vec<Step> = days.iter().filter(|day| day.is_known).map(|day| day.step).collect();
    for pair in known.windows(2) {
        summary.raises += u32::from(pair[1] > pair[0]);
        summary.falls += u32::from(pair[1] < pair[0]);
    }
    let is_spike = |three: &&[Step]| three[0] == three[2] && three[1] != three[0];
    summary.spikes = u32::try_from(known.windows(3).filter(is_spike).count()).unwrap_or(u32::MAX);
    summary
}

/// Holds two policies against each other over the same days, in the same order.
#[must_use]
pub fn compare(
    first: &[DayStep],
    second: &[DayStep],
    summaries: (PolicySummary, PolicySummary),
) -> Comparison {
    let pairs = first.iter().zip(second);
    let differ =
        |(one, other): &(&DayStep, &DayStep)| one.is_known && other.is_known && one.step != other.step;
    let shifts = Step::all().skip(1).flat_map(|step| waves(step, first, second));
    Comparison {
        different_days: u32::try_from(pairs.filter(differ).count()).unwrap_or(u32::MAX),
        shifts: shifts.collect(),
        first: summaries.0,
        second: summaries.1,
        last_day: first.iter().chain(second).map(|day| day.date).max(),
    }
}

type Spell = (NaiveDate, NaiveDate);

/// Runs of days at or above a step; days that could not be told hold the step and break no run.
fn spells(step: Step, days: &[DayStep]) -> Vec<Spell> {
    let mut spells: Vec<Spell> = Vec::new();
    let mut is_open = false;
    for day in days {
        if day.step >= step {
            match spells.last_mut().filter(|_| is_open) {
                Some(spell) => spell.1 = day.date,
                None => spells.push((day.date, day.date)),
            }
        }
        is_open = day.step >= step;
    }
    spells
}

/// Spells of two policies that overlap, or nearly do, are one wave.
fn waves(step: Step, first: &[DayStep], second: &[DayStep]) -> Vec<Shift> {
    let mut all: Vec<(Spell, bool)> = spells(step, first).into_iter().map(|spell| (spell, true)).collect();
    all.extend(spells(step, second).into_iter().map(|spell| (spell, false)));
    all.sort_unstable();
    let mut waves: Vec<(Shift, NaiveDate)> = Vec::new();
    let joined = |known: Option<Spell>, spell: Spell| {
        Some(known.map_or(spell, |known| (known.0.min(spell.0), known.1.max(spell.1))))
    };
    for (spell, is_first) in all {
        let is_near = |end: NaiveDate| (spell.0 - end).num_days() <= SAME_WAVE_DAYS;
        if !waves.last().is_some_and(|(_, end)| is_near(*end)) {
            waves.push((Shift { step, first: None, second: None }, spell.1));
        }
        if let Some((shift, end)) = waves.last_mut() {
            let side = if is_first { &mut shift.first } else { &mut shift.second };
            *side = joined(*side, spell);
            *end = spell.1.max(*end);
        }
    }
    waves.into_iter().map(|(shift, _)| shift).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(steps: &[i8]) -> Vec<DayStep> {
        let first: NaiveDate = "2021-06-21".parse().unwrap();
        let day = |(place, step): (i64, &i8)| DayStep {
            date: first + chrono::Duration::days(place),
            step: Step::try_from(u8::try_from(*step).unwrap_or(0)).unwrap(),
            is_known: *step >= 0,
        };
        (0..).zip(steps).map(day).collect()
    }

    fn policy() -> Policy {
        Policy::parse(include_str!("../../data/policy/kota-bogor.toml")).unwrap()
    }

    fn summary(steps: &[i8], staff: Option<f64>) -> PolicySummary {
        summarise(&policy(), &days(steps), (&Calendar::default(), &|_| staff))
    }

    #[test]
    fn days_switches_and_spikes_are_counted() {
        let told = summary(&[0, 0, 3, 0, 0, 2, 4, 4, -1, 3], None);
        assert_eq!(told.days_at, [4, 0, 1, 2, 2]);
        assert_eq!((told.unknown_days, told.raises, told.falls, told.spikes), (1, 3, 2, 1));
        assert_eq!(told.office_days, None);
    }

    #[test]
    fn days_at_the_office_are_working_days_under_the_cap() {
        // Monday to Sunday: five working days at 25% of 100 people.
        assert_eq!(summary(&[3; 7], Some(100.0)).office_days, Some(125.0));
        assert_eq!(summary(&[4; 7], Some(100.0)).office_days, Some(0.0));
    }

    #[test]
    fn the_later_of_two_policies_is_told_by_its_days() {
        let (one, other) = (days(&[0, 3, 3, 3, 0, 0, 0]), days(&[0, 0, 0, 3, 3, 3, 0]));
        let compared = compare(&one, &other, (PolicySummary::default(), PolicySummary::default()));
        assert_eq!(compared.different_days, 4);
        let at_three = compared.shifts.iter().find(|shift| shift.step.number() == 3).unwrap();
        assert_eq!((at_three.enter_lag_days(), compared.leave_lag_days(at_three)), (Some(2), Some(2)));
        assert!(compared.shifts.iter().all(|shift| shift.step.number() <= 3));
    }

    #[test]
    fn a_level_that_goes_on_to_the_end_was_not_left() {
        let (one, other) = (days(&[0, 3, 3, 3, 0]), days(&[0, 0, 0, 3, 3]));
        let compared = compare(&one, &other, (PolicySummary::default(), PolicySummary::default()));
        let at_three = compared.shifts.iter().find(|shift| shift.step.number() == 3).unwrap();
        assert_eq!(compared.left(at_three), [Left::After(one[3].date), Left::Still]);
        assert_eq!(compared.leave_lag_days(at_three), None);
    }

    #[test]
    fn a_wave_that_only_one_saw_stands_alone() {
        let (one, other) = (days(&[0, 3, 0]), days(&[0, 0, 0]));
        let compared = compare(&one, &other, (PolicySummary::default(), PolicySummary::default()));
        let at_three = compared.shifts.last().unwrap();
        assert!(at_three.first.is_some() && at_three.second.is_none());
        assert_eq!(at_three.enter_lag_days(), None);
    }
}
