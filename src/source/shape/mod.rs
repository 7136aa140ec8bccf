//! From records to figures: which column is what, what day a text means, which place a name is.

mod cache;
mod date;
mod figure;
mod place;
mod plan;
mod shaper;
mod swapped;

pub(super) use shaper::Shaper;
