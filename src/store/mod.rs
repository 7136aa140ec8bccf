//! The only place that knows SQL: figures by vintage, assessments, alerts, runs. Append-only.
//!
//! One statement text serves SQLite and PostgreSQL (docs/adr); nobody outside this folder can tell which it is.
//! Start at [`Store::connect`].

mod account;
mod api_token;
mod assessment;
mod attempt;
mod audit;
mod bulk;
mod connect;
mod error;
mod job_run;
mod observation;
mod once;
mod outbox;
mod run;
mod session;
mod source;

pub use account::{Changed, Credentials, Link};
pub use api_token::KnownToken;
pub use assessment::SavedAssessment;
pub use attempt::{LONGEST_WINDOW, Limit, Reached};
pub use connect::{Dialect, Store};
pub use error::StoreError;
pub use job_run::JobRun;
pub use observation::Filter;
pub use once::KnownLink;
pub use outbox::{AlertRow, Message, MessageState};
pub use run::{Outcome, Run, RunRejection};
pub use session::{KnownSession, NewSession, Proof};
pub use source::SourceState;
