//! What was done, by whom and when.
// placeholder

mod entry;

pub use entry::{Action, Entry};
