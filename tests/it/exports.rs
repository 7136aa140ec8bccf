//! What people take away: every form, what is asked of it, the id by which the same bytes come again, and what happens when it cannot
//! be made whole.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use calamine::{Data, Reader, Xlsx};
use sha2::{Digest, Sha256};
use siaga::account::Role;
use siaga::disclosure::Audience;
use siaga::epi::{IndicatorKind, Vintage};
use siaga::export::{BUILD, Cell, Column, Dialect, ROWS, Recipe, Rowset, TextFormat, hex};
use siaga::job::{Asking, Dataset, Ending, Making, Wanted, ingest_payload, made, take};
use siaga::source::Payload;
use siaga::text::{Locale, Phrases};
use siaga::web::export::{Picture, PictureForm, body};

use crate::support::house::{House, Plan};
use crate::support::{bogor, checkout, journey, moment, siaga, stdout, tidy};

/// The demonstration's figures to 28 June 2021, open to anybody.
async fn open_house() -> House {
    let house = House::built(Plan { is_demo: true, has_figures: true, ..Plan::default() }).await;
    crate::workforce_files::with_people(&house.journey).await;
    house
}

async fn file(house: &House, path: &str) -> (String, Vec<u8>) {
    let answer = house.client.get(format!("{}{path}", house.address)).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    let id = answer.headers()["siaga-id"].to_str().unwrap().to_owned();
    (id, answer.bytes().await.unwrap().to_vec())
}

async fn rows(house: &House, path: &str) -> Vec<serde_json::Value> {
    serde_json::from_slice(&file(house, path).await.1).unwrap()
}

/// The program on the house's store.
fn program(house: &House, args: &[&str]) -> std::process::Output {
    let url = format!("sqlite://{}/var/demo/siaga.sqlite", house.folder.path().display());
    siaga(house.folder.path()).env("SIAGA_DATABASE_URL", url).args(args).output().unwrap()
}

