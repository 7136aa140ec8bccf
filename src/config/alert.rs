//! Whom to tell, over which channels, and when they are left in peace.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use super::Secret;

/// Whom to tell, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Alerts {
    /// Mail addresses of those who are told of what is decided: mayor, secretary, health office, personnel agency.
    pub recipients: Vec<String>,
    /// Mail addresses of those who see to the figures: told when a source is late, stalled or failing. Where nobody is told of
    /// that, `recipients` are.
    pub data_officers: Vec<String>,
    /// When people are left in peace, in the city's time, in place of the rules' own: `21:00-05:00`.
    pub quiet_hours: Option<QuietHours>,
    /// A file of alert rules instead of the shipped one.
    pub rules: Option<PathBuf>,
    /// The mail server.
    pub smtp: Option<Smtp>,
    /// The Telegram bot.
    pub telegram: Option<Telegram>,
    /// The account with WhatsApp.
    pub whatsapp: Option<WhatsApp>,
    /// People with their offices and addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub person: Vec<Person>,
    /// Webhooks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub webhook: Vec<Webhook>,
    /// Prometheus Alertmanagers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alertmanager: Vec<Alertmanager>,
}

/// Somebody who is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name: `Sekda Kota Bogor`.
    pub name: String,
    /// The offices: some of [`Person::OFFICES`].
    pub offices: Vec<String>,
    /// The ids of the units whose head the person is.
    #[serde(default)]
    pub units: Vec<String>,
    /// A mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// The id of a chat with the bot, or a channel: `123456789`, `@channel`.
    #[serde(default)]
    pub telegram: Option<String>,
    /// A telephone number with its country: `+628123456789`.
    #[serde(default)]
    pub whatsapp: Option<String>,
    /// `id` or `en`; the city's own if left out.
    #[serde(default)]
    pub language: Option<String>,
    /// Hears of alerts at least so grave: one of [`Person::SEVERITIES`].
    #[serde(default = "info")]
    pub least: String,
    /// Whether the daily sign of life goes there too.
    #[serde(default)]
    pub heartbeat: bool,
}

impl Person {
    /// The words for offices.
    pub const OFFICES: [&str; 6] =
        ["mayor", "secretary", "health_office", "personnel_agency", "unit_head", "data_officer"];
    /// The words for how grave an alert is, the least first.
    pub const SEVERITIES: [&str; 3] = ["info", "warning", "critical"];

    /// The addresses, each with the name of its channel.
    pub fn addresses(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [("email", &self.email), ("telegram", &self.telegram), ("whatsapp", &self.whatsapp)];
        all.into_iter().filter_map(|(channel, address)| Some((channel, address.as_deref()?)))
    }
}

/// The mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// `starttls`, `tls` or `none` (loopback only).
    #[serde(default = "starttls")]
    pub security: String,
    /// Certificates (PEM) of those who vouch for the server, in place of the public authorities.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// The address that sends.
    pub from: String,
    /// The user, if it asks for one; the password is `SIAGA_ALERT_SMTP_PASSWORD`.
    #[serde(default)]
    pub user: Option<String>,
    /// The mail address of whoever takes people off the list; the address that sends if left out.
    #[serde(default)]
    pub unsubscribe: Option<String>,
    /// An https address that does so with one click.
    #[serde(default)]
    pub unsubscribe_url: Option<String>,
    /// From the environment.
    #[serde(skip)]
    pub password: Secret,
}

impl Smtp {
    /// Whether the mail server is on this host.
    #[must_use]
    pub fn is_here(&self) -> bool {
        let is_loopback = |address: IpAddr| address.is_loopback();
        self.host.eq_ignore_ascii_case("localhost") || self.host.parse().is_ok_and(is_loopback)
    }
}

/// The Telegram bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telegram {
    /// The address of the Bot API.
    #[serde(default = "telegram_address")]
    pub base_url: String,
    /// From the environment: `SIAGA_ALERT_TELEGRAM_TOKEN`.
    #[serde(skip)]
    pub token: Secret,
}

/// The account with WhatsApp (Cloud API).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhatsApp {
    /// The address of the API.
    #[serde(default = "whatsapp_address")]
    pub base_url: String,
    /// Its version.
    #[serde(default = "whatsapp_version")]
    pub version: String,
    /// The id of the number that sends.
    pub phone_number_id: String,
    /// The name of the approved template, with one gap in its body.
    pub template: String,
    /// The template's language codes for ours, where they differ: `{ en = "en_GB" }`.
    #[serde(default)]
    pub languages: BTreeMap<String, String>,
    /// From the environment: `SIAGA_ALERT_WHATSAPP_TOKEN`.
    #[serde(skip)]
    pub token: Secret,
}

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Its name, shown instead of its address.
    pub name: String,
    /// Where to post.
    pub address: String,
    /// From the environment: [`Webhook::variable`], or `SIAGA_ALERT_WEBHOOK_SECRET`.
    #[serde(skip)]
    pub secret: Secret,
}

