//! From every version of the tables to the newest with a row in each of them, and what a program does that finds tables of a
//! newer one: nothing.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use siaga::audit::{FIRST, canonical, link_hash};
use siaga::store::{Filter, Store, StoreError};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::audit::{does, intruder};
use crate::commands::{COMMANDS, OF_ALERTS, OF_THE_WORKFORCE};
use crate::support::{checkout, fresh_postgres, siaga};

/// What may not stand as 1 or 'x' in a row: table, column, value.
const OTHERWISE: [(&str, &str, &str); 15] = [
    ("series", "measure", "'cases'"),
    ("series", "location", "'3271'"),
    ("observation", "status", "'printed'"),
    ("run", "outcome", "'changed'"),
    ("run", "received", "3"),
    ("outbox", "state", "'pending'"),
    ("account", "role", "'unit_head'"),
    ("session", "state", "'full'"),
    ("hold", "state", "'open'"),
    ("judgement", "verdict", "'confirm'"),
    ("unit_change", "category", "'N'"),
    ("case_link", "says", "'linked'"),
    ("alert_notice", "state", "'waiting'"),
    ("alert_answer", "kind", "'acknowledged'"),
    ("chain", "name", "'x'"),
];

/// Chained tables with their columns as they are hashed, and a row.
const AUDIT: &str = "at actor role action object detail address";
const RECOMMENDATION: &str =
    "id location date as_of policy policy_version level step mode verdict deciding_rule json standing memory";
const DECISION: &str = "number location kind amends decided_on effective_from last_day step level decided_by signed_at evidence json";

/// The numbers of all migrations.
fn versions() -> Vec<i64> {
    let files = std::fs::read_dir(checkout("src/store/migrations")).unwrap();
    let number = |name: String| name.split('_').next().unwrap().parse().unwrap();
    let mut found: Vec<i64> =
        files.map(|entry| number(entry.unwrap().file_name().into_string().unwrap())).collect();
    found.sort_unstable();
    found
}

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// Tables in the order in which they were made, with their rows.
async fn tables(connection: &mut AnyConnection, url: &str) -> Vec<(String, i64)> {
    let statement = match is_sqlite(url) {
        true => {
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by rowid"
        }
        false => {
            "select relname::text from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace order by oid"
        }
    };
    let names: Vec<(String,)> = sqlx::query_as(statement).fetch_all(&mut *connection).await.unwrap();
    let mut found = Vec::new();
    for (name,) in names.into_iter().filter(|(name,)| name != "_sqlx_migrations") {
        let statement = AssertSqlSafe(format!("select count(*) from {name}"));
        let (rows,): (i64,) = sqlx::query_as(statement).fetch_one(&mut *connection).await.unwrap();
        found.push((name, rows));
    }
    found
}

/// Columns and types of a table.
async fn columns(connection: &mut AnyConnection, url: &str, table: &str) -> Vec<(String, String)> {
    let statement = match is_sqlite(url) {
        true => "select name, lower(type) from pragma_table_info($1) order by cid",
        false => {
            "select column_name::text, data_type::text from information_schema.columns \
             where table_schema = current_schema() and table_name = $1 order by ordinal_position"
        }
    };
    sqlx::query_as(statement).bind(table.to_owned()).fetch_all(connection).await.unwrap()
}

/// A row in a table: 1 in each number, x in each text, so that what one table names is in the other.
async fn filled(connection: &mut AnyConnection, url: &str, table: &str) {
    let columns = columns(connection, url, table).await;
    let value = |(name, kind): &(String, String)| {
        let otherwise = OTHERWISE.iter().find(|(of, column, _)| *of == table && column == name);
        let plain = match kind.as_str() {
            "bigint" => "1",
            "double precision" => "1.5",
            "text" => "'x'",
            other => panic!("{table}.{name} is of the type {other}"),
        };
        otherwise.map_or(plain, |(_, _, value)| *value)
    };
    let values: Vec<&str> = columns.iter().map(value).collect();
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let statement = format!("insert into {table} ({}) values ({})", names.join(", "), values.join(", "));
    does(connection, &statement).await;
}

