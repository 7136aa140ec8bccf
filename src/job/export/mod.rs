//! What analysts take away: datasets as rows with their types and meanings, filtered as asked, as known at a moment, as their reader
//! may see them; ready to be written in any format, with the id by which the same bytes are made again.

mod dataset;
mod decisions;
mod ending;
mod indicators;
mod tables;
mod take;
mod wanted;
mod workforce;

pub use dataset::Dataset;
pub use decisions::decision_table;
pub use ending::{Ending, Making, UnknownEnding, made};
pub use indicators::{IndicatorRows, indicator_columns, indicator_rows};
pub use tables::observation_table;
pub use take::{Asking, Taken, page, policy_name, take};
pub use wanted::{FILTERS, Wanted};
