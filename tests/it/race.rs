//! Two who take in the same payload at the same moment: it is stored once, on SQLite and on PostgreSQL.

use std::fmt::Write as _;
use std::sync::Arc;

use siaga::job::ingest_payload;
use siaga::source::{Payload, SourceSpec};
use siaga::store::{Filter, Outcome, Store};
use tokio::sync::Barrier;

use crate::support::{fresh_postgres, journey_on, siaga};

const ROUNDS: usize = 20;
const SPEC: &str = "id = \"pusat\"\ntitle = \"pusat\"\nany_location = true\n";

/// Twenty days of ten places, told otherwise in every round.
fn file(round: usize) -> String {
    let mut text = "date,location,measure,value\n".to_owned();
    for place in 0..10 {
        for day in 1..=20 {
            let value = place * 100 + day + round * usize::from(day % 4 == 0);
            writeln!(text, "2021-06-{day:02},kota-{place},cases,{value}").unwrap();
        }
    }
    text
}

/// The first round brings 200 figures, each later one tells a quarter of them otherwise.
const FIRST: usize = 200;
const LATER: usize = 50;

async fn two_stores(url: &str) {
    let stores = [Store::connect(url).await.unwrap(), Store::connect(url).await.unwrap()];
    for round in 0..ROUNDS {
        let barrier = Arc::new(Barrier::new(2));
        let take = |who: usize| {
            let (store, barrier) = (stores[who].clone(), Arc::clone(&barrier));
            tokio::spawn(async move {
                // Each has a clock of its own, and they do not agree.
                let now = format!("2021-07-01T{:02}:{:02}:0{who}+07:00", round / 60, round % 60);
                let (journey, _) = journey_on(store, &now);
                let spec = SourceSpec::parse(SPEC).unwrap();
                let payload = Payload::from_file("pusat.csv", file(round).into_bytes());
                barrier.wait().await;
                ingest_payload(&journey, &spec, &payload, false).await.unwrap().run
            })
        };
        let (one, other) = (take(0), take(1));
        let (one, other) = (one.await.unwrap(), other.await.unwrap());
        let new = if round == 0 { FIRST } else { LATER } as u64;
        assert_eq!(one.accepted + other.accepted, new, "round {round}: {one:?} {other:?}");
        let nothing = if one.accepted == 0 { &one } else { &other };
        assert_eq!((nothing.outcome, nothing.unchanged), (Outcome::Unchanged, FIRST as u64), "round {round}");
        let all = stores[0].observations(&Filter::default()).await.unwrap();
        assert_eq!(all.len(), FIRST + round * LATER, "round {round}");
    }
    let runs = stores[0].runs(1_000).await.unwrap();
    assert_eq!(runs.len(), 2 * ROUNDS, "both told what became of theirs");
}

/// Two programs, as on two machines.
fn two_programs(folder: &std::path::Path, url: &str) {
    std::fs::write(folder.join("pusat.toml"), SPEC).unwrap();
    for round in 0..4 {
        std::fs::write(folder.join("in.csv"), file(round)).unwrap();
        let start = || {
            let mut command = siaga(folder);
            command.env("SIAGA_DATABASE_URL", url);
            command.args(["-q", "ingest", "--file", "in.csv", "--source-spec", "pusat.toml"]).output()
        };
        let both = std::thread::scope(|scope| {
            let other = scope.spawn(start);
            [start().unwrap(), other.join().unwrap().unwrap()]
        });
        for output in both {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let all = tokio::runtime::Runtime::new().unwrap().block_on(async {
            let store = Store::connect(url).await.unwrap();
            store.observations(&Filter::default()).await.unwrap()
        });
        assert_eq!(all.len(), FIRST + round * LATER, "round {round}");
    }
}

/// The one that makes a new file a write-ahead one has it alone for a moment; the others wait instead of being refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_sqlite_file_is_opened_by_many_at_once() {
    for round in 0..ROUNDS {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/siaga.sqlite", folder.path().display());
        let barrier = Arc::new(Barrier::new(8));
        let openings: Vec<_> = (0..8)
            .map(|_| {
                let (url, barrier) = (url.clone(), Arc::clone(&barrier));
                tokio::spawn(async move {
                    barrier.wait().await;
                    Store::connect(&url).await.map(drop)
                })
            })
            .collect();
        for opening in openings {
            let opened = opening.await.unwrap();
            assert!(opened.is_ok(), "round {round}: {opened:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_stores_it_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    two_stores(&format!("sqlite://{}/siaga.sqlite", folder.path().display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_one_of_two_stores_it() {
    two_stores(&fresh_postgres()).await;
}

#[test]
fn one_of_two_programs_stores_it_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    two_programs(folder.path(), &format!("sqlite://{}/siaga.sqlite", folder.path().display()));
}

#[test]
fn needs_postgres_one_of_two_programs_stores_it() {
    let folder = tempfile::tempdir().unwrap();
    two_programs(folder.path(), &fresh_postgres());
}
