//! Foresight: how many turns must stay open from a day on, whatever is chosen, given who was on duty before.
//!
//! Only officers who were on duty the day before matter, because a turn missed rests everybody. With `r` turns a day there
//! are three kinds of days, by how many officers are available:
//!
//! * from `2r` on a day can always be filled: at most `r` of them are resting;
//! * from `6r - 2` on it can be filled by officers who neither worked the day before nor are among the at most `6r - 3`
//!   of a tight day after it. Such a day cuts the calendar: what comes after does not depend on what came before;
//! * below, the days are *tight*. Their number of officers is small, so that every choice can be weighed.
//!
//! Leaving a turn open on purpose never helps: whoever would take it can be taken out of one later turn instead. So only
//! choices that fill as much as can be filled are weighed, and the answer is exact.

use std::collections::HashMap;

/// Officers who were on duty the day before, with how many days running (1 or 2), in order of officers.
pub(super) type Runs = Vec<(usize, u8)>;

/// Days running after which an officer rests.
pub(super) const LONGEST_RUN: u8 = 2;

/// The days of a unit: who is available when, and how many turns each has.
#[derive(Debug)]
pub(super) struct Cover<'a> {
    available: &'a [Vec<usize>],
    required: usize,
    /// Whether a day is tight and one of its stretch of tight days, from it on, has fewer officers than can always do.
    is_at_risk: Vec<bool>,
    known: HashMap<(usize, Runs), u32>,
}

impl<'a> Cover<'a> {
    pub(super) fn new(available: &'a [Vec<usize>], required: usize) -> Self {
        let mut is_at_risk = vec![false; available.len()];
        let mut is_scarce_ahead = false;
        for (day, officers) in available.iter().enumerate().rev() {
            let is_tight = officers.len() < 6 * required - 2;
            is_scarce_ahead = is_tight && (is_scarce_ahead || officers.len() < 2 * required);
            is_at_risk[day] = is_scarce_ahead;
        }
        Self { available, required, is_at_risk, known: HashMap::new() }
    }

    /// Whether what is chosen before this day can leave a turn open on it or after it.
    pub(super) fn is_at_risk(&self, day: usize) -> bool {
        self.is_at_risk.get(day).copied().unwrap_or(false)
    }

    /// Turns that stay open from `day` to the end of its stretch of tight days, at best.
    pub(super) fn open_turns(&mut self, day: usize, runs: &Runs) -> u32 {
        if !self.is_at_risk(day) {
            return 0;
        }
        let officers = &self.available[day];
        let runs: Runs = runs.iter().filter(|(officer, _)| officers.contains(officer)).copied().collect();
        let key = (day, runs);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let rested: Vec<usize> =
            officers.iter().copied().filter(|officer| run_of(&key.1, *officer) < LONGEST_RUN).collect();
        let filled = self.required.min(rested.len());
        let open = u32::try_from(self.required - filled).unwrap_or(u32::MAX);
        let mut best = u32::MAX;
        let mut choice = Choice::first(filled);
        loop {
            let chosen: Vec<usize> = choice.places().map(|place| rested[place]).collect();
            best = best.min(self.open_turns(day + 1, &after(&key.1, &chosen)));
            if best == 0 || !choice.next(rested.len()) {
                break;
            }
        }
        self.known.insert(key, open + best);
        open + best
    }
}

/// How many days running an officer was on duty up to the day before.
pub(super) fn run_of(runs: &Runs, officer: usize) -> u8 {
    runs.iter().find(|(known, _)| *known == officer).map_or(0, |(_, run)| *run)
}

/// The runs after a day on which these were on duty.
pub(super) fn after(runs: &Runs, chosen: &[usize]) -> Runs {
    let mut next: Runs = chosen.iter().map(|officer| (*officer, run_of(runs, *officer) + 1)).collect();
    next.sort_unstable();
    next
}

/// Some places of a list, the first ones first.
#[derive(Debug)]
pub(super) struct Choice(Vec<usize>);

impl Choice {
    /// The first `count` places.
    pub(super) fn first(count: usize) -> Self {
        Self((0..count).collect())
    }

    pub(super) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().copied()
    }

    /// The next choice among `length` places in order of words; `false` after the last.
    pub(super) fn next(&mut self, length: usize) -> bool {
        let count = self.0.len();
        let Some(place) = (0..count).rev().find(|place| self.0[*place] < length - count + place) else {
            return false;
        };
        let start = self.0[place] + 1;
        for (offset, chosen) in self.0[place..].iter_mut().enumerate() {
            *chosen = start + offset;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_come_in_order_and_all_of_them() {
        let mut choice = Choice::first(2);
        let mut all = vec![choice.places().collect::<Vec<_>>()];
        while choice.next(4) {
            all.push(choice.places().collect());
        }
        assert_eq!(all, [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]);
        assert!(!Choice::first(0).next(3), "nothing can be chosen in one way");
    }

    #[test]
    fn an_officer_who_is_alone_tomorrow_is_spared_today() {
        // Day 0: both; day 1 and 2: only the second.
        let available = [vec![0, 1], vec![1], vec![1]];
        let mut cover = Cover::new(&available, 1);
        assert_eq!(cover.open_turns(0, &Vec::new()), 0);
        assert_eq!(cover.open_turns(1, &vec![(1, 1)]), 1, "on duty on day 0, the third day is open");
        assert_eq!(cover.open_turns(1, &vec![(0, 1)]), 0);
        assert_eq!(cover.open_turns(0, &vec![(0, 2)]), 1, "the first rests, so the second is worn out");
        let alone = [vec![0], vec![0], vec![0], vec![0], vec![0]];
        assert_eq!(Cover::new(&alone, 1).open_turns(0, &Vec::new()), 1, "two on, one off, two on");
    }

    #[test]
    fn days_with_officers_enough_need_no_foresight() {
        let many = vec![(0..4).collect::<Vec<usize>>(); 30];
        assert!(!Cover::new(&many, 2).is_at_risk(0), "four for two turns always do");
        let few = [vec![0, 1, 2], (0..10).collect(), vec![0]];
        let cover = Cover::new(&few, 1);
        assert!(!cover.is_at_risk(0), "the day between has officers to spare");
        assert!(cover.is_at_risk(2));
    }
}
