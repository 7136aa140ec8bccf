//! The command line as a person types it: results, refusals, exit codes.

use std::path::Path;

use crate::support::{checkout, run, stdout};

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

const TWO_TOTALS: &str =
    "date,location,measure,value\n2021-06-20,3271,cases_total,17735\n2021-06-27,3271,cases_total,19568\n";

#[test]
fn two_totals_give_the_week_and_no_day_between() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "in.csv", TWO_TOTALS);
    let out = stdout(
        folder.path(),
        &["indicators", "--input", "in.csv", "--population", "1043070", "--format", "csv"],
    );
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let rows: Vec<std::collections::HashMap<String, String>> =
        reader.deserialize().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 8);
    let last = &rows[7];
    assert_eq!((last["date"].as_str(), last["cases_7d"].as_str()), ("2021-06-27", "1833"));
    let incidence: f64 = last["incidence_7d_per_100k"].parse().unwrap();
    assert!((incidence - 175.731).abs() < 1e-3);
    for row in &rows[..7] {
        assert_eq!((row["cases_7d"].as_str(), row["cases_mean_7d"].as_str()), ("", ""), "{}", row["date"]);
        assert!(row["missing"].contains("cases_7d=week_incomplete"));
    }
}

#[test]
fn a_ready_made_week_is_used_as_it_is_and_growth_is_computed_from_it() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "in.csv",
        "date,location,measure,value\n2021-09-19,3271,cases_7d,102\n2021-09-26,3271,cases_7d,43\n",
    );
    let args = ["indicators", "--input", "in.csv", "--date", "2021-09-26", "--format", "json"];
    let rows: serde_json::Value = serde_json::from_str(&stdout(folder.path(), &args)).unwrap();
    assert_eq!(rows[0]["cases_7d"], 43.0);
    assert!((rows[0]["growth_pct"].as_f64().unwrap() + 57.843).abs() < 1e-3);
}

#[test]
fn assess_from_a_file_is_stable_json() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "in.csv", TWO_TOTALS);
    let args = [
        "assess",
        "--input",
        "in.csv",
        "--date",
        "2021-06-27",
        "--in-force",
        "3,2021-06-21",
        "--format",
        "json",
    ];
    let a: serde_json::Value = serde_json::from_str(&stdout(folder.path(), &args)).unwrap();
    for key in [
        "date",
        "as_of",
        "location",
        "policy",
        "level",
        "step",
        "mode",
        "verdict",
        "own_verdict",
        "deciding_rule",
        "in_force",
        "rules",
        "indicators",
        "would_change",
        "caps",
        "ceiling",
    ] {
        assert!(a.get(key).is_some(), "{key}");
    }
    assert_eq!(
        (a["step"].as_u64(), a["mode"].as_str(), a["verdict"].as_str()),
        (Some(4), Some("wfh"), Some("raise"))
    );
    assert_eq!(a["in_force"]["step"], 3);
    let untested = a["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == "R5").unwrap();
    assert_eq!(
        (untested["status"].as_str(), untested["reason"].as_str()),
        (Some("not_assessed"), Some("never_reported"))
    );
}

#[test]
fn an_indonesian_table_is_read_through_its_spec() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "spec.toml",
        "id = \"harian\"\ntitle = \"Laporan harian\"\ndates = \"indonesian\"\nnumbers = \"indonesian\"\n\
         locations = [\"3271\"]\n[location_names]\n\"Kota Bogor\" = \"3271\"\n\"Kabupaten Bogor\" = \"3201\"\n\
         [columns]\ndate = \"Tanggal\"\nlocation = \"Wilayah\"\n[values]\nTotal = \"cases_total\"\nBOR = \"bed_occupancy_pct\"\n",
    );
    write(
        folder.path(),
        "harian.csv",
        "Tanggal,Wilayah,Total,BOR\n\"Senin, 28 Juni 2021\",Kota Bogor,1.833,\"81,6\"\nSenin 26 Juni 2021,Kota Bogor,5,\n\
         \"Senin, 28 Juni 2021\",Kabupaten Bogor,20.015,\n",
    );
    let args = ["ingest", "--file", "harian.csv", "--source-spec", "spec.toml", "--format", "csv"];
    let output = run(folder.path(), &args);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("harian,changed,4,2,0,2"), "{output:?}");
    assert!(told.contains("Senin 26 Juni 2021 ≠ Sabtu (2021-06-26)") && told.contains("3201"), "{told}");
    let exported = stdout(folder.path(), &["export", "observations"]);
    assert!(
        exported.contains("2021-06-28,3271,cases_total,1833,")
            && exported.contains("bed_occupancy_pct,81.6,")
    );
    assert!(!exported.contains("3201"));
}

