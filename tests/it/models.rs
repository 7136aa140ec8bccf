//! `siaga detect` and `siaga forecast` as somebody types them: what stands out, what comes next, how that did.

use std::path::Path;

use crate::support::{siaga, stdout};

/// Four quiet weeks and two days of a cluster, with the units that it was in.
fn figures(folder: &Path) {
    let mut text = String::from("date,location,measure,value,unit_id\n");
    for day in 0..30_i64 {
        let date = chrono::NaiveDate::from_ymd_opt(2021, 6, 1).unwrap() + chrono::Duration::days(day);
        let cases =
            [10, 12, 11, 9, 10, 8, 10][usize::try_from(day % 7).unwrap()] + if day < 28 { 0 } else { 20 };
        text.push_str(&format!("{date},3271,cases,{cases},\n"));
        for (unit, staff, cases) in [("dinkes", 100, i64::from(day > 25)), ("damkar", 50, 0)] {
            text.push_str(&format!(
                "{date},3271,staff_headcount,{staff},{unit}\n{date},3271,staff_cases,{cases},{unit}\n"
            ));
        }
    }
    std::fs::write(folder.join("in.csv"), text).unwrap();
}

fn rows(text: &str) -> Vec<std::collections::HashMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

const INPUT: [&str; 4] = ["--input", "in.csv", "--population", "1043070"];

fn told(folder: &Path, args: &[&str]) -> Vec<std::collections::HashMap<String, String>> {
    rows(&stdout(folder, &[args, &INPUT, &["--format", "csv"]].concat()))
}

#[test]
fn a_cluster_stands_out_against_the_days_before() {
    let folder = tempfile::tempdir().unwrap();
    figures(folder.path());
    let days = told(folder.path(), &["detect", "--from", "2021-06-01"]);
    let first = &days[0];
    assert_eq!((first["reason"].as_str(), first["alarms"].as_str()), ("too_early", ""));
    let cluster = days.iter().find(|row| row["date"] == "2021-06-29").unwrap();
    assert_eq!(cluster["alarms"], "ears_c1 ears_c2 cusum");
    let next = days.iter().find(|row| row["date"] == "2021-06-30").unwrap();
    assert!(next["alarms"].contains("ears_c3"), "what the day before had too many");
    // The week before has a mean of 10 and a variance of 10/6.
    let limit: f64 = cluster["c1_limit"].parse().unwrap();
    assert!((limit - (10.0 + 3.090_232_306_167_813 * (10.0_f64 / 6.0).sqrt())).abs() < 1e-9, "{limit}");
    // (30 − 10)/√10 − 1.04
    let sum: f64 = cluster["cusum"].parse().unwrap();
    assert!((sum - (20.0 / 10.0_f64.sqrt() - 1.04)).abs() < 1e-9, "{sum}");
    let alarms = told(folder.path(), &["detect", "--alarms"]);
    assert!(!alarms.is_empty() && alarms.iter().all(|row| !row["alarms"].is_empty()));
    assert!(alarms.len() < days.len() / 2, "quiet weeks are quiet");
    let units = told(folder.path(), &["detect", "--measure", "staff_cases", "--date", "2021-06-30"]);
    let names: Vec<&str> = units.iter().map(|row| row["unit_id"].as_str()).collect();
    assert_eq!(names, ["damkar", "dinkes"]);
}

#[test]
fn a_unit_stands_out_against_the_city() {
    let folder = tempfile::tempdir().unwrap();
    figures(folder.path());
    let units = told(folder.path(), &["detect", "--units", "--date", "2021-06-30"]);
    let [damkar, dinkes] = units.as_slice() else { panic!("{units:?}") };
    let number =
        |row: &std::collections::HashMap<String, String>, key: &str| row[key].parse::<f64>().unwrap();
    let cases: f64 = (16..30)
        .map(|day| [10.0, 12.0, 11.0, 9.0, 10.0, 8.0, 10.0][day % 7] + if day < 28 { 0.0 } else { 20.0 })
        .sum();
    let expected = 100.0 * cases / 1_043_070.0;
    assert!((number(dinkes, "expected") - expected).abs() < 1e-12);
    assert!((number(dinkes, "ratio") - 4.0 / expected).abs() < 1e-9);
    assert!(number(dinkes, "p_adjusted") < 0.05 && number(dinkes, "ratio_lower") > 1.0);
    assert!((number(damkar, "observed"), number(damkar, "p")) == (0.0, 1.0));
}

