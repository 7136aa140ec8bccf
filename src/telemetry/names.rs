//! Every number that a monitor can read: its name, what it counts, its labels. A number is added here and to the table of
//! docs/observability.md. Names follow Prometheus' conventions: what only grows ends in `_total`, the unit is in the
//! name, and no label has more values than there are routes, sources, jobs or channels.

/// How a number behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, and begins at zero with the process.
    Counter,
    /// Goes up and down.
    Gauge,
    /// How often something took how long.
    Histogram,
}

impl Kind {
    /// The word of the text format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// A number that a monitor can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// How it behaves.
    pub kind: Kind,
    /// What tells its rows apart.
    pub labels: &'static [&'static str],
    /// What it says, in one sentence.
    pub help: &'static str,
}

const fn counter(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    Metric { name, kind: Kind::Counter, labels, help }
}

const fn gauge(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    Metric { name, kind: Kind::Gauge, labels, help }
}

const fn histogram(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    Metric { name, kind: Kind::Histogram, labels, help }
}

/// Which program this is.
pub const BUILD_INFO: Metric =
    gauge("siaga_build_info", &["version", "build"], "Always 1; the labels name the program.");

/// Requests that were answered.
pub(super) const HTTP_REQUESTS: Metric = counter(
    "siaga_http_requests_total",
    &["route", "method", "status"],
    "Requests answered, by the pattern of the address, method and class of status.",
);
/// How long answers took.
pub(super) const HTTP_DURATION: Metric = histogram(
    "siaga_http_request_duration_seconds",
    &["route"],
    "Time from the head of a request until its answer began, by the pattern of the address.",
);
/// Requests that are being answered.
pub const HTTP_IN_FLIGHT: Metric =
    gauge("siaga_http_requests_in_flight", &[], "Requests whose answer has not begun.");

/// Scheduled jobs that ended.
pub(super) const JOBS: Metric = counter(
    "siaga_jobs_total",
    &["job", "outcome"],
    "Scheduled jobs that ended, by outcome: done or failed.",
);
/// How long they took.
pub(super) const JOB_DURATION: Metric =
    histogram("siaga_job_duration_seconds", &["job"], "How long scheduled jobs took.");
/// When each last ended well.
pub const JOB_LAST_SUCCESS: Metric = gauge(
    "siaga_job_last_success_timestamp_seconds",
    &["job"],
    "When a scheduled job last ended well, on whichever process of the store.",
);
/// The silence of the scheduler.
pub const TICK_AGE: Metric =
    gauge("siaga_scheduler_last_tick_age_seconds", &[], "Time since the scheduler last ticked.");
/// The work of the scheduler.
pub const TICK_RUNNING: Metric = gauge(
    "siaga_scheduler_tick_running_seconds",
    &[],
    "For how long the jobs of the current tick have been running; 0 between ticks.",
);

/// Pulls that ended.
pub(super) const PULLS: Metric = counter(
    "siaga_pulls_total",
    &["source", "outcome"],
    "Pulls that ended, by source and outcome: changed, unchanged, held, refused or failed.",
);
/// What became of figures.
pub(super) const FIGURES: Metric = counter(
    "siaga_figures_total",
    &["source", "outcome"],
    "Figures that came in, pulled or by hand, by source and outcome: accepted or rejected.",
);
/// When each source had something new.
pub const SOURCE_LAST_CHANGE: Metric =
    gauge("siaga_source_last_change_timestamp_seconds", &["source"], "When a source last had something new.");
/// When each source was asked.
pub const SOURCE_LAST_PULL: Metric =
    gauge("siaga_source_last_pull_timestamp_seconds", &["source"], "When a source was last asked.");
/// Whether the last pull failed.
pub const SOURCE_FAILING: Metric =
    gauge("siaga_source_failing", &["source"], "1 if the last pull of a source failed, else 0.");
/// Batches that wait for a person.
pub const HELD_BATCHES: Metric =
    gauge("siaga_held_batches", &[], "Batches of figures that are held for a person's word.");

/// Evaluations that were saved.
pub(super) const EVALUATIONS: Metric =
    counter("siaga_evaluations_total", &[], "Evaluations that this process saved.");
/// When the rules were last applied.
pub const LAST_EVALUATION: Metric =
    gauge("siaga_last_evaluation_timestamp_seconds", &[], "As of when the city's last evaluation was made.");