#[test]
fn importing_an_export_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["cases", "hospital", "staff"] {
        let path = checkout(&format!("data/sample/kota_bogor_{file}.csv"));
        stdout(folder.path(), &["ingest", "--file", path.to_str().unwrap()]);
    }
    let before = stdout(folder.path(), &["export", "observations"]);
    write(folder.path(), "export.csv", &before);
    let report = stdout(folder.path(), &["ingest", "--file", "export.csv", "--format", "csv"]);
    let rows = before.lines().count() - 1;
    assert!(report.contains(&format!("tidy,unchanged,{rows},0,{rows},0")), "{report}");
    assert_eq!(stdout(folder.path(), &["export", "observations"]), before);
    let revisions = stdout(folder.path(), &["export", "revisions"]);
    let corrected =
        "2021-06-27,3271,active,dinkes-kota-bogor,,1,3023,2021-06-28T03:00:00Z,3003,2021-06-28T10:00:00Z";
    assert!(revisions.contains(corrected), "{revisions}");
    let then = stdout(folder.path(), &["export", "observations", "--as-of", "2021-06-28T12:00:00+07:00"]);
    assert!(then.contains("2021-06-27,3271,active,3023,") && !then.contains("active,3003,"));
}

#[test]
fn bad_input_is_refused_with_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write(path, "in.csv", TWO_TOTALS);
    write(path, "empty.csv", "");
    write(path, "page.csv", "<html>502</html>");
    write(path, "columns.csv", "tanggal,nilai\n2021-06-28,5\n");
    write(path, "nothing.csv", "date,location,measure,value\n2021-06-28,3271,kasus,5\n");
    write(path, "policy.toml", "id = \"x\"\nversoin = \"1\"\n");
    write(path, "siaga.toml", "[city]\nlangauge = \"id\"\n");
    write(path, "elsewhere.toml", "[city]\nlocation = \"9999\"\n");
    write(path, "ok.toml", "");
    write(path, "twice.csv", "date,location,measure,value,value\n2021-06-28,3271,cases,5,6\n");
    write(path, "longago.csv", "date,location,measure,value\n0001-01-01,3271,cases,5\n");
    write(path, "text.toml", "[database]\nurl = \"sqlite://ok.csv\"\n");
    write(
        path,
        "ok.csv",
        "this is no database, but a text long enough to be taken for one, or so one would think\n",
    );
    write(path, "mysql.toml", "[database]\nurl = \"mysql://x\"\n");
    let ok = |args: &[&'static str]| [&["--config", "ok.toml"], args].concat();
    let cases: Vec<(Vec<&str>, i32)> = vec![
        (vec!["check"], 2),
        (vec!["--config", "none.toml", "check"], 2),
        (vec!["--config", "elsewhere.toml", "assess"], 2),
        (ok(&["indicators", "--input", "none.csv"]), 1),
        (ok(&["indicators", "--input", "empty.csv"]), 1),
        (ok(&["indicators", "--input", "page.csv"]), 1),
        (ok(&["indicators", "--input", "columns.csv"]), 1),
        (ok(&["indicators", "--input", "nothing.csv"]), 1),
        (ok(&["indicators", "--input", "in.csv", "--population", "0"]), 2),
        (ok(&["indicators", "--input", "in.csv", "--population", "NaN"]), 2),
        (ok(&["indicators", "--input", "in.csv", "--from", "2021-07-01", "--to", "2021-06-01"]), 2),
        (ok(&["indicators", "--input", "in.csv", "--as-of", "yesterday"]), 2),
        (ok(&["indicators", "--input", "in.csv", "--date", "28-06-2021"]), 2),
        (ok(&["indicators", "--input", "in.csv", "--source", "nobody"]), 2),
        (ok(&["indicators", "--population", "5"]), 2),
        (ok(&["assess", "--input", "in.csv", "--policy", "nobody"]), 2),
        (ok(&["assess", "--input", "in.csv", "--policy", "policy.toml"]), 2),
        (ok(&["assess", "--input", "in.csv", "--in-force", "9,2021-06-01"]), 2),
        (ok(&["assess", "--input", "in.csv", "--location", "3201"]), 2),
        (ok(&["assess", "--input", "in.csv", "--orders", "none.csv"]), 1),
        (ok(&["assess", "--date", "2021-06-28"]), 1),
        (ok(&["policy", "check", "policy.toml"]), 1),
        (ok(&["policy", "check", "none.toml"]), 1),
        (ok(&["policy", "show", "nobody"]), 2),
        (ok(&["export", "everything"]), 2),
        (ok(&["export", "observations", "--out", "no/such/folder/x.csv"]), 1),
        (ok(&["export", "observations", "--out", "x.xlsx"]), 2),
        (ok(&["export", "observations", "--format", "parquet", "--out", "x.csv"]), 2),
        (ok(&["export", "observations", "--dictionary", "--out", "x.json"]), 2),
        (ok(&["chart", "epicurve", "--out", "x.gif"]), 2),
        (ok(&["chart", "pie", "--out", "x.svg"]), 2),
        (ok(&["chart", "epicurve", "--out", "x.svg", "--scale", "cube"]), 2),
        (ok(&["chart", "epicurve", "--out", "x.svg", "--per", "1000"]), 2),
        (ok(&["chart", "epicurve", "--out", "x.svg", "--days", "0"]), 2),
        (ok(&["chart", "epicurve", "--out", "x.svg"]), 1),
        (ok(&["ingest", "--source", "nobody"]), 2),
        (ok(&["ingest"]), 2),
        (ok(&["ingest", "--file", "none.csv"]), 1),
        (ok(&["ingest", "--file", "page.csv"]), 1),
        (ok(&["ingest", "--file", "in.csv", "--source-spec", "nobody"]), 2),
        (ok(&["demo", "--until", "2022-01-01", "--no-wait"]), 2),
        (ok(&["demo", "--days-per-second", "0"]), 2),
        (ok(&["frobnicate"]), 2),
        (ok(&["indicators", "--input", "in.csv", "--to", "2500-12-31"]), 2),
        (ok(&["assess", "--input", "in.csv", "--date", "9999-12-31"]), 2),
        (ok(&["assess", "--input", "in.csv", "--date", "2019-06-01"]), 2),
        (ok(&["assess", "--input", "in.csv", "--date", "2021-06-27", "--in-force", "3,2022-01-01"]), 2),
        (ok(&["indicators", "--input", "twice.csv"]), 1),
        (ok(&["indicators", "--input", "longago.csv"]), 1),
        (vec!["--config", "text.toml", "export", "observations"], 1),
        (vec!["--config", "mysql.toml", "export", "observations"], 2),
    ];
    for (args, code) in cases {
        let output = run(path, &args);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "siaga {args:?}: {told}");
        assert!(!told.contains("panicked") && !told.is_empty(), "siaga {args:?}: {told}");
        let has_report = args.contains(&"ingest");
        assert!(output.stdout.is_empty() || has_report, "siaga {args:?} prints no half result");
    }
    assert!(!path.join("x.svg").exists() && !path.join(".x.svg.part").exists());
}

