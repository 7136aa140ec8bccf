//! Laying out turns on duty: fair over the years, with nobody on duty three working days running.
//!
//! **Who is next.** A day on which `n` officers are available and `k` of them go on duty makes each of the `n` owe `k/n` of
//! a turn. What an officer has done less what they owed is their *lead*; the smallest lead is next, then the fewest
//! turns on this weekday, then a number drawn from the seed. A day of absence is not owed: who comes back from leave
//! goes on where they left and pays nothing for it, and who is new starts level.
//!
//! **Theorem.** Two officers of a unit who were always available on the same days differ by at most one turn, over any
//! number of periods, provided that each of those days had at least twice as many officers available as turns, and that
//! nobody swapped. *Proof.* They owed the same, so their leads differ by whole turns, and with officers enough foresight is
//! idle (`cover`): nobody is passed over but for a smaller lead or to rest. Let the first day after which `i` is two turns
//! ahead of `j` be the one on which `i`, one ahead, is chosen and `j` is not. Then `j` rests, having been on duty on both
//! working days before; `i` does not rest, so it was on duty on one of them at most. Before those two days `i` was two turns
//! ahead already: that day was not the first. ∎
//!
//! Where a day has fewer officers, turns are filled first and fairness comes second: the next days make up for it, because
//! the lead is kept. Weekdays starve nobody: turns are not tied to a weekday, and of equal leads the one with the fewest
//! turns on this weekday comes, so that a team of five does not see the same person every Monday.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::cover::{Choice, Cover, LONGEST_RUN, Runs, after, run_of};
use super::duty::{Duty, Gap, Hole};
use crate::workforce::officer::Officer;
use crate::workforce::position::PositionRule;

/// The most turns of a unit on a day.
pub const MOST_OFFICERS: u32 = 3;
/// A unit of more staff has two officers a day where nothing else is said.
const LARGE: u32 = 50;
/// A turn, in the parts in which what is owed is counted. Whole numbers: the same on every machine.
const TURN: i64 = 1_000_000;

/// Officers a unit needs on a working day where nobody said otherwise.
#[must_use]
pub fn default_officers(staff: Option<u32>) -> u32 {
    if staff.is_some_and(|staff| staff > LARGE) { 2 } else { 1 }
}

/// What an officer did and owed up to a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Turns {
    /// Turns on duty.
    pub done: u32,
    /// Turns by weekday, Monday first.
    pub weekdays: [u32; 7],
    /// What was owed, in millionths of a turn.
    pub owed: i64,
}

impl Turns {
    /// Turns done less turns owed, in millionths.
    #[must_use]
    pub fn lead(&self) -> i64 {
        i64::from(self.done) * TURN - self.owed
    }
}

/// What happened before the days that are planned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// Of each officer; one who is not there is new.
    pub turns: BTreeMap<String, Turns>,
    /// Who was on duty on the last two working days, the nearest first.
    pub last: [Vec<String>; 2],
}

/// A unit's days that are to be laid out.
#[derive(Debug, Clone, Copy)]
pub struct Planning<'a> {
    /// The unit.
    pub unit_id: &'a str,
    /// Its officers.
    pub officers: &'a [Officer],
    /// Who of them takes turns.
    pub rule: &'a PositionRule,
    /// Officers on a day: 1 to [`MOST_OFFICERS`].
    pub required: u32,
    /// The working days, in order.
    pub days: &'a [NaiveDate],
    /// What happened before.
    pub past: &'a Past,
    /// Decides between equals.
    pub seed: u64,
}

/// The turns of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRoster {
    /// Who is on duty, in order of days.
    pub duties: Vec<Duty>,
    /// Days without enough officers.
    pub holes: Vec<Hole>,
    /// What each officer did and owed at the end.
    pub turns: BTreeMap<String, Turns>,
}

/// Lays out a unit's days; the same arguments give the same roster. Rules and promises: the head of this file.
#[must_use]
pub fn plan(planning: &Planning<'_>) -> UnitRoster {
    let mut officers: Vec<&Officer> = planning
        .officers
        .iter()
        .filter(|officer| officer.unit_id == planning.unit_id)
        .filter(|officer| planning.rule.lets_in(&officer.title, officer.position))
        .collect();
    officers.sort_by(|one, other| one.id.cmp(&other.id));
    officers.dedup_by(|one, other| one.id == other.id);
    let there = |date: &NaiveDate| {
        (0..officers.len()).filter(|place| officers[*place].is_available(*date)).collect::<Vec<usize>>()
    };
    let available: Vec<Vec<usize>> = planning.days.iter().map(there).collect();
    let required = planning.required.clamp(1, MOST_OFFICERS);
    let turns =
        officers.iter().map(|officer| planning.past.turns.get(&officer.id).copied().unwrap_or_default());
    let mut layout = Layout {
        planning,
        required: required as usize,
        turns: turns.collect(),
        stood_in: vec![0; officers.len()],
        cover: Cover::new(&available, required as usize),
        officers,
    };
    let mut roster = UnitRoster { duties: Vec::new(), holes: Vec::new(), turns: BTreeMap::new() };
    let mut runs = layout.runs_before();
    for (day, there) in available.iter().enumerate() {
        let chosen = layout.choose(day, there, &runs);
        layout.write(day, (there, &chosen, &runs), &mut roster);
        layout.count(day, there, &chosen);
        runs = after(&runs, &chosen);
    }
    let ids = layout.officers.iter().map(|officer| officer.id.clone());
    roster.turns = ids.zip(layout.turns).collect();
    roster
}

