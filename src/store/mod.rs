//! The only place that knows SQL: figures by vintage, assessments, alerts, runs. Append-only.
//!
//! One statement text serves SQLite and PostgreSQL (docs/adr); nobody outside this folder can tell which it is.
//! Start at [`Store::connect`].

mod assessment;
mod audit;
mod bulk;
mod connect;
mod error;
mod job_run;
mod observation;
mod outbox;
mod run;
mod source;

pub use assessment::SavedAssessment;
pub use connect::{Dialect, Store};
pub use error::StoreError;
pub use job_run::JobRun;
pub use observation::Filter;
pub use outbox::{AlertRow, Message, MessageState};
pub use run::{Outcome, Run, RunRejection};
pub use source::SourceState;
