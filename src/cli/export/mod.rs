//! Files that are taken away, and made again: `export`, `chart`, `reproduce`.

mod args;
mod reproduce;
mod take;

pub use args::{ExportArgs, ReproduceArgs};
pub(super) use reproduce::reproduce;
pub(super) use take::{chart, export};
