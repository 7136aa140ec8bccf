//! The demonstration: a month stepped through, killed at any moment, started again.

use std::path::Path;
use std::time::Duration;

use crate::support::{run, siaga, stdout};

fn demo(folder: &Path, until: &str) -> String {
    stdout(folder, &["-q", "demo", "--until", until, "--no-wait"])
}

fn on_its_store(folder: &Path, args: &[&str]) -> String {
    let output = siaga(folder)
        .env("SIAGA_DATABASE_URL", format!("sqlite://{}/var/demo/siaga.sqlite", folder.display()))
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn line<'a>(summary: &'a str, date: &str) -> &'a str {
    summary.lines().find(|line| line.starts_with(date)).unwrap_or_else(|| panic!("no line for {date}"))
}

#[test]
fn june_2021_climbs_to_work_from_home() {
    let folder = tempfile::tempdir().unwrap();
    let summary = demo(folder.path(), "2021-06-28");
    for (date, expected) in [
        ("2021-05-18", "partial 1 R1"),
        ("2021-06-20", "partial 3 R1"),
        ("2021-06-21", "partial 3 R1"),
        ("2021-06-22", "partial 3 R1"),
        ("2021-06-23", "partial 3 R1"),
        ("2021-06-24", "partial 3 R1"),
        ("2021-06-26", "not_assessable 3 -"),
        ("2021-06-27", "not_assessable 3 -"),
        ("2021-06-28", "wfh 4 R2"),
    ] {
        assert_eq!(line(&summary, date), format!("{date} {expected}"));
    }
    assert_eq!(summary.lines().filter(|line| line.starts_with("2021-")).count(), 59, "a line a day");
    assert!(summary.contains("failed 0)"), "{summary}");
    assert!(summary.contains("rejected 0"), "nothing wrong was printed until then: {summary}");
    let alerts = on_its_store(folder.path(), &["export", "alerts", "--format", "json"]);
    let alerts: serde_json::Value = serde_json::from_str(&alerts).unwrap();
    let told = |rule: &str, step: u64| {
        let is_it = |a: &&serde_json::Value| {
            let has_begun = a["event"] == "fired" || a["event"] == "raised";
            a["rule"] == rule && a["step"] == step && a["kind"] == "threshold_crossed" && has_begun
        };
        alerts.as_array().unwrap().iter().filter(is_it).count()
    };
    for (rule, step) in [("R1", 1), ("R1", 3), ("R2", 4), ("R3", 2), ("R4", 3)] {
        assert_eq!(told(rule, step), 1, "{rule} is told once when it calls for step {step}");
    }
    let a = on_its_store(folder.path(), &["assess", "--date", "2021-06-28", "--format", "json"]);
    let a: serde_json::Value = serde_json::from_str(&a).unwrap();
    assert_eq!((a["mode"].as_str(), a["deciding_rule"].as_str()), (Some("wfh"), Some("R2")));
    let rule =
        |id: &str| a["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == id).cloned().unwrap();
    assert_eq!(rule("R4")["status"], "fires");
    assert_eq!(rule("R5")["status"], "not_assessed");
    assert_eq!(rule("R9")["status"], "not_assessed");
    let staff = &a["indicators"]["staff_cases_14d"];
    assert_eq!((staff["lower"].as_f64(), staff["upper"].as_f64()), (Some(15.0), Some(42.0)));
    assert_eq!(staff["reason"], "unknown_start");
}

#[test]
fn the_swapped_row_is_refused_and_the_emergency_order_supersedes() {
    let folder = tempfile::tempdir().unwrap();
    let summary = demo(folder.path(), "2021-07-14");
    assert_eq!(line(&summary, "2021-07-05"), "2021-07-05 wfh 4 R2");
    assert_eq!(line(&summary, "2021-07-13"), "2021-07-13 wfh 4 R2");
    assert!(summary.contains("rejected 2 (swapped 1, total_fell 1)"), "{summary}");
    let made = on_its_store(folder.path(), &["export", "assessments"]);
    let evaluation = made.lines().rfind(|line| line.starts_with("2021-07-05")).unwrap();
    assert!(evaluation.contains(",superseded,extend,R2,"), "{evaluation}");
}

#[test]
fn killed_at_any_moment_it_loses_nothing_and_tells_nothing_twice() {
    let (whole, broken) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let expected = demo(whole.path(), "2021-06-28");
    let mut killed = 0;
    for pause in [150, 400, 300, 700, 250, 500, 350, 900, 200, 600] {
        let mut child = siaga(broken.path())
            .args(["-q", "demo", "--until", "2021-06-28", "--no-wait"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // The pause picks the moment of the kill; nothing waits for a result here.
        if wait_at_most(&mut child, Duration::from_millis(pause)) {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        killed += 1;
    }
    assert!(killed >= 3, "killed {killed} times before it could finish");
    let resumed = demo(broken.path(), "2021-06-28");
    let without_pulls = |summary: &str| -> Vec<String> {
        summary.lines().filter(|line| !line.starts_with("pulls")).map(str::to_owned).collect()
    };
    assert_eq!(without_pulls(&resumed), without_pulls(&expected));
    for dataset in ["observations", "alerts", "assessments", "revisions"] {
        let (one, other) = (
            on_its_store(whole.path(), &["export", dataset]),
            on_its_store(broken.path(), &["export", dataset]),
        );
        assert_eq!(one, other, "{dataset}");
    }
    for folder in [whole.path(), broken.path()] {
        assert!(on_its_store(folder, &["audit", "verify"]).contains("recommendation: rows "));
    }
    let (one, other) = (chained(whole.path()), chained(broken.path()));
    assert!(one.is_sorted() && one.len() >= 59, "chained in the order of their moments");
    assert_eq!(one, other);
}

/// The moments of the recommendations, in the order of their chain.
fn chained(folder: &Path) -> Vec<i64> {
    let url = format!("sqlite://{}/var/demo/siaga.sqlite", folder.display());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut connection = super::audit::intruder(&url).await;
        let rows: Vec<(i64,)> = sqlx::query_as("select as_of from recommendation order by seq")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        rows.into_iter().map(|row| row.0).collect()
    })
}

fn wait_at_most(child: &mut std::process::Child, longest: Duration) -> bool {
    let started = std::time::Instant::now();
    while started.elapsed() < longest {
        if child.try_wait().unwrap().is_some() {
            return true;
        }
        std::thread::yield_now();
    }
    false
}

#[test]
fn as_known_that_evening_the_recommendation_is_to_raise() {
    let folder = tempfile::tempdir().unwrap();
    demo(folder.path(), "2021-06-30");
    let told = |args: &[&str]| -> serde_json::Value {
        serde_json::from_str(&on_its_store(folder.path(), args)).unwrap()
    };
    let as_of = "2021-06-28T20:00:00+07:00";
    let then = told(&["assess", "--date", "2021-06-28", "--as-of", as_of, "--format", "json"]);
    assert_eq!(
        (then["verdict"].as_str(), then["effective_from"].as_str()),
        (Some("raise"), Some("2021-06-29"))
    );
    assert_eq!(
        (then["in_force"]["step"].as_u64(), then["in_force"]["since"].as_str()),
        (Some(3), Some("2021-06-21"))
    );
    assert_eq!(then["evaluation_date"], "2021-07-05");
    let now = told(&["assess", "--date", "2021-06-28", "--format", "json"]);
    assert_eq!(
        (now["verdict"].as_str(), now["in_force"]["since"].as_str()),
        (Some("hold"), Some("2021-06-28"))
    );
    let staff = then["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == "R6").unwrap();
    assert_eq!(
        (staff["status"].as_str(), staff["reason"].as_str()),
        (Some("not_assessed"), Some("unknown_start"))
    );
}

#[test]
fn two_started_at_once_on_one_new_store_both_end_well() {
    let folder = tempfile::tempdir().unwrap();
    let start = || siaga(folder.path()).args(["-q", "demo", "--until", "2021-05-20", "--no-wait"]).output();
    let both = std::thread::scope(|scope| {
        let other = scope.spawn(start);
        [start().unwrap(), other.join().unwrap().unwrap()]
    });
    for output in both {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(line(&String::from_utf8_lossy(&output.stdout), "2021-05-18"), "2021-05-18 partial 1 R1");
    }
}

#[test]
fn it_never_touches_a_real_citys_store() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("in.csv"),
        "date,location,measure,value\n2021-06-20,3271,cases_total,17735\n",
    )
    .unwrap();
    stdout(folder.path(), &["ingest", "--file", "in.csv"]);
    let output = siaga(folder.path())
        .env("SIAGA_DATABASE_URL", format!("sqlite://{}/var/siaga.sqlite", folder.path().display()))
        .args(["demo", "--fresh", "--no-wait"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("real city's figures"));
    assert!(
        String::from_utf8_lossy(&run(folder.path(), &["export", "observations"]).stdout).contains("17735")
    );
}
