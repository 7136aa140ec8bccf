//! Roster and attendance as datasets: in every form, as known at a moment, for each reader what is theirs, and in again unchanged.

use siaga::account::{Role, Visitor};
use siaga::audit::{Action, Entry};
use siaga::disclosure::Audience;
use siaga::epi::{Vintage, Window};
use siaga::export::{Cell, Table};
use siaga::job::{Dataset, Journey, ListKind, RosterAsk, import_officers, lay_out, take_attendance};

use crate::support::house::{House, Plan};
use crate::support::{journey, moment, siaga};

const OFFICERS: &str = "officer_id,unit,name,title,position,phone\n\
    s-1,setda,Petugas Satu,,staff,0811 111111\ns-2,setda,Petugas Dua,,staff,0811 222222\n\
    s-3,setda,Petugas Tiga,,staff,0811 333333\nd-1,dinkes,Petugas Dinkes,,staff,0811 444444\n\
    d-2,dinkes,Petugas Enam,,staff,0811 666666\n";
const ATTENDANCE: &str = "date,unit,office,duty,field,home,leave,absent\n\
    2021-06-25,setda,40,0,20,60,0,0\n2021-06-25,dinkes,50,1,20,30,2,1\n";
const REPORTS: &str = "date,unit,expected,received\n2021-06-25,setda,120,100\n2021-06-25,dinkes,104,103\n";

fn by() -> Visitor {
    Visitor::Operator { name: "bkpsdm".to_owned() }
}

/// Two units with officers, a roster, attendance and reports.
pub async fn with_people(journey: &Journey) {
    let now = journey.clock.now();
    let entry = |action: Action, object: &str| Entry::new(now, ("bkpsdm", "personnel"), action, object);
    import_officers(journey, ("list.csv", OFFICERS.as_bytes()), (&by(), entry)).await.unwrap();
    let days = Window { from: "2021-06-29".parse().unwrap(), to: "2021-07-02".parse().unwrap() };
    let units = ["setda", "dinkes"].map(str::to_owned).to_vec();
    let ask = RosterAsk { units, days, required: Some(1), positions: Vec::new(), seed: 7 };
    lay_out(journey, &ask, (&by(), entry)).await.unwrap();
    for (list, kind) in [(ATTENDANCE, ListKind::Attendance), (REPORTS, ListKind::Reports)] {
        let taken =
            take_attendance(journey, ("list.csv", list.as_bytes()), kind, (&by(), entry)).await.unwrap();
        assert_eq!((taken.new, taken.faults.len()), (2, 0), "{:?}", taken.faults);
    }
}

async fn table(journey: &Journey, dataset: Dataset, audience: &Audience) -> Table {
    dataset.table(&journey.viewing(), None, audience).await.unwrap()
}

fn texts(table: &Table, column: &str) -> Vec<String> {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Whole(number) => number.to_string(),
        _ => String::new(),
    };
    (0..table.rows.len()).map(|row| text(table.cell(row, column).unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reader_has_what_is_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, clock) = journey(folder.path(), "2021-06-28T12:00:00+07:00").await;
    let before = journey.clock.now();
    clock.advance_to(moment("2021-06-28T13:00:00+07:00"));
    with_people(&journey).await;
    let all = table(&journey, Dataset::Roster, &Audience::unsuppressed()).await;
    assert_eq!(all.rows.len(), 8, "two units, four working days");
    assert!(texts(&all, "name").iter().all(|name| name.starts_with("Petugas ")));
    assert!(texts(&all, "phone").contains(&"0811 444444".to_owned()));
    let own = table(&journey, Dataset::Roster, &Audience::unit_head("setda")).await;
    assert_eq!((own.rows.len(), texts(&own, "unit_id").contains(&"dinkes".to_owned())), (4, false));
    for other in [Audience::public(), Audience::government(), Audience::executive()] {
        let shown = table(&journey, Dataset::Roster, &other).await;
        assert_eq!(shown.rows.len(), 8);
        for column in ["officer_id", "name", "phone", "substitute_id", "substitute"] {
            assert_eq!(texts(&shown, column), vec![""; 8], "{other}: {column}");
        }
        assert_eq!(texts(&shown, "note"), vec!["withheld: person"; 8], "{other}");
    }
    let counted = table(&journey, Dataset::Attendance, &Audience::unsuppressed()).await;
    assert_eq!(
        (texts(&counted, "leave"), texts(&counted, "reports_received")),
        (vec!["2".to_owned(), "0".to_owned()], vec!["103".to_owned(), "100".to_owned()])
    );
    let public = table(&journey, Dataset::Attendance, &Audience::public()).await;
    assert_eq!(texts(&public, "office"), ["", "40"], "one unit has small counts, the other has none");
    assert_eq!(texts(&public, "reports_expected"), ["", "120"], "one report is missing");
    assert_eq!(texts(&public, "note"), ["withheld: small_cell", ""]);
    // What became known later is not known then.
    for dataset in [Dataset::Roster, Dataset::Attendance] {
        let then = dataset.table(&journey.viewing(), Some(before), &Audience::unsuppressed()).await.unwrap();
        assert_eq!(then.rows.len(), 0, "{}", dataset.name());
    }
    clock.advance_to(moment("2021-06-29T12:00:00+07:00"));
    let now = journey.clock.now();
    let entry = |action: Action, object: &str| Entry::new(now, ("bkpsdm", "personnel"), action, object);
    let later = "date,unit,office,duty,field,home,leave,absent\n2021-06-25,setda,41,0,20,59,0,0\n";
    let by = by();
    take_attendance(&journey, ("x.csv", later.as_bytes()), ListKind::Attendance, (&by, entry)).await.unwrap();
    let office = async |as_of: Option<Vintage>| {
        let table =
            Dataset::Attendance.table(&journey.viewing(), as_of, &Audience::unsuppressed()).await.unwrap();
        texts(&table, "office")[1].clone()
    };
    assert_eq!(office(None).await, "41");
    assert_eq!(office(Some(moment("2021-06-28T23:00:00+07:00"))).await, "40");
}

