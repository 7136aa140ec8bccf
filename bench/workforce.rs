//! How long the workforce of a city of 120 units and 7,000 staff takes: laying out a month of turns after two years of them,
//! and reading and judging attendance with two years of it in the store.
//!
//!   `cargo run --release --example workforce`
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement prints what it measured, or stops"
)]

use std::time::Instant;

use chrono::{Duration, NaiveDate};
use siaga::audit::{Action, Entry};
use siaga::epi::{Calendar, Vintage, Window};
use siaga::store::Store;
use siaga::workforce::{
    DayCounts, Judging, Officer, Past, Planning, Position, PositionRule, ReportCounts, UnitPlan, findings,
    plan,
};

const UNITS: usize = 120;
const STAFF: usize = 7_000;

fn unit_id(unit: usize) -> String {
    format!("unit-{unit:03}")
}

/// Every member of the staff is an officer; one in twelve is away for a week of the month.
fn officers(from: NaiveDate) -> Vec<Officer> {
    let away = |nth: usize| {
        let start = from + Duration::days((nth % 25) as i64);
        (nth.is_multiple_of(12)).then(|| Window { from: start, to: start + Duration::days(6) })
    };
    let officer = |nth: usize| Officer {
        id: format!("p-{nth:05}"),
        unit_id: unit_id(nth % UNITS),
        name: String::new(),
        title: String::new(),
        position: Position::Staff,
        phone: String::new(),
        away: away(nth).into_iter().collect(),
    };
    (0..STAFF).map(officer).collect()
}

/// Lays out a month for every unit; turns that were laid out.
fn month(officers: &[Officer], pasts: &mut [Past], (from, calendar): (NaiveDate, &Calendar)) -> usize {
    let window = Window { from, to: from + Duration::days(29) };
    let days: Vec<NaiveDate> = window.days().filter(|day| calendar.is_working_day(*day)).collect();
    let rule = PositionRule::default();
    let mut turns = 0;
    for (unit, past) in pasts.iter_mut().enumerate() {
        let unit_id = unit_id(unit);
        let roster = plan(&Planning {
            unit_id: &unit_id,
            officers,
            rule: &rule,
            required: 2,
            days: &days,
            past,
            seed: 1,
        });
        turns += roster.duties.len();
        let on = |day: NaiveDate| roster.duties.iter().filter(move |duty| duty.date == day);
        let last = |back: usize| {
            let day = days[days.len() - 1 - back];
            on(day).map(|duty| duty.officer_id.clone()).collect::<Vec<_>>()
        };
        let last = [last(0), last(1)];
        *past = Past { turns: roster.turns, last };
    }
    turns
}

#[tokio::main]
async fn main() {
    let calendar = Calendar::default();
    let first: NaiveDate = "2021-01-04".parse().unwrap();
    let mut pasts = vec![Past::default(); UNITS];
    for nth in 0..24 {
        let from = first + Duration::days(30 * nth);
        month(&officers(from), &mut pasts, (from, &calendar));
    }
    let from = first + Duration::days(30 * 24);
    let officers = officers(from);
    let started = Instant::now();
    let turns = month(&officers, &mut pasts, (from, &calendar));
    println!("roster: {UNITS} units, {STAFF} officers, a month, {turns} turns: {:.1} ms", millis(started));
    attendance(&calendar, first).await;
}

async fn attendance(calendar: &Calendar, first: NaiveDate) {
    let path = std::env::temp_dir().join(format!("siaga-workforce-{}.sqlite", std::process::id()));
    let store = Store::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let last = first + Duration::days(729);
    let window = Window { from: first, to: last };
    let (mut days, mut reports) = (Vec::new(), Vec::new());
    for date in window.days().filter(|day| calendar.is_working_day(*day)) {
        for unit in 0..UNITS {
            let office = u32::try_from((unit + date.to_string().len()) % 20).unwrap();
            days.push(DayCounts { unit_id: unit_id(unit), date, counts: [office, 2, 3, 30, 2, 1] });
            reports.push(ReportCounts { unit_id: unit_id(unit), date, expected: 58, received: 50 });
        }
    }
    let entry = Entry::new(
        Vintage::from_millis(1_700_000_000_000).unwrap(),
        ("a", "b"),
        Action::AttendanceTaken,
        "x",
    );
    let started = Instant::now();
    store.add_attendance(&days, &entry).await.unwrap();
    store.add_reports(&reports, &entry).await.unwrap();
    println!("two years taken in: {} unit-days of each: {:.0} ms", days.len(), millis(started));
    let units: Vec<UnitPlan> = (0..UNITS)
        .map(|unit| UnitPlan {
            unit_id: unit_id(unit),
            staff: Some(58),
            cap_pct: 25,
            minimum_presence: 1,
            planned: Some(2),
        })
        .collect();
    let mut took = Vec::new();
    for _ in 0..100 {
        let started = Instant::now();
        let back = Window { from: last - Duration::days(14), to: last };
        let attendance = store.attendance(back, None).await.unwrap();
        let reports = store.reports(back, None).await.unwrap();
        let judging =
            Judging { date: last, units: &units, attendance: &attendance, reports: &reports, calendar };
        assert!(!findings(&judging).is_empty());
        took.push(millis(started));
    }
    took.sort_by(f64::total_cmp);
    println!("a page's reading and judging: p50 {:.1} ms  p99 {:.1} ms", took[50], took[98]);
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
}

fn millis(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e3
}
