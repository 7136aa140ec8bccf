//! The pages: dashboards out of files, the mailbox of the demonstration, the dictionary of the datasets.

mod answer;
mod board;
mod dictionary;
mod frame;
mod mailbox;

pub(super) use answer::html;
pub(super) use board::{analyst, filled, home, officials, own, public, wall};
pub(super) use dictionary::dictionary;
pub(super) use frame::Frame;
pub(super) use mailbox::mailbox;