fn said(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The id that a command told.
fn id_of(output: &std::process::Output) -> String {
    let told = said(output);
    assert!(output.status.success(), "{told}");
    told.lines().find_map(|line| line.strip_prefix("id: ")).unwrap_or_else(|| panic!("{told}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_a_dataset_holds_the_same_rows() {
    let house = open_house().await;
    for dataset in Dataset::ALL {
        let name = dataset.name();
        let json = rows(&house, &format!("/exports/{name}.json")).await;
        assert!(!json.is_empty(), "{name}");
        let lines = String::from_utf8(file(&house, &format!("/exports/{name}.jsonl")).await.1).unwrap();
        let lines: Vec<serde_json::Value> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines, json, "{name}");
        let (_, csv) = file(&house, &format!("/exports/{name}.csv")).await;
        let records = csv::Reader::from_reader(csv.as_slice()).into_records().map(Result::unwrap);
        let records: Vec<csv::StringRecord> = records.collect();
        assert_eq!(records.len(), json.len(), "{name}");
        let (_, xlsx) = file(&house, &format!("/exports/{name}.xlsx")).await;
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx)).unwrap();
        let sheet = book.worksheet_range(name).unwrap();
        assert_eq!(sheet.rows().count(), json.len() + 1, "{name}");
        for (nth, column) in dataset.columns().iter().enumerate() {
            assert_eq!(sheet.get((0, nth)), Some(&Data::String(column.name.clone())));
            for (line, row) in json.iter().enumerate() {
                let told = &row[&column.name];
                let cell = &records[line][nth];
                let typed = sheet.get((line + 1, nth)).unwrap_or(&Data::Empty);
                match told {
                    serde_json::Value::Null => assert!(cell.is_empty() && *typed == Data::Empty),
                    serde_json::Value::Number(number) => {
                        assert_eq!(
                            cell.parse::<f64>().unwrap().to_bits(),
                            number.as_f64().unwrap().to_bits()
                        );
                        assert!(
                            matches!(typed, Data::Float(value) if Some(*value) == number.as_f64()),
                            "{typed:?}"
                        );
                    }
                    serde_json::Value::String(text) => {
                        assert_eq!(cell, text);
                        assert!(matches!(typed, Data::String(_) | Data::DateTime(_)), "{typed:?}");
                    }
                    other => panic!("{other}"),
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_holds_what_was_asked_for_and_says_so() {
    let house = open_house().await;
    let asked = "from=2021-06-20&to=2021-06-27&measure=cases,deaths&location=3271&as_of=2021-06-28";
    let filtered = rows(&house, &format!("/exports/observations.json?{asked}")).await;
    assert!(filtered.len() > 4);
    for row in &filtered {
        let date = row["date"].as_str().unwrap();
        assert!(("2021-06-20"..="2021-06-27").contains(&date), "{row}");
        assert!(["cases", "deaths"].contains(&row["measure"].as_str().unwrap()), "{row}");
    }
    let all = rows(&house, "/exports/observations.json?as_of=2021-06-28").await;
    let expected = all.iter().filter(|row| {
        ("2021-06-20"..="2021-06-27").contains(&row["date"].as_str().unwrap())
            && ["cases", "deaths"].contains(&row["measure"].as_str().unwrap())
    });
    assert!(filtered.iter().eq(expected), "those and no other");
    let (id, book) = file(&house, &format!("/exports/observations.xlsx?{asked}&lang=en")).await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book)).unwrap();
    assert_eq!(book.sheet_names(), ["observations", "dictionary", "about"]);
    let about = book.worksheet_range("about").unwrap();
    let told: BTreeMap<String, String> =
        about.rows().map(|row| (row[0].to_string(), row[1].to_string())).collect();
    assert_eq!(told["Filters"], "from=2021-06-20 to=2021-06-27 measure=cases,deaths location=3271");
    assert_eq!(told["As known at"], "2021-06-28 23:59:59 +07:00");
    assert_eq!(told["Withheld"], "nothing withheld, units as reported");
    assert_eq!(told["Policy and version"], "kota-bogor@1");
    assert_eq!(told["Program"], BUILD);
    assert!(told.values().any(|value| *value == id), "{told:?}");
    let some = rows(&house, "/exports/indicators.json?indicator=rt,growth_ratio&from=2021-06-28").await;
    let names: Vec<&str> = some[0].as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "date",
        "location",
        "growth_ratio",
        "growth_ratio_lower",
        "growth_ratio_upper",
        "rt",
        "rt_lower",
        "rt_upper",
        "missing",
    ];
    assert_eq!(names, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_refused_in_one_sentence_by_page_and_command() {
    let house = open_house().await;
    for (dataset, name, value, said) in [
        ("observations", "from", "kemarin", "from is not a day: 'kemarin'"),
        ("observations", "measure", "kasus", "'kasus' is not a measure"),
        ("observations", "location", "3201", "of 3201 nothing is kept here"),
        ("observations", "indicator", "rt", "observations cannot be filtered by indicator"),
        ("indicators", "indicator", "cases", "'cases' is not an indicator"),
        ("units", "to", "2021-06-01", "units cannot be filtered by to"),
    ] {
        let page = house.get(&format!("/exports/{dataset}.csv?lang=en&{name}={value}"), &[]).await;
        assert_eq!(
            (page.status, page.header("content-type")),
            (400, "application/problem+json"),
            "{name}={value}"
        );
        let told: serde_json::Value = serde_json::from_str(&page.body).unwrap();
        assert!(told["detail"].as_str().unwrap().to_lowercase().contains(said), "{told}");
        let output = program(&house, &["export", dataset, &format!("--{name}"), value]);
        assert_eq!(output.status.code(), Some(2), "{name}={value}");
        assert!(self::said(&output).contains(said), "{}", self::said(&output));
        assert_eq!(self::said(&output).lines().count(), 1);
    }
    for path in [
        "/exports/observations.csv?measures=cases",
        "/exports/observations.xlsx?excel=1",
        "/exports/observations.csv?excel=yes",
        "/exports/observations.csv?from=2021-06-02&to=2021-06-01",
        "/exports/evidence/2021-06-31.zip",
        "/exports/evidence/2021-06-28.zip?measure=cases",
        "/exports/evidence/2019-01-01.zip",
    ] {
        assert_eq!(house.get(path, &[]).await.status, 400, "{path}");
    }
    assert_eq!(house.get("/exports/evidence/2021-06-28.tar", &[]).await.status, 404);
    for (args, said) in [
        (vec!["export", "observations", "--excel", "--format", "xlsx"], "--excel is a way to write CSV"),
        (vec!["export", "observations", "--path", "x.csv"], "--format datapackage"),
        (vec!["export", "observations", "--date", "2021-06-28"], "--date is for evidence"),
        (vec!["export", "evidence"], "--date 2021-06-28"),
        (vec!["export", "evidence", "--date", "2021-06-28", "--measure", "cases"], "evidence takes only"),
        (vec!["export", "evidence", "--date", "1999-06-28"], "lies outside the figures"),
        (vec!["reproduce", "observations.csv"], "it is no id of a file"),
    ] {
        let output = program(&house, &args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(self::said(&output).contains(said), "{args:?}: {}", self::said(&output));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_is_made_again_byte_by_byte_from_its_id() {
    let house = open_house().await;
    let mut paths: Vec<String> = Ending::ALL
        .iter()
        .map(|ending| format!("/exports/observations.{ending}?measure=cases&lang=en"))
        .collect();
    let others = [Dataset::Assessments, Dataset::Revisions, Dataset::Alerts, Dataset::Units];
    paths.extend(others.iter().map(|dataset| format!("/exports/{}.xlsx?lang=id", dataset.name())));
    for other in [
        "/exports/observations.csv?excel=1&lang=id",
        "/exports/indicators.parquet?as_of=2021-06-25&indicator=rt",
        "/charts/epicurve.svg?lang=en&theme=dark",
        "/charts/staff.png?date=2021-06-20&as_of=2021-06-22",
        "/charts/incidence.svg?days=20&lang=en",
        "/charts/epicurve.csv?days=20",
        "/charts/level_strip.xlsx?as_of=2021-06-22",
        "/exports/evidence/2021-06-28.zip?lang=en",
    ] {
        paths.push(other.to_owned());
    }
    for path in paths {
        let (id, first) = file(&house, &path).await;
        if !path.contains("evidence") {
            let (again_id, again) = file(&house, &path).await;
            assert!(again == first && again_id == id, "{path}: the same twice");
        }
        let output = program(&house, &["reproduce", &id, "--out", "again"]);
        assert_eq!(id_of(&output), id, "{path}");
        assert!(std::fs::read(house.folder.path().join("again")).unwrap() == first, "{path}: {id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_program_and_other_figures_are_told_and_refused() {
    let house = open_house().await;
    let (id, first) = file(&house, "/exports/observations.csv").await;
    let mut recipe: Recipe = id.parse().unwrap();
    recipe.build = "0.0.9-00000000".to_owned();
    let older = recipe.to_string();
    let refused = program(&house, &["reproduce", &older, "--out", "again.csv"]);
    assert_eq!(refused.status.code(), Some(1));
    let expected = format!("siaga 0.0.9-00000000 made that file and this is siaga {BUILD}; --any-build");
    assert!(said(&refused).contains(&expected), "{}", said(&refused));
    assert_eq!(said(&refused).lines().count(), 1);
    assert!(!house.folder.path().join("again.csv").exists());
    let output = program(&house, &["reproduce", &older, "--any-build", "--out", "again.csv"]);
    assert_eq!(id_of(&output), id, "made with this program, it bears its id");
    assert!(std::fs::read(house.folder.path().join("again.csv")).unwrap() == first);
    // A figure that was known then comes in only now.
    let late = "date,location,measure,value,as_of,source\n2021-05-02,3271,tests,77,2021-05-03T00:00:00Z,dinkes-kota-bogor\n";
    let payload = Payload::from_file("late.csv", late.as_bytes().to_vec());
    let report = ingest_payload(&house.journey, &tidy(), &payload, false).await.unwrap();
    assert_eq!(report.run.accepted, 1);
    let refused = program(&house, &["reproduce", &id]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("what is kept is not what that file was made of"), "{}", said(&refused));
    assert!(refused.stdout.is_empty());
    let output = program(&house, &["reproduce", &id, "--any-build", "--out", "other.csv"]);
    assert!(said(&output).contains("warning") && id_of(&output) != id);
    recipe.build = BUILD.to_owned();
    recipe.policy = "kota-bogor@99".to_owned();
    let refused = program(&house, &["reproduce", &recipe.to_string()]);
    assert!(said(&refused).contains("under the policy kota-bogor@99"), "{}", said(&refused));
    recipe.what = "nothing.csv".to_owned();
    recipe.policy = "kota-bogor@1".to_owned();
    let refused = program(&house, &["reproduce", &recipe.to_string()]);
    assert!(said(&refused).contains("there is no file 'nothing.csv'"), "{}", said(&refused));
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_starts_a_formula_is_defused_and_comes_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, _) = journey(folder.path(), "2021-06-29").await;
    let notes = ["=HYPERLINK(\"x\")", "+62 251", "-", "@all", "'=quoted", "Jum'at"];
    let mut csv = "date,location,measure,value,as_of,source,note\n".to_owned();
    for (nth, note) in notes.iter().enumerate() {
        let note = note.replace('"', "\"\"");
        csv += &format!(
            "2021-06-{:02},3271,mobility,-{nth}.5,2021-06-20T00:00:00Z,@dinas,\"{note}\"\n",
            nth + 1
        );
    }
    let take_in = async |body: Vec<u8>| {
        ingest_payload(&journey, &tidy(), &Payload::from_file("f.csv", body), false).await.unwrap().run
    };
    // Whoever writes for spreadsheets has defused the source, too; the quoted note means what it says.
    let first = csv.replace(",@dinas,", ",'@dinas,").replace("\"'=quoted\"", "\"''=quoted\"");
    assert_eq!(take_in(first.into_bytes()).await.accepted, 6);
    let kept = journey
        .viewing()
        .disclosed(moment("2021-06-29"), &Audience::unsuppressed())
        .await
        .unwrap()
        .observations;
    let kept: Vec<&str> = kept.iter().map(|figure| figure.note.as_str()).collect();
    assert_eq!(kept, notes);
    let asking = |ending, excel: bool| Asking {
        dataset: Dataset::Observations,
        ending,
        wanted: Wanted::default(),
        besides: excel.then(|| ("excel".to_owned(), "1".to_owned())).into_iter().collect(),
        as_of: moment("2021-06-29"),
        audience: Audience::unsuppressed(),
        locale: Locale::Id,
    };
    let bytes = async |asking: Asking| {
        let ending = asking.ending;
        let mut bytes = Vec::new();
        let taken = Arc::new(take(&journey.viewing(), &asking).await.unwrap());
        made(taken, ending).unwrap().write(&mut bytes).unwrap();
        bytes
    };
    let plain = bytes(asking(Ending::Csv, false)).await;
    let excel = String::from_utf8(bytes(asking(Ending::Csv, true)).await).unwrap();
    let text = String::from_utf8(plain.clone()).unwrap();
    for (nth, note) in
        ["\"'=HYPERLINK(\"\"x\"\")\"", "'+62 251", "'-", "'@all", "''=quoted", "Jum'at"].iter().enumerate()
    {
        assert!(text.contains(&format!(",-{nth}.5,2021-06-20T00:00:00Z,'@dinas,,{note},")), "{note}: {text}");
        assert!(
            excel.contains(&format!(";-{nth},5;2021-06-20 07:00:00;'@dinas;;{note};")),
            "{note}: {excel}"
        );
    }
    assert!(excel.starts_with("\u{feff}date;location;"));
    let run = take_in(plain).await;
    assert_eq!(
        (run.accepted, run.unchanged, run.rejected),
        (0, 6, 0),
        "it went in again and changed nothing"
    );
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes(asking(Ending::Xlsx, false)).await)).unwrap();
    let sheet = book.worksheet_range("observations").unwrap();
    for line in 1..=6 {
        assert!(matches!(sheet.get((line, 0)), Some(Data::DateTime(_))), "a day is a day");
        assert!(
            matches!(sheet.get((line, 3)), Some(Data::Float(value)) if *value < 0.0),
            "a number is a number"
        );
        assert_eq!(sheet.get((line, 5)), Some(&Data::String("'@dinas".to_owned())));
    }
    assert!(book.worksheet_formula("observations").unwrap().is_empty());
}

#[test]
fn an_export_goes_in_again_and_changes_nothing_whoever_it_was_for() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| crate::support::stdout(folder.path(), args);
    for file in ["cases", "hospital", "staff"] {
        let path = checkout(&format!("data/sample/kota_bogor_{file}.csv"));
        run(&["ingest", "--file", path.to_str().unwrap()]);
    }
    let before = run(&["export", "observations", "--audience", "unsuppressed"]);
    for filter in
        [&["--measure", "cases,deaths_total"][..], &["--from", "2021-06-01", "--to", "2021-06-28"], &[]]
    {
        let out = ["export", "observations", "--audience", "unsuppressed", "--out", "f.csv"];
        run(&[&out[..], filter].concat());
        let rows = std::fs::read_to_string(folder.path().join("f.csv")).unwrap().lines().count() - 1;
        assert!(rows > 10);
        let report = run(&["ingest", "--file", "f.csv", "--format", "csv"]);
        assert!(report.contains(&format!("tidy,unchanged,{rows},0,{rows},0")), "{report}");
    }
    assert_eq!(run(&["export", "observations", "--audience", "unsuppressed"]), before);
    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("f.csv"), &before).unwrap();
    crate::support::stdout(other.path(), &["ingest", "--file", "f.csv"]);
    let args = ["export", "observations", "--audience", "unsuppressed"];
    assert_eq!(crate::support::stdout(other.path(), &args), before, "an empty store becomes the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_chart_shows_is_taken_away_as_a_table() {
    let house = open_house().await;
    let has_table = |name: &&str| Picture::has(name, PictureForm::Csv);
    for name in siaga::web::figures::NAMES.into_iter().filter(has_table) {
        let (_, csv) = file(&house, &format!("/charts/{name}.csv?days=28")).await;
        let mut reader = csv::Reader::from_reader(csv.as_slice());
        let heads = reader.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = reader.into_records().map(Result::unwrap).collect();
        // Nobody else's figures are in the store, weeks of units and the forecast end later than the day.
        assert_eq!(rows.is_empty(), name == "neighbours", "{name}");
        let last = if ["forecast", "unit_clusters"].contains(&name) { "2021-07-12" } else { "2021-06-28" };
        let days: Vec<&str> = rows.iter().map(|row| &row[0]).collect();
        assert!(days.iter().all(|day| ("2021-03-01"..=last).contains(day)), "{name}: {days:?}");
        let path = format!("/charts/{name}.xlsx?days=28&lang=id");
        let told = house.get(&path, &[]).await;
        assert_eq!(told.header("content-type"), Ending::Xlsx.content_type());
        let saved_as = format!("attachment; filename=\"siaga_{name}_2021-06-28.xlsx\"");
        assert_eq!(told.header("content-disposition"), saved_as);
        let (_, book) = file(&house, &path).await;
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book)).unwrap();
        assert_eq!(book.sheet_names(), [name, "kamus", "tentang"]);
        let sheet = book.worksheet_range(name).unwrap();
        assert_eq!((sheet.rows().count(), sheet.width()), (rows.len() + 1, heads.len()), "{name}");
    }
    let csv = String::from_utf8(file(&house, "/charts/epicurve.csv?days=7").await.1).unwrap();
    assert!(csv.contains("2021-06-27,2021-06-24,1096,,"), "the figure for four days is one row: {csv}");
    assert_eq!(house.get("/charts/epicurve.csv?days=0", &[]).await.status, 400);
    assert_eq!(house.get("/charts/epicurve.svg?days=many", &[]).await.status, 400);
    let out = program(&house, &["chart", "incidence", "--days", "14", "--out", "c.xlsx"]);
    assert!(id_of(&out).starts_with("charts/incidence.xlsx,date=2021-06-28,days=14,"));
}

#[tokio::test(flavor = "multi_thread")]
async fn under_each_panel_stands_what_it_shows() {
    let house = open_house().await;
    let page = house.get("/analyst?lang=en&from=2021-06-10&date=2021-06-20&as_of=2021-06-22", &[]).await.body;
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let links: Vec<String> = links.map(|link| link.replace("&#38;", "&").replace("&amp;", "&")).collect();
    let files: Vec<&String> =
        links.iter().filter(|link| link.starts_with("/exports/") || link.starts_with("/charts/")).collect();
    assert!(files.len() > 40, "{files:?}");
    for link in &files {
        assert_eq!(house.get(link, &[]).await.status, 200, "{link}");
    }
    let shown = files.iter().find(|link| link.starts_with("/exports/indicators.csv?from=")).unwrap();
    assert!(shown.contains("to=2021-06-20") && shown.contains("as_of=2021-06-22"), "{shown}");
    let csv = house.get(shown, &[]).await.body;
    let days: Vec<&str> = csv.lines().skip(1).map(|line| &line[..10]).collect();
    assert_eq!((days.first(), days.last(), days.len()), (Some(&"2021-06-10"), Some(&"2021-06-20"), 11));
    assert!(csv.starts_with("date,location,cases_7d,growth_ratio,"), "{csv}");
    assert!(files.iter().any(|link| link.starts_with("/exports/evidence/2021-06-20.zip?as_of=2021-06-22")));
    let public = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    let page = public.get("/?lang=en", &[]).await.body;
    assert!(!page.contains("/exports/alerts") && !page.contains("/exports/evidence"), "only what is open");
}

/// Rows of which one cannot be made.
struct Broken(Vec<Column>);

impl Rowset for Broken {
    fn columns(&self) -> &[Column] {
        &self.0
    }

    fn count(&self) -> usize {
        5 * ROWS
    }

    fn row(&self, nth: usize) -> Cow<'_, [Cell]> {
        assert!(nth < 3 * ROWS + 7, "the disk is gone");
        Cow::Owned(vec![Cell::Text("x".repeat(200)); 2])
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_breaks_off_never_ends_as_if_it_were_whole() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let broken = || Arc::new(Broken(vec![Column::new("a", ""), Column::new("b", "")]));
    let formats = [TextFormat::Csv(Dialect::Tidy), TextFormat::Json, TextFormat::JsonLines];
    for format in formats {
        let handler = move || async move { body(Making::Parts(broken(), format)) };
        let router = axum::Router::new().route("/", axum::routing::get(handler));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let served = tokio::spawn(async move { axum::serve(listener, router).await });
        let answer = reqwest::get(&address).await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "the answer has begun");
        assert!(answer.bytes().await.is_err(), "{format:?}: a broken file is an error to whoever reads it");
        served.abort();
    }
    // To a file: the old one stays, and nothing half written is left beside it.
    let made = Making::Parts(Arc::new(siaga::export::Table::new(&[("a", "")])), TextFormat::Json);
    let mut full = Full;
    assert!(made.write(&mut full).is_err());
}

/// A disk that is full.
struct Full;

impl std::io::Write for Full {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("no space left"))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reader_takes_away_what_is_left_for_them_in_every_form() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    let analyst = house.signed_in("analis", Role::Analyst).await.cookie;
    let get = async |path: &str, cookie: &str| {
        let request = house.client.get(format!("{}{path}", house.address)).header("cookie", cookie);
        request.send().await.unwrap()
    };
    for path in ["/exports/observations.xlsx", "/exports/observations.parquet", "/exports/observations.jsonl"]
    {
        let (public, own) = (get(path, "").await, get(path, &analyst).await);
        let told =
            |answer: &reqwest::Response| answer.headers()["siaga-suppression"].to_str().unwrap().to_owned();
        assert_eq!(told(&public), "below 10 withheld, no units");
        assert_eq!(told(&own), "below 5 withheld, no units");
        let id: Recipe = own.headers()["siaga-id"].to_str().unwrap().parse().unwrap();
        assert_eq!(id.audience, Audience::government());
        assert_ne!(public.bytes().await.unwrap(), own.bytes().await.unwrap(), "{path}");
    }
    let book = get("/exports/observations.xlsx", "").await.bytes().await.unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book.to_vec())).unwrap();
    let sheet = book.worksheet_range("observations").unwrap();
    let of_staff = sheet.rows().skip(1).filter(|row| row[2].to_string().starts_with("staff_cases"));
    let mut withheld = 0;
    for row in of_staff {
        assert_eq!(row[6], Data::Empty, "no unit");
        if row[7].to_string().starts_with("withheld: ") {
            assert_eq!(row[3], Data::Empty);
            withheld += 1;
        }
    }
    assert!(withheld > 0, "there is something to hide");
    assert_eq!(get("/exports/evidence/2021-06-28.zip", "").await.status().as_u16(), 401);
    let pack = get("/exports/evidence/2021-06-28.zip", &analyst).await.bytes().await.unwrap();
    let files = unpacked(&pack);
    let csv = String::from_utf8(files["data/observations.csv"].clone()).unwrap();
    assert!(csv.contains("withheld: ") && !csv.contains(",staff_cases,1,"), "{csv}");
}

