//! Delivery from the outbox: at least once, with the same idempotency key, later if it may pass. Each try leaves a receipt. A
//! message is claimed before it is tried, so that of several processes one tries it at a time.

use anyhow::Context;
use chrono::Duration;

use super::release::{receipt, release};
use crate::alert::{AlertError, Outgoing};
use crate::epi::Vintage;
use crate::job::Journey;
use crate::store::{Message, MessageState};
use crate::text::{Locale, Phrases};

/// After so many tries a message is given up.
const TRIES: u32 = 10;
/// So often a message waits for a chart that cannot be drawn, before it goes without and says so.
const PICTURE_TRIES: u32 = 3;

/// Puts what is due into messages and tries every message that is due; returns how many were accepted.
///
/// # Errors
/// When the store does not answer.
pub async fn deliver(journey: &Journey) -> anyhow::Result<usize> {
    let now = journey.clock.now();
    release(journey).await?;
    let mut accepted = 0;
    for mut message in journey.store.messages_due(now).await? {
        if !journey.store.claim_message(&message).await? {
            continue;
        }
        let Some(sent) = journey.store.trying(&message, send(journey, &message)).await else {
            tracing::warn!(message.id = %message.id, "another process took a message over while it was tried");
            continue;
        };
        message.attempts += 1;
        let outcome = match sent {
            Ok(()) => {
                message.state = MessageState::Sent;
                message.sent_at = Some(now);
                message.failure.clear();
                accepted += 1;
                "sent"
            }
            Err(AlertError::Retry { reason, after, channel }) if message.attempts < TRIES => {
                message.next_attempt_at = later(now, message.attempts, after);
                message.failure = reason;
                if channel == PICTURE { "stopped" } else { "retried" }
            }
            Err(AlertError::Retry { reason, .. } | AlertError::GiveUp { reason, .. }) => {
                tracing::error!(channel = %message.channel, attempts = message.attempts, reason, "gave up a message");
                message.state = MessageState::Failed;
                message.failure = reason;
                "failed"
            }
        };
        journey.store.save_attempt(&message, &receipt(&message, outcome, now)).await?;
        journey.tally.message_tried(&message.channel, message.state.as_str());
    }
    if accepted > 0 {
        journey.announce().await?;
    }
    Ok(accepted)
}

/// The part of a message that could not be had, in receipts.
const PICTURE: &str = "chart";

/// The chart of a mail between these is taken out where there is none.
const CHART: (&str, &str) = ("<!--chart-->", "<!--/chart-->");

async fn send(journey: &Journey, message: &Message) -> Result<(), AlertError> {
    let to = (message.channel.as_str(), message.recipient.as_str());
    let mut html = message.html.clone();
    let mut body = message.body.clone();
    let picture = match picture(journey, message).await {
        Ok(picture) => picture,
        // A message with an empty picture would look as if nothing were the matter: it is stopped, and says so.
        Err(error) if message.attempts < PICTURE_TRIES => {
            let reason = format!("the chart could not be drawn: {error:#}");
            tracing::warn!(message.id = %message.id, reason, "a message is stopped");
            return Err(AlertError::Retry { channel: PICTURE, reason, after: None });
        }
        Err(_) => {
            let missing = Phrases::new(language(journey, message)).say("mail-no-chart");
            html = without_chart(&html, &missing);
            body = format!("{body}\n\n{missing}");
            None
        }
    };
    if picture.is_none() {
        html = without_chart(&html, "");
    }
    let out = Outgoing {
        id: &message.id,
        subject: &message.subject,
        body: &body,
        html: (!html.is_empty()).then_some(html.as_str()),
        picture: picture.as_deref(),
    };
    journey.channels.send(to, &out).await
}

/// The recipient's language; the city's where the recipient is gone.
fn language(journey: &Journey, message: &Message) -> Locale {
    let recipients = journey.channels.recipients().iter();
    let mut theirs =
        recipients.filter(|to| to.channel.name() == message.channel && to.name == message.recipient);
    theirs.next().map_or(journey.locale, |to| to.language)
}

async fn picture(journey: &Journey, message: &Message) -> anyhow::Result<Option<Vec<u8>>> {
    let Some(painter) = &journey.alerting.painter else { return Ok(None) };
    if message.picture.is_empty() || message.channel == "mailbox" {
        return Ok(None);
    }
    let drawn = painter(journey, message.created_at, language(journey, message)).await;
    drawn.map(Some).context("draw the chart")
}

fn without_chart(html: &str, instead: &str) -> String {
    match (html.find(CHART.0), html.find(CHART.1)) {
        (Some(from), Some(to)) if from < to => {
            let instead = if instead.is_empty() { String::new() } else { format!("<p>{instead}</p>") };
            format!("{}{instead}{}", &html[..from], &html[to + CHART.1.len()..])
        }
        _ => html.to_owned(),
    }
}

/// A minute after the first failure, twice as long after each further one, at most an hour; but not before the other
/// side allows, which is believed up to a day.
fn later(now: Vintage, attempts: u32, after: Option<std::time::Duration>) -> Vintage {
    let minutes = 2_i64.saturating_pow(attempts.saturating_sub(1)).min(60);
    let asked = after.and_then(|after| Duration::from_std(after).ok()).unwrap_or_default();
    Vintage::new(now.moment() + Duration::minutes(minutes).max(asked.min(Duration::days(1))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_without_a_chart_shows_no_broken_picture() {
        let html = "<p>a</p><!--chart--><img src=\"cid:chart\"><!--/chart--><p>b</p>";
        assert_eq!(without_chart(html, ""), "<p>a</p><p>b</p>");
        assert_eq!(without_chart(html, "tidak ada"), "<p>a</p><p>tidak ada</p><p>b</p>");
        assert_eq!(without_chart("", "x"), "");
    }
}
