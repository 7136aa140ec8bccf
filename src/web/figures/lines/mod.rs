//! Charts over days other than the epidemic curve: each file makes a [`Plot`], which is drawn, read out and tabled from the
//! same rows.

mod ahead;
mod indicator;
mod late;
mod plot;
mod shares;
mod spark;
mod then;
mod thresholds;
mod unit;
mod weekly;

pub(super) use plot::{Plot, plot};
pub(super) use spark::spark;
