//! A test message: through the real channel, marked as a test, with its receipt.

use serde_json::json;

use super::release::{blank, receipt};
use super::rows::hash;
use crate::alert::{AlertError, Form, Outgoing, Recipient};
use crate::epi::Vintage;
use crate::job::Journey;
use crate::store::{Message, MessageState};
use crate::text::Phrases;

/// What became of one test message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// The person; empty for machines and bare addresses.
    pub person: String,
    /// The channel.
    pub channel: &'static str,
    /// The address, or the name of a machine.
    pub address: String,
    /// Why it was not accepted, if it was not.
    pub failure: Option<String>,
}

/// Who gets a test message: everybody on the channel, everybody of that name or at that address.
#[must_use]
pub fn test_recipients<'a>(
    journey: &'a Journey,
    to: Option<&str>,
    channel: Option<&str>,
) -> Vec<&'a Recipient> {
    let is_meant = |one: &&Recipient| {
        to.is_none_or(|to| one.person == to || one.name == to)
            && channel.is_none_or(|channel| one.channel.name() == channel)
    };
    journey.channels.recipients().iter().filter(is_meant).collect()
}

/// Sends each of them a test message, once: it is kept, and so is a receipt of how it ended.
///
/// # Errors
/// When the store does not answer; what was sent by then is kept.
pub async fn send_test(
    journey: &Journey,
    recipients: &[&Recipient],
    by: &str,
) -> anyhow::Result<Vec<Tested>> {
    let mut tested = Vec::with_capacity(recipients.len());
    for to in recipients {
        let now = journey.clock.now();
        let mut message = message(journey, to, (by, now));
        // Kept before it is sent. A server that runs beside this takes up what is due, and this is not due for an hour.
        journey.store.send_messages(std::slice::from_ref(&message)).await?;
        let html = Some(message.html.as_str()).filter(|html| !html.is_empty());
        let out =
            Outgoing { id: &message.id, subject: &message.subject, body: &message.body, html, picture: None };
        let sent = journey.channels.send((to.channel.name(), &to.name), &out).await;
        message.attempts = 1;
        let failure = match sent {
            Ok(()) => {
                (message.state, message.sent_at) = (MessageState::Sent, Some(now));
                None
            }
            Err(AlertError::Retry { reason, .. } | AlertError::GiveUp { reason, .. }) => {
                message.state = MessageState::Failed;
                message.failure.clone_from(&reason);
                Some(reason)
            }
        };
        let outcome = if failure.is_none() { "sent" } else { "failed" };
        journey.store.save_attempt(&message, &receipt(&message, outcome, now)).await?;
        tested.push(Tested {
            person: to.person.clone(),
            channel: to.channel.name(),
            address: to.name.clone(),
            failure,
        });
    }
    Ok(tested)
}

fn message(journey: &Journey, to: &Recipient, (by, now): (&str, Vintage)) -> Message {
    let t = Phrases::new(to.language);
    let city = journey.city.name.as_str();
    let (channel, name) = (to.channel.name(), to.name.as_str());
    let id = hash(&[journey.city.location.as_str(), "test", &now.millis().to_string(), channel, name]);
    let subject = t.say_with("alert-test-subject", &[("city", city)]);
    let text = t.say_with("alert-test-body", &[("city", city), ("by", by)]);
    let moment = |minutes: i64| (now.moment() + chrono::Duration::minutes(minutes)).to_rfc3339();
    let body = match to.channel.form() {
        Form::Mail => text,
        Form::Short => format!("{subject}\n{text}"),
        Form::Json => {
            json!({ "kind": "test", "test": true, "city": city, "at": now.to_string(), "by": by, "sentence": text })
                .to_string()
        }
        Form::Alertmanager => json!([{
            "labels": { "alertname": "siaga_test", "severity": "info", "city": city, "kind": "test" },
            "annotations": { "summary": text, "event": "test" },
            "startsAt": moment(0),
            "endsAt": moment(1),
        }])
        .to_string(),
    };
    let later = Vintage::new(now.moment() + chrono::Duration::hours(1));
    Message { subject, body, next_attempt_at: later, ..blank((id, "test"), (channel, name), now) }
}