#[tokio::test(flavor = "multi_thread")]
async fn attendance_goes_out_and_in_again_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, _) = journey(folder.path(), "2021-06-28T12:00:00+07:00").await;
    with_people(&journey).await;
    let table = table(&journey, Dataset::Attendance, &Audience::unsuppressed()).await;
    let mut csv = Vec::new();
    siaga::export::write_csv(&table, &mut csv).unwrap();
    let now = journey.clock.now();
    let entry = |action: Action, object: &str| Entry::new(now, ("bkpsdm", "personnel"), action, object);
    for kind in [ListKind::Attendance, ListKind::Reports] {
        let by = by();
        let again = take_attendance(&journey, ("again.csv", &csv), kind, (&by, entry)).await.unwrap();
        assert_eq!((again.new, again.unchanged, again.faults.len()), (0, 2, 0), "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_rows_and_commands_ask_for_the_same_permission() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    with_people(&house.journey).await;
    let get = async |cookie: &str, path: &str| house.get(path, &[("cookie", cookie)]).await;
    let personnel = house.signed_in("bkpsdm", Role::Personnel).await.cookie;
    let analyst = house.signed_in("analyst", Role::Analyst).await.cookie;
    let head = house.signed_in("kabag", Role::UnitHead).await.cookie;
    for path in ["/exports/roster.csv", "/exports/attendance.json", "/api/v1/roster", "/api/v1/attendance"] {
        assert_eq!(get(&analyst, path).await.status, 403, "{path}");
        let told = get(&personnel, path).await;
        assert_eq!(told.status, 200, "{path}");
        assert!(told.body.contains("dinkes") && told.body.contains("setda"), "{path}: {}", told.body);
        let own = get(&head, path).await;
        assert!(own.body.contains("setda") && !own.body.contains("dinkes"), "{path}: {}", own.body);
    }
    let file = get(&personnel, "/exports/roster.csv?from=2021-06-30&to=2021-06-30").await;
    assert_eq!(file.body.lines().count(), 3, "{}", file.body);
    assert_eq!(file.header("cache-control"), "no-store");
    assert_eq!(file.header("siaga-suppression"), "nothing withheld, units as reported");
    let package = get(&head, "/exports/attendance.datapackage.json").await.body;
    let package: serde_json::Value = serde_json::from_str(&package).unwrap();
    assert_eq!(package["siaga"]["suppression"], "below 5 withheld, only unit setda");
    assert_eq!(package["resources"][0]["schema"]["fields"][3]["name"], "office");
    assert_eq!(get(&personnel, "/exports/roster.csv?measure=cases").await.status, 400);
    let dictionary = get(&personnel, "/exports/roster.dictionary.csv").await.body;
    assert!(dictionary.contains("phone,the telephone that is not switched off"), "{dictionary}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_made_again_from_its_id_and_one_for_the_public_names_nobody() {
    let house = House::built(Plan { is_demo: true, has_figures: true, ..Plan::default() }).await;
    with_people(&house.journey).await;
    let url = format!("sqlite://{}/var/demo/siaga.sqlite", house.folder.path().display());
    let run = |args: &[&str]| {
        let output = siaga(house.folder.path()).env("SIAGA_DATABASE_URL", &url).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    };
    for path in ["/exports/roster.csv?from=2021-06-30&to=2021-06-30", "/exports/attendance.jsonl"] {
        let file = house.get(path, &[]).await;
        let again = run(&["reproduce", file.header("siaga-id")]);
        assert_eq!(String::from_utf8(again.stdout).unwrap(), file.body, "{path}: the same bytes again");
    }
    let public = run(&["-q", "export", "roster", "--audience", "public"]);
    let public = String::from_utf8(public.stdout).unwrap();
    assert!(public.contains("withheld: person") && !public.contains("Petugas"), "{public}");
}
