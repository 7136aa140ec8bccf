//! The work that `bench/brain.sh` times: indicators, reproduction numbers and backtests of many places, on made-up counts.
//!
//! `brain TASK PLACES DAYS [run [TIMES]]`: without `run` only the counts are made, so that the difference of two runs is the work itself,
//! as many times as is said: once is too short to be told from the start of a program.
//! Prints a sum of the results, so that nothing is left out.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program that is run by hand")]

use rayon::prelude::*;
use siaga::assessment::{Case, Orders, PolicyBook, backtest_steps};
use siaga::epi::{Calendar, Estimate, IndicatorKind, Location, LocationId, Locations, Status, Window};
use siaga::indicator::{MethodParameters, compute_grid_of};
use siaga::job::load_policies;
use siaga::observation::{Cell, Grid, Measure};

const RESIDENTS: f64 = 250_000.0;

/// Waves of a few hundred cases a day, a little noise on them; the same for the same place and day.
fn count(place: usize, day: usize) -> f64 {
    let wave = 1.0 + ((day as f64) / 60.0 + place as f64).sin();
    let noise = ((place * 7_919 + day * 104_729) % 97) as f64 / 97.0;
    (wave * 120.0 * (0.5 + noise)).floor()
}

fn grid(place: usize, days: usize, has_all: bool) -> Grid {
    let first: chrono::NaiveDate = "2020-03-01".parse().unwrap();
    let last = first + chrono::Duration::days(days as i64 - 1);
    let mut grid = Grid::new(LocationId::new(&format!("P{place:05}")), first, last);
    let cell = |value: f64| Some(Cell { value, status: Status::Printed });
    let mut put = |measure: Measure, of_day: &dyn Fn(usize) -> f64| {
        grid.measures.insert(measure, (0..days).map(|day| cell(of_day(day))).collect());
    };
    put(Measure::Cases, &|day| count(place, day));
    if has_all {
        put(Measure::BedsOccupied, &|day| (count(place, day) * 1.5).min(290.0));
        put(Measure::BedsAvailable, &|_| 300.0);
        put(Measure::Tests, &|day| 400.0 + count(place, day) * 4.0);
        put(Measure::TestsPositive, &|day| count(place, day));
        put(Measure::Admissions, &|day| (count(place, day) / 12.0).floor());
        put(Measure::Deaths, &|day| (count(place, day) / 60.0).floor());
    }
    grid
}

fn locations(places: usize) -> Locations {
    let row = |place: usize| Location {
        id: LocationId::new(&format!("P{place:05}")),
        name: String::new(),
        level: "city".to_owned(),
        parent: None,
        population: Some(RESIDENTS),
        time_zone: "Asia/Jakarta".to_owned(),
        valid_from: "2019-01-01".parse().unwrap(),
        source: String::new(),
    };
    Locations::new((0..places).map(row).collect())
}

/// Weekly growth and incidence, values alone, as the peer works them out.
fn growth(grid: &Grid, locations: &Locations, method: &MethodParameters) -> f64 {
    use IndicatorKind::{GrowthRatio, Incidence7dPer100k};
    let table = compute_grid_of(grid, locations, method, &[GrowthRatio, Incidence7dPer100k]);
    let sum = |kind| table.column(kind).unwrap().iter().filter_map(Estimate::value).sum::<f64>();
    sum(GrowthRatio) + sum(Incidence7dPer100k)
}

/// Reproduction numbers with the bounds of their 95% intervals.
fn rt(grid: &Grid, locations: &Locations, method: &MethodParameters) -> f64 {
    let table = compute_grid_of(grid, locations, method, &[IndicatorKind::Rt]);
    let numbers = table.column(IndicatorKind::Rt).unwrap().iter();
    let of_day = |estimate: &Estimate| match estimate {
        Estimate::Known(known) => {
            let interval = known.spread.interval().unwrap();
            known.value + interval.lower + interval.upper
        }
        _ => 0.0,
    };
    numbers.map(of_day).sum()
}

/// The default policy over every day, indicators included.
fn backtest(grid: &Grid, (locations, method): (&Locations, &MethodParameters), book: &PolicyBook) -> f64 {
    let wanted = book.newest().indicators();
    let table = compute_grid_of(grid, locations, method, &wanted);
    let (orders, calendar) = (Orders::default(), Calendar::default());
    let lineage = [grid.location.clone()];
    let case =
        Case { policies: book, table: &table, orders: &orders, lineage: &lineage, calendar: &calendar };
    let days = backtest_steps(case, Window { from: grid.first, to: table.last() }, None);
    days.iter().map(|day| f64::from(day.step.number())).sum()
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [task, places, days, rest @ ..] = args.as_slice() else {
        println!("brain growth|rt|backtest PLACES DAYS [run [TIMES]]");
        return;
    };
    let (places, days): (usize, usize) = (places.parse().unwrap(), days.parse().unwrap());
    let grids: Vec<Grid> = (0..places).map(|place| grid(place, days, task == "backtest")).collect();
    let (locations, method) = (locations(places), MethodParameters::default());
    if rest.is_empty() {
        println!("{}", grids.len());
        return;
    }
    let book = load_policies("kota-bogor").unwrap();
    let of_grid = |grid: &Grid| match task.as_str() {
        "growth" => growth(grid, &locations, &method),
        "rt" => rt(grid, &locations, &method),
        _ => backtest(grid, (&locations, &method), &book),
    };
    let times: usize = rest.get(1).map_or(1, |times| times.parse().unwrap());
    let once = || grids.par_iter().map(of_grid).sum::<f64>();
    println!("{}", (0..times).map(|_| std::hint::black_box(once())).sum::<f64>());
}
