//! A store that goes on: brought up from an earlier release with every figure, and copied whole into another database.

use std::path::Path;

use siaga::store::{Filter, Store};
use sqlx::migrate::Migrator;

use crate::audit::{does, intruder, verify};
use crate::support::{bogor, checkout, fresh_postgres, moment, siaga, stdout};

/// What the first release could have kept, as its own statements.
const OLD: [&str; 8] = [
    "insert into payload values ('pusat', 'aa', 1624800000000, 'http://a/1.csv', 'text/csv', 'ZGF0ZQ==')",
    "insert into payload values ('kota', 'aa', 1624900000000, 'http://b/1.csv', 'text/csv', 'ZGF0ZQ==')",
    "insert into source_state values ('pusat', 'e', 'm', 1624800000000, 1624800000000, '')",
    "insert into series values (11, '3271', '', 'cases', 'pusat'), (12, '3271', 'setda', 'staff_cases', 'pusat')",
    "insert into observation values \
     (11, 18800, 1, 1624800000000, 447, 'printed', 'catatan', 'http://a/p', 'aa'), \
     (11, 18800, 1, 1624900000000, 450.5, 'derived', 'catatan', 'http://a/p', 'aa'), \
     (11, 18801, 7, 1624900000000, null, 'reconstructed', '', '', 'aa'), \
     (12, 18801, 1, 1624900000000, 0, 'printed', '', 'http://a/q', 'zz')",
    "insert into run values \
     ('r1', 'pusat', 1624800000000, 1624800000001, 'changed', 3, 1, 1, 1, 'aa', ''), \
     ('r2', 'kota', 1624900000000, 1624900000001, 'failed', 0, 0, 0, 0, '', 'it answered 503')",
    "insert into rejection values ('r1', 0, 7, 'value', 'negative', '-1')",
    "insert into meta values ('demo', '1')",
];