fn unpacked(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for nth in 0..zip.len() {
        let mut file = zip.by_index(nth).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().to_string(), bytes);
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn the_evidence_for_a_day_is_whole_and_each_file_is_as_its_hash_says() {
    let house = open_house().await;
    let (id, pack) = file(&house, "/exports/evidence/2021-06-28.zip?lang=en").await;
    let mut files = unpacked(&pack);
    let manifest: serde_json::Value =
        serde_json::from_slice(&files.remove("manifest.json").unwrap()).unwrap();
    assert_eq!(manifest["id"], id.as_str());
    assert_eq!(manifest["as_of"], moment("2021-06-28").to_string(), "as known at the end of the day");
    let listed = manifest["files"].as_array().unwrap();
    assert_eq!(listed.len(), files.len());
    for file in listed {
        let bytes = &files[file["path"].as_str().unwrap()];
        assert_eq!(file["sha256"], hex(&Sha256::digest(bytes)), "{file}");
        assert_eq!(file["bytes"], bytes.len());
    }
    let text = |path: &str| String::from_utf8(files[path].clone()).unwrap();
    let assessment: serde_json::Value = serde_json::from_str(&text("assessment/assessment.json")).unwrap();
    assert_eq!((assessment["date"].as_str(), assessment["step"].as_u64()), (Some("2021-06-28"), Some(4)));
    assert!(
        text("assessment/explanation.id.txt").contains("28")
            && text("assessment/explanation.en.txt").contains("WFH")
    );
    let policy = std::fs::read_to_string(checkout("data/policy/kota-bogor.toml")).unwrap();
    assert_eq!(text("policy/kota-bogor@1.toml"), policy);
    assert!(text("README.txt").contains("Kota Bogor"));
    let decided: serde_json::Value = serde_json::from_str(&text("decisions/2.json")).unwrap();
    assert_eq!((decided["step"].as_u64(), decided["decided_by"].as_str()), (Some(4), Some("Bima Arya")));
    let rested: serde_json::Value = serde_json::from_str(&text("decisions/2-assessment.json")).unwrap();
    assert_eq!(rested, assessment, "what it rested on is what the rules said that evening");
    assert_eq!(text("decisions/decisions.csv").lines().count(), 3);
    let csv = text("data/observations.csv");
    assert!(csv.lines().skip(1).all(|line| &line[..10] <= "2021-06-28") && csv.contains("2021-06-27,3271,"));
    assert!(
        files["charts/epicurve.png"].starts_with(b"\x89PNG")
            && text("charts/level_strip.svg").contains("<svg")
    );
    // Earlier knowledge is another pack, on other figures.
    let (_, then) =
        file(&house, "/exports/evidence/2021-06-28.zip?as_of=2021-06-28T12:00:00%2B07:00&lang=en").await;
    let then = String::from_utf8(unpacked(&then)["data/observations.csv"].clone()).unwrap();
    assert!(then.contains("2021-06-27,3271,active,3023,") && !then.contains("active,3003,"));
    assert!(csv.contains("active,3003,"));
    let args = ["--lang", "en", "export", "evidence", "--date", "2021-06-28", "--audience", "unsuppressed"];
    let output = program(&house, &[&args[..], &["--out", "evidence.zip"]].concat());
    assert_eq!(id_of(&output), id);
    assert!(std::fs::read(house.folder.path().join("evidence.zip")).unwrap() == pack);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_descriptor_tells_types_terms_and_the_hash_of_the_csv() {
    let house = open_house().await;
    let asked = "?as_of=2021-06-28&measure=cases";
    let (_, csv) = file(&house, &format!("/exports/observations.csv{asked}")).await;
    let (id, package) = file(&house, &format!("/exports/observations.datapackage.json{asked}")).await;
    let package: serde_json::Value = serde_json::from_slice(&package).unwrap();
    let resource = &package["resources"][0];
    assert_eq!(resource["hash"], format!("sha256:{}", hex(&Sha256::digest(&csv))));
    assert_eq!(resource["bytes"], csv.len());
    assert_eq!(package["id"], id.as_str());
    assert_eq!(package["siaga"]["filters"], serde_json::json!({ "measure": "cases" }));
    assert_eq!(package["siaga"]["suppression"], "nothing withheld, units as reported");
    assert_eq!(package["siaga"]["rows"], csv.iter().filter(|byte| **byte == b'\n').count() - 1);
    assert!(package["sources"][0]["title"].as_str().unwrap().contains("Kota Bogor"), "{package}");
    assert!(package["licenses"][0]["title"].as_str().unwrap().contains("press"), "{package}");
    let fields = resource["schema"]["fields"].as_array().unwrap();
    let kinds: Vec<&str> = fields.iter().map(|field| field["type"].as_str().unwrap()).collect();
    assert_eq!(&kinds[..5], ["date", "string", "string", "number", "datetime"]);
    assert_eq!(fields[9]["constraints"]["enum"], serde_json::json!(["printed", "derived", "reconstructed"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_that_a_sheet_cannot_hold_is_refused_and_not_cut() {
    let folder = tempfile::tempdir().unwrap();
    let (journey, _) = journey(folder.path(), "2021-06-29").await;
    let asking = Asking {
        dataset: Dataset::Units,
        ending: Ending::Xlsx,
        wanted: Wanted { location: Some(bogor()), ..Wanted::default() },
        besides: Vec::new(),
        as_of: Vintage::from_millis(0).unwrap(),
        audience: Audience::public(),
        locale: Locale::En,
    };
    let about = take(&journey.viewing(), &asking).await.unwrap().about.clone();
    let refused = siaga::export::xlsx(&Many, &about).unwrap_err().to_string();
    assert!(refused.contains("a sheet holds 1048575 rows and there are 1048576"), "{refused}");
}

/// A row more than a sheet holds.
struct Many;

impl Rowset for Many {
    fn columns(&self) -> &[Column] {
        &[]
    }

    fn count(&self) -> usize {
        1_048_576
    }

    fn row(&self, _: usize) -> Cow<'_, [Cell]> {
        Cow::Borrowed(&[])
    }
}

#[test]
fn every_column_has_its_meaning_and_its_type() {
    for dataset in Dataset::ALL {
        for column in dataset.columns() {
            assert!(!column.description.is_empty(), "{} {}", dataset.name(), column.name);
        }
    }
    assert!(Dataset::Indicators.columns().len() > IndicatorKind::ALL.len());
    assert!(Path::new(&checkout("docs/data-dictionary.md")).exists());
}

#[test]
fn every_dataset_has_words_in_both_languages() {
    for (locale, dataset) in
        Locale::ALL.into_iter().flat_map(|locale| Dataset::ALL.map(|dataset| (locale, dataset)))
    {
        for key in [format!("dataset-{}", dataset.name()), format!("dataset-{}-what", dataset.name())] {
            assert!(Phrases::new(locale).has(&key), "{locale:?} {key}");
        }
    }
}

/// What somebody takes away and brings back says nothing new: neither what it holds nor what was withheld from it.
#[test]
fn a_file_of_figures_that_is_brought_back_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    stdout(folder.path(), &["-q", "demo", "--until", "2021-06-28", "--no-wait"]);
    let own = format!("sqlite://{}/var/demo/siaga.sqlite", folder.path().display());
    let asked = |url: &str, args: &[&str]| {
        let output = siaga(folder.path()).env("SIAGA_DATABASE_URL", url).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let told = |url: &str| asked(url, &["-q", "export", "observations", "--audience", "unsuppressed"]);
    let before = (told(&own), asked(&own, &["-q", "export", "revisions", "--audience", "unsuppressed"]));
    for (audience, format) in
        [("executive", "csv"), ("executive", "xlsx"), ("unsuppressed", "csv"), ("unsuppressed", "xlsx")]
    {
        let file = format!("{audience}.{format}");
        asked(
            &own,
            &["-q", "export", "observations", "--audience", audience, "--format", format, "--out", &file],
        );
        let report = asked(&own, &["-q", "ingest", "--file", &file, "--format", "csv"]);
        let counts: Vec<&str> = report.lines().nth(1).unwrap().split(',').collect();
        assert_eq!((counts[1], counts[3], counts[5]), ("unchanged", "0", "0"), "{file}: {report}");
        let after = (told(&own), asked(&own, &["-q", "export", "revisions", "--audience", "unsuppressed"]));
        assert!(after == before, "{file}");
        if audience == "unsuppressed" {
            let fresh = format!("sqlite://{}/fresh-{format}.sqlite", folder.path().display());
            asked(&fresh, &["-q", "ingest", "--file", &file]);
            assert!(told(&fresh) == before.0, "{file} in an empty store");
        }
    }
}
