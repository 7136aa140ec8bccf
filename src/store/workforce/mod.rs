//! Units, officers, turns on duty, attendance and what units note down.
//!
//! Every change and the entry of the audit log that tells of it are one transaction.

mod attendance;
mod duty;
mod link;
mod log;
mod officer;
mod unit;

pub use attendance::Taken;
pub use duty::{KnownPlan, NewPlan};