#[test]
fn more_positives_than_tests_are_no_positivity() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "date,location,measure,value\n".to_owned();
    for day in 1..=7 {
        text.push_str(&format!("2021-06-0{day},3271,tests,2000\n2021-06-0{day},3271,tests_positive,3000\n"));
    }
    write(folder.path(), "in.csv", &text);
    let out = stdout(
        folder.path(),
        &["indicators", "--input", "in.csv", "--date", "2021-06-07", "--format", "csv"],
    );
    assert!(out.contains("positivity_7d_pct=part_exceeds_whole"), "{out}");
}

#[test]
fn a_week_that_is_carried_or_ready_made_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "in.csv", "date,location,measure,value\n2021-06-28,3271,cases_7d,2083\n");
    let told =
        stdout(folder.path(), &["--lang", "en", "assess", "--input", "in.csv", "--date", "2021-06-30"]);
    assert!(
        told.contains("199.7 per 100,000 residents in the 7 days to 28 June 2021, the last figure known"),
        "{told}"
    );
    assert!(!told.contains("never reported."), "{told}");
}

#[test]
fn settings_and_help_teach() {
    let folder = tempfile::tempdir().unwrap();
    let example = stdout(folder.path(), &["check", "--example"]);
    write(folder.path(), "siaga.toml", &example);
    let effective = stdout(folder.path(), &["check"]);
    assert!(effective.contains("url = \"sqlite://var/siaga.sqlite\""));
    assert!(stdout(folder.path(), &["--help"]).contains("Examples:"));
    assert!(stdout(folder.path(), &["policy", "list"]).contains("kota-bogor"));
    assert!(stdout(folder.path(), &["policy", "show", "kota-bogor"]).contains("incidence_7d_per_100k ≥ 150"));
    stdout(folder.path(), &["migrate"]);
    assert!(folder.path().join("var/siaga.sqlite").exists());
}

#[test]
fn a_check_shows_no_password_of_the_database() {
    let folder = tempfile::tempdir().unwrap();
    for url in ["postgres://siaga:hush@db/siaga", "postgres://db/siaga?user=siaga&password=hush"] {
        write(folder.path(), "siaga.toml", &format!("[database]\nurl = \"{url}\"\n"));
        let shown = stdout(folder.path(), &["check"]);
        assert!(shown.contains("url = \"postgres://db/siaga\"") && !shown.contains("hush"), "{shown}");
    }
}

#[test]
fn a_check_reads_certificate_and_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| checkout(&format!("tests/support/tls/{name}.pem")).display().to_string();
    let checked = |certificate: &str, key: &str| {
        let text = format!("[server]\ntls_certificate = '{certificate}'\ntls_key = '{key}'\n");
        write(folder.path(), "siaga.toml", &text);
        run(folder.path(), &["check"])
    };
    assert!(checked(&file("one.cert"), &file("one.key")).status.success());
    for (certificate, key) in [("one.cert", "two.key"), ("one.cert", "none.key"), ("none.cert", "one.key")] {
        let output = checked(&file(certificate), &file(key));
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("server.tls_certificate, server.tls_key: "), "{said}");
    }
}
