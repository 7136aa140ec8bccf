//! Decisions: drafts, the journal, and what each rested on; orders that bind them.

mod journal;
mod order;

pub use journal::{SavedDraft, Signed, Signing};
