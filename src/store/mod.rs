//! The only place that knows SQL: figures by vintage, assessments, alerts, runs. Append-only.
//!
//! One statement text serves SQLite and PostgreSQL (docs/adr); nobody outside this folder can tell which it is.
//! Start at [`Store::connect`].

mod assessment;
mod bulk;
mod connect;
mod job_run;
mod observation;
mod outbox;
mod run;
mod source;

use thiserror::Error;

pub use assessment::SavedAssessment;
pub use connect::{Dialect, Store};
pub use job_run::JobRun;
pub use observation::Filter;
pub use outbox::{AlertRow, Message, MessageState};
pub use run::{Outcome, Run, RunRejection};
pub use source::SourceState;

/// Why the store did not answer.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database cannot be reached or refuses.
    #[error("reach the database: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// What is to be saved is there already in another form.
    #[error("save {what}: it is there already")]
    Conflict {
        /// What was to be saved.
        what: String,
    },
    /// Something in the database cannot be read back.
    #[error("read back {what}: {reason}")]
    Corrupt {
        /// What was read.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The address of the database is not one.
    #[error("open the database: {0}")]
    Address(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) if inner.is_unique_violation() => {
                Self::Conflict { what: inner.table().unwrap_or("a row").to_owned() }
            }
            _ => Self::Unavailable(error),
        }
    }
}
