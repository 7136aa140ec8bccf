//! Policy files that cannot be used: each refused with its line and what was meant; and those that ship.

use siaga::assessment::{Policy, PolicyBook};
use siaga::job::{load_policies, shipped_policies};

use crate::support::{checkout, run, stdout};

/// A small policy that can be used; each fault below breaks one thing in it.
const SOUND: &str = r#"id = "mine"
version = "1"
valid_from = "2021-01-01"
title = { id = "Punyaku", en = "Mine" }

[[step]]
step = 0
level = "low"
name = { id = "Rendah", en = "Low" }

[[step]]
step = 4
level = "high"
name = { id = "Tinggi", en = "High" }
caps = { non_service = 0, essential = 25, critical = 100, critical_desk = 25 }

[unknown]
level = "grey"
name = { id = "Abu-abu", en = "Grey" }

[movement]
primary = "incidence_7d_per_100k"
minimum_stay_days = 7
leave_days = 7
leave_valid_days = 5

[[rule]]
id = "R1"
title = { id = "kasus", en = "cases" }
source = "own choice"
indicator = "incidence_7d_per_100k"
max_age_days = 2

[[rule.step]]
step = 4
enter = { indicator = "incidence_7d_per_100k", at_least = 50 }
leave = { indicator = "incidence_7d_per_100k", below = 40 }

[[rule]]
id = "R2"
title = { id = "di atas R1", en = "above R1" }
source = "own choice"
above = { rule = "R1", at_least = 4, at_most = 4 }
enter = { indicator = "growth_ratio", at_least = 1.5 }

[[combination.row]]
when = { R1 = ["high"] }
level = "high"

[[combination.row]]
highest_of = ["R1", "R2"]
"#;

/// What is broken: from, to, on which line, and what is said of it.
const FAULTS: &[(&str, &str, usize, &str)] = &[
    ("id = \"mine\"", "id = mine", 1, "string"),
    ("version = \"1\"", "version = \" \"", 2, "may not be empty"),
    ("valid_from = \"2021-01-01\"", "valid_from = \"2021-02-30\"", 3, "out of range"),
    ("title = { id = \"Punyaku\", en = \"Mine\" }", "title = { id = \"Punyaku\" }", 4, "missing field `en`"),
    ("step = 0", "step = 1", 6, "must begin with step 0"),
    ("level = \"low\"", "level = \"Low\"", 6, "lower-case"),
    ("step = 4\nlevel", "step = 7\nlevel", 12, "steps are 0 to 4"),
    ("level = \"high\"\nname", "level = \"low\"\nname", 11, "written twice"),
    ("essential = 25", "essential = 125", 11, "at most 100"),
    ("level = \"grey\"", "level = \"high\"", 17, "no step's"),
    ("minimum_stay_days = 7", "minimum_stay_days = 0", 21, "1 to 366"),
    ("minimum_stay_days = 7", "minimum_stay = 7", 23, "did you mean 'minimum_stay_days'?"),
    ("leave_valid_days = 5", "leave_valid_days = 8", 21, "between 1 and leave_days"),
    ("leave_valid_days = 5", "memory = false", 21, "leave_days means nothing with memory = false"),
    ("leave_valid_days = 5", "enter_counts = \"evaluations\"", 21, "needs evaluate_on"),
    ("leave_valid_days = 5", "evaluate_on = \"selasa\"", 25, "expected"),
    ("leave_valid_days = 5", "leave_growth_below = 1.0", 21, "go together"),
    ("source = \"own choice\"\nindicator", "source = \"\"\nindicator", 27, "where its numbers come from"),
    (
        "indicator = \"incidence_7d_per_100k\"\nmax_age",
        "indicator = \"incidence_7d_per_100\"\nmax_age",
        31,
        "did you mean 'incidence_7d_per_100k'?",
    ),
    ("max_age_days = 2", "max_age_days = 400", 27, "at most 366"),
    ("max_age_days = 2", "valid_from = \"2021-06-01\"\nvalid_to = \"2021-05-01\"", 27, "before valid_from"),
    ("step = 4\nenter", "step = 3\nenter", 34, "the ladder has no such step"),
    ("at_least = 50", "at_least = nan", 34, "exactly one of"),
    ("at_least = 50", "at_least = 50, above = 60", 34, "exactly one of"),
    (
        "enter = { indicator = \"incidence_7d_per_100k\", at_least = 50 }",
        "enter = { all = [] }",
        34,
        "not empty",
    ),
    ("below = 40", "below = 60", 34, "above the 50 at which it enters"),
    ("below = 40", "at_least = 40", 34, "on the same side"),
    ("id = \"R2\"", "id = \"R1\"", 39, "written twice"),
    ("rule = \"R1\", at_least", "rule = \"R9\", at_least", 39, "must be written before"),
    ("at_least = 4, at_most = 4", "at_least = 4, at_most = 0", 39, "higher than above.at_most"),
    ("enter = { indicator = \"growth_ratio\", at_least = 1.5 }", "", 39, "needs exactly one of"),
    ("when = { R1 = [\"high\"] }", "when = { R3 = [\"high\"] }", 46, "no rule 'R3'"),
    ("when = { R1 = [\"high\"] }", "when = { R1 = [\"hihg\"] }", 46, "did you mean 'high'?"),
    ("level = \"high\"\n\n[[combination", "level = \"hgih\"\n\n[[combination", 46, "did you mean 'high'?"),
    ("highest_of = [\"R1\", \"R2\"]", "when = { R2 = [\"low\"] }\nlevel = \"low\"", 50, "must fit always"),
    ("highest_of = [\"R1\", \"R2\"]", "highest_of = []", 50, "a row settles"),
];

