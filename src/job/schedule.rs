//! What is due and when: cron lines in the city's time zone, held against siaga's own clock.
//!
//! The cron library only ticks, in real time. A job finishes once for each moment it was due, among however many processes: the
//! row in the store is claim and history. A claim is a lease that is renewed while the job runs. Once it is past, after a crash
//! or a long pause, any process takes the job over; what the job saves has ids made from the moment, so a repetition changes
//! nothing, and what the one before still writes is refused.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds};
use futures_util::future::BoxFuture;
use thiserror::Error;
use tracing::Instrument;

use super::{Journey, assess, deliver, heartbeat, ingest_all, is_behind, retain, send_report_card, watch};
use crate::epi::Vintage;
use crate::store::{Claim, Lease, Outcome, StoreError};

/// A cron line that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("schedule.{job}: '{line}' is not a cron line with seconds, like \"0 30 6 * * *\": {reason}")]
pub struct ScheduleFault {
    /// The job.
    pub job: &'static str,
    /// The line.
    pub line: String,
    /// What is wrong with it.
    pub reason: String,
}

/// The scheduled jobs, in the order in which they run when due together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobName {
    /// Pull every source, and assess if anything was new.
    Ingest,
    /// Assess the day.
    Assess,
    /// Hold the alert rules against what only time brings.
    Watch,
    /// Say that siaga is there.
    Heartbeat,
    /// Send the report card of the month before.
    ReportCard,
    /// Delete what has been kept long enough.
    Retain,
}

impl JobName {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Ingest, Self::Assess, Self::Watch, Self::Heartbeat, Self::ReportCard, Self::Retain];

    /// The job of this name; none that another version of the program had.
    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }

    /// The name in the store and in settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Assess => "assess",
            Self::Watch => "watch",
            Self::Heartbeat => "heartbeat",
            Self::ReportCard => "report_card",
            Self::Retain => "retain",
        }
    }
}

/// What to do with moments that passed while nobody was running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatchUp {
    /// Run each of them (the demonstration steps through every one).
    Every,
    /// Run each job once, for its latest moment: never pile up.
    Latest,
}

/// Cron lines.
#[derive(Debug, Clone)]
pub struct Schedule {
    zone: Tz,
    jobs: Vec<(JobName, Cron)>,
    besides: Vec<Beside>,
}

impl Schedule {
    /// Reads a cron line for each job; a job without one never falls due.
    ///
    /// # Errors
    /// [`ScheduleFault`] naming the key.
    pub fn new(lines: &[(JobName, &str)], zone: Tz) -> Result<Self, ScheduleFault> {
        let parser = CronParser::builder().seconds(Seconds::Required).dom_and_dow(true).build();
        let parse = |(name, line): &(JobName, &str)| {
            parser.parse(line).map(|cron| (*name, cron)).map_err(|error| ScheduleFault {
                job: name.as_str(),
                line: (*line).to_owned(),
                reason: error.to_string(),
            })
        };
        Ok(Self { zone, jobs: lines.iter().map(parse).collect::<Result<_, _>>()?, besides: Vec::new() })
    }

    /// Every moment after `after` and up to `until` at which a job is due, in order.
    #[must_use]
    pub fn due(&self, after: Vintage, until: Vintage, catch_up: CatchUp) -> Vec<(Vintage, JobName)> {
        let mut due = Vec::new();
        for (name, cron) in &self.jobs {
            let start = (after.moment() - FOLD).with_timezone(&self.zone);
            let moments = cron.iter_after(start).map(|moment| Vintage::new(moment.to_utc()));
            let moments = moments.skip_while(|moment| *moment <= after);
            let mut moments: Vec<Vintage> = moments.take_while(|moment| *moment <= until).collect();
            if catch_up == CatchUp::Latest {
                moments = moments.pop().into_iter().collect();
            }
            due.extend(moments.into_iter().map(|moment| (moment, *name)));
        }
        due.sort();
        due
    }
}

/// Where clocks are put back an hour comes twice. The cron library leaves out what lies in the second one if it begins to count
/// in the first, and goes back into the first if it begins in the second: it begins before both.
const FOLD: chrono::Duration = chrono::Duration::hours(3);

