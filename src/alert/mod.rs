//! Telling people: what is worth telling, in which words, over which channel.
//!
//! [`detect`] is pure and remembers what is firing, so that a crossing is told once. `job` keeps the outbox; the
//! channels here send one message and say whether to retry.

mod channel;
mod detect;
mod email;
mod message;
mod webhook;

use thiserror::Error;

pub use channel::{Channel, Channels};
pub use detect::{Alert, AlertKind, Memory, detect};
pub use email::EmailChannel;
pub use message::{Composed, compose};
pub use webhook::{WebhookChannel, signature};

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
