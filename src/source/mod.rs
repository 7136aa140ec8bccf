//! Where figures come from: a publisher described in a file, fetched with limits, parsed without belief.
//!
//! A source does not know where its figures go: `job` archives the payload, has it validated and saves it.
//! Parsing is pure; only `fetch` waits for the world.

mod cadence;
mod error;
mod fetch;
mod guard;
mod number;
mod parse;
mod read;
mod request;
mod shape;
mod sheet;
mod sniff;
mod spec;

pub use cadence::{Arrivals, By, Cadence, Patience, SourceStanding};
pub use error::SourceError;
pub use fetch::{FetchLimits, Fetched, Fetcher, Payload, Validators, sha256_hex};
pub use guard::{PrivateHosts, PublicOr, check_form, check_url};
pub use number::{NumberFormat, parse_number};
pub use parse::{Parsed, Received, parse};
pub use request::{Method, Pages, Request};
pub use sheet::sheet_of;
pub use spec::{
    AuthorityIn, BareName, Columns, DateFormat, DateParts, DatesAcross, Encoding, Figure, LookedUpBy,
    PayloadFormat, SourceSpec, SpecFault,
};