/// The state while days are laid out. Officers are places in their list.
struct Layout<'a> {
    planning: &'a Planning<'a>,
    officers: Vec<&'a Officer>,
    required: usize,
    turns: Vec<Turns>,
    /// How often each stands in, in these days.
    stood_in: Vec<u32>,
    cover: Cover<'a>,
}

impl Layout<'_> {
    /// Who was on duty before the first day, and for how long.
    fn runs_before(&self) -> Runs {
        let was_on = |day: usize, id: &str| self.planning.past.last[day].iter().any(|known| known == id);
        let run = |place: usize| {
            let id = self.officers[place].id.as_str();
            match (was_on(0, id), was_on(1, id)) {
                (true, true) => Some((place, LONGEST_RUN)),
                (true, false) => Some((place, 1)),
                (false, _) => None,
            }
        };
        (0..self.officers.len()).filter_map(run).collect()
    }

    /// Who is on duty: the fairest choice of those that leave the fewest turns open later.
    fn choose(&mut self, day: usize, there: &[usize], runs: &Runs) -> Vec<usize> {
        let mut rested: Vec<usize> =
            there.iter().copied().filter(|place| run_of(runs, *place) < LONGEST_RUN).collect();
        rested.sort_by_cached_key(|place| self.rank(*place, day));
        let mut choice = Choice::first(self.required.min(rested.len()));
        let picked = |choice: &Choice| choice.places().map(|place| rested[place]).collect::<Vec<usize>>();
        if !self.cover.is_at_risk(day + 1) {
            return picked(&choice);
        }
        // Nothing is better than everybody rested.
        let least = self.cover.open_turns(day + 1, &Runs::new());
        let mut best = (u32::MAX, Vec::new());
        loop {
            let chosen = picked(&choice);
            let open = self.cover.open_turns(day + 1, &after(runs, &chosen));
            if open < best.0 {
                best = (open, chosen);
            }
            if best.0 <= least || !choice.next(rested.len()) {
                return best.1;
            }
        }
    }

    /// The order in which officers come: lead, turns on this weekday, the lot.
    fn rank(&self, place: usize, day: usize) -> (i64, u32, u64) {
        let date = self.planning.days[day];
        let turns = &self.turns[place];
        (turns.lead(), turns.weekdays[weekday(date)], self.lot(place, date))
    }

    /// A number that looks like chance and is the same each time.
    fn lot(&self, place: usize, date: NaiveDate) -> u64 {
        let words = [self.planning.unit_id, "/", &self.officers[place].id];
        let name = words.iter().flat_map(|word| word.bytes());
        let hash = name.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let day = u64::from(date.num_days_from_ce().unsigned_abs());
        let mut mixed = hash ^ self.planning.seed.rotate_left(32) ^ day.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Writes a day's turns with somebody to stand in for each, or the hole.
    fn write(
        &mut self,
        day: usize,
        (there, chosen, runs): (&[usize], &[usize], &Runs),
        roster: &mut UnitRoster,
    ) {
        let date = self.planning.days[day];
        let unit_id = self.planning.unit_id;
        let mut reserve: Vec<usize> = there.iter().copied().filter(|place| !chosen.contains(place)).collect();
        // Who rests stands in only if nobody else can; else whoever did so least.
        reserve.sort_by_cached_key(|place| {
            (run_of(runs, *place) >= LONGEST_RUN, self.stood_in[*place], self.rank(*place, day))
        });
        let mut reserve = reserve.into_iter();
        for place in chosen {
            let substitute = reserve.next();
            if let Some(place) = substitute {
                self.stood_in[place] += 1;
            }
            roster.duties.push(Duty {
                date,
                unit_id: unit_id.to_owned(),
                officer_id: self.officers[*place].id.clone(),
                substitute: substitute.map(|place| self.officers[place].id.clone()),
            });
        }
        if chosen.len() < self.required {
            let resting = there.iter().filter(|place| run_of(runs, **place) >= LONGEST_RUN).count();
            let gap = Gap {
                officers: whole(self.officers.len()),
                away: whole(self.officers.len() - there.len()),
                resting: whole(resting),
            };
            roster.holes.push(Hole {
                date,
                unit_id: unit_id.to_owned(),
                required: whole(self.required),
                found: whole(chosen.len()),
                gap,
            });
        }
    }

    /// Counts a day: what each who was there owes, and what was done.
    fn count(&mut self, day: usize, there: &[usize], chosen: &[usize]) {
        let share =
            i64::try_from(chosen.len()).unwrap_or(0) * TURN / i64::try_from(there.len().max(1)).unwrap_or(1);
        for place in there {
            self.turns[*place].owed += share;
        }
        let weekday = weekday(self.planning.days[day]);
        for place in chosen {
            self.turns[*place].done += 1;
            self.turns[*place].weekdays[weekday] += 1;
        }
    }
}

fn weekday(date: NaiveDate) -> usize {
    date.weekday().num_days_from_monday() as usize
}

fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
