//! Judgements: what a named person said of a figure, and what becomes of the figures by it. Nothing that was reported is
//! changed: a judgement stands beside it, and can be withdrawn.

mod apply;
mod marks;
mod open;
mod standing;
mod verdict;

pub use apply::{Judged, annotate, apply, shares};
pub use marks::{Mark, Marks, MarksByMeasure};
pub use open::open_doubts;
pub use standing::standing;
pub use verdict::{Judgement, UnknownVerdict, Verdict};
