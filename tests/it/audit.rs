//! The chains of hashes, held against somebody with the database in hand: every change of a chained row is seen and named.

use std::path::Path;

use siaga::audit::{Action, Entry};
use siaga::epi::Vintage;
use siaga::store::{AuditFilter, SavedAssessment, Store};
use sqlx::{AnyConnection, AssertSqlSafe, Column, Connection, Row};

use crate::support::{bogor, case, fresh_postgres, moment, policy, printed, siaga, table};

/// An entry of the minute.
pub fn entry(minute: i64) -> Entry {
    let at = Vintage::from_millis(moment("2021-06-28").millis() + minute * 60_000).unwrap();
    Entry::new(at, ("sekda", "mayor"), Action::FiguresExported, "observations")
        .detail(format!("{{\"rows\": {minute}}}"))
        .address("10.20.30.40")
}

/// An evaluation of the minute, without alerts.
pub fn evaluation(minute: i64) -> SavedAssessment {
    let (policy, table, orders, lineage) =
        (policy(), table(&printed(), None), siaga::assessment::Orders::default(), [bogor()]);
    let day = "2021-06-28".parse().unwrap();
    let (assessment, standing) =
        siaga::assessment::assess(case(&policy, &table, &orders, &lineage), day, None);
    let as_of = Vintage::from_millis(moment("2021-06-28").millis() + minute * 60_000).unwrap();
    let id = format!("3271@{}", as_of.millis());
    SavedAssessment { id, as_of, assessment, standing, memory: "{}".to_owned() }
}

/// Six rows in either chain.
pub async fn fill(store: &Store) {
    let first = evaluation(0);
    for minute in 1..=6 {
        store.record(&entry(minute)).await.unwrap();
        let as_of = entry(minute).at;
        let saved = SavedAssessment { id: format!("3271@{}", as_of.millis()), as_of, ..first.clone() };
        assert!(store.save_assessment(&saved).await.unwrap());
    }
}

/// Somebody with the database in hand.
pub async fn intruder(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let makes = if url.starts_with("sqlite:") { "?mode=rwc" } else { "" };
    AnyConnection::connect(&format!("{url}{makes}")).await.unwrap()
}

/// Runs one statement.
pub async fn does(connection: &mut AnyConnection, statement: &str) -> u64 {
    let done = sqlx::query(AssertSqlSafe(statement.to_owned())).execute(connection).await;
    done.unwrap_or_else(|error| panic!("{statement}: {error}")).rows_affected()
}

/// What `siaga audit verify` answers: its exit code and what it said, but for how long a slow machine's database took.
pub fn verify(folder: &Path, url: &str, settings: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = siaga(folder);
    command.env("SIAGA_DATABASE_URL", url).envs(settings.iter().copied()).args(["audit", "verify"]);
    let output = command.output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    let lines = said.split_inclusive('\n').filter(|line| !line.contains("slow statement: "));
    (output.status.code(), lines.collect())
}

/// A cell with one byte changed, as an SQL literal.
fn touched(row: &sqlx::any::AnyRow, column: &str) -> (String, String) {
    if let Ok(number) = row.try_get::<i64, _>(column) {
        let other = if column == "seq" { number + 1_000 } else { number - 1 };
        return (number.to_string(), other.to_string());
    }
    let text: String = row.try_get(column).unwrap();
    let mut other = text.clone();
    let last = other.pop();
    other.push(if last == Some('a') { 'b' } else { 'a' });
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    (quoted(&text), quoted(&other))
}

