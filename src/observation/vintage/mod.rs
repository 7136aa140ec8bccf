//! What vintages tell of a source: how often, how far and how late its figures change, what is known of a day after so many
//! days, and which day is known well enough to be judged by.

mod complete;
mod figure;
mod quantile;
mod statistics;
mod triangle;

pub use complete::{Completeness, Settling, completeness, first_shares, last_complete_day};
pub use figure::{FigureHistory, ToldFigure, figures};
pub use quantile::quantile;
pub use statistics::{LARGE, NOISE, RevisionStatistics, Typical, revision_statistics};
pub use triangle::{TriangleRow, reporting_triangle};
