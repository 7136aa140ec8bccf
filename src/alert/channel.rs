//! The channels that are set up, and which message goes over which.

use super::AlertError;
use super::detect::Topic;
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

/// Somebody or something that is told, and of what.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// The address, or the channel's own name in the settings; unique together with the channel.
    pub name: String,
    /// What reaches it.
    pub channel: Channel,
    /// What it is told of.
    pub topics: Vec<Topic>,
}

impl Recipient {
    /// Told of everything.
    #[must_use]
    pub fn of_everything(name: impl Into<String>, channel: Channel) -> Self {
        Self { name: name.into(), channel, topics: Topic::ALL.to_vec() }
    }
}

/// All channels that are set up.
#[derive(Debug, Clone, Default)]
pub struct Channels(Vec<Recipient>);

impl Channels {
    /// Takes everybody who is told.
    #[must_use]
    pub fn new(recipients: Vec<Recipient>) -> Self {
        Self(recipients)
    }

    /// Everybody who is told.
    #[must_use]
    pub fn recipients(&self) -> &[Recipient] {
        &self.0
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
        let found = self.0.iter().find(|to| to.name == recipient && to.channel.name() == name);
        match found.map(|to| &to.channel) {
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