/// From when on a program that starts makes up for what fell due: since the last job that ended, a day at most. One that is yet
/// to come was run under a clock that has been put back since: what fell due meanwhile may be missing, and what is not is
/// found done.
#[must_use]
pub fn resumed_from(last: Option<Vintage>, now: Vintage) -> Vintage {
    let yesterday = Vintage::new(now.moment() - chrono::Duration::days(1));
    last.filter(|last| *last <= now).map_or(yesterday, |last| last.max(yesterday))
}

/// What is done at a moment besides the jobs.
pub type Act = Arc<dyn for<'a> Fn(&'a Journey) -> BoxFuture<'a, anyhow::Result<()>> + Send + Sync>;

/// Something that happens at a moment besides the jobs: the past that the demonstration re-enacts. It must do nothing where it is
/// done already.
#[derive(Clone)]
pub struct Beside {
    /// When.
    pub at: Vintage,
    /// What.
    pub act: Act,
}

impl std::fmt::Debug for Beside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Beside").field("at", &self.at).finish_non_exhaustive()
    }
}

impl Schedule {
    /// The same with what happens beside its jobs, in order of time.
    #[must_use]
    pub fn beside(self, besides: Vec<Beside>) -> Self {
        Self { besides, ..self }
    }

    fn besides_in(&self, after: Vintage, until: Vintage) -> impl Iterator<Item = &Beside> {
        self.besides.iter().filter(move |beside| after < beside.at && beside.at <= until)
    }
}

/// Runs what fell due after `after` and up to `until`; `at` is told of each moment first (the demonstration sets
/// its clock to it). A job that fails is reported in its row and does not stop the others.
///
/// # Errors
/// When the store does not answer.
pub async fn run_due(
    journey: &Journey,
    schedule: &Schedule,
    (after, until): (Vintage, Vintage),
    catch_up: CatchUp,
    at: &(dyn Fn(Vintage) + Sync),
) -> anyhow::Result<()> {
    let mut besides = schedule.besides_in(after, until).peekable();
    for (due_at, name) in schedule.due(after, until, catch_up) {
        while let Some(beside) = besides.next_if(|beside| beside.at < due_at) {
            at(beside.at);
            (beside.act)(journey).await?;
        }
        at(due_at);
        if let Some(lease) = claimed(journey, (name, due_at), catch_up).await? {
            run_under(journey, name, &lease).await?;
        }
    }
    for beside in besides {
        at(beside.at);
        (beside.act)(journey).await?;
    }
    if catch_up == CatchUp::Latest {
        take_over(journey, until).await?;
    }
    deliver(journey).await?;
    Ok(())
}

/// How often it is looked whether a job that another process has is free.
const LOOK: Duration = Duration::from_millis(200);

/// The lease of a job for a moment, if this process is to run it. What another has is left to that one, and found by
/// [`take_over`] should it be cut off; who runs every moment in order waits for it.
async fn claimed(
    journey: &Journey,
    (name, due_at): (JobName, Vintage),
    catch_up: CatchUp,
) -> anyhow::Result<Option<Lease>> {
    loop {
        match journey.store.claim_job(name.as_str(), due_at, journey.clock.now()).await? {
            Claim::Ours(lease) => return Ok(Some(lease)),
            Claim::Held if catch_up == CatchUp::Every => tokio::time::sleep(LOOK).await,
            Claim::Held | Claim::Done => return Ok(None),
        }
    }
}

/// Runs what a process began that is no more, unless the job was begun for a later moment since.
async fn take_over(journey: &Journey, until: Vintage) -> anyhow::Result<()> {
    for run in journey.store.jobs_cut_off(until).await? {
        let Some(name) = JobName::named(&run.job) else { continue };
        let Some(lease) = claimed(journey, (name, run.due_at), CatchUp::Latest).await? else { continue };
        if run.is_overtaken {
            let outcome = "cut off; made up for at a later moment";
            journey.store.finish_job(&lease, journey.clock.now(), outcome).await?;
        } else {
            tracing::warn!(job = %run.job, due_at = %run.due_at, "a job was cut off; this process takes it over");
            run_under(journey, name, &lease).await?;
        }
    }
    Ok(())
}

