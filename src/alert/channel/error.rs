//! Why a message was not accepted: whether to try again.

use std::time::Duration;

use thiserror::Error;

/// Why a message was not accepted.
#[derive(Debug, Error)]
pub enum AlertError {
    /// May pass: try again later.
    #[error("deliver over {channel}: {reason}")]
    Retry {
        /// The channel.
        channel: &'static str,
        /// What happened.
        reason: String,
        /// Not before so long, if the other side said so.
        after: Option<Duration>,
    },
    /// Will not pass by itself.
    #[error("deliver over {channel}: {reason}")]
    GiveUp {
        /// The channel.
        channel: &'static str,
        /// What happened.
        reason: String,
    },
}
