//! An import killed outright at a hundred moments, on SQLite and on PostgreSQL: the store is as it was before, or as it is
//! after, never in between.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::audit::{does, intruder};
use crate::support::year::next;
use crate::support::{fresh_postgres, siaga};

const KILLS: u32 = 100;
const SPEC: &str = "id = \"pusat\"\ntitle = \"pusat\"\nany_location = true\n";

/// A hundred days of a hundred places; `told` makes one in ten figures another, and one in fifty cannot be.
fn file(days: u32, told: u32) -> String {
    let mut text = "date,location,measure,value,note\n".to_owned();
    for place in 0..100 {
        for day in 0..days {
            let date = chrono::NaiveDate::from_ymd_opt(2021, 1, 1).unwrap() + chrono::Days::new(day.into());
            let value = if (place + day) % 50 == 7 {
                -1
            } else {
                i64::from(place * day + if (place + day) % 10 == 0 { told } else { 0 })
            };
            writeln!(text, "{date},kota-{place},cases,{value},laporan {}", day % 3).unwrap();
        }
    }
    text
}

/// Everything that an import writes at once, in one line.
fn state(url: &str) -> String {
    const ROWS: &str = "select count(*), cast(coalesce(sum(value), 0) as bigint), cast(coalesce(sum(date), 0) as bigint), \
        (select count(*) from series), (select count(*) from remark), (select count(*) from run), \
        (select count(*) from rejection), (select cast(coalesce(sum(accepted), 0) as bigint) from run), \
        (select cast(coalesce(sum(revision), 0) as bigint) from source_state) from observation";
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut connection = intruder(url).await;
        let row: (i64, i64, i64, i64, i64, i64, i64, i64, i64) =
            sqlx::query_as(ROWS).fetch_one(&mut connection).await.unwrap();
        format!("{row:?}")
    })
}

fn import(folder: &Path, url: &str) -> Command {
    let mut command = siaga(folder);
    command.env("SIAGA_DATABASE_URL", url).stdout(Stdio::null()).stderr(Stdio::null());
    command.args(["-q", "ingest", "--file", "in.csv", "--source-spec", "pusat.toml"]);
    command
}

/// How a store is put back to what it was.
trait Stage {
    /// A store of its own for this round, as it was before.
    fn before(&self, round: u32) -> String;
    fn over(&self, round: u32);
}

fn never_in_between(folder: &Path, origin: &str, stage: &dyn Stage) {
    const SEED: u64 = 4_711;
    std::fs::write(folder.join("pusat.toml"), SPEC).unwrap();
    std::fs::write(folder.join("in.csv"), file(60, 0)).unwrap();
    assert!(import(folder, origin).status().unwrap().success());
    std::fs::write(folder.join("in.csv"), file(100, 1)).unwrap();
    let before = state(origin);
    // A whole one, to know how it ends and how long it takes.
    let url = stage.before(0);
    assert_eq!(state(&url), before, "the stage is set");
    let started = Instant::now();
    assert!(import(folder, &url).status().unwrap().success());
    let whole = started.elapsed();
    let after = state(&url);
    assert_ne!(before, after);
    stage.over(0);
    let (mut chance, mut seen) = (SEED, [0, 0]);
    for round in 1..=KILLS {
        let url = stage.before(round);
        let micros = u64::try_from(whole.as_micros()).unwrap();
        let pause = Duration::from_micros(next(&mut chance) % micros);
        let mut child = import(folder, &url).spawn().unwrap();
        // The pause picks the moment of the kill; nothing waits for a result here.
        let started = Instant::now();
        while started.elapsed() < pause && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let found = state(&url);
        let is_after = found == after;
        assert!(
            is_after || found == before,
            "seed {SEED}, kill {round}, {pause:?}: {found}, not {before} or {after}"
        );
        seen[usize::from(is_after)] += 1;
        // What was cut off is done by the next one, once.
        if round % 20 == 0 {
            assert!(import(folder, &url).status().unwrap().success());
            let done = state(&url);
            let figures = |state: &str| state.split(", ").take(5).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(figures(&done), figures(&after), "seed {SEED}, after kill {round}");
        }
        stage.over(round);
    }
    println!(
        "seed {SEED}: killed within {whole:?}, {} times before and {} times after it was saved",
        seen[0], seen[1]
    );
    assert!(seen[0] > 0, "never killed before the end");
}

struct Files<'a>(&'a Path);

impl Stage for Files<'_> {
    fn before(&self, round: u32) -> String {
        let to = self.0.join(format!("{round}.sqlite"));
        std::fs::copy(self.0.join("siaga.sqlite"), &to).unwrap();
        // What is written and not yet moved into the file itself.
        let log = self.0.join("siaga.sqlite-wal");
        if log.exists() {
            std::fs::copy(log, self.0.join(format!("{round}.sqlite-wal"))).unwrap();
        }
        format!("sqlite://{}", to.display())
    }

    fn over(&self, round: u32) {
        for end in ["sqlite", "sqlite-wal", "sqlite-shm"] {
            let _ = std::fs::remove_file(self.0.join(format!("{round}.{end}")));
        }
    }
}

#[test]
fn an_import_killed_at_any_moment_is_whole_or_not_there_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let origin = format!("sqlite://{}/siaga.sqlite", folder.path().display());
    never_in_between(folder.path(), &origin, &Files(folder.path()));
}

struct Databases {
    server: String,
    name: String,
}

impl Databases {
    fn does(&self, statement: &str) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let mut connection = intruder(&self.server).await;
            does(&mut connection, statement).await;
        });
    }
}

impl Stage for Databases {
    fn before(&self, round: u32) -> String {
        let name = &self.name;
        self.does(&format!("create database {name}_{round} template {name}"));
        let (base, _) = self.server.rsplit_once('/').unwrap();
        format!("{base}/{name}_{round}")
    }

    fn over(&self, round: u32) {
        self.does(&format!("drop database {}_{round} with (force)", self.name));
    }
}

#[test]
fn needs_postgres_an_import_killed_at_any_moment_is_whole_or_not_there() {
    let (folder, origin) = (tempfile::tempdir().unwrap(), fresh_postgres());
    let (_, name) = origin.rsplit_once('/').unwrap();
    let server = std::env::var("SIAGA_TEST_POSTGRES_URL").unwrap();
    never_in_between(folder.path(), &origin, &Databases { server, name: name.to_owned() });
}
