//! Decisions: drafts, the journal, and what each rested on; numbers of circulars, orders.

mod circular_number;
mod journal;
mod order;

pub use journal::{SavedDraft, Signed, Signing};
