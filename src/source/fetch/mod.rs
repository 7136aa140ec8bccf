//! Asking a publisher: conditional requests with limits on time, size and redirects, bounded retries, pages, files.
//!
//! The only place that speaks HTTP to sources. What comes back is archived before anybody parses it.

mod body;
mod fault;
mod fetcher;
mod file;
mod hosts;
mod http;
mod pages;
mod payload;

pub use fetcher::{FetchLimits, Fetched, Fetcher};
pub(super) use http::check_address;
pub use payload::{Payload, Validators, sha256_hex};