/// The first row of a chain, with the chain's head.
async fn chained(connection: &mut AnyConnection, (chain, columns): (&str, &str), is_there: bool) {
    let texts = ["actor", "role", "action", "object", "detail", "address", "kind", "level"];
    let is_text = |name: &str| {
        let texts_too =
            ["id", "location", "policy", "policy_version", "mode", "verdict", "deciding_rule", "json"];
        let last = ["standing", "memory", "decided_by", "evidence"];
        [&texts[..], &texts_too, &last].concat().contains(&name)
    };
    let value = |name: &str| match name {
        "kind" => Value::from("decision"),
        name if is_text(name) => Value::from("x"),
        _ => Value::from(1),
    };
    let names: Vec<&str> = columns.split(' ').collect();
    let values: Vec<Value> = names.iter().map(|name| value(name)).collect();
    let hash = link_hash(FIRST, &canonical(chain, 1, &values));
    let row = format!("1, '{FIRST}', '{hash}'");
    match is_there {
        true => {
            let statement = format!("update {chain} set seq = 1, previous = '{FIRST}', hash = '{hash}'");
            does(connection, &statement).await;
        }
        false => {
            let literals: Vec<String> =
                values.iter().map(|value| value.to_string().replace('"', "'")).collect();
            let into = format!("insert into {chain} ({}, seq, previous, hash)", names.join(", "));
            does(connection, &format!("{into} values ({}, {row})", literals.join(", "))).await;
        }
    }
    does(connection, &format!("update chain set seq = 1, hash = '{hash}' where name = '{chain}'")).await;
}

/// A database as a siaga with these tables left it: one version after the other, each with a row in each table it made.
pub async fn as_version(url: &str, newest: i64) {
    let mut connection = intruder(url).await;
    let mut before: Vec<String> = Vec::new();
    for version in versions().into_iter().filter(|version| *version <= newest) {
        let folder = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(checkout("src/store/migrations")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name.as_str() < &*format!("{:04}", version + 1) {
                std::fs::copy(&path, folder.path().join(name)).unwrap();
            }
        }
        Migrator::new(folder.path()).await.unwrap().run(&mut connection).await.unwrap();
        let found = tables(&mut connection, url).await;
        for (table, rows) in &found {
            match table.as_str() {
                "chain" | "gate" => {}
                // Chained when the tables came, as its program did at once.
                "recommendation" if version == 3 => {
                    chained(&mut connection, ("recommendation", RECOMMENDATION), true).await;
                }
                "recommendation" => {}
                "audit" if *rows == 0 => chained(&mut connection, ("audit", AUDIT), false).await,
                "decision" if *rows == 0 => chained(&mut connection, ("decision", DECISION), false).await,
                table if *rows == 0 && !before.iter().any(|name| name == table) => {
                    filled(&mut connection, url, table).await;
                }
                _ => {}
            }
        }
        before = found.into_iter().map(|(name, _)| name).collect();
    }
    sqlx::Connection::close(connection).await.unwrap();
}

