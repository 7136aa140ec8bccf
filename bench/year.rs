//! A year of the program by its default schedule: 8,760 pulls of a publisher that is wrong in one answer of five, a receiver that is
//! down now and then, pages asked for every day (80 MB of them in the first week: what is kept ready is full from then on), logs
//! kept for 90 days. Once a month a line: memory, size of the store, signs of life, crossings told; at the end what each table of
//! the store costs a year and why, and whether memory was flat.
//!
//!   `cargo run --release --example year` (a year), `cargo run --example year -- 3` (so many months; without a table at the end),
//!   `… -- 12 no-pages` (nobody looks: what the jobs alone take)
//!
//! Ends with 1 if a sign of life or a crossing is missing, or if something is kept that nobody has a reason for. Linux only: it reads
//! /proc/self/status.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement prints what it measured, or stops"
)]
#![allow(clippy::disallowed_methods, reason = "it is told how many months")]

#[path = "../tests/it/support/year.rs"]
mod year;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use chrono::{Datelike, Days, Months, NaiveDate};
use siaga::access::{Access, AccessSettings};
use siaga::clock::Clock as _;
use siaga::epi::Vintage;
use siaga::web::{self, AppState, Settings};
use sqlx::{AnyConnection, AssertSqlSafe, Connection};
use tokio_util::sync::CancellationToken;
use year::Life;

/// Days that logs are kept, the shortest that settings allow: retention has work in a year.
const LOG_DAYS: u16 = 90;

/// More bytes than are kept ready.
const FULL: usize = 80 << 20;

const FIRST: &str = "2021-01-04";

/// Why a table holds what it holds. What is not named here has no reason to grow.
const KEPT: [(&str, &str); 16] = [
    ("observation", "for ever: a version of each figure"),
    ("payload", "for ever: what the publisher said, compressed, each text once"),
    ("recommendation", "for ever: each day's evaluation, and one whenever figures came"),
    ("alert", "for ever: what became of each alert"),
    ("alert_notice", "for ever, with its alert: who was to be told"),
    ("deletion", "for ever: what retention deleted"),
    ("series", "one row a series"),
    ("remark", "one row a note of a publisher"),
    ("alert_memory", "one row a place"),
    ("run", LOG),
    ("rejection", LOG),
    ("outbox", LOG),
    ("alert_receipt", LOG),
    ("alert_evaluation", LOG),
    ("job_run", LOG),
    ("audit", LOG),
];

const LOG: &str = "as long as logs";

/// Where a log says how old its rows are.
const OLDEST: [(&str, &str); 6] = [
    ("run", "started_at"),
    ("outbox", "created_at"),
    ("alert_receipt", "at"),
    ("alert_evaluation", "as_of"),
    ("job_run", "due_at"),
    ("audit", "at"),
];

/// The pages of the same process, as anybody asks for them.
struct Pages {
    address: String,
    client: reqwest::Client,
}

impl Pages {
    async fn of(life: &Life) -> Self {
        let journey = &life.journey;
        let access = Access::new(journey.store.clone(), journey.clock.clone(), AccessSettings::default());
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let settings = Settings { public_url: address.clone(), ..Settings::default() };
        let state = AppState::with(journey.clone(), access, settings).unwrap();
        tokio::spawn(web::serve(listener, state, CancellationToken::new().cancelled_owned()));
        Self { address, client: reqwest::Client::builder().no_gzip().build().unwrap() }
    }

    /// What is asked for on a day: the page, and the page of a moment in the month before.
    async fn looked_at(&self, first: NaiveDate, day: NaiveDate) {
        if day == first + Days::new(7) {
            self.fill().await;
        }
        self.get("/public").await;
        let past = day - Days::new(u64::from(1 + day.ordinal() % 30));
        self.get(&format!("/public?as_of={past}")).await;
    }

    /// Asks for so many pages that what is kept ready is full: from then on it only changes.
    async fn fill(&self) {
        let (mut nth, mut bytes) = (0, 0);
        while bytes < FULL {
            bytes += self.get(&format!("/public?n={nth}")).await;
            nth += 1;
        }
    }

    /// The length of a page; one that a busy machine does not make in time is asked for again.
    async fn get(&self, path: &str) -> usize {
        let (mut status, mut length) = (reqwest::StatusCode::SERVICE_UNAVAILABLE, 0);
        for _ in 0..5 {
            let answer = self.client.get(format!("{}{path}", self.address)).send().await.unwrap();
            status = answer.status();
            length = answer.bytes().await.unwrap().len();
            if status != reqwest::StatusCode::SERVICE_UNAVAILABLE {
                break;
            }
        }
        assert_eq!(status, 200, "{path}");
        length
    }
}

/// Rows and bytes of a table, its indexes included.
#[derive(Clone, Copy, Default)]
struct Size {
    rows: i64,
    bytes: i64,
}

/// The store, looked at from outside.
struct Outside(AnyConnection);

impl Outside {
    async fn sizes(&mut self) -> BTreeMap<String, Size> {
        let bytes: Vec<(String, i64)> = sqlx::query_as(
            "select m.tbl_name, sum(d.pgsize) from dbstat d join sqlite_master m on m.name = d.name \
             where m.tbl_name not like 'sqlite%' group by m.tbl_name",
        )
        .fetch_all(&mut self.0)
        .await
        .unwrap();
        let mut sizes = BTreeMap::new();
        for (table, bytes) in bytes {
            let rows = self.number(format!("select count(*) from \"{table}\"")).await;
            sizes.insert(table, Size { rows, bytes });
        }
        sizes
    }