#[test]
fn the_policy_that_the_faults_break_is_sound() {
    assert_eq!(Policy::read(SOUND).map(|policy| policy.rules.len()), Ok(2));
}

#[test]
fn every_fault_is_told_with_its_line_and_what_was_meant() {
    for (from, to, line, what) in FAULTS {
        let broken = SOUND.replacen(from, to, 1);
        assert_ne!(broken, SOUND, "{from}");
        let faults = Policy::read(&broken).expect_err(to);
        let is_told = faults.iter().any(|fault| fault.line == *line && fault.message.contains(what));
        assert!(is_told, "{to:?}: expected line {line}: …{what}…, told {faults:?}");
    }
}

#[test]
fn all_faults_of_a_file_are_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let broken =
        SOUND.replace("minimum_stay_days = 7", "minimum_stay_days = 0").replace("below = 40", "below = 60");
    std::fs::write(folder.path().join("broken.toml"), broken).unwrap();
    let output = run(folder.path(), &["policy", "check", "broken.toml"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("broken.toml, line 21: minimum_stay_days"), "{told}");
    assert!(told.contains("broken.toml, line 34: rule R1, step 4: leaves"), "{told}");
}

#[test]
fn every_policy_that_ships_can_be_used_and_names_the_source_of_its_numbers() {
    let ids = shipped_policies();
    for id in [
        "kota-bogor",
        "kmk-4805-2021",
        "se-menpanrb",
        "cdc-community-levels-2022",
        "cdc-transmission-2021",
        "covid-act-now",
        "ecdc-traffic-light",
        "bundesnotbremse-2021",
        "harvard-2020",
        "austin-2020",
        "california-blueprint-2020",
        "kota-bontang-2020",
    ] {
        assert!(ids.iter().any(|shipped| shipped == id), "{id} ships");
    }
    for id in ids {
        let book: PolicyBook = load_policies(&id).unwrap();
        assert_eq!(book.id(), id, "the file is named for its policy");
        for policy in book.versions() {
            assert!(policy.rules.iter().all(|rule| rule.source.len() > 10), "{id} {}", policy.version);
        }
    }
}

#[test]
fn a_past_day_is_assessed_under_the_version_then_in_force() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "date,location,measure,value\n".to_owned();
    for date in ["2020-12-31", "2021-03-01", "2021-07-01"] {
        text.push_str(&format!("{date},X,incidence_14d_per_100k,510\n{date},X,positivity_7d_pct,3\n"));
    }
    std::fs::write(folder.path().join("in.csv"), text).unwrap();
    let told = stdout(
        folder.path(),
        &["backtest", "--policy", "ecdc-traffic-light", "--input", "in.csv", "--format", "csv"],
    );
    for line in [
        "2020-12-31,X,ecdc-traffic-light,red,3,",
        "2021-03-01,X,ecdc-traffic-light,dark_red,4,",
        "2021-07-01,X,ecdc-traffic-light,dark_red,4,",
        "2021-01-01,X,ecdc-traffic-light,grey,",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
}

#[test]
fn versions_in_a_folder_are_one_policy_and_two_policies_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("1.toml", SOUND);
    write("2.toml", &SOUND.replace("version = \"1\"", "version = \"2\"").replace("2021-01-01", "2021-06-01"));
    let name = folder.path().display().to_string();
    let book = load_policies(&name).unwrap();
    let version = |date: &str| book.on(date.parse().unwrap()).version.clone();
    assert_eq!(
        (version("2020-01-01"), version("2021-05-31"), version("2021-06-01")),
        ("1".into(), "1".into(), "2".into())
    );
    write("3.toml", &SOUND.replace("version = \"1\"", "version = \"3\""));
    let fault = format!("{:#}", load_policies(&name).unwrap_err());
    assert!(fault.contains("begin on the same day"), "{fault}");
    write("3.toml", &SOUND.replace("id = \"mine\"", "id = \"other\"").replace("2021-01-01", "2021-07-01"));
    let fault = format!("{:#}", load_policies(&name).unwrap_err());
    assert!(fault.contains("not versions of one policy"), "{fault}");
}