impl Webhook {
    /// The variable of its own secret: of `command-centre` `SIAGA_ALERT_WEBHOOK_SECRET_COMMAND_CENTRE`.
    #[must_use]
    pub fn variable(&self) -> String {
        let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        format!("{}_{}", Self::SECRET, self.name.chars().map(letter).collect::<String>())
    }

    /// The variable of the secret of those that have none of their own.
    pub const SECRET: &str = "SIAGA_ALERT_WEBHOOK_SECRET";
}

/// A Prometheus Alertmanager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alertmanager {
    /// Its name, shown instead of its address.
    pub name: String,
    /// Its address, before `/api/v2/alerts`.
    pub address: String,
    /// From the environment: `SIAGA_ALERT_ALERTMANAGER_TOKEN`, if a proxy before it asks for one.
    #[serde(skip)]
    pub token: Secret,
}

fn info() -> String {
    "info".to_owned()
}

fn starttls() -> String {
    "starttls".to_owned()
}

fn telegram_address() -> String {
    "https://api.telegram.org".to_owned()
}

fn whatsapp_address() -> String {
    "https://graph.facebook.com".to_owned()
}

fn whatsapp_version() -> String {
    "v23.0".to_owned()
}

/// Hours of the day in which people are left in peace; they may go past midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct QuietHours {
    /// Their first minute.
    pub from: NaiveTime,
    /// The minute after their last.
    pub until: NaiveTime,
}

/// A text that says no hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "quiet_hours: '{0}' is no span of hours: write the first minute and the one after the last, 21:00-05:00"
)]
pub struct NoQuietHours(String);

impl QuietHours {
    /// Whether a time of day lies in them.
    #[must_use]
    pub fn covers(self, time: NaiveTime) -> bool {
        if self.from < self.until {
            self.from <= time && time < self.until
        } else {
            self.from <= time || time < self.until
        }
    }
}

impl FromStr for QuietHours {
    type Err = NoQuietHours;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let time = |text: &str| {
            let is_plain = text.len() == 5 && text.is_ascii();
            NaiveTime::parse_from_str(text, "%H:%M").ok().filter(|_| is_plain)
        };
        text.split_once('-')
            .and_then(|(from, until)| Some(Self { from: time(from.trim())?, until: time(until.trim())? }))
            .filter(|hours| hours.from != hours.until)
            .ok_or_else(|| NoQuietHours(text.to_owned()))
    }
}

impl TryFrom<String> for QuietHours {
    type Error = NoQuietHours;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from.format("%H:%M"), self.until.format("%H:%M"))
    }
}

impl From<QuietHours> for String {
    fn from(hours: QuietHours) -> Self {
        hours.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_go_past_midnight_or_not() {
        let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
        let night: QuietHours = "21:00-05:00".parse().unwrap();
        for (at, is_quiet) in [
            ("20:59", false),
            ("21:00", true),
            ("23:59", true),
            ("00:00", true),
            ("04:59", true),
            ("05:00", false),
        ] {
            assert_eq!(night.covers(time(at)), is_quiet, "{at}");
        }
        let noon: QuietHours = "12:00 - 13:30".parse().unwrap();
        assert!(noon.covers(time("12:00")) && !noon.covers(time("13:30")) && !noon.covers(time("00:00")));
        assert_eq!(
            (night.to_string(), noon.to_string()),
            ("21:00-05:00".to_owned(), "12:00-13:30".to_owned())
        );
    }

    #[test]
    fn what_says_no_hours_is_refused_with_an_example() {
        for bad in [
            "",
            "21-05",
            "21:00",
            "21:00-",
            "24:00-05:00",
            "21:60-05:00",
            "9:00-5:00",
            "21:00-21:00",
            "21:00–05:00",
        ] {
            let fault = bad.parse::<QuietHours>().unwrap_err().to_string();
            assert!(fault.starts_with("quiet_hours: ") && fault.ends_with("21:00-05:00"), "{bad}: {fault}");
        }
    }

    #[test]
    fn a_webhook_has_a_variable_of_its_own() {
        let webhook =
            |name: &str| Webhook { name: name.to_owned(), address: String::new(), secret: Secret::default() };
        assert_eq!(webhook("command-centre").variable(), "SIAGA_ALERT_WEBHOOK_SECRET_COMMAND_CENTRE");
        assert_eq!(webhook("pusat 2").variable(), "SIAGA_ALERT_WEBHOOK_SECRET_PUSAT_2");
    }
}
