//! Alerts, and the messages that tell of them until they are delivered.

use chrono::NaiveDate;
use sqlx::{Any, Row, Transaction};

use super::bulk::{Cell, Kind, Lane, Target};
use super::observation::{from_day, from_moment, to_day};
use super::{Store, StoreError};
use crate::epi::Vintage;

/// One crossing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// Its fingerprint.
    pub id: String,
    /// The evaluation that saw it.
    pub assessment_id: String,
    /// What kind of alert.
    pub kind: String,
    /// The rule.
    pub rule: String,
    /// Where.
    pub location: String,
    /// The day.
    pub date: NaiveDate,
    /// The step called for.
    pub step: u8,
    /// When it was seen.
    pub created_at: Vintage,
    /// Everything about it.
    pub json: String,
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageState {
    /// To be delivered.
    Pending,
    /// Accepted by the channel.
    Sent,
    /// Given up.
    Failed,
}

impl MessageState {
    /// The word in the store and on pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }
}

/// One message to one recipient over one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its idempotency key: the same evaluation, channel and recipient give the same.
    pub id: String,
    /// The evaluation it tells of.
    pub assessment_id: String,
    /// email, webhook, mailbox.
    pub channel: String,
    /// An address, or the name of a webhook.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// Its text (JSON for a webhook).
    pub body: String,
    /// Where it stands.
    pub state: MessageState,
    /// Tries so far.
    pub attempts: u32,
    /// Not to be tried before.
    pub next_attempt_at: Vintage,
    /// When it was accepted.
    pub sent_at: Option<Vintage>,
    /// What went wrong at the last try.
    pub failure: String,
}

const ALERT: Target<'_> = Target {
    into: "alert (id, assessment_id, kind, rule, location, date, step, created_at, json)",
    kinds: &[
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Whole,
        Kind::Whole,
        Kind::Whole,
        Kind::Text,
    ],
    on_conflict: "on conflict do nothing",
};

const OUTBOX: Target<'_> = Target {
    into: "outbox (id, assessment_id, channel, recipient, subject, body, state, attempts, next_attempt_at, sent_at, \
           failure)",
    kinds: &[
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Whole,
        Kind::Whole,
        Kind::Whole,
        Kind::Text,
    ],
    on_conflict: "on conflict do nothing",
};

impl Store {
    pub(super) async fn add_alerts(
        &self,
        transaction: &mut Transaction<'_, Any>,
        alerts: &[AlertRow],
    ) -> Result<(), StoreError> {
        let mut rows: Vec<[Cell<'_>; 9]> = Vec::with_capacity(alerts.len());
        for a in alerts {
            rows.push([
                (&a.id).into(),
                (&a.assessment_id).into(),
                (&a.kind).into(),
                (&a.rule).into(),
                (&a.location).into(),
                to_day(a.date).into(),
                i64::from(a.step).into(),
                a.created_at.millis().into(),
                (&a.json).into(),
            ]);
        }
        ALERT.insert(Lane::Any(transaction, self.dialect), &mut rows.iter()).await?;
        Ok(())
    }

    pub(super) async fn add_messages(
        &self,
        transaction: &mut Transaction<'_, Any>,
        messages: &[Message],
    ) -> Result<(), StoreError> {
        let mut rows: Vec<[Cell<'_>; 11]> = Vec::with_capacity(messages.len());
        for m in messages {
            rows.push([
                (&m.id).into(),
                (&m.assessment_id).into(),
                (&m.channel).into(),
                (&m.recipient).into(),
                (&m.subject).into(),
                (&m.body).into(),
                m.state.as_str().into(),
                i64::from(m.attempts).into(),
                m.next_attempt_at.millis().into(),
                0.into(),
                (&m.failure).into(),
            ]);
        }
        OUTBOX.insert(Lane::Any(transaction, self.dialect), &mut rows.iter()).await?;
        Ok(())
    }

    /// Every alert, newest first, up to a moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn alerts(&self, as_of: Option<Vintage>) -> Result<Vec<AlertRow>, StoreError> {
        let rows = sqlx::query(
            "select * from alert where created_at <= $1 order by created_at desc, rule, kind, id",
        )
        .bind(as_of.map_or(i64::MAX, Vintage::millis))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(AlertRow {
                    id: row.try_get("id")?,
                    assessment_id: row.try_get("assessment_id")?,
                    kind: row.try_get("kind")?,
                    rule: row.try_get("rule")?,
                    location: row.try_get("location")?,
                    date: from_day(row.try_get("date")?)?,
                    step: u8::try_from(row.try_get::<i64, _>("step")?).unwrap_or(0),
                    created_at: from_moment(row.try_get("created_at")?)?,
                    json: row.try_get("json")?,
                })
            })
            .collect()
    }

    /// Messages to be tried now, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn messages_due(&self, now: Vintage) -> Result<Vec<Message>, StoreError> {
        let rows = sqlx::query(
            "select * from outbox where state = 'pending' and next_attempt_at <= $1 order by next_attempt_at, id",
        )
        .bind(now.millis())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Messages of all states, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn messages(&self, most: u32) -> Result<Vec<Message>, StoreError> {
        let rows = sqlx::query(
            "select o.* from outbox o join recommendation a on a.id = o.assessment_id \
             order by a.as_of desc, o.channel, o.recipient limit $1",
        )
        .bind(i64::from(most))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Writes down how a try to deliver ended.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn save_attempt(&self, message: &Message) -> Result<(), StoreError> {
        sqlx::query(
            "update outbox set state = $2, attempts = $3, next_attempt_at = $4, sent_at = $5, failure = $6 \
             where id = $1 and state = 'pending'",
        )
        .bind(&message.id)
        .bind(message.state.as_str())
        .bind(i64::from(message.attempts))
        .bind(message.next_attempt_at.millis())
        .bind(message.sent_at.map_or(0, Vintage::millis))
        .bind(&message.failure)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

fn read(row: &sqlx::any::AnyRow) -> Result<Message, StoreError> {
    let (state, sent_at): (String, i64) = (row.try_get("state")?, row.try_get("sent_at")?);
    Ok(Message {
        id: row.try_get("id")?,
        assessment_id: row.try_get("assessment_id")?,
        channel: row.try_get("channel")?,
        recipient: row.try_get("recipient")?,
        subject: row.try_get("subject")?,
        body: row.try_get("body")?,
        state: [MessageState::Pending, MessageState::Sent, MessageState::Failed]
            .into_iter()
            .find(|known| known.as_str() == state)
            .ok_or(StoreError::Corrupt { what: "a message's state", reason: state })?,
        attempts: u32::try_from(row.try_get::<i64, _>("attempts")?).unwrap_or(0),
        next_attempt_at: from_moment(row.try_get("next_attempt_at")?)?,
        sent_at: if sent_at > 0 { Some(from_moment(sent_at)?) } else { None },
        failure: row.try_get("failure")?,
    })
}
