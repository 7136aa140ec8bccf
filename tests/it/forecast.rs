//! The forecasts against what came: every country that had more than 20,000 cases by February 2021, and every place of West Java that
//! had 2,000 by June. The data are not part of the project: `SIAGA_REFERENCE_DATA` says where they are (see `reference.rs`).

use std::collections::BTreeMap;

use siaga::indicator::forecast::{Backtest, Horizon, LogLinear, backtest};

use crate::reference::reference;

const WORLD: &str = "reference/who_global/WHO-COVID-19-global-data_asof_2021-02-16.csv";
const WEST_JAVA: &str = "indonesia/jabar-kab-daily-to-2021-06-02/Data COVID-19 Jawa Barat.csv";

/// Weekly counts of each place, the last week ending on the last day; a week below zero is none.
fn weeks(file: &str, [place, date, cases]: [&str; 3], least: f64) -> Option<Vec<Vec<Option<f64>>>> {
    let mut reader = csv::Reader::from_path(reference(file)?).unwrap();
    let mut days: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    for row in reader.deserialize::<std::collections::HashMap<String, String>>() {
        let row = row.unwrap();
        days.entry(row[place].clone()).or_default().insert(row[date].clone(), row[cases].parse().unwrap());
    }
    let of_place = |days: &BTreeMap<String, f64>| {
        let days: Vec<f64> = days.values().copied().collect();
        let weeks = days[days.len() % 7..].chunks(7).map(|week| week.iter().sum::<f64>());
        weeks.map(|week| Some(week).filter(|week| *week >= 0.0)).collect()
    };
    Some(days.values().filter(|days| days.values().sum::<f64>() > least).map(of_place).collect())
}

fn all(places: &[Vec<Option<f64>>]) -> Backtest {
    let of_place = |came: &Vec<Option<f64>>| {
        backtest(|week| came[..=week].to_vec(), came, 8, &LogLinear::default()).forecasts
    };
    Backtest { forecasts: places.iter().flat_map(of_place).collect() }
}

#[test]
fn growth_carried_on_is_worth_more_than_saying_that_things_stay_as_they_are() {
    // West Java's first file is full of backlogs, of 4,457 cases in a week after 18: there it is hardly worth more, and two weeks ahead
    // less.
    let Some(world) = weeks(WORLD, ["Country", "Date_reported", "New_cases"], 20_000.0) else { return };
    let Some(west_java) = weeks(WEST_JAVA, ["kode_kab", "tanggal", "pertumbuhan_confirmation"], 2_000.0)
    else {
        return;
    };
    for (name, places, least, most) in
        [("world", &world, 5_500, [0.75, 0.8]), ("West Java", &west_java, 800, [1.0, 1.2])]
    {
        let told = all(places);
        for (horizon, most) in Horizon::ALL.into_iter().zip(most) {
            let score = told.of(horizon).unwrap();
            println!("{name}, {} places: {score:?}", places.len());
            assert!(score.forecasts >= least, "{name}: {score:?}");
            assert!(score.relative_score.unwrap() < most, "{name}: {score:?}");
            assert!((0.35..=0.65).contains(&score.coverage_50), "{name}: {score:?}");
            assert!((0.75..=0.99).contains(&score.coverage_95), "{name}: {score:?}");
        }
    }
}