/// What they said.
pub const RECOMMENDED_STEP: Metric = gauge(
    "siaga_recommended_step",
    &[],
    "The step that the last evaluation recommends, from 0 (no restriction) to 4.",
);
/// What was worth telling.
pub(super) const ALERTS: Metric = counter(
    "siaga_alerts_total",
    &["alert_rule", "event"],
    "What became of alerts in this process, by alert rule and event.",
);

/// Tries to deliver.
pub(super) const MESSAGES: Metric = counter(
    "siaga_messages_total",
    &["channel", "outcome"],
    "Tries to deliver a message, by channel and outcome: sent, retried or given_up.",
);
/// Messages to be delivered.
pub const MESSAGES_WAITING: Metric =
    gauge("siaga_messages_waiting", &[], "Messages in the outbox that are still to be delivered.");
/// Age of the oldest of them.
pub const MESSAGE_AGE: Metric = gauge(
    "siaga_message_oldest_waiting_age_seconds",
    &[],
    "Age of the oldest message that is still to be delivered; 0 if none is.",
);
/// Messages that nobody got.
pub const MESSAGES_GIVEN_UP: Metric =
    gauge("siaga_messages_given_up", &[], "Messages in the store that were given up: somebody was not told.");

/// Whether the store answers.
pub const STORE_UP: Metric = gauge(
    "siaga_store_up",
    &[],
    "1 if the store answered this scrape in time; if 0, what is read from the store is left out.",
);
/// How large it is.
pub const STORE_SIZE: Metric = gauge("siaga_store_size_bytes", &[], "Size of the database.");
/// How much was added to it.
pub const STORE_VERSION: Metric = gauge(
    "siaga_store_data_version",
    &[],
    "The data version: rises with every pull, evaluation, delivery, judgement and decision.",
);
/// Who is signed in.
pub const SESSIONS: Metric =
    gauge("siaga_sessions", &[], "Sessions that are open, those on the way in included.");

/// Where views and files were gathered.
pub(super) const READINGS: Metric = counter(
    "siaga_readings_total",
    &["server"],
    "Views and files that were gathered, by server: primary, or host and port of a standby.",
);
/// Whether a standby is read.
pub const STANDBY_UP: Metric = gauge(
    "siaga_standby_up",
    &["standby"],
    "1 if a standby is read as far as it has what is asked for; 0 if it does not answer, was promoted or has other tables.",
);
/// How far behind it is.
pub const STANDBY_LAG: Metric = gauge(
    "siaga_standby_lag_seconds",
    &["standby"],
    "Age of the last transaction that a standby has; grows also while nothing is written.",
);

/// Memory of the process.
pub(super) const PROCESS_MEMORY: Metric =
    gauge("process_resident_memory_bytes", &[], "Memory of the process that is in use.");
/// Its start.
pub(super) const PROCESS_START: Metric =
    gauge("process_start_time_seconds", &[], "When the process started.");
/// Its work.
pub(super) const PROCESS_CPU: Metric =
    counter("process_cpu_seconds_total", &[], "Processor time of the process, in user and kernel.");
/// Its files.
pub(super) const PROCESS_FILES: Metric =
    gauge("process_open_fds", &[], "Files and connections that the process holds open.");

/// All of them.
pub const METRICS: [&Metric; 34] = [
    &BUILD_INFO,
    &HTTP_REQUESTS,
    &HTTP_DURATION,
    &HTTP_IN_FLIGHT,
    &JOBS,
    &JOB_DURATION,
    &JOB_LAST_SUCCESS,
    &TICK_AGE,
    &TICK_RUNNING,
    &PULLS,
    &FIGURES,
    &SOURCE_LAST_CHANGE,
    &SOURCE_LAST_PULL,
    &SOURCE_FAILING,
    &HELD_BATCHES,
    &EVALUATIONS,
    &LAST_EVALUATION,
    &RECOMMENDED_STEP,
    &ALERTS,
    &MESSAGES,
    &MESSAGES_WAITING,
    &MESSAGE_AGE,
    &MESSAGES_GIVEN_UP,
    &STORE_UP,
    &STORE_SIZE,
    &STORE_VERSION,
    &SESSIONS,
    &READINGS,
    &STANDBY_UP,
    &STANDBY_LAG,
    &PROCESS_MEMORY,
    &PROCESS_START,
    &PROCESS_CPU,
    &PROCESS_FILES,
];
