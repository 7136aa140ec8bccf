//! How the store itself is: whether its tables are this program's, how much room it has, and what a monitor reads of it.

mod reading;
mod room;
mod schema;

pub use reading::{Reading, SourceReading};
pub use schema::{NEEDED, Schema};
