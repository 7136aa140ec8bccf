//! What the duty roster promises, held against random units, sizes, absences, holidays and periods, and against every roster
//! there is where there are few.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};
use proptest::prelude::*;
use siaga::epi::{Calendar, Window};
use siaga::workforce::{
    Duty, MOST_OFFICERS, Officer, Past, Planning, Position, PositionRule, Turns, UnitRoster, plan,
};

fn officer(place: usize, away: Vec<Window>) -> Officer {
    Officer {
        id: format!("p-{place:03}"),
        unit_id: "setda".to_owned(),
        name: format!("Petugas {place}"),
        title: String::new(),
        position: if place.is_multiple_of(3) { Position::Eselon3 } else { Position::Staff },
        phone: "0811 000000".to_owned(),
        away,
    }
}

fn first_day() -> NaiveDate {
    "2021-06-01".parse().unwrap()
}

fn working_days(calendar: &Calendar, from: NaiveDate, days: i64) -> Vec<NaiveDate> {
    let window = Window { from, to: from + Duration::days(days - 1) };
    window.days().filter(|day| calendar.is_working_day(*day)).collect()
}

/// A unit over several periods, each going on from the one before.
#[derive(Debug)]
struct Years {
    duties: Vec<Duty>,
    days: Vec<NaiveDate>,
    periods: Vec<UnitRoster>,
}

fn years(officers: &[Officer], required: u32, (calendar, lengths): (&Calendar, &[i64]), seed: u64) -> Years {
    let rule = PositionRule::default();
    let mut past = Past::default();
    let mut years = Years { duties: Vec::new(), days: Vec::new(), periods: Vec::new() };
    let mut from = first_day();
    for length in lengths {
        let days = working_days(calendar, from, *length);
        let planning =
            Planning { unit_id: "setda", officers, rule: &rule, required, days: &days, past: &past, seed };
        let roster = plan(&planning);
        assert_eq!(roster, plan(&planning), "the same arguments give the same roster");
        from += Duration::days(*length);
        years.days.extend(days);
        years.duties.extend(roster.duties.clone());
        past = Past { turns: roster.turns.clone(), last: last_two(&years) };
        years.periods.push(roster);
    }
    years
}

fn last_two(years: &Years) -> [Vec<String>; 2] {
    let on = |back: usize| {
        let Some(day) = years.days.iter().rev().nth(back) else { return Vec::new() };
        let there = years.duties.iter().filter(|duty| duty.date == *day);
        there.map(|duty| duty.officer_id.clone()).collect()
    };
    [on(0), on(1)]
}

/// Nobody twice a day, nobody three working days running, nobody who is away, and all that were planned are told.
fn keeps_the_rules(years: &Years, officers: &[Officer], required: u32) {
    let mut on: BTreeMap<NaiveDate, BTreeSet<&str>> = BTreeMap::new();
    for duty in &years.duties {
        assert!(on.entry(duty.date).or_default().insert(&duty.officer_id), "twice on {}", duty.date);
        let who = officers.iter().find(|officer| officer.id == duty.officer_id).unwrap();
        assert!(who.is_available(duty.date), "{} is away on {}", who.id, duty.date);
        if let Some(substitute) = &duty.substitute {
            let who = officers.iter().find(|officer| officer.id == *substitute).unwrap();
            assert!(who.is_available(duty.date) && *substitute != duty.officer_id);
        }
    }
    for three in years.days.windows(3) {
        let [one, two, three] =
            [three[0], three[1], three[2]].map(|day| on.get(&day).cloned().unwrap_or_default());
        let thrice: Vec<_> = one.intersection(&two).filter(|id| three.contains(*id)).collect();
        assert!(thrice.is_empty(), "{thrice:?} on duty three working days running");
    }
    for day in &years.days {
        let filled = u32::try_from(on.get(day).map_or(0, BTreeSet::len)).unwrap();
        let hole = years.periods.iter().flat_map(|roster| &roster.holes).find(|hole| hole.date == *day);
        assert_eq!(filled < required, hole.is_some(), "a day that lacks officers is listed: {day}");
        assert!(hole.is_none_or(|hole| hole.found == filled && hole.required == required));
    }
}

/// The most turns that any roster can fill, by trying them all.
fn most_turns(available: &[Vec<usize>], required: usize, before: &[u8]) -> usize {
    let Some((there, rest)) = available.split_first() else { return 0 };
    let rested: Vec<usize> = there.iter().copied().filter(|place| before[*place] < 2).collect();
    (0_u32..1 << rested.len())
        .filter(|set| set.count_ones() as usize <= required)
        .map(|set| {
            let mut runs = vec![0; before.len()];
            for (bit, place) in rested.iter().enumerate() {
                if set & (1 << bit) != 0 {
                    runs[*place] = before[*place] + 1;
                }
            }
            set.count_ones() as usize + most_turns(rest, required, &runs)
        })
        .max()
        .unwrap_or(0)
}

