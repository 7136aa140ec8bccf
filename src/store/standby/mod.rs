//! Standbys that may be read instead of the primary: how each is (`glance.rs`), which of them a reading takes (`servers.rs`). This is
//! the one place that decides; docs/adr/0023-reads-from-hot-standbys.md says why so.

mod glance;
mod servers;
mod source;

pub(super) use servers::Servers;
pub use servers::StandbyReading;
pub use source::{Newest, Source};
