//! What the program says of itself to whoever runs it: the log (`log.rs`), and the numbers that a monitor reads: their
//! names (`names.rs`), counting where things happen (`count.rs`), the text they are read as (`exposition.rs`), the
//! process (`process.rs`) and the scheduler's tick (`heartbeat.rs`). What is read from the store is read in
//! `web/health/`; docs/observability.md says what to watch.

mod count;
mod exposition;
mod heartbeat;
mod log;
mod names;
mod process;
mod redact;

pub use count::{Tally, counted, request_ended, start_counting, upkeep};
pub use exposition::Exposition;
pub use heartbeat::Heartbeat;
pub use log::{LogFormat, init, is_json};
pub use names::{
    BUILD_INFO, HELD_BATCHES, HTTP_IN_FLIGHT, JOB_LAST_SUCCESS, Kind, LAST_EVALUATION, MESSAGE_AGE,
    MESSAGES_GIVEN_UP, MESSAGES_WAITING, METRICS, Metric, RECOMMENDED_STEP, SESSIONS, SOURCE_FAILING,
    SOURCE_LAST_CHANGE, SOURCE_LAST_PULL, STANDBY_LAG, STANDBY_UP, STORE_SIZE, STORE_UP, STORE_VERSION,
    TICK_AGE, TICK_RUNNING,
};
pub use process::write_process;