async fn every_version_comes_up(fresh: &mut dyn FnMut() -> String) {
    let new = fresh();
    let made = Store::connect(&new).await.unwrap();
    let mut connection = intruder(&new).await;
    let (mut expected, newest) = (BTreeMap::new(), *versions().last().unwrap());
    for (table, _) in tables(&mut connection, &new).await {
        let columns = columns(&mut connection, &new, &table).await;
        expected.insert(table, columns);
    }
    assert_eq!(made.schema().await.unwrap().needed, newest);
    for version in versions() {
        let url = fresh();
        as_version(&url, version).await;
        let mut connection = intruder(&url).await;
        let before = tables(&mut connection, &url).await;
        assert!(before.iter().all(|(_, rows)| *rows > 0), "{version}: {before:?}");
        let store = Store::connect(&url).await.unwrap();
        let schema = store.schema().await.unwrap();
        assert_eq!((schema.found, schema.needed), (newest, newest), "from {version}");
        let by = store.meta("program").await.unwrap();
        assert_eq!(by.is_some(), version < newest, "who changed the tables is known: from {version}");
        // The same tables as a new store has, with every row that was there.
        let after: BTreeMap<String, i64> = tables(&mut connection, &url).await.into_iter().collect();
        assert!(after.keys().eq(expected.keys()), "from {version}: {after:?}");
        for (table, wanted) in &expected {
            let columns: BTreeMap<_, _> = columns(&mut connection, &url, table).await.into_iter().collect();
            let wanted: BTreeMap<_, _> = wanted.iter().cloned().collect();
            assert_eq!(columns, wanted, "{table} from {version}");
        }
        for (table, rows) in before {
            let table = if table == "assessment" { "recommendation".to_owned() } else { table };
            let more = match table.as_str() {
                "meta" => i64::from(by.is_some()),
                // Chains came in two steps.
                "chain" => 3 - rows,
                _ => 0,
            };
            assert_eq!(after[&table], rows + more, "{table} from {version}");
        }
        // And they can be read.
        let figures = store.observations(&Filter::default()).await.unwrap();
        let read: Vec<_> = figures.iter().map(|figure| (figure.value, figure.note.as_str())).collect();
        assert_eq!(read, [(Some(1.5), "x")], "from {version}");
        assert_eq!(store.runs(9).await.unwrap().len(), 1, "from {version}");
        for report in store.verify_chains().await.unwrap() {
            assert_eq!(report.fault, None, "from {version}");
            let is_older =
                (report.name == "audit" && version < 3) || (report.name == "decision" && version < 7);
            let no_evaluation = report.name == "recommendation" && version < 2;
            assert_eq!(report.rows, u64::from(!is_older && !no_evaluation), "{} from {version}", report.name);
        }
        // Once more changes nothing.
        Store::connect(&url).await.unwrap();
        let again: BTreeMap<String, i64> = tables(&mut connection, &url).await.into_iter().collect();
        assert_eq!(again, after, "from {version}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_version_of_the_tables_comes_up_with_all_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    every_version_comes_up(&mut || {
        number += 1;
        format!("sqlite://{}/{number}.sqlite", folder.path().display())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_every_version_of_the_tables_comes_up_with_all_its_rows() {
    every_version_comes_up(&mut fresh_postgres).await;
}

/// A store whose tables a siaga 9.9.9 brought to version 9999.
async fn of_a_newer_one(folder: &Path, url: &str) {
    let made = siaga(folder).env("SIAGA_DATABASE_URL", url).args(["-q", "migrate"]).status().unwrap();
    assert!(made.success());
    let mut connection = intruder(url).await;
    assert_eq!(does(&mut connection, "update meta set value = '9.9.9' where name = 'program'").await, 1);
    let later = "insert into _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
                 select 9999, 'later', installed_on, success, checksum, 0 from _sqlx_migrations where version = 1";
    does(&mut connection, later).await;
    does(&mut connection, "create table later (id bigint primary key)").await;
    sqlx::Connection::close(connection).await.unwrap();
}

/// Refused in one sentence that says what, where, and what to do.
fn refuses(folder: &Path, url: &str, (args, place): (&[&str], &str)) {
    let output = siaga(folder).env("SIAGA_DATABASE_URL", url).args(args).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
    assert!(output.stdout.is_empty(), "{args:?}");
    for part in [
        &*format!("open the database {place}: siaga 9.9.9 brought its tables to version 9999"),
        &*format!("this siaga {} knows them up to version", env!("CARGO_PKG_VERSION")),
        "nothing was changed: start siaga 9.9.9 or a later one, or set database.url to another database",
    ] {
        assert!(said.contains(part), "{args:?}: {said}");
    }
    assert_eq!(said.trim_end().lines().count(), 1, "{args:?}: {said}");
}

const BESIDES: [&[&str]; 5] = [
    &["serve"],
    &["demo", "--no-wait", "--until", "2021-05-02"],
    &["ingest"],
    &["store", "copy", "--to", "sqlite://copy.sqlite"],
    &["backtest"],
];

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_store_is_refused_by_every_command_and_nothing_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("siaga.sqlite");
    let url = format!("sqlite://{}", path.display());
    of_a_newer_one(folder.path(), &url).await;
    let before = std::fs::read(&path).unwrap();
    assert!(
        before.len() > 10_000 && !folder.path().join("siaga.sqlite-wal").exists(),
        "it is all in the file"
    );
    let tables = COMMANDS.iter().chain(OF_THE_WORKFORCE).chain(OF_ALERTS);
    let mut tried = 0;
    for args in tables.map(|(args, _)| *args).chain(BESIDES) {
        refuses(folder.path(), &url, (args, &path.display().to_string()));
        tried += 1;
    }
    assert!(tried > 80, "{tried}");
    assert!(std::fs::read(&path).unwrap() == before, "no byte of it is another");
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["siaga.sqlite"], "nothing came beside it");
    assert!(matches!(Store::connect(&url).await, Err(StoreError::Newer { found: 9999, .. })));
    // It cannot be the target of a copy either, and nobody knows who made it if it does not say.
    let mut connection = intruder(&url).await;
    does(&mut connection, "delete from meta").await;
    let said = Store::connect(&url).await.unwrap_err().to_string();
    assert!(said.contains(": a newer siaga brought its tables"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_a_newer_store_on_a_server_is_refused() {
    let (folder, url) = (tempfile::tempdir().unwrap(), fresh_postgres());
    of_a_newer_one(folder.path(), &url).await;
    let (server, name) = url.rsplit_once('/').unwrap();
    let host = server.rsplit(['@', '/']).next().unwrap();
    for args in [&["serve"][..], &["migrate"], &["export", "observations"], &["backup", "--to", "b.sqlite"]] {
        refuses(folder.path(), &url, (args, &format!("{name} on {host}")));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
