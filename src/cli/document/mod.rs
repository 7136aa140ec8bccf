//! `brief` and `circular`: paper made from a day and from a decision.

mod args;
mod brief;
mod check;
mod circular;

pub use args::{BriefArgs, CircularArgs};
pub(super) use brief::{brief, paper_of, templates};
pub(super) use check::check;
pub(super) use circular::circular;
