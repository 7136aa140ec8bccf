//! `siaga source`: how publishers do, what a file makes of a payload, what their figures are worth.

mod args;
mod check;
mod figures;
mod list;

pub use args::SourceCommand;
pub use check::check;
pub use figures::{judged, report};
pub use list::list;
