//! `siaga decision`: drafts, signing, the journal, the clock, lists of exempt units, orders of the centre.

mod command;
mod order;
mod show;
mod write;

pub use command::{DecisionCommand, run};
