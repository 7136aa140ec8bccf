//! The briefing: one page for a meeting. `content.rs` says what is on it, as data for paper and for the screen alike; `pdf.rs`
//! sets it by `briefing.typ` on exactly one page.

mod content;
mod decided;
mod pdf;

pub use content::{
    Briefing, BriefingCurve, BriefingInput, BriefingLevel, BriefingList, BriefingRule, Priority,
};
pub use decided::{BriefingClock, BriefingDecision};
