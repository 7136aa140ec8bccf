//! The channels that are set up, and which message goes over which.

use super::alertmanager::AlertmanagerChannel;
use super::email::EmailChannel;
use super::error::AlertError;
use super::telegram::TelegramChannel;
use super::webhook::WebhookChannel;
use super::whatsapp::WhatsAppChannel;
use crate::alert::Recipient;

/// One way to reach people.
#[derive(Debug, Clone)]
pub enum Channel {
    /// Mail to one address.
    Email(EmailChannel),
    /// A message of a Telegram bot to one chat.
    Telegram(TelegramChannel),
    /// A WhatsApp message to one number.
    WhatsApp(WhatsAppChannel),
    /// A signed request to one address.
    Webhook(WebhookChannel),
    /// A Prometheus Alertmanager.
    Alertmanager(AlertmanagerChannel),
    /// The mailbox page of the demonstration: accepted by being kept.
    Mailbox,
}

/// The form in which a channel takes what it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Plain text, with HTML and a picture if there are any.
    Mail,
    /// Plain text of a telephone's length.
    Short,
    /// One JSON object.
    Json,
    /// The array of alerts that Prometheus Alertmanager takes.
    Alertmanager,
}

/// What goes out, in the channel's form.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// The idempotency key.
    pub id: &'a str,
    /// One line.
    pub subject: &'a str,
    /// Plain text ([`Form::Mail`], [`Form::Short`]) or JSON.
    pub body: &'a str,
    /// The same as HTML; it may show the picture as `cid:chart`.
    pub html: Option<&'a str>,
    /// A chart, as PNG.
    pub picture: Option<&'a [u8]>,
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

    /// Sends one message over a channel to a recipient, both by name.
    ///
    /// # Errors
    /// [`AlertError`] saying whether to try again.
    pub async fn send(
        &self,
        (channel, recipient): (&str, &str),
        out: &Outgoing<'_>,
    ) -> Result<(), AlertError> {
        let found = self.0.iter().find(|to| to.name == recipient && to.channel.name() == channel);
        let language = found.map(|to| to.language).unwrap_or_default();
        match found.map(|to| &to.channel) {
            Some(Channel::Email(email)) => email.send(recipient, out).await,
            Some(Channel::Telegram(bot)) => bot.send(recipient, language, out).await,
            Some(Channel::WhatsApp(account)) => account.send(recipient, language, out).await,
            Some(Channel::Webhook(webhook)) => webhook.send(out).await,
            Some(Channel::Alertmanager(manager)) => manager.send(out).await,
            Some(Channel::Mailbox) => Ok(()),
            None => Err(AlertError::GiveUp {
                channel: "settings",
                reason: format!("no channel {channel} to this recipient is set up any more"),
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
            Self::Telegram(_) => "telegram",
            Self::WhatsApp(_) => "whatsapp",
            Self::Webhook(_) => "webhook",
            Self::Alertmanager(_) => "alertmanager",
            Self::Mailbox => "mailbox",
        }
    }

    /// The form of what it takes.
    #[must_use]
    pub fn form(&self) -> Form {
        match self {
            Self::Email(_) | Self::Mailbox => Form::Mail,
            Self::Telegram(_) | Self::WhatsApp(_) => Form::Short,
            Self::Webhook(_) => Form::Json,
            Self::Alertmanager(_) => Form::Alertmanager,
        }
    }
}
