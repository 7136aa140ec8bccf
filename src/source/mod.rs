//! Where figures come from: a publisher described in a file, fetched with limits, parsed without belief.
//!
//! A source does not know where its figures go: `job` archives the payload, has it validated and saves it.
//! Parsing is pure; only `fetch` waits for the world.

mod csv;
mod fetch;
mod guard;
mod number;
mod reference;
mod spec;

use thiserror::Error;

pub use csv::{Parsed, parse};
pub use fetch::{FetchLimits, Fetched, Fetcher, Payload, Validators, sha256_hex};
pub use number::{NumberFormat, parse_number};
pub use reference::{ReferenceFault, Unit, parse_locations, parse_orders, parse_units};
pub use spec::{DateFormat, SourceSpec, SpecFault};

/// Why a source gives nothing.
#[derive(Debug, Error)]
pub enum SourceError {
    /// May pass: try again at the next turn.
    #[error("fetch {address}: {reason}")]
    Retry {
        /// The address asked, without its query.
        address: String,
        /// What happened.
        reason: String,
    },
    /// Will not pass by itself.
    #[error("fetch {address}: {reason}")]
    GiveUp {
        /// The address asked, without its query.
        address: String,
        /// What happened.
        reason: String,
    },
    /// The payload is not what the spec describes.
    #[error("read the payload of {spec}: {reason}")]
    Unreadable {
        /// The spec's id.
        spec: String,
        /// What is wrong with it.
        reason: String,
    },
}