    async fn number(&mut self, statement: String) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&mut self.0).await.unwrap()
    }

    /// Logs that hold what retention should have deleted.
    async fn too_old(&mut self, now: Vintage) -> Vec<&'static str> {
        // Retention runs once a night.
        let kept = now.millis() - i64::from(LOG_DAYS + 1) * 86_400_000;
        let mut found = Vec::new();
        for (table, column) in OLDEST {
            let count = self.number(format!("select count(*) from {table} where {column} < {kept}")).await;
            if count > 0 {
                found.push(table);
            }
        }
        found
    }
}

/// Megabytes that the process has in memory.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

/// Megabytes on the disk.
fn on_disk(path: &Path) -> f64 {
    let size = |end: &str| std::fs::metadata(format!("{}{end}", path.display())).map_or(0, |file| file.len());
    #[expect(clippy::cast_precision_loss, reason = "sizes of files")]
    let bytes = (size("") + size("-wal")) as f64;
    bytes / 1_048_576.0
}

/// How much the values grow from one to the next, by least squares.
fn slope(values: &[f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "months")]
    let at = |n: usize| n as f64 - (values.len() - 1) as f64 / 2.0;
    let (up, across) =
        values.iter().enumerate().fold((0.0, 0.0), |sum, (n, y)| (sum.0 + at(n) * y, sum.1 + at(n) * at(n)));
    up / across
}

#[tokio::main]
async fn main() -> ExitCode {
    let months = std::env::args().nth(1).map_or(12, |count| count.parse().expect("a number of months"));
    let without_pages = std::env::args().nth(2).is_some_and(|word| word == "no-pages");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("siaga.sqlite");
    let first: NaiveDate = FIRST.parse().unwrap();
    let url = format!("sqlite://{}", path.display());
    let mut life = Life::begun(&url, (first, first), LOG_DAYS).await;
    let mut store = Outside(AnyConnection::connect(&url).await.unwrap());
    let pages = if without_pages { None } else { Some(Pages::of(&life).await) };

    println!(
        "month       memory MB   store MB    pulls   wrong   signs of life       crossings told of counted  ends"
    );
    let (mut memory, mut halfway, mut day) = (Vec::new(), BTreeMap::new(), first);
    for month in 1..=months {
        let end = first + Months::new(month);
        while day < end {
            day = day + Days::new(1);
            life.until(day).await;
            if let Some(pages) = &pages {
                pages.looked_at(first, day).await;
            }
        }
        memory.push(resident());
        tell_month(&life, (day, first), (memory[memory.len() - 1], on_disk(&path)));
        if month * 2 == months {
            halfway = store.sizes().await;
        }
    }
    let end = life.clock.now();
    life.settled().await;
    println!();
    let is_complete = tell_end(&life, (day - first).num_days());
    let is_explained = months < 12 || tell_growth(&mut store, &halfway, end).await;
    let last = &memory[memory.len() / 2..];
    println!("memory over the last {} months: {:+.2} MB a month", last.len(), slope(last));
    if is_complete && is_explained { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tell_month(life: &Life, (day, first): (NaiveDate, NaiveDate), (memory, disk): (f64, f64)) {
    let (asked, wrong) = life.asked();
    let ((counted, ended), (told, told_ended)) = life.crossings();
    let signs = life.taken.lock().unwrap().signs.len();
    println!(
        "{day}  {memory:>9.1}  {disk:>9.1}  {asked:>7}  {wrong:>6}  {signs:>6} of {:>6}  {told:>16} of {counted:>7}  {told_ended:>2} of {ended}",
        (day - first).num_days()
    );
}

/// Whether every sign of life and every crossing was told, once.
fn tell_end(life: &Life, days: i64) -> bool {
    let (counted, told) = life.crossings();
    let taken = life.taken.lock().unwrap();
    println!(
        "at the end: {} signs of life in {days} days, crossings and ends told {told:?} of {counted:?}, {} told twice, {} messages in {} deliveries",
        taken.signs.len(),
        taken.twice,
        taken.messages(),
        taken.deliveries
    );
    i64::try_from(taken.signs.len()) == Ok(days) && told == counted && taken.twice == 0
}

/// What each table holds and grows by; whether all of it has a reason.
async fn tell_growth(store: &mut Outside, halfway: &BTreeMap<String, Size>, end: Vintage) -> bool {
    let mut sizes: Vec<(String, Size)> = store.sizes().await.into_iter().collect();
    sizes.sort_by_key(|(_, size)| -size.bytes);
    println!("\n{:<18} {:>8} {:>9} {:>14} {:>14}  kept", "table", "rows", "kB", "rows a year", "kB a year");
    let mut unexplained = Vec::new();
    for (table, size) in &sizes {
        let before = halfway.get(table).copied().unwrap_or_default();
        let kept = KEPT.iter().find(|(known, _)| known == table).map(|(_, why)| *why);
        let grown = Size { rows: size.rows - before.rows, bytes: size.bytes - before.bytes };
        if size.rows >= 50 || grown.bytes > 0 {
            println!(
                "{table:<18} {:>8} {:>9} {:>14} {:>14}  {}",
                size.rows,
                size.bytes / 1024,
                grown.rows * 2,
                grown.bytes * 2 / 1024,
                kept.unwrap_or("")
            );
        }
        if kept.is_none() && (grown.rows > 0 || grown.bytes > 0) {
            unexplained.push(table.as_str());
        }
    }
    let too_old = store.too_old(end).await;
    println!("grows without a reason: {unexplained:?}; logs that are kept too long: {too_old:?}");
    unexplained.is_empty() && too_old.is_empty()
}
