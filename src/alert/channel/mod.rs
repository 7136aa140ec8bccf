//! The channels: each takes one message in the form it wants, sends it once, and says whether to try again.

mod channels;
mod email;
mod error;
mod webhook;

pub use channels::{Channel, Channels, Form, Outgoing};
pub use email::EmailChannel;
pub use error::AlertError;
pub use webhook::{WebhookChannel, signature};