async fn one_byte_of_any_column(folder: &Path, url: &str) {
    let (mut connection, store) = (intruder(url).await, Store::connect(url).await.unwrap());
    let mut tried = 0;
    for chain in ["audit", "recommendation"] {
        for seq in [1, 4, 6] {
            let row = sqlx::query(AssertSqlSafe(format!("select * from {chain} where seq = {seq}")))
                .fetch_one(&mut connection)
                .await
                .unwrap();
            for column in row.columns().iter().map(|column| column.name().to_owned()) {
                let (was, is) = touched(&row, &column);
                let change = format!("update {chain} set {column} = {is} where seq = {seq}");
                assert_eq!(does(&mut connection, &change).await, 1, "{change}");
                let reports = store.verify_chains().await.unwrap();
                let faults: Vec<_> = reports.iter().filter_map(|report| report.fault.clone()).collect();
                assert_eq!(faults.len(), 1, "{change}");
                assert_eq!((faults[0].chain.as_str(), faults[0].seq), (chain, seq), "{change}");
                if seq == 4 {
                    let (code, said) = verify(folder, url, &[]);
                    let named = format!("siaga: chain {chain}, sequence number 4: ");
                    assert_eq!(code, Some(1), "{change}: {said}");
                    assert!(said.contains(&named), "{change}: {said}");
                }
                let now = if column == "seq" { is } else { seq.to_string() };
                does(&mut connection, &format!("update {chain} set {column} = {was} where seq = {now}"))
                    .await;
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 3 * (10 + 17), "every column of both tables, in three rows each");
}

/// What is done, the sequence number and the words of the fault, how it is undone.
fn larger_faults(chain: &str) -> Vec<(Vec<String>, i64, &'static str, Vec<String>)> {
    let row = |verb: &str| format!("{verb} {chain}");
    let delete = |which: &str, seq: i64, says: &'static str| {
        (
            vec![
                format!("create table kept as select * from {chain} where {which}"),
                format!("{} where {which}", row("delete from")),
            ],
            seq,
            says,
            vec![format!("insert into {chain} select * from kept"), "drop table kept".to_owned()],
        )
    };
    let head = |set: &str, seq: i64, says: &'static str, back: &str| {
        let update = |set: &str| vec![format!("update chain set {set} where name = '{chain}'")];
        (update(set), seq, says, update(back))
    };
    let swap = || {
        [(2, -2), (3, 2), (-2, 3)]
            .map(|(from, to)| format!("update {chain} set seq = {to} where seq = {from}"))
            .to_vec()
    };
    vec![
        delete("seq = 4", 4, "missing"),
        delete("seq = 6", 6, "cut"),
        delete("seq >= 4", 4, "cut"),
        delete("seq = 1", 1, "missing"),
        delete("seq <= 2", 1, "missing"),
        delete("seq > 0", 1, "cut"),
        (swap(), 2, "out of order", swap()),
        head("seq = 7", 7, "cut", "seq = 6"),
        head("seq = 5", 6, "added", "seq = 6"),
        head(
            "hash = replace(hash, substr(hash, 1, 1), 'x')",
            6,
            "forged",
            &format!("hash = (select hash from {chain} where seq = 6)"),
        ),
        head("base_seq = 1", 1, "added", "base_seq = 0"),
        head(
            &format!("base_seq = 1, base_hash = (select hash from {chain} where seq = 1)"),
            1,
            "added",
            "base_seq = 0, base_hash = '0000000000000000000000000000000000000000000000000000000000000000'",
        ),
        head(
            "base_hash = 'x'",
            1,
            "forged",
            "base_hash = '0000000000000000000000000000000000000000000000000000000000000000'",
        ),
        head("name = 'other'", 0, "forged", &format!("name = '{chain}'")),
    ]
}