#[test]
fn a_policy_diff_tells_the_rules_and_what_they_would_have_done() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = std::fs::read_to_string(checkout("data/policy/kota-bogor.toml")).unwrap();
    let stricter = shipped.replacen("at_least = 150 }", "at_least = 100 }", 1).replacen(
        "below = 120 }",
        "below = 80 }",
        1,
    );
    assert_ne!(stricter, shipped);
    std::fs::write(folder.path().join("mine.toml"), stricter).unwrap();
    let mut text = "date,location,measure,value\n2021-06-01,3271,staff_headcount,6365\n".to_owned();
    for day in 1..=30 {
        text.push_str(&format!("2021-06-{day:02},3271,cases,{}\n", 20 + 10 * day));
    }
    std::fs::write(folder.path().join("in.csv"), text).unwrap();
    let args = ["policy", "diff", "kota-bogor", "mine.toml", "--input", "in.csv", "--population", "1043070"];
    let told = stdout(folder.path(), &args);
    assert!(told.contains("rule R2, step 4, enter"), "{told}");
    let entered = told.lines().find(|line| line.contains("entered") && line.contains(" 4 ")).unwrap();
    let days: i64 = entered.split_whitespace().last().unwrap().parse().unwrap();
    assert!(days < 0, "the stricter rule is earlier: {entered}");
    assert!(told.contains("office_days"), "{told}");
    let same = stdout(folder.path(), &["policy", "diff", "kota-bogor", "kota-bogor", "--input", "in.csv"]);
    assert!(same.starts_with("they say the same"), "{same}");
}

#[tokio::test]
async fn a_version_that_has_been_in_force_cannot_be_edited() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journey, _) = crate::support::journey(folder.path(), "2021-06-28T12:00:00+07:00").await;
    let shipped = std::fs::read_to_string(checkout("data/policy/kota-bogor.toml")).unwrap();
    let use_it = |text: &str| PolicyBook::from(Policy::parse(text).unwrap());
    journey.policies = use_it(&shipped);
    let date = "2021-06-28".parse().unwrap();
    siaga::job::assess(&journey, date).await.unwrap();
    // Another comment is no other policy.
    journey.policies = use_it(&format!("# looked at again\n{shipped}"));
    siaga::job::assess(&journey, date).await.unwrap();
    // Another number is.
    let edited = shipped.replacen("at_least = 150 }", "at_least = 140 }", 1);
    journey.policies = use_it(&edited);
    let refused = siaga::job::assess(&journey, date).await.unwrap_err().to_string();
    assert!(refused.contains("kota-bogor 1 has been in force since 2021-06-28"), "{refused}");
    // With a version of its own it may be used.
    journey.policies = use_it(&edited.replace("version = \"1\"", "version = \"2\""));
    siaga::job::assess(&journey, date).await.unwrap();
}

#[test]
fn the_ends_of_intervals_and_late_reports_are_carried_to_the_level() {
    let folder = tempfile::tempdir().unwrap();
    // 515 cases of 1,043,070 residents: 49.4 per 100,000, the interval reaches over 50.
    let mut text = "date,location,measure,value\n".to_owned();
    for day in 14..=27 {
        text.push_str(&format!("2021-06-{day},3271,cases,{}\n", if day == 27 { 77 } else { 73 }));
    }
    std::fs::write(folder.path().join("in.csv"), &text).unwrap();
    let args = ["assess", "--input", "in.csv", "--population", "1043070", "--format", "json"];
    let told: serde_json::Value = serde_json::from_str(&stdout(folder.path(), &args)).unwrap();
    assert_eq!(told["step"], 2, "{told}");
    assert_eq!(told["sensitivity"]["step_at_upper"], 3, "{told}");
    assert_eq!(told["sensitivity"]["step_at_lower"], 2, "{told}");
    text.push_str("2021-06-27,3271,nowcast_cases_7d,618\n");
    std::fs::write(folder.path().join("in.csv"), &text).unwrap();
    let told: serde_json::Value = serde_json::from_str(&stdout(folder.path(), &args)).unwrap();
    let late = &told["sensitivity"]["late_reports"];
    assert!((late["factor"].as_f64().unwrap() - 1.2).abs() < 1e-9, "{told}");
    assert_eq!((late["raised_weeks"].as_u64(), late["weeks"].as_u64()), (Some(2), Some(2)), "{told}");
    let words =
        stdout(folder.path(), &["--lang", "en", "assess", "--input", "in.csv", "--population", "1043070"]);
    assert!(words.contains("At the upper ends of today's intervals it would be Partial 25"), "{words}");
    assert!(
        words.contains("(20% more for the last week) would have raised the call in 2 of the last 2 weeks"),
        "{words}"
    );
}

#[test]
fn whoever_has_only_the_program_has_the_files_to_change() {
    let folder = tempfile::tempdir().unwrap();
    let printed = stdout(folder.path(), &["policy", "show", "kota-bogor", "--file"]);
    assert_eq!(printed, std::fs::read_to_string(checkout("data/policy/kota-bogor.toml")).unwrap());
    std::fs::write(folder.path().join("mine.toml"), printed).unwrap();
    let checked = run(folder.path(), &["policy", "check", "mine.toml"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}
