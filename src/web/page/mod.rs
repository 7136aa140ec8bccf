//! The pages: dashboards out of files, the mailbox of the demonstration, the dictionary of the datasets, a chart
//! alone for other sites.

mod answer;
mod board;
mod dictionary;
mod embed;
mod frame;
mod mailbox;

pub(super) use answer::html;
pub(super) use board::{analyst, filled, home, officials, own, public, wall};
pub(super) use dictionary::dictionary;
pub(super) use embed::embed;
pub(super) use frame::Frame;
pub(super) use mailbox::mailbox;
