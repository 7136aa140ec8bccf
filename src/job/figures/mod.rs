//! Figures that were believed: reports on what their vintages tell, and a person's word on one of them.

mod judge;
mod report;

pub use judge::{JudgeFault, Judging, NOTE_LENGTH, judge};
pub use report::{FigureReport, FiguresWanted};
