//! Decisions: drafts, the journal, and what each rested on.

mod journal;

pub use journal::{SavedDraft, Signed, Signing};
