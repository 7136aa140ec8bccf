//! The demonstration: a feed on loopback that publishes Kota Bogor's printed figures of 2021 day by day, and a
//! complete siaga that pulls them, on a clock that runs a day in a second or stands between steps.

mod decisions;
mod feed;
mod run;
mod summary;

pub use feed::{Feed, FeedFault};
pub use run::{DemoOptions, FIRST_DAY, LAST_DAY, demo_database_url, prepare_store, run};
pub use summary::summary;
