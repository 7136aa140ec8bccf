//! Delivery from the outbox: at least once, with the same idempotency key, later if it may pass.

use chrono::Duration;

use super::Journey;
use crate::alert::{AlertError, Outgoing};
use crate::epi::Vintage;
use crate::store::MessageState;

/// After so many tries a message is given up.
const TRIES: u32 = 10;

/// Tries every message that is due; returns how many were accepted.
///
/// # Errors
/// When the store does not answer.
pub async fn deliver(journey: &Journey) -> anyhow::Result<usize> {
    let now = journey.clock.now();
    let mut accepted = 0;
    for mut message in journey.store.messages_due(now).await? {
        let to = (message.channel.as_str(), message.recipient.as_str());
        let out = Outgoing {
            id: &message.id,
            subject: &message.subject,
            body: &message.body,
            html: None,
            picture: None,
        };
        let sent = journey.channels.send(to, &out).await;
        message.attempts += 1;
        match sent {
            Ok(()) => {
                message.state = MessageState::Sent;
                message.sent_at = Some(now);
                message.failure.clear();
                accepted += 1;
            }
            Err(AlertError::Retry { reason, after, .. }) if message.attempts < TRIES => {
                message.next_attempt_at = later(now, message.attempts, after);
                message.failure = reason;
            }
            Err(AlertError::Retry { reason, .. } | AlertError::GiveUp { reason, .. }) => {
                tracing::error!(channel = %message.channel, attempts = message.attempts, reason, "gave up a message");
                message.state = MessageState::Failed;
                message.failure = reason;
            }
        }
        journey.store.save_attempt(&message).await?;
        crate::telemetry::message_tried(&message.channel, message.state.as_str());
    }
    if accepted > 0 {
        journey.announce().await?;
    }
    Ok(accepted)
}

/// A minute after the first failure, twice as long after each further one, at most an hour; but not before the other
/// side allows, which is believed up to a day.
fn later(now: Vintage, attempts: u32, after: Option<std::time::Duration>) -> Vintage {
    let minutes = 2_i64.saturating_pow(attempts.saturating_sub(1)).min(60);
    let asked = after.and_then(|after| Duration::from_std(after).ok()).unwrap_or_default();
    Vintage::new(now.moment() + Duration::minutes(minutes).max(asked.min(Duration::days(1))))
}
