//! The only place that knows SQL: figures by vintage, recommendations, alerts, runs, the audit log. Append-only, but
//! for what retention takes away.
//!
//! One statement text serves SQLite and PostgreSQL (docs/adr); nobody outside this folder can tell which it is.
//! Start at [`Store::connect`].

mod account;
mod anchor;
mod api_token;
mod assessment;
mod attempt;
mod audit;
mod bulk;
mod chain;
mod connect;
mod error;
mod job_run;
mod observation;
mod once;
mod outbox;
mod retention;
mod run;
mod session;
mod source;

pub use account::{Changed, Credentials, Link};
pub use anchor::Guard;
pub use api_token::KnownToken;
pub use assessment::SavedAssessment;
pub use attempt::{LONGEST_WINDOW, Limit, Reached};
pub use audit::{AuditFilter, AuditPage, AuditRow};
pub use chain::ChainReport;
pub use connect::{Dialect, Store};
pub use error::StoreError;
pub use job_run::JobRun;
pub use observation::Filter;
pub use once::KnownLink;
pub use outbox::{AlertRow, Message, MessageState};
pub use retention::Deletion;
pub use run::{Outcome, Run, RunRejection};
pub use session::{KnownSession, NewSession, Proof};
pub use source::SourceState;
