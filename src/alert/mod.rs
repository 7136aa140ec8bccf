//! Telling people: what is worth telling, in which words, over which channel.
//!
//! [`detect()`] is pure and remembers what is firing, so that a crossing is told once. `job` keeps the outbox; the
//! channels here send one message and say whether to retry.

mod channel;
mod detect;
mod due;
mod email;
mod error;
mod message;
mod sources;
mod webhook;

pub use channel::{Channel, Channels, Recipient};
pub use detect::{Alert, AlertKind, Memory, Topic, detect};
pub use due::detect_due;
pub use email::EmailChannel;
pub use error::AlertError;
pub use message::{Composed, compose};
pub use sources::{Watched, detect_sources};
pub use webhook::{WebhookChannel, signature};
