//! What is due and when: cron lines in the city's time zone, held against siaga's own clock.
//!
//! The cron library only ticks, in real time. A job finishes once for each moment it was due: the row in the store is
//! claim and history. A claim that is not finished is taken over at once, after a crash or by a second process; what the
//! job saves has ids made from the moment, so a repetition changes nothing.

use std::sync::Arc;
use std::time::Instant;

use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds};
use futures_util::future::BoxFuture;
use thiserror::Error;
use tracing::Instrument;

use super::{Journey, assess, deliver, heartbeat, ingest_all, is_behind, retain, send_report_card, watch};
use crate::epi::Vintage;
use crate::store::Outcome;
use crate::telemetry;

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
            let start = after.moment().with_timezone(&self.zone);
            let moments = cron.iter_after(start).map(|moment| Vintage::new(moment.to_utc()));
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
        let now = journey.clock.now();
        if !journey.store.claim(name.as_str(), due_at, now, true).await? {
            continue;
        }
        let started = Instant::now();
        let span = tracing::error_span!("job", job = name.as_str(), due_at = %due_at);
        let ended = run(journey, name).instrument(span).await;
        telemetry::job_ended(name.as_str(), ended.is_ok(), started.elapsed());
        let outcome = match ended {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(job = name.as_str(), error = format!("{error:#}"), "a job failed");
                format!("failed: {error:#}")
            }
        };
        journey.store.finish(name.as_str(), due_at, journey.clock.now(), &outcome).await?;
    }
    for beside in besides {
        at(beside.at);
        (beside.act)(journey).await?;
    }
    deliver(journey).await?;
    Ok(())
}

async fn run(journey: &Journey, name: JobName) -> anyhow::Result<String> {
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
            let messages = heartbeat(journey).await?;
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

    #[test]
    fn five_fields_are_refused() {
        let fault = schedule("30 * * * *", "0 0 20 * * *").unwrap_err();
        assert_eq!(fault.job, "ingest");
    }
}