/// Runs a job that this process has, and writes down how it ended.
async fn run_under(journey: &Journey, name: JobName, lease: &Lease) -> anyhow::Result<()> {
    let (job, due_at, started) = (name.as_str(), lease.due_at, Instant::now());
    let span = tracing::error_span!("job", job, due_at = %due_at);
    let ended = journey.store.under(lease, run(journey, name, due_at)).instrument(span).await;
    let ended = ended.unwrap_or_else(|overtaken| Err(overtaken.into()));
    let fault = ended.as_ref().err().and_then(|error| error.chain().find_map(|cause| cause.downcast_ref()));
    match fault {
        Some(StoreError::Overtaken { .. }) => {
            tracing::warn!(job, due_at = %due_at, "another process has taken a job over; it is left to that one");
            return Ok(());
        }
        // What could not be kept is not done: whoever reaches the database next does it.
        Some(fault) if fault.is_passing() => {
            let why =
                if fault.is_away() { "the database went away" } else { "the disk of the database is full" };
            // It may not even take that back: then the lease ends by itself.
            if let Err(error) = journey.store.give_back(lease).await {
                tracing::debug!(job, error = error.to_string(), "a job could not be given back");
            }
            anyhow::bail!("{job} due {due_at}: {why}; it is run again");
        }
        _ => {}
    }
    journey.tally.job_ended(job, ended.is_ok(), started.elapsed());
    let outcome = match ended {
        Ok(outcome) => outcome,
        Err(error) => {
            tracing::error!(job, error = format!("{error:#}"), "a job failed");
            format!("failed: {error:#}")
        }
    };
    if !journey.store.finish_job(lease, journey.clock.now(), &outcome).await? {
        tracing::warn!(job, due_at = %due_at, "another process has taken a job over that this one ended too late");
    }
    Ok(())
}

