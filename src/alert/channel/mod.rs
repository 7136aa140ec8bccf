//! The channels: each takes one message in the form it wants, sends it once, and says whether to try again.

mod alertmanager;
mod channels;
mod email;
mod error;
mod fit;
mod letter;
mod outlet;
mod telegram;
mod webhook;
mod whatsapp;

pub use alertmanager::AlertmanagerChannel;
pub use channels::{Channel, Channels, Form, Outgoing};
pub use email::{EmailChannel, MailServer};
pub use error::AlertError;
pub use letter::Unsubscribe;
pub use telegram::TelegramChannel;
pub use webhook::{WebhookChannel, signature};
pub use whatsapp::{WhatsAppAccount, WhatsAppChannel};
