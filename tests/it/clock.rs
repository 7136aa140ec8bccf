//! A clock that jumps under a running program: what fell due is made up for once, and nothing is done twice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use siaga::clock::Clock;
use siaga::epi::Vintage;
use siaga::job::{CatchUp, JobName, Journey, Schedule, resumed_from, run_due};
use siaga::store::Store;

use crate::audit::intruder;
use crate::support::{journey_on, moment};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A clock that is put forward and back.
#[derive(Debug)]
struct Jumping(AtomicI64);

impl Clock for Jumping {
    fn now(&self) -> Vintage {
        Vintage::from_millis(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// The program's tick, under a clock that jumps.
struct Ticking {
    journey: Journey,
    clock: Arc<Jumping>,
    schedule: Schedule,
    done_until: Vintage,
    url: String,
}

impl Ticking {
    async fn started(folder: &std::path::Path, now: &str) -> Self {
        let url = format!("sqlite://{}/siaga.sqlite", folder.display());
        let (mut journey, _) = journey_on(Store::connect(&url).await.unwrap(), now);
        let clock = Arc::new(Jumping(AtomicI64::new(moment(now).millis())));
        journey.clock = Arc::clone(&clock) as Arc<dyn Clock>;
        let lines = [
            (JobName::Ingest, "0 30 * * * *"),
            (JobName::Assess, "0 0 20 * * *"),
            (JobName::Watch, "0 0 * * * *"),
            (JobName::Heartbeat, "0 0 7 * * *"),
            (JobName::ReportCard, "0 0 8 1 * *"),
        ];
        let schedule = Schedule::new(&lines, journey.city.zone).unwrap();
        Self { journey, clock, schedule, done_until: moment(now), url }
    }

    /// The clock is put there, and the next tick comes.
    async fn jumps(&mut self, by: i64) {
        let now = self.clock.0.fetch_add(by, Ordering::SeqCst) + by;
        let now = Vintage::from_millis(now).unwrap();
        let window = (self.done_until, now);
        run_due(&self.journey, &self.schedule, window, CatchUp::Latest, &|_| {}).await.unwrap();
        self.done_until = now;
    }

    /// Time passes as it does, in steps of ten minutes.
    async fn passes(&mut self, millis: i64) {
        for _ in 0..millis / (10 * MINUTE) {
            self.jumps(10 * MINUTE).await;
        }
    }

    /// The program is started again.
    async fn starts_again(&mut self) {
        let last = self.journey.store.last_finished().await.unwrap();
        self.done_until = resumed_from(last.map(|run| run.due_at), self.clock.now());
    }

    /// How often each job ran, and how often a sign of life was given.
    async fn done(&self) -> (BTreeMap<String, i64>, BTreeMap<String, i64>) {
        let mut hand = intruder(&self.url).await;
        let failed = "select count(*) from job_run where finished_at = 0 or outcome like 'failed%'";
        let (failed,): (i64,) = sqlx::query_as(failed).fetch_one(&mut hand).await.unwrap();
        assert_eq!(failed, 0, "every job that was begun ended well");
        let mut counts = Vec::new();
        for statement in [
            "select job, count(*) from job_run group by job",
            "select outcome, count(*) from alert_receipt where outcome = 'heartbeat' group by outcome",
        ] {
            let rows: Vec<(String, i64)> = sqlx::query_as(statement).fetch_all(&mut hand).await.unwrap();
            counts.push(rows.into_iter().collect());
        }
        let messages = counts.pop().unwrap();
        (counts.pop().unwrap(), messages)
    }
}

fn counted(told: &[(&str, i64)]) -> BTreeMap<String, i64> {
    told.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_put_forward_makes_each_job_run_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Ticking::started(folder.path(), "2021-06-28T12:10:00+07:00").await;
    program.passes(2 * HOUR).await;
    let (jobs, messages) = program.done().await;
    assert_eq!(jobs, counted(&[("ingest", 2), ("watch", 2)]));
    assert_eq!(messages, counted(&[]));
    program.jumps(DAY).await;
    let (jobs, messages) = program.done().await;
    assert_eq!(
        jobs,
        counted(&[("assess", 1), ("heartbeat", 1), ("ingest", 3), ("watch", 3)]),
        "a day: once each"
    );
    assert_eq!(messages["heartbeat"], 1);
    program.jumps(365 * DAY).await;
    let (jobs, messages) = program.done().await;
    let expected = [("assess", 2), ("heartbeat", 2), ("ingest", 4), ("report_card", 1), ("watch", 4)];
    assert_eq!(jobs, counted(&expected), "a year: once each, and not a year of them");
    assert_eq!(messages["heartbeat"], 2, "one sign of life, not 365");
    program.jumps(0).await;
    assert_eq!(program.done().await.0, jobs, "and then it is done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_put_back_does_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Ticking::started(folder.path(), "2021-06-28T06:10:00+07:00").await;
    program.passes(2 * HOUR).await;
    let before = program.done().await;
    assert_eq!(before.0, counted(&[("heartbeat", 1), ("ingest", 2), ("watch", 2)]));
    assert_eq!(before.1["heartbeat"], 1);
    program.jumps(-HOUR).await;
    assert_eq!(program.done().await, before, "an hour back");
    program.passes(HOUR).await;
    assert_eq!(program.done().await, before, "the hour that comes again was worked through");
    program.passes(HOUR).await;
    let after = program.done().await;
    assert_eq!(after.0, counted(&[("heartbeat", 1), ("ingest", 3), ("watch", 3)]), "and then it goes on");
    // A day back: what fell due on the day before, while the program did not run yet, is made up for once.
    program.jumps(-DAY).await;
    assert_eq!(program.done().await, after, "a day back");
    program.passes(DAY).await;
    let (jobs, messages) = program.done().await;
    assert_eq!(jobs["heartbeat"], 1, "seven o'clock of this day was seen to");
    assert_eq!(messages["heartbeat"], 1);
    assert_eq!((jobs["ingest"], jobs["watch"], jobs["assess"]), (24, 24, 1), "each hour of a day once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_starts_after_its_clock_was_ahead_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Ticking::started(folder.path(), "2021-06-28T12:10:00+07:00").await;
    program.jumps(365 * DAY).await;
    let ahead = program.done().await.0;
    program.jumps(-365 * DAY).await;
    assert_eq!(program.done().await.0, ahead, "put right, and nothing is done");
    program.starts_again().await;
    program.jumps(MINUTE).await;
    let (jobs, messages) = program.done().await;
    let once_more = |job: &str| ahead[job] + 1;
    for job in ["ingest", "watch", "assess", "heartbeat"] {
        assert_eq!(jobs[job], once_more(job), "{job}: what fell due in the last day, once");
    }
    assert_eq!(messages["heartbeat"], 2);
    program.passes(HOUR).await;
    let (later, _) = program.done().await;
    assert_eq!(
        (later["ingest"], later["watch"]),
        (jobs["ingest"] + 1, jobs["watch"] + 1),
        "the next hour as ever"
    );
}
