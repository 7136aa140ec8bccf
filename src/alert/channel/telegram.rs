//! A Telegram bot: one message to one chat, with a chart if there is one.

use std::time::Duration;

use reqwest::multipart::{Form as Parts, Part};
use serde_json::{Value, json};

use super::fit::{fit, width};
use super::outlet::{Answer, Outlet, may_pass};
use super::{AlertError, Outgoing};
use crate::text::{Locale, Phrases};

/// The longest message.
const LONGEST: usize = 4096;
/// The longest text under a picture.
const LONGEST_CAPTION: usize = 1024;

/// A bot of Telegram's.
#[derive(Debug, Clone)]
pub struct TelegramChannel {
    outlet: Outlet,
    method: Method,
}

/// The bot's own part of the address, which is its secret.
#[derive(Clone)]
struct Method(String);

impl std::fmt::Debug for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}

impl TelegramChannel {
    /// A channel through the bot that has this token.
    ///
    /// # Errors
    /// [`AlertError::GiveUp`] when the address is not https, nor http on this host.
    pub fn new(base_url: &str, token: &str) -> Result<Self, AlertError> {
        let outlet = Outlet::new("telegram", base_url, token)?;
        Ok(Self { outlet, method: Method(format!("bot{token}")) })
    }

    /// Sends one message to a chat. A picture goes with a text that is short enough to stand under it, else behind it.
    ///
    /// # Errors
    /// [`AlertError::Retry`] for no answer, too many messages, a token that is refused and trouble over there;
    /// [`AlertError::GiveUp`] when the chat cannot be written to.
    pub async fn send(&self, chat: &str, language: Locale, out: &Outgoing<'_>) -> Result<(), AlertError> {
        let Some(picture) = out.picture else {
            return self.send_text(chat, language, out.body).await;
        };
        if width(out.body) <= LONGEST_CAPTION {
            return self.send_picture(chat, Some(out.body), picture).await;
        }
        self.send_text(chat, language, out.body).await?;
        // Tried again, the text would come twice: it says everything the picture shows.
        if let Err(error) = self.send_picture(chat, None, picture).await {
            tracing::warn!(error = error.to_string(), "a message went out without its chart");
        }
        Ok(())
    }

    async fn send_text(&self, chat: &str, language: Locale, text: &str) -> Result<(), AlertError> {
        let text = fit(text, LONGEST, &Phrases::new(language).say("message-cut"));
        let body = json!({ "chat_id": chat, "text": text, "link_preview_options": { "is_disabled": true } });
        let request = self.outlet.post_json(&[&self.method.0, "sendMessage"], body.to_string());
        self.judge(&self.outlet.ask(request).await?)
    }

    async fn send_picture(
        &self,
        chat: &str,
        caption: Option<&str>,
        picture: &[u8],
    ) -> Result<(), AlertError> {
        let photo = Part::bytes(picture.to_vec()).file_name("chart.png").mime_str("image/png");
        let photo = photo.map_err(|error| self.outlet.give_up(error.to_string()))?;
        let mut parts = Parts::new().text("chat_id", chat.to_owned()).part("photo", photo);
        if let Some(caption) = caption {
            parts = parts.text("caption", caption.to_owned());
        }
        let request = self.outlet.post(&[&self.method.0, "sendPhoto"]).multipart(parts);
        self.judge(&self.outlet.ask(request).await?)
    }

    fn judge(&self, answer: &Answer) -> Result<(), AlertError> {
        let said: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let status = answer.status;
        if status.is_success() && said["ok"] == true {
            return Ok(());
        }
        let description = said["description"].as_str().unwrap_or("it said no more");
        let parameters = &said["parameters"];
        if let Some(chat) = parameters["migrate_to_chat_id"].as_i64() {
            let reason =
                format!("the group has become a supergroup: write {chat} as its telegram in the settings");
            return Err(self.outlet.give_up(reason));
        }
        let after = parameters["retry_after"].as_u64().map(Duration::from_secs).or(answer.after);
        let reason = format!("it answered {}: {description}", status.as_u16());
        Err(match status.as_u16() {
            // A token that was never one has no address there.
            401 | 404 => self
                .outlet
                .retry(format!("{reason}; set the bot's token in SIAGA_ALERT_TELEGRAM_TOKEN"), None),
            // A success that does not say so is no answer of Telegram's.
            _ if may_pass(status) || status.is_success() => self.outlet.retry(reason, after),
            _ => self.outlet.give_up(reason),
        })
    }
}