async fn run(journey: &Journey, name: JobName, due_at: Vintage) -> anyhow::Result<String> {
    let today = journey.today();
    match name {
        JobName::Ingest => {
            let reports = ingest_all(journey).await?;
            let changed = reports.iter().filter(|report| report.run.outcome == Outcome::Changed).count();
            // A line that is crossed is told when the figure arrives, not at the end of the day. Asked of the
            // store, not of these reports: a process cut off between pull and assessment is made up for.
            if journey.store.has_unassessed_figures(&journey.city.location).await? {
                assess(journey, today).await?;
                deliver(journey).await?;
            } else if is_behind(journey).await? {
                watch(journey).await?;
                deliver(journey).await?;
            }
            Ok(format!("{} pulls, {changed} with something new", reports.len()))
        }
        JobName::Assess => {
            let (assessment, alerts) = assess(journey, today).await?;
            deliver(journey).await?;
            Ok(format!("step {}, {alerts} alerts", assessment.step))
        }
        JobName::Watch => {
            let told = watch(journey).await?;
            deliver(journey).await?;
            Ok(format!("{told} alerts"))
        }
        JobName::Heartbeat => {
            let messages = heartbeat(journey, due_at).await?;
            deliver(journey).await?;
            Ok(format!("{messages} messages"))
        }
        JobName::ReportCard => {
            let messages = send_report_card(journey).await?;
            deliver(journey).await?;
            Ok(format!("{messages} messages"))
        }
        JobName::Retain => {
            let deleted = retain(journey).await?;
            Ok(format!("{} rows deleted", deleted.iter().map(|deletion| deletion.rows).sum::<u64>()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Jakarta;

    fn at(text: &str) -> Vintage {
        Vintage::parse_as_of(text, Jakarta).unwrap()
    }

    fn schedule(ingest: &str, assess: &str) -> Result<Schedule, ScheduleFault> {
        Schedule::new(&[(JobName::Ingest, ingest), (JobName::Assess, assess)], Jakarta)
    }

    #[test]
    fn moments_are_due_in_the_citys_time_and_in_order() {
        let schedule = schedule("0 30 12,19 * * *", "0 0 20 * * *").unwrap();
        let window = (at("2021-06-27T20:00:00+07:00"), at("2021-06-28T20:00:00+07:00"));
        let due = schedule.due(window.0, window.1, CatchUp::Every);
        let told: Vec<String> =
            due.iter().map(|(moment, name)| format!("{moment} {}", name.as_str())).collect();
        assert_eq!(
            told,
            ["2021-06-28T05:30:00Z ingest", "2021-06-28T12:30:00Z ingest", "2021-06-28T13:00:00Z assess"]
        );
    }

    #[test]
    fn after_a_long_stop_each_job_runs_once() {
        let schedule = schedule("0 30 * * * *", "0 0 20 * * *").unwrap();
        let due = schedule.due(at("2021-06-20"), at("2021-06-28"), CatchUp::Latest);
        assert_eq!(due.len(), 2);
        assert!(due.iter().all(|(moment, _)| *moment > at("2021-06-27")));
    }

    /// The moments of a line in Berlin over these days of local time, looked for in one window, and in windows of so many minutes.
    fn in_berlin(line: &str, (from, to): (&str, &str), minutes: i64) -> (Vec<String>, Vec<String>) {
        let zone = chrono_tz::Europe::Berlin;
        let schedule = Schedule::new(&[(JobName::Ingest, line)], zone).unwrap();
        let [from, to] = [from, to].map(|text| Vintage::parse_known(text, zone).unwrap());
        let told = |due: Vec<(Vintage, JobName)>| due.into_iter().map(|(moment, _)| moment.to_string());
        let whole = told(schedule.due(from, to, CatchUp::Every)).collect();
        let (mut ticked, mut seen) = (Vec::new(), from);
        while seen < to {
            let until = Vintage::new(seen.moment() + chrono::Duration::minutes(minutes)).min(to);
            ticked.extend(told(schedule.due(seen, until, CatchUp::Latest)));
            seen = until;
        }
        (whole, ticked)
    }

    #[test]
    fn half_past_two_comes_once_a_day_whether_the_hour_is_missing_or_comes_twice() {
        for (day, next, expected) in [
            // There is no half past two: as soon as there is a time again.
            ("2021-03-28", "2021-03-29", "2021-03-28T01:00:00Z"),
            // There are two: the first.
            ("2021-10-31", "2021-11-01", "2021-10-31T00:30:00Z"),
            ("2021-06-28", "2021-06-29", "2021-06-28T00:30:00Z"),
        ] {
            for minutes in [1, 7, 60, 600] {
                let (whole, ticked) = in_berlin("0 30 2 * * *", (day, next), minutes);
                assert_eq!(whole, [expected], "{day}");
                assert_eq!(ticked, whole, "{day} in windows of {minutes} minutes");
            }
        }
    }

    #[test]
    fn a_line_for_each_hour_follows_the_hours_that_there_are() {
        for (day, next, hours) in [
            ("2021-03-28", "2021-03-29", 23),
            ("2021-10-31", "2021-11-01", 25),
            ("2021-06-28", "2021-06-29", 24),
        ] {
            for minutes in [1, 7, 60] {
                let (whole, ticked) = in_berlin("0 30 * * * *", (day, next), minutes);
                assert_eq!(whole.len(), hours, "{day}: {whole:?}");
                assert_eq!(ticked, whole, "{day} in windows of {minutes} minutes");
            }
        }
    }

    #[test]
    fn a_clock_that_stands_still_or_goes_back_makes_nothing_due() {
        let schedule = schedule("0 30 * * * *", "0 0 20 * * *").unwrap();
        let now = at("2021-06-28T20:00:00+07:00");
        for earlier in ["2021-06-28T20:00:00+07:00", "2021-06-28T19:00:00+07:00", "2021-06-27T20:00:00+07:00"]
        {
            assert!(schedule.due(now, at(earlier), CatchUp::Latest).is_empty(), "{earlier}");
            assert!(schedule.due(now, at(earlier), CatchUp::Every).is_empty(), "{earlier}");
        }
    }

    #[test]
    fn a_start_makes_up_for_a_day_at_most_also_after_a_clock_that_was_ahead() {
        let (now, yesterday) = (at("2021-06-28T20:00:00+07:00"), at("2021-06-27T20:00:00+07:00"));
        let hour_ago = at("2021-06-28T19:00:00+07:00");
        for (last, expected) in [
            (None, yesterday),
            (Some(hour_ago), hour_ago),
            (Some(at("2021-06-20")), yesterday),
            (Some(now), now),
            (Some(at("2022-06-28")), yesterday),
        ] {
            assert_eq!(resumed_from(last, now), expected, "{last:?}");
        }
    }

    #[test]
    fn five_fields_are_refused() {
        let fault = schedule("30 * * * *", "0 0 20 * * *").unwrap_err();
        assert_eq!(fault.job, "ingest");
    }
}
