//! A fortnight by the default schedule, while the great wave climbs, with a publisher that fails and a receiver that is down: each hour
//! leaves the rows it should and no others, each day has its sign of life, each line that is crossed is told. `bench/year.rs` is the
//! same for a year, with memory and bytes.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use siaga::epi::Vintage;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::audit::intruder;
use crate::support::year::Life;

const DAYS: i64 = 14;
/// A week of logs is kept: in the second one as much goes as comes.
const KEPT_DAYS: u16 = 7;
/// What is kept at the end: since ten past three of the night a week before the last one, when what is older was deleted. Full hours, and
/// half hours, since then; nights, evenings and mornings.
const KEPT_HOURS: i64 = 7 * 24 + 21;
const KEPT_TIMES: i64 = 8;

async fn number(connection: &mut AnyConnection, of: &str) -> i64 {
    let statement = AssertSqlSafe(format!("select count(*) from {of}"));
    sqlx::query_scalar(statement).fetch_one(connection).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fortnight_of_hours_leaves_the_rows_it_should_and_tells_every_crossing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/siaga.sqlite", folder.path().display());
    let (figures_from, first): (NaiveDate, NaiveDate) =
        ("2021-01-04".parse().unwrap(), "2021-06-07".parse().unwrap());
    let end = first + Days::new(DAYS.unsigned_abs());
    let mut life = Life::begun(&url, (figures_from, first), KEPT_DAYS).await;
    life.until(end).await;

    // The publisher is asked once an hour, whatever it answers.
    let (asked, wrong) = life.asked();
    assert_eq!(asked, DAYS.unsigned_abs() * 24);
    assert!(wrong > asked / 8, "the publisher failed: {wrong} of {asked}");
    let mut store = intruder(&url).await;
    logs_are_a_week_old_at_most(&mut store).await;
    figures_and_evaluations_are_those_of_the_days(&mut store, (figures_from, end)).await;
    receipts_are_those_of_the_evaluations(&mut store, &life).await;

    life.settled().await;
    let (counted, told) = life.crossings();
    assert!(counted.0 >= 2, "the wave crosses lines: {counted:?}");
    assert_eq!(told, counted);
    let taken = life.taken.lock().unwrap();
    assert_eq!((i64::try_from(taken.signs.len()), taken.twice), (Ok(DAYS), 0));
    assert!(taken.deliveries > taken.messages() as u64, "the receiver was down, and had some twice");
}

/// One row for each pull and each job that is not older than a week; each night after the first week told what it deleted.
async fn logs_are_a_week_old_at_most(store: &mut AnyConnection) {
    let jobs: Vec<(String, i64)> = sqlx::query_as("select job, count(*) from job_run group by job")
        .fetch_all(&mut *store)
        .await
        .unwrap();
    let expected = [
        ("assess", KEPT_TIMES),
        ("heartbeat", KEPT_TIMES),
        ("ingest", KEPT_HOURS),
        ("retain", KEPT_TIMES),
        ("watch", KEPT_HOURS),
    ];
    let expected: BTreeMap<String, i64> = expected.map(|(job, count)| (job.to_owned(), count)).into();
    assert_eq!(jobs.into_iter().collect::<BTreeMap<_, _>>(), expected);
    assert_eq!(number(store, "job_run where outcome like 'failed%' or finished_at = 0").await, 0);
    assert_eq!(number(store, "run").await, KEPT_HOURS);
    assert_eq!(number(store, "rejection where run_id not in (select id from run)").await, 0);
    assert_eq!(number(store, "(select distinct at from deletion) as nights").await, DAYS - 7);
}

/// One version of each figure, and an evaluation each evening, with the first figures, and with each day's.
async fn figures_and_evaluations_are_those_of_the_days(
    store: &mut AnyConnection,
    (figures_from, end): (NaiveDate, NaiveDate),
) {
    assert_eq!(number(store, "observation").await, (end - figures_from).num_days());
    assert_eq!(number(store, "recommendation").await, DAYS + 1 + DAYS);
    assert_eq!(number(store, "alert_memory").await, 1);
}

/// The alert rules are held against what there is every hour, and whenever figures came; a receipt for each rule, and no other.
async fn receipts_are_those_of_the_evaluations(store: &mut AnyConnection, life: &Life) {
    let evaluations = number(store, "alert_evaluation").await;
    let with_figures = number(
        store,
        "alert_evaluation e join recommendation r on r.id = e.assessment_id and r.as_of = e.as_of where e.as_of % 3600000 <> 0",
    )
    .await;
    assert_eq!((evaluations, with_figures), (KEPT_HOURS + KEPT_TIMES, KEPT_TIMES));
    let rules = i64::try_from(life.journey.alerting.rules.rules.len()).unwrap();
    assert_eq!(number(store, "alert_receipt where evaluation_id <> ''").await, evaluations * rules);
    let oldest: i64 =
        sqlx::query_scalar("select min(at) from alert_receipt").fetch_one(&mut *store).await.unwrap();
    let now = siaga::clock::Clock::now(&*life.clock);
    let kept = Vintage::new(now.moment() - chrono::Duration::days(i64::from(KEPT_DAYS) + 1));
    assert!(oldest >= kept.millis(), "receipts go with the rest");
}
