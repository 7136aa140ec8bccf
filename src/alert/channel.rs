//! The channels that are set up, and which message goes over which.

use super::AlertError;
use super::email::EmailChannel;
use super::webhook::WebhookChannel;

/// One way to reach people.
#[derive(Debug, Clone)]
pub enum Channel {
    /// Mail to one address.
    Email(EmailChannel),
    /// A signed request to one address.
    Webhook(WebhookChannel),
    /// The mailbox page of the demonstration: accepted by being kept.
    Mailbox,
}

/// All channels that are set up.
#[derive(Debug, Clone, Default)]
pub struct Channels(Vec<(String, Channel)>);

impl Channels {
    /// Takes recipients and the channel that reaches each.
    #[must_use]
    pub fn new(channels: Vec<(String, Channel)>) -> Self {
        Self(channels)
    }

    /// Every recipient with its channel.
    pub fn recipients(&self) -> impl Iterator<Item = (&Channel, &str)> {
        self.0.iter().map(|(recipient, channel)| (channel, recipient.as_str()))
    }

    /// Sends one message; `id` is its idempotency key.
    ///
    /// # Errors
    /// [`AlertError`] saying whether to try again.
    pub async fn send(
        &self,
        (name, recipient): (&str, &str),
        id: &str,
        subject: &str,
        body: &str,
    ) -> Result<(), AlertError> {
        let found = self.0.iter().find(|(to, channel)| to == recipient && channel.name() == name);
        match found.map(|(_, channel)| channel) {
            Some(Channel::Email(email)) => email.send(recipient, id, subject, body).await,
            Some(Channel::Webhook(webhook)) => webhook.send(id, body).await,
            Some(Channel::Mailbox) => Ok(()),
            None => Err(AlertError::GiveUp {
                channel: "settings",
                reason: format!("no channel {name} to this recipient is set up any more"),
            }),
        }
    }
}

impl Channel {
    /// The channel's name in the store and on pages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Email(_) => "email",
            Self::Webhook(_) => "webhook",
            Self::Mailbox => "mailbox",
        }
    }

    /// Whether it wants JSON rather than text.
    #[must_use]
    pub fn wants_json(&self) -> bool {
        matches!(self, Self::Webhook(_))
    }
}