async fn brought_up(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(checkout("src/store/migrations")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.as_str() < "0005" {
            std::fs::copy(&path, folder.path().join(name)).unwrap();
        }
    }
    let mut connection = intruder(url).await;
    Migrator::new(folder.path()).await.unwrap().run(&mut connection).await.unwrap();
    for statement in OLD {
        does(&mut connection, statement).await;
    }
    drop(connection);

    let store = Store::connect(url).await.unwrap();
    let all = store.observations(&Filter::default()).await.unwrap();
    let read: Vec<String> = all
        .iter()
        .map(|o| {
            let unit = o.unit_id.as_deref().unwrap_or("-");
            let (value, status) = (o.value, o.status.as_str());
            format!(
                "{} {unit} {} {} {} {} {} {value:?} {status} '{}' {}",
                o.location,
                o.measure,
                o.source,
                o.date,
                o.days,
                o.as_of.millis(),
                o.note,
                o.address
            )
        })
        .collect();
    assert_eq!(
        read,
        [
            "3271 - cases pusat 2021-06-22 1 1624800000000 Some(447.0) printed 'catatan' http://a/p",
            "3271 - cases pusat 2021-06-22 1 1624900000000 Some(450.5) derived 'catatan' http://a/p",
            "3271 - cases pusat 2021-06-23 7 1624900000000 None reconstructed '' ",
            "3271 setda staff_cases pusat 2021-06-23 1 1624900000000 Some(0.0) printed '' http://a/q",
        ]
    );
    let runs = store.runs(10).await.unwrap();
    let told: Vec<_> =
        runs.iter().map(|r| (&*r.id, r.received, r.accepted, r.rejected, r.held, &*r.message)).collect();
    assert_eq!(told, [("r2", 0, 0, 0, 0, "it answered 503"), ("r1", 3, 1, 1, 0, "")]);
    let rejections = store.rejections("r1").await.unwrap();
    assert_eq!((rejections.len(), rejections[0].line, &*rejections[0].detail), (1, 7, "-1"));
    for source in ["pusat", "kota"] {
        let archived = store.archived(source, "aa").await.unwrap().unwrap();
        assert_eq!(archived.body, b"date", "a body from before is read as it was");
    }
    assert_eq!(store.source_state("pusat").await.unwrap().etag, "e");
    assert_eq!(store.meta("demo").await.unwrap().as_deref(), Some("1"));
    assert!(store.verify_chains().await.unwrap().iter().all(|report| report.fault.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_store_keeps_every_figure_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    brought_up(&format!("sqlite://{}/siaga.sqlite", folder.path().display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_an_older_store_keeps_every_figure() {
    brought_up(&fresh_postgres()).await;
}

fn asked(folder: &Path, url: &str, args: &[&str]) -> (Option<i32>, String, String) {
    let output = siaga(folder).env("SIAGA_DATABASE_URL", url).arg("-q").args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// A month of the demonstration, with people in it, under an address.
fn lived_in(folder: &Path) -> String {
    stdout(folder, &["-q", "demo", "--until", "2021-06-28", "--no-wait"]);
    let url = format!("sqlite://{}/var/demo/siaga.sqlite", folder.display());
    let (code, _, said) = asked(folder, &url, &["user", "add", "analis", "--role", "analyst"]);
    assert_eq!(code, Some(0), "{said}");
    url
}

fn same_everywhere(folder: &Path, one: &str, other: &str) {
    for question in [
        &["export", "observations"][..],
        &["export", "observations", "--as-of", "2021-05-25"],
        &["export", "revisions"],
        &["export", "assessments"],
        &["export", "alerts"],
        &["user", "list", "--format", "csv"],
    ] {
        let (here, there) = (asked(folder, one, question), asked(folder, other, question));
        assert_eq!((here.0, &here.1), (Some(0), &there.1), "{question:?}: {} {}", here.2, there.2);
        assert!(here.1.lines().count() > 1, "{question:?} answers something");
    }
}

fn copied(folder: &Path, from: &str, to: &str) {
    let (code, table, said) = asked(folder, from, &["store", "copy", "--to", to, "--format", "csv"]);
    assert_eq!(code, Some(0), "{said}");
    let rows = |name: &str| -> u64 {
        let line = table.lines().find(|line| line.starts_with(&format!("{name},"))).unwrap();
        line.rsplit_once(',').unwrap().1.parse().unwrap()
    };
    for name in ["observation", "series", "remark", "payload", "run", "recommendation", "account", "chain"] {
        assert!(rows(name) > 0, "{name}: {table}");
    }
    let (here, there) = (verify(folder, from, &[]), verify(folder, to, &[]));
    assert_eq!(here, there, "the same chains, whole");
    assert_eq!(here.0, Some(0), "{}", here.1);
    same_everywhere(folder, from, to);
    // Not twice, and nothing is written the second time.
    let (code, _, said) = asked(folder, from, &["store", "copy", "--to", to]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("not empty: its table"), "{said}");
}

#[test]
fn a_store_is_copied_into_another_file() {
    let folder = tempfile::tempdir().unwrap();
    let origin = lived_in(folder.path());
    copied(folder.path(), &origin, &format!("sqlite://{}/copy.sqlite", folder.path().display()));
}

#[test]
fn needs_postgres_a_store_moves_to_a_server_and_back() {
    let (folder, server) = (tempfile::tempdir().unwrap(), fresh_postgres());
    let origin = lived_in(folder.path());
    copied(folder.path(), &origin, &server);
    let back = format!("sqlite://{}/back.sqlite", folder.path().display());
    // Looking is written down in the log of who looked; only the server's goes on.
    copied(folder.path(), &server, &back);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_would_leave_something_behind_is_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    let url = |name: &str| format!("sqlite://{}/{name}.sqlite", folder.path().display());
    let (store, target) =
        (Store::connect(&url("one")).await.unwrap(), Store::connect(&url("two")).await.unwrap());
    store.set_meta("demo", "1").await.unwrap();
    let mut connection = intruder(&url("one")).await;
    does(&mut connection, "create table somebodys (id bigint primary key)").await;
    let refused = store.copy_to(&target).await.unwrap_err().to_string();
    assert!(refused.contains("does not know its table somebodys"), "{refused}");
    does(&mut connection, "drop table somebodys").await;
    // It fails in its midst.
    let mut other = intruder(&url("two")).await;
    does(&mut other, "create trigger stop before insert on deletion begin select raise(abort, 'full'); end")
        .await;
    does(&mut connection, "insert into deletion values (1, 'run', 1, 1)").await;
    assert!(store.copy_to(&target).await.is_err());
    assert_eq!(target.meta("demo").await.unwrap(), None, "nothing of it is there");
    does(&mut other, "drop trigger stop").await;
    let copied = store.copy_to(&target).await.unwrap();
    assert_eq!(copied.iter().find(|table| table.name == "deletion").map(|table| table.rows), Some(1));
    assert_eq!(target.meta("demo").await.unwrap().as_deref(), Some("1"));
    let filter = Filter { location: Some(bogor()), as_of: Some(moment("2021-06-28")) };
    assert_eq!(target.observations(&filter).await.unwrap(), []);
}