fn absences(officers: usize, days: i64) -> impl Strategy<Value = Vec<Vec<Window>>> {
    let away = (0..days, 1..9_i64).prop_map(|(from, length)| Window {
        from: first_day() + Duration::days(from),
        to: first_day() + Duration::days(from + length - 1),
    });
    prop::collection::vec(prop::collection::vec(away, 0..4), officers)
}

fn holidays() -> impl Strategy<Value = Calendar> {
    let day = (0..120_i64).prop_map(|day| first_day() + Duration::days(day));
    prop::collection::vec(day, 0..12).prop_map(Calendar::new)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_roster_keeps_the_rules_over_its_periods(
        (away, required) in (0..14_usize, 1..=MOST_OFFICERS).prop_flat_map(|(officers, required)| {
            (absences(officers, 90), Just(required))
        }),
        calendar in holidays(),
        lengths in prop::collection::vec(1..40_i64, 1..4),
        seed in any::<u64>(),
    ) {
        let officers: Vec<Officer> =
            away.into_iter().enumerate().map(|(place, away)| officer(place, away)).collect();
        let years = years(&officers, required, (&calendar, &lengths), seed);
        keeps_the_rules(&years, &officers, required);
        let done: usize = years.duties.len();
        let counted: u32 = years.periods.last().unwrap().turns.values().map(|turns| turns.done).sum();
        prop_assert_eq!(done, counted as usize, "every turn counts");
    }

    #[test]
    fn a_turn_that_can_be_filled_is_filled(
        there in prop::collection::vec(prop::collection::vec(any::<bool>(), 7), 1..5),
        required in 1..=2_u32,
        seed in any::<u64>(),
    ) {
        let days = working_days(&Calendar::default(), first_day(), 9);
        prop_assert_eq!(days.len(), 7);
        let officers: Vec<Officer> = there
            .iter()
            .enumerate()
            .map(|(place, there)| {
                let away = days.iter().zip(there).filter(|(_, is_there)| !**is_there);
                officer(place, away.map(|(day, _)| Window { from: *day, to: *day }).collect())
            })
            .collect();
        let available: Vec<Vec<usize>> = days
            .iter()
            .map(|day| (0..officers.len()).filter(|place| officers[*place].is_available(*day)).collect())
            .collect();
        let (rule, past) = (PositionRule::default(), Past::default());
        let roster = plan(&Planning {
            unit_id: "setda", officers: &officers, rule: &rule, required, days: &days, past: &past, seed,
        });
        let most = most_turns(&available, required as usize, &vec![0; officers.len()]);
        prop_assert_eq!(roster.duties.len(), most);
        let open: u32 = roster.holes.iter().map(|hole| hole.required - hole.found).sum();
        prop_assert_eq!(open as usize, days.len() * required as usize - most, "and the rest is told");
    }

    #[test]
    fn officers_who_are_there_on_the_same_days_differ_by_one_turn_at_most(
        (groups, required) in (1..=MOST_OFFICERS).prop_flat_map(|required| {
            // Three leave patterns; the officers of one share it. One group is always there, and large enough.
            ((2 * required as usize)..9, 0..5_usize, 0..5_usize, absences(2, 300), Just(required))
                .prop_map(|(always, one, other, away, required)| {
                    let none: &[Window] = &[];
                    let groups = [(always, none.to_vec()), (one, away[0].clone()), (other, away[1].clone())];
                    (groups, required)
                })
        }),
        calendar in holidays(),
        lengths in prop::collection::vec(1..60_i64, 1..8),
        seed in any::<u64>(),
    ) {
        let mut officers = Vec::new();
        let mut group_of = BTreeMap::new();
        for (group, (count, away)) in groups.iter().enumerate() {
            for _ in 0..*count {
                let who = officer(officers.len(), away.clone());
                group_of.insert(who.id.clone(), group);
                officers.push(who);
            }
        }
        let years = years(&officers, required, (&calendar, &lengths), seed);
        keeps_the_rules(&years, &officers, required);
        for roster in &years.periods {
            for group in 0..groups.len() {
                let done: Vec<u32> = roster
                    .turns
                    .iter()
                    .filter(|(id, _)| group_of[*id] == group)
                    .map(|(_, turns)| turns.done)
                    .collect();
                let spread = done.iter().max().unwrap_or(&0) - done.iter().min().unwrap_or(&0);
                prop_assert!(spread <= 1, "group {group}: {done:?}");
            }
            let owes: i64 = roster.turns.values().map(Turns::lead).map(i64::abs).max().unwrap_or(0);
            prop_assert!(owes < 20_000_000, "nobody runs away from what they owe: {owes}");
        }
    }
}