async fn every_change_is_seen(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    fill(&Store::connect(url).await.unwrap()).await;
    let untouched = verify(folder.path(), url, &[]);
    assert_eq!(untouched.0, Some(0), "{}", untouched.1);
    for name in ["audit", "recommendation"] {
        assert!(untouched.1.contains(&format!("{name}: rows 6  first 1  last 6  hash ")), "{}", untouched.1);
    }
    one_byte_of_any_column(folder.path(), url).await;
    let mut connection = intruder(url).await;
    for chain in ["audit", "recommendation"] {
        for (change, seq, says, undo) in larger_faults(chain) {
            for statement in &change {
                does(&mut connection, statement).await;
            }
            let (code, said) = verify(folder.path(), url, &[]);
            assert_eq!(code, Some(1), "{change:?}: {said}");
            let named = format!("siaga: chain {chain}, sequence number {seq}: ");
            assert!(said.contains(&named) && said.contains(says), "{change:?}: {said}");
            for statement in &undo {
                // A head that was renamed is found by its other name.
                let statement = match change[0].contains("name = 'other'") {
                    true => format!("update chain set name = '{chain}' where name = 'other'"),
                    false => statement.clone(),
                };
                does(&mut connection, &statement).await;
            }
        }
    }
    assert_eq!(verify(folder.path(), url, &[]), untouched, "put back, it is whole again");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_of_a_chained_row_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    every_change_is_seen(&format!("sqlite://{}/siaga.sqlite", folder.path().display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_every_change_of_a_chained_row_is_seen() {
    every_change_is_seen(&fresh_postgres()).await;
}

async fn two_append_at_once(url: &str) {
    let stores = [Store::connect(url).await.unwrap(), Store::connect(url).await.unwrap()];
    let tasks = stores.clone().map(|store| {
        tokio::spawn(async move {
            for minute in 0..200 {
                store.record(&entry(minute)).await.unwrap();
            }
        })
    });
    for task in tasks {
        task.await.unwrap();
    }
    let report = stores[0].verify_chains().await.unwrap().remove(0);
    assert_eq!((report.rows, report.last, report.fault), (400, 400, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_append_at_once_leave_one_unbroken_chain() {
    let folder = tempfile::tempdir().unwrap();
    two_append_at_once(&format!("sqlite://{}/siaga.sqlite", folder.path().display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_two_that_append_at_once_leave_one_unbroken_chain() {
    two_append_at_once(&fresh_postgres()).await;
}

/// A database as the version before chains left it, with five evaluations.
async fn older_database(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    for file in ["0001_figures.sql", "0002_assessment.sql"] {
        let from = crate::support::checkout(&format!("src/store/migrations/{file}"));
        std::fs::copy(from, folder.path().join(file)).unwrap();
    }
    let mut connection = intruder(url).await;
    let migrator = sqlx::migrate::Migrator::new(folder.path()).await.unwrap();
    migrator.run(&mut connection).await.unwrap();
    for (id, as_of) in [("c", 30), ("a", 10), ("e", 50), ("b", 20), ("d", 40)] {
        does(
            &mut connection,
            &format!(
                "insert into assessment values ('{id}', '3271', 18800, {as_of}, 'kota-bogor', '1', 'x', 1, 'partial', \
                 'hold', '', '{{}}', '{{}}', '{{}}')"
            ),
        )
        .await;
        does(
            &mut connection,
            &format!(
                "insert into outbox values ('m{id}', '{id}', 'email', 'x', '', '', 'pending', 0, 0, 0, '')"
            ),
        )
        .await;
    }
}

async fn older_rows_are_chained_once(url: &str) {
    older_database(url).await;
    let started =
        [url.to_owned(), url.to_owned()].map(|url| tokio::spawn(async move { Store::connect(&url).await }));
    let mut stores = Vec::new();
    for store in started {
        stores.push(store.await.unwrap().unwrap());
    }
    let reports = stores[1].verify_chains().await.unwrap();
    assert_eq!((reports[1].rows, reports[1].last, reports[1].fault.clone()), (5, 5, None));
    let mut connection = intruder(url).await;
    let order: Vec<(String,)> = sqlx::query_as("select id from recommendation order by seq")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert_eq!(
        order.into_iter().map(|row| row.0).collect::<String>(),
        "abcde",
        "in the order of their moments"
    );
    // Once the log is in use, nobody has rows of their own chained by setting the chain back.
    stores[0].record(&entry(1)).await.unwrap();
    does(&mut connection, "update recommendation set level = 'y', seq = 0 where id = 'b'").await;
    does(&mut connection, "update chain set seq = -1 where name = 'recommendation'").await;
    let store = Store::connect(url).await.unwrap();
    assert!(store.verify_chains().await.unwrap()[1].fault.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recommended_before_is_chained_once_at_the_first_start() {
    let folder = tempfile::tempdir().unwrap();
    older_rows_are_chained_once(&format!("sqlite://{}/siaga.sqlite", folder.path().display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_what_was_recommended_before_is_chained_once_at_the_first_start() {
    older_rows_are_chained_once(&fresh_postgres()).await;
}

async fn pages_of_the_log(url: &str) {
    let store = Store::connect(url).await.unwrap();
    for minute in 1..=5 {
        store.record(&entry(minute)).await.unwrap();
    }
    let other = Entry::new(entry(9).at, ("public", "public"), Action::SignInFailed, "100%_wrong!");
    store.record(&other).await.unwrap();
    let found = async |filter: AuditFilter| {
        let page = store.audit(&filter).await.unwrap();
        (page.rows.iter().map(|row| row.seq).collect::<Vec<_>>(), page.next)
    };
    let all = AuditFilter::default;
    let text = |text: &str| AuditFilter { text: Some(text.to_owned()), ..all() };
    assert_eq!(found(all()).await, (vec![6, 5, 4, 3, 2, 1], None));
    assert_eq!(found(AuditFilter { limit: 4, ..all() }).await, (vec![6, 5, 4, 3], Some(3)));
    assert_eq!(found(AuditFilter { limit: 4, before_seq: Some(3), ..all() }).await, (vec![2, 1], None));
    assert_eq!(found(AuditFilter { limit: 3, before_seq: Some(4), ..all() }).await, (vec![3, 2, 1], None));
    assert_eq!(found(AuditFilter { actor: Some("public".into()), ..all() }).await.0, [6]);
    assert!(found(AuditFilter { actor: Some("pub".into()), ..all() }).await.0.is_empty());
    let exported = AuditFilter { action: Some(Action::FiguresExported), limit: 2, ..all() };
    assert_eq!(found(exported).await.0, [5, 4]);
    let between = AuditFilter { from: Some(entry(2).at), to: Some(entry(3).at), ..all() };
    assert_eq!(found(between).await.0, [3, 2]);
    for (asked, expected) in [
        ("ROWS\": 4", vec![4]),
        ("0%_W", vec![6]),
        ("0_w", vec![]),
        ("%", vec![6]),
        ("wrong!", vec![6]),
        ("'", vec![]),
    ] {
        assert_eq!(found(text(asked)).await.0, expected, "{asked}");
    }
    let row = store.audit(&AuditFilter { limit: 1, ..all() }).await.unwrap().rows.remove(0);
    assert_eq!(row.entry, other, "what went in comes out");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_read_a_page_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    pages_of_the_log(&format!("sqlite://{}/siaga.sqlite", folder.path().display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_the_log_is_read_a_page_at_a_time() {
    pages_of_the_log(&fresh_postgres()).await;
}

#[test]
fn a_start_is_in_the_log_and_changed_settings_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/var/demo/siaga.sqlite", folder.path().display());
    let demo = |language: &str| {
        let mut command = siaga(folder.path());
        command.env("SIAGA_CITY_LANGUAGE", language);
        let done = command.args(["-q", "demo", "--until", "2021-05-03", "--no-wait"]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    for language in ["id", "id", "en"] {
        demo(language);
    }
    let listed = |args: &[&str]| {
        let output = siaga(folder.path()).env("SIAGA_DATABASE_URL", &url).args(args).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let rows: serde_json::Value =
        serde_json::from_str(&listed(&["audit", "list", "--format", "json"])).unwrap();
    let actions: Vec<&str> =
        rows.as_array().unwrap().iter().filter_map(|row| row["action"].as_str()).collect();
    assert_eq!(actions, ["settings_changed", "start", "start", "start"]);
    assert_eq!((rows[1]["actor"].as_str(), rows[1]["object"].as_str()), (Some("siaga"), Some("demo")));
    assert!(rows[1]["detail"].as_str().unwrap().contains(env!("CARGO_PKG_VERSION")));
    let first = listed(&["audit", "list", "--format", "csv", "--to", "2021-05-01"]);
    assert_eq!(first.lines().count(), 2, "{first}");
    let last = ["audit", "list", "--format", "table", "--limit", "1"];
    assert!(listed(&last).contains("audit_read"), "reading the log is in the log");
    assert!(listed(&[&last[..], &["--action", "settings_changed"]].concat()).contains("settings_changed"));
    assert_eq!(verify(folder.path(), &url, &[]).0, Some(0));
}

#[test]
fn what_cannot_be_listed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for args in [
        vec!["audit"],
        vec!["audit", "everything"],
        vec!["audit", "list", "--action", "Start"],
        vec!["audit", "list", "--from", "yesterday"],
        vec!["audit", "list", "--to", "2021-13-01"],
        vec!["audit", "list", "--from", "2021-06-29", "--to", "2021-06-28"],
        vec!["audit", "list", "--limit", "0"],
        vec!["audit", "list", "--limit", "100001"],
        vec!["audit", "list", "--format", "xml"],
        vec!["audit", "seal"],
    ] {
        let output = siaga(folder.path()).args(&args).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "siaga {args:?}: {told}");
        assert!(
            output.stdout.is_empty() && !told.is_empty() && !told.contains("panicked"),
            "{args:?}: {told}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_of_another_kind_is_a_changed_row() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/siaga.sqlite", folder.path().display());
    fill(&Store::connect(&url).await.unwrap()).await;
    let mut connection = intruder(&url).await;
    does(&mut connection, "create table kept as select * from audit where seq = 4").await;
    assert_eq!(verify(folder.path(), &url, &[]).0, Some(0));
    for cell in
        ["at = 'x'", "at = 1.5", "actor = x'00ff'", "actor = cast(x'ff' as text)", "hash = 7", "seq = 'x'"]
    {
        does(&mut connection, &format!("update audit set {cell} where seq = 4")).await;
        let (code, said) = verify(folder.path(), &url, &[]);
        assert!(code == Some(1) && said.contains("chain audit, sequence number 4: "), "{cell}: {said}");
        does(&mut connection, "delete from audit where seq = 4 or seq = 'x'").await;
        does(&mut connection, "insert into audit select * from kept").await;
    }
    assert_eq!(verify(folder.path(), &url, &[]).0, Some(0));
}

#[test]
fn a_server_that_starts_says_so_in_the_log_before_it_answers() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = siaga(folder.path());
    command.args(["serve"]).env("SIAGA_SERVER_LISTEN", "127.0.0.1:0").stderr(std::process::Stdio::piped());
    let mut server = command.spawn().unwrap();
    let mut told = String::new();
    let mut lines = std::io::BufReader::new(server.stderr.take().unwrap());
    while !told.contains("http://") {
        assert!(std::io::BufRead::read_line(&mut lines, &mut told).unwrap() > 0, "{told}");
    }
    server.kill().unwrap();
    server.wait().unwrap();
    let listed = crate::support::stdout(folder.path(), &["audit", "list", "--format", "csv"]);
    assert!(listed.contains(",siaga,system,start,serve,"), "{listed}");
}

#[test]
fn settings_that_cannot_be_used_are_refused_with_their_key() {
    let folder = tempfile::tempdir().unwrap();
    for (text, key, named) in [
        ("[retention]\nlogs = \"29d\"\n", "", "retention.logs"),
        ("[retention]\nlog = \"730d\"\n", "", "siaga.toml, line 2"),
        ("[schedule]\nretain = \"daily\"\n", "", "schedule.retain"),
        ("[audit]\nanchor = \"/\"\n", "", "audit.anchor"),
        ("[audit]\nkey = \"k\"\n", "", "siaga.toml, line 2"),
        ("", "too short", "SIAGA_AUDIT_KEY"),
    ] {
        std::fs::write(folder.path().join("siaga.toml"), text).unwrap();
        let output = siaga(folder.path()).env("SIAGA_AUDIT_KEY", key).arg("check").output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{text}: {told}");
        assert!(told.contains(named) && !told.contains("too short"), "{text}: {told}");
    }
}
