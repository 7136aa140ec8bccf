//! Why a source gives nothing: what may pass, what will not, what cannot be read.

use thiserror::Error;

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