#[test]
fn a_team_of_five_does_not_see_the_same_person_every_monday() {
    let officers: Vec<Officer> = (0..5).map(|place| officer(place, Vec::new())).collect();
    // Every second Monday is a holiday: whoever had Mondays would have half the turns.
    let mondays = (0..60).map(|week| first_day() + Duration::days(6 + 14 * week));
    let calendar = Calendar::new(mondays);
    let years = years(&officers, 1, (&calendar, &[31; 12]), 7);
    keeps_the_rules(&years, &officers, 1);
    let last = &years.periods.last().unwrap().turns;
    let done: Vec<u32> = last.values().map(|turns| turns.done).collect();
    assert!(done.iter().max().unwrap() - done.iter().min().unwrap() <= 1, "{done:?}");
    for weekday in 0..5 {
        let of_day: Vec<u32> = last.values().map(|turns| turns.weekdays[weekday]).collect();
        let spread = of_day.iter().max().unwrap() - of_day.iter().min().unwrap();
        assert!(spread <= 4 && *of_day.iter().min().unwrap() > 0, "weekday {weekday}: {of_day:?}");
    }
}

#[test]
fn who_comes_back_from_leave_pays_nothing_for_it_and_who_is_new_starts_level() {
    let month = Window { from: first_day(), to: first_day() + Duration::days(29) };
    let mut officers: Vec<Officer> = (0..4).map(|place| officer(place, Vec::new())).collect();
    officers.push(officer(4, vec![month]));
    let years = years(&officers, 1, (&Calendar::default(), &[30, 28]), 1);
    let after = &years.periods[1].turns;
    let in_second = |id: &str| after[id].done - years.periods[0].turns[id].done;
    let always: Vec<u32> = (0..4).map(|place| in_second(&format!("p-{place:03}"))).collect();
    assert!(always.iter().all(|turns| turns.abs_diff(in_second("p-004")) <= 1), "{always:?} {after:?}");
    assert_eq!(years.periods[0].turns["p-004"].done, 0);
}

#[test]
fn the_rule_of_positions_says_who_takes_turns_and_holes_say_why() {
    let officers: Vec<Officer> = (0..3).map(|place| officer(place, Vec::new())).collect();
    let rule = PositionRule { titles: Vec::new(), classes: vec![Position::Eselon3] };
    let days = working_days(&Calendar::default(), first_day(), 7);
    let past = Past::default();
    let planning = Planning {
        unit_id: "setda",
        officers: &officers,
        rule: &rule,
        required: 1,
        days: &days,
        past: &past,
        seed: 0,
    };
    let roster = plan(&planning);
    assert!(roster.duties.iter().all(|duty| duty.officer_id == "p-000"));
    let hole = &roster.holes[0];
    assert_eq!((roster.holes.len(), hole.gap.officers, hole.gap.away, hole.gap.resting), (1, 1, 0, 1));
    let other = plan(&Planning { unit_id: "dinkes", ..planning });
    assert_eq!((other.duties.len(), other.holes.len(), other.holes[0].gap.officers), (0, days.len(), 0));
}

#[test]
fn who_was_on_duty_on_the_last_two_days_of_the_old_roster_rests_in_the_new_one() {
    let officers: Vec<Officer> = (0..2).map(|place| officer(place, Vec::new())).collect();
    let days = working_days(&Calendar::default(), first_day(), 1);
    let behind = Turns { done: 9, weekdays: [0; 7], owed: 20_000_000 };
    let turns = [("p-000".to_owned(), behind), ("p-001".to_owned(), Turns::default())];
    let tired = || vec!["p-000".to_owned()];
    let rule = PositionRule::default();
    let first = |last: [Vec<String>; 2]| {
        let past = Past { turns: turns.clone().into_iter().collect(), last };
        let planning = Planning {
            unit_id: "setda",
            officers: &officers,
            rule: &rule,
            required: 1,
            days: &days,
            past: &past,
            seed: 0,
        };
        plan(&planning).duties[0].officer_id.clone()
    };
    assert_eq!(first([tired(), Vec::new()]), "p-000", "far behind what is owed");
    assert_eq!(first([tired(), tired()]), "p-001", "and yet nobody is on duty three days running");
}
