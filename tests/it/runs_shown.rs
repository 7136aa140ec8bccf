//! What the commands tell of a pull: what is held and what it would change, what goes missing, what was refused.

use std::path::Path;

use crate::support::{run, stdout};

fn told(folder: &Path, args: &[&str]) -> (String, String) {
    let output = run(folder, args);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    (text(&output.stdout), text(&output.stderr))
}

/// Thirty days of running totals of Kota Bogor, each so many times what it was; then some rows more.
fn totals(folder: &Path, name: &str, (times, per): (u32, u32), more: &str) {
    let days = (1..=30)
        .map(|day| format!("2021-06-{day:02},3271,cases_total,{}\n", (10_000 + day * 100) * times / per));
    let text = format!("date,location,measure,value\n{}{more}", days.collect::<String>());
    std::fs::write(folder.join(name), text).unwrap();
}

#[test]
fn a_held_batch_is_named_and_shown_as_its_page_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    totals(folder, "good.csv", (1, 1), "");
    totals(folder, "half.csv", (1, 2), "2021-06-12,3271,cases,\n2021-06-13,3271,cases,-4\n");
    told(folder, &["ingest", "--file", "good.csv"]);
    let (_, said) = told(folder, &["ingest", "--file", "half.csv", "--dry-run"]);
    assert!(said.contains("it would be held") && !said.contains("runs show"), "{said}");
    let (_, said) = told(folder, &["ingest", "--file", "half.csv"]);
    let id = said.split("`siaga runs show ").nth(1).expect(&said).split('`').next().unwrap().to_owned();
    assert!(id.starts_with("tidy@") && said.contains(&format!("tidy: held as {id}; ")), "{said}");
    // The same file again: it is the run that waits that is named.
    let (_, again) = told(folder, &["ingest", "--file", "half.csv"]);
    assert!(again.contains(&format!("`siaga runs show {id}`")), "{again}");

    let (table, said) = told(folder, &["--lang", "en", "runs", "show", &id, "--format", "table"]);
    assert!(said.contains(&format!("`siaga runs release {id}` lets it in")), "{said}");
    for shown in [
        "- Running totals fell by more than a slip of the pen: 13000 → 6500 (3271 2021-06-30), 1.",
        "rows_before  rows  new  changed  taken_away  totals_fallen",
        "30           32    1    30       0           1",
        "Largest changes\nmeasure      location  source  date        before  now",
        "cases_total  3271      tidy    2021-06-30  13000   6500",
        "Rows refused\nrow  column  reason    detail\n33   value   negative  -4",
    ] {
        assert!(table.contains(shown), "{shown}\n{table}");
    }
    let (indonesian, _) = told(folder, &["runs", "show", &id, "--format", "table"]);
    assert!(
        indonesian.contains("Perubahan terbesar") && indonesian.contains("Baris yang ditolak"),
        "{indonesian}"
    );

    let csv = stdout(folder, &["runs", "show", &id, "--format", "csv"]);
    assert!(
        csv.starts_with("part,measure,location,unit_id,source,date,before,now,row,column,reason,detail\n"),
        "{csv}"
    );
    assert!(csv.contains("\nfound,,,,,,,,,,totals_fell,"), "{csv}");
    assert!(csv.contains("\nchange,cases_total,3271,,tidy,2021-06-30,13000,6500,,,,\n"), "{csv}");
    assert!(csv.contains("\nrefused,,,,,,,,33,value,negative,'-4"), "{csv}");

    let json = stdout(folder, &["runs", "show", &id, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json["run"], &json["outcome"], &json["held"]["state"]),
        (&id.as_str().into(), &"held".into(), &"open".into())
    );
    assert_eq!(json["held"]["found"][0]["code"], "totals_fell");
    assert_eq!(json["held"]["would_change"]["movers"][0]["now"], 6500.0);
    assert_eq!(json["refused"][0]["row"], 33);

    told(folder, &["runs", "refuse", &id, "--reason", "the wrong export"]);
    let (_, said) = told(folder, &["runs", "show", &id]);
    assert!(said.contains("refused by ") && said.contains("the wrong export"), "{said}");
    let unknown = run(folder, &["runs", "show", "tidy@1-none"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("`siaga runs list` names them"));
}

#[test]
fn a_pull_without_anything_held_or_refused_says_so() {
    let folder = tempfile::tempdir().unwrap();
    totals(folder.path(), "good.csv", (1, 1), "");
    told(folder.path(), &["ingest", "--file", "good.csv"]);
    let list = stdout(folder.path(), &["runs", "list", "--format", "csv"]);
    let id = list.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let (table, _) = told(folder.path(), &["runs", "show", &id, "--format", "table"]);
    assert_eq!(table, "Tidak ada baris yang ditolak.\n");
    let json: serde_json::Value =
        serde_json::from_str(&stdout(folder.path(), &["runs", "show", &id, "--format", "json"])).unwrap();
    assert_eq!((&json["held"], &json["accepted"]), (&serde_json::Value::Null, &30.into()));
}

#[test]
fn known_figures_that_a_file_reports_as_missing_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let file = |name: &str, second: &str| {
        let text = format!(
            "date,location,measure,value\n2021-06-01,3271,cases,12\n2021-06-02,3271,cases,{second}\n"
        );
        std::fs::write(folder.join(name), text).unwrap();
    };
    file("full.csv", "14");
    file("empty.csv", "");
    told(folder, &["ingest", "--file", "full.csv"]);
    for more in [&["--dry-run"][..], &[]] {
        let (_, said) = told(folder, &[&["ingest", "--file", "empty.csv"], more].concat());
        assert!(said.contains("tidy: known figures reported as missing: 1"), "{said}");
        assert!(said.contains("tidy: 3271 cases 2021-06-02: 14 becomes missing"), "{said}");
    }
    // A second time there is nothing left to take away.
    let (_, said) = told(folder, &["ingest", "--file", "empty.csv"]);
    assert!(!said.contains("missing"), "{said}");
}