#[test]
fn what_grows_is_forecast_and_scored_beside_the_baseline() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("date,location,measure,value\n");
    for day in 0..140_i32 {
        let date = chrono::NaiveDate::from_ymd_opt(2021, 1, 1).unwrap() + chrono::Duration::days(day.into());
        text.push_str(&format!("{date},3271,cases,{}\n", (100.0 * 1.1_f64.powi(day / 7)).round()));
    }
    std::fs::write(folder.path().join("in.csv"), text).unwrap();
    let forecast = told(folder.path(), &["forecast"]);
    assert_eq!(forecast.len(), 2 * 2 * 7, "two weeks, two models, seven quantiles");
    let median = |model: &str, weeks: &str| -> f64 {
        let is = |row: &&std::collections::HashMap<String, String>| {
            row["model"] == model && row["horizon_weeks"] == weeks && row["quantile"] == "0.5"
        };
        forecast.iter().find(is).unwrap()["cases_7d"].parse().unwrap()
    };
    assert!(median("baseline", "1") < median("log_linear", "1"));
    assert!(median("log_linear", "1") < median("log_linear", "2"));
    let scores = told(folder.path(), &["forecast", "--score"]);
    assert_eq!(scores.iter().map(|row| row["horizon_weeks"].as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert!(scores.iter().all(|row| row["relative_wis"].parse::<f64>().unwrap() < 1.0), "{scores:?}");
    // All of it became known today, so no past week knew anything.
    assert_eq!(told(folder.path(), &["forecast", "--score", "--as-of-each-week"]), []);
    // With its own moments, each week knew what was told by its end: the first two weeks cannot be forecast from.
    let known = std::fs::read_to_string(folder.path().join("in.csv")).unwrap();
    let lines = known.lines().skip(1).map(|line| format!("{line},{}", &line[..10]));
    let text = format!("date,location,measure,value,as_of\n{}\n", lines.collect::<Vec<_>>().join("\n"));
    std::fs::write(folder.path().join("in.csv"), text).unwrap();
    let as_known = told(folder.path(), &["forecast", "--score", "--as-of-each-week"]);
    assert_eq!(as_known, scores, "nothing was revised");
}

#[test]
fn what_cannot_be_looked_at_is_refused_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    figures(folder.path());
    for (args, sentence) in [
        (&["detect", "--measure", "cases_total"][..], "write a count that is new in the day: cases, "),
        (&["detect", "--measure", "kasus"], "--measure kasus"),
        (
            &["detect", "--from", "2021-06-20", "--to", "2021-06-10"],
            "--from 2021-06-20 lies after --to 2021-06-10",
        ),
        (&["detect", "--date", "2011-06-20"], "2011-06-20 lies outside the figures"),
        (&["detect", "--baseline-days", "2"], "2 is not in 3..=60"),
        (&["detect", "--units", "--measure", "cases"], "cannot be used with"),
        (&["forecast", "--as-of-each-week"], "--score"),
        (&["forecast", "--date", "2031-06-20"], "2031-06-20 lies outside the figures"),
    ] {
        let output = siaga(folder.path()).args(args).args(INPUT).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {told}");
        assert!(told.contains(sentence), "{args:?}: {told}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn units_are_looked_at_by_those_who_see_them() {
    let folder = tempfile::tempdir().unwrap();
    figures(folder.path());
    assert!(siaga(folder.path()).args(["ingest", "--file", "in.csv"]).output().unwrap().status.success());
    let named = |audience: &str| {
        let args = ["detect", "--measure", "staff_cases", "--audience", audience, "--format", "csv"];
        rows(&stdout(folder.path(), &args)).iter().filter(|row| !row["unit_id"].is_empty()).count()
    };
    assert_eq!((named("unsuppressed"), named("public")), (60, 0));
}

/// EpiEstim 2.2-4, `estimate_R` with local and imported cases, a serial interval of 2.6 (1.5) days and windows of seven days.
const WITH_IMPORTED: [(&str, f64, f64, f64); 4] = [
    ("2021-06-08", 1.35006484954052, 0.738093016204813, 2.14374829431967),
    ("2021-06-12", 1.244884097929, 0.827216442363484, 1.74655382484518),
    ("2021-06-16", 1.32575539160759, 1.01409782609067, 1.67853441127738),
    ("2021-06-20", 0.909191992529888, 0.701695185102386, 1.14315606338526),
];

#[test]
fn imported_cases_infect_and_were_not_infected_here() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [1, 1, 0, 2, 5, 3, 3, 3, 6, 2, 5, 9, 13, 12, 13, 11, 12, 6, 6, 6];
    let imported = [0, 0, 0, 1, 2, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0];
    let mut text = String::from("date,location,measure,value\n");
    for (day, (cases, imported)) in cases.iter().zip(imported).enumerate() {
        let date = format!("2021-06-{:02}", day + 1);
        text.push_str(&format!("{date},3271,cases,{cases}\n{date},3271,cases_imported,{imported}\n"));
    }
    std::fs::write(folder.path().join("in.csv"), text).unwrap();
    let days = told(folder.path(), &["indicators", "--serial-interval", "2.6,1.5"]);
    for (date, mean, lower, upper) in WITH_IMPORTED {
        let day = days.iter().find(|row| row["date"] == date).unwrap();
        for (column, value) in [("rt", mean), ("rt_lower", lower), ("rt_upper", upper)] {
            let told: f64 = day[column].parse().unwrap();
            assert!((told / value - 1.0).abs() < 1e-9, "{date} {column}: {told} is not {value}");
        }
    }
}
