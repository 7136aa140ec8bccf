//! Many rows at once: into one table, and all tables into another store.

mod copy;
mod known;
mod reader;
mod stream;
mod target;
mod writer;

pub use copy::CopiedTable;
pub(super) use copy::{TABLES, count, known_tables};
pub(super) use known::places;
pub use reader::Reader;
pub use target::{Cell, Kind, ROWS, Target};
pub use writer::{Lane, Writer};
