//! Levels and rates that others published, said again by the ordinary commands from tidy CSVs that `tests/support/published.py`
//! makes of the published files. Every published value must be met. Without `SIAGA_REFERENCE_DATA` each says that it was skipped.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::support::{checkout, stdout};

/// The set made tidy in a folder of its own; `None` where there are no reference data.
fn made_tidy(set: &str) -> Option<tempfile::TempDir> {
    let Some(reference) = std::env::var_os("SIAGA_REFERENCE_DATA") else {
        println!("{set}: skipped, SIAGA_REFERENCE_DATA is not set");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("python3")
        .arg(checkout("tests/support/published.py"))
        .args([set.as_ref(), Path::new(&reference).join("reference").as_os_str(), folder.path().as_os_str()])
        .output()
        .expect("python3 starts");
    assert!(made.status.success(), "{set}: {}", String::from_utf8_lossy(&made.stderr));
    Some(folder)
}

type Key = (String, String);

/// The rows of a CSV by date and location.
fn by_key(text: &str) -> BTreeMap<Key, BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
    rows.map(|row| ((row["date"].clone(), row["location"].clone()), row)).collect()
}

/// Counts the expected values that were met; every other one is a failure.
fn met(folder: &Path, told: &str) -> usize {
    let told = by_key(told);
    let mut met = 0;
    let mut reader = csv::Reader::from_path(folder.join("expected.csv")).unwrap();
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let key = (row["date"].clone(), row["location"].clone());
        let (column, expected) = (&row["column"], &row["value"]);
        let value = told.get(&key).and_then(|told| told.get(column)).map_or("(no row)", String::as_str);
        let is_met = match row["tolerance"].parse::<f64>() {
            Err(_) => value == expected,
            Ok(tolerance) => {
                let (value, expected): (f64, f64) =
                    (value.parse().unwrap_or(f64::NAN), expected.parse().unwrap());
                (value - expected).abs() <= tolerance
            }
        };
        assert!(is_met, "{key:?} {column}: published {expected}, told {value}");
        met += 1;
    }
    met
}

#[test]
fn cdc_community_levels_of_nine_weeks() {
    let Some(folder) = made_tidy("cdc_levels") else { return };
    let args = ["backtest", "--policy", "cdc-community-levels-2022", "--input", "in.csv", "--format", "csv"];
    assert_eq!(met(folder.path(), &stdout(folder.path(), &args)), 29_008);
}

#[test]
fn covid_act_now_overall_and_each_metric_of_every_county() {
    let Some(folder) = made_tidy("covid_act_now") else { return };
    let args = ["backtest", "--policy", "covid-act-now", "--input", "in.csv", "--rules", "--format", "csv"];
    assert_eq!(met(folder.path(), &stdout(folder.path(), &args)), 5 * 3_222);
}

#[test]
fn seven_day_incidence_of_every_german_district() {
    let Some(folder) = made_tidy("rki_districts") else { return };
    let args = ["indicators", "--input", "in.csv", "--locations", "locations.csv", "--format", "csv"];
    assert_eq!(met(folder.path(), &stdout(folder.path(), &args)), 8_240);
}

#[test]
fn fourteen_day_rates_of_every_country() {
    let Some(folder) = made_tidy("ecdc_weekly") else { return };
    let args = ["indicators", "--input", "in.csv", "--locations", "locations.csv", "--format", "csv"];
    assert_eq!(met(folder.path(), &stdout(folder.path(), &args)), 10_408);
}

#[test]
fn shares_of_staff_ever_infected() {
    let Some(folder) = made_tidy("staff_shares") else { return };
    let args = ["indicators", "--input", "in.csv", "--format", "csv"];
    assert_eq!(met(folder.path(), &stdout(folder.path(), &args)), 46);
}

#[test]
fn reproduction_numbers_of_an_epidemic_before_this_disease() {
    let Some(folder) = made_tidy("epiestim") else { return };
    let args = ["indicators", "--input", "in.csv", "--serial-interval", "2.6,1.5", "--format", "csv"];
    assert_eq!(met(folder.path(), &stdout(folder.path(), &args)), 3 * 25);
}
