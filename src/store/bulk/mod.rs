//! Many rows at once: into one table, and all tables into another store.

mod copy;
mod target;

pub use copy::CopiedTable;
pub use target::{Cell, Kind, ROWS, Target};
