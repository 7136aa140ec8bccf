//! The only place that knows SQL: figures by vintage, recommendations, alerts, runs, the audit log. Append-only, but
//! for what retention takes away.
//!
//! One statement text serves SQLite and PostgreSQL (docs/adr); nobody outside this folder can tell which it is.
//! Start at [`Store::connect`].

mod access;
mod alert;
mod anchor;
mod arrival;
mod assessment;
mod audit;
mod backup;
mod bulk;
mod chain;
mod connect;
mod decision;
mod error;
mod hold;
mod judgement;
mod limits;
mod observation;
mod policy_version;
mod read_store;
mod replica;
mod retention;
mod run;
mod run_page;
mod source;
mod standby;
mod vital;
mod workforce;

pub use access::{
    Changed, Credentials, KnownLink, KnownSession, KnownToken, LONGEST_WINDOW, Limit, Link, NewSession,
    Proof, Reached,
};
pub use alert::{
    AlertRow, Answer, AnswerKind, DueNotice, Message, MessageState, Notice, NoticeState, ReceiptFilter,
    ReceiptRow, SavedEvaluation, SilenceRow,
};
pub use anchor::Guard;
pub use assessment::SavedAssessment;
pub use audit::{AuditFilter, AuditPage, AuditRow};
pub use backup::{Backup, OpenBackup, Stamp, file_sha256};
pub use bulk::CopiedTable;
pub use chain::ChainReport;
pub use connect::{Dialect, Store};
pub use decision::{SavedDraft, Signed, Signing};
pub use error::StoreError;
pub use hold::{Hold, HoldDecision, HoldState, NewHold};
pub use limits::StoreLimits;
pub use observation::Filter;
pub use policy_version::UsedPolicy;
pub use read_store::ReadStore;
pub use replica::{Claim, CutOff, JobRun, Lease, News};
pub use retention::Deletion;
pub use run::{Outcome, Pull, Run, RunRejection, Saved};
pub use run_page::{RunFilter, RunPage};
pub use source::{ArchivedPayload, SourceState};
pub use standby::{Newest, Source, StandbyReading};
pub use vital::{Reading, Schema, SourceReading};
pub use workforce::{KnownPlan, NewPlan, Taken};
