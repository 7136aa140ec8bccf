//! `siaga decision`: drafts, signing, the journal, the clock, lists of exempt units, numbers of circulars, orders of
//! the centre.

mod command;
mod letter;
mod order;
mod show;
mod write;

pub use command::{DecisionCommand, run};
