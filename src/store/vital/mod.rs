//! How the store itself is: whether its tables are this program's, and what a monitor reads of it.

mod reading;
mod schema;

pub use reading::{Reading, SourceReading};
pub use schema::{NEEDED, Schema};
