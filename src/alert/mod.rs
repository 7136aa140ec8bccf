//! Telling people: what is worth telling, in which words, over which channel.
//!
//! [`detect()`] is pure and remembers what is firing, so that a crossing is told once. `job` keeps the outbox; a
//! [`Channel`] sends one message and says whether to retry.

mod channel;
mod detect;
mod due;
mod message;
mod recipient;
mod sources;

pub use channel::{
    AlertError, AlertmanagerChannel, Channel, Channels, EmailChannel, Form, MailServer, Outgoing,
    TelegramChannel, Unsubscribe, WebhookChannel, WhatsAppAccount, WhatsAppChannel, signature,
};
pub use detect::{Alert, AlertKind, Memory, Topic, detect};
pub use due::detect_due;
pub use message::{Composed, compose};
pub use recipient::{Office, Recipient, Severity, UnknownWord};
pub use sources::{Watched, detect_sources};
