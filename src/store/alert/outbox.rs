//! Messages, until they are delivered.

use std::future::Future;

use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::receipt::ReceiptRow;
use crate::epi::Vintage;
use crate::store::bulk::{Cell, Kind, Lane, Target};
use crate::store::observation::from_moment;
use crate::store::replica::who;
use crate::store::{ReadStore, Store, StoreError};

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
    /// Its idempotency key: the same alerts, channel and recipient give the same.
    pub id: String,
    /// What it is: `alert`, `heartbeat`, `report_card`, `test`.
    pub kind: String,
    /// The assessment it rests on; empty if none.
    pub assessment_id: String,
    /// When it was made.
    pub created_at: Vintage,
    /// email, telegram, webhook …
    pub channel: String,
    /// An address, or the name of a webhook.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// Its text (JSON for machines).
    pub body: String,
    /// The same as HTML; empty where the channel takes none.
    pub html: String,
    /// The picture that goes with it, drawn when it is sent: `cases`; empty for none.
    pub picture: String,
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

const OUTBOX: Target<'_> = Target {
    into: "outbox (id, kind, assessment_id, created_at, channel, recipient, subject, body, html, picture, state, attempts, \
           next_attempt_at, sent_at, failure)",
    kinds: &[
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Whole,
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
    pub(in crate::store) async fn add_messages(
        &self,
        transaction: &mut Transaction<'_, Any>,
        messages: &[Message],
    ) -> Result<(), StoreError> {
        let mut rows: Vec<[Cell<'_>; 15]> = Vec::with_capacity(messages.len());
        for m in messages {
            rows.push([
                (&m.id).into(),
                (&m.kind).into(),
                (&m.assessment_id).into(),
                m.created_at.millis().into(),
                (&m.channel).into(),
                (&m.recipient).into(),
                (&m.subject).into(),
                (&m.body).into(),
                (&m.html).into(),
                (&m.picture).into(),
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

    /// Messages to be tried now that nobody is trying, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn messages_due(&self, now: Vintage) -> Result<Vec<Message>, StoreError> {
        let text = format!(
            "select * from outbox where state = 'pending' and next_attempt_at <= $1 and lease_until <= {} \
             order by next_attempt_at, id",
            self.now()
        );
        let rows = sqlx::query(AssertSqlSafe(text)).bind(now.millis()).fetch_all(&self.pool).await?;
        rows.iter().map(read).collect()
    }

    /// Claims a message before it is tried. False if somebody else has it or had it since it was read.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn claim_message(&self, message: &Message) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let text = format!(
            "update outbox set holder = $4, lease_until = {now} + $5 where id = $1 and state = 'pending' \
             and attempts = $2 and next_attempt_at = $3 and lease_until <= {now}",
            now = self.now()
        );
        let claimed = sqlx::query(AssertSqlSafe(text))
            .bind(&message.id)
            .bind(i64::from(message.attempts))
            .bind(message.next_attempt_at.millis())
            .bind(who())
            .bind(self.lease_millis())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(claimed.rows_affected() == 1)
    }

    /// Tries a message that was claimed, and has the claim go on meanwhile; none if somebody else took it over.
    pub async fn trying<T>(&self, message: &Message, attempt: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            ended = attempt => Some(ended),
            () = self.keeping(|| self.renew_message(message)) => None,
        }
    }

    async fn renew_message(&self, message: &Message) -> Result<bool, StoreError> {
        let text = format!(
            "update outbox set lease_until = {} + $4 where id = $1 and state = 'pending' and attempts = $2 and holder = $3",
            self.now()
        );
        let renewed = sqlx::query(AssertSqlSafe(text))
            .bind(&message.id)
            .bind(i64::from(message.attempts))
            .bind(who())
            .bind(self.lease_millis())
            .execute(&self.pool)
            .await?;
        Ok(renewed.rows_affected() == 1)
    }

    /// Puts messages into the outbox; one that is there already stays as it is.
    ///
    /// # Errors
    /// [`StoreError`]; none is put there then.
    pub async fn send_messages(&self, messages: &[Message]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        self.add_messages(&mut transaction, messages).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Puts messages into the outbox together with the receipt that says so, unless there is one of the same outcome and
    /// `message_id`: then all of it was done before. Returns whether it was new.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is put there then.
    pub async fn send_once(&self, messages: &[Message], receipt: &ReceiptRow) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let (known,): (i64,) =
            sqlx::query_as("select count(*) from alert_receipt where message_id = $1 and outcome = $2")
                .bind(&receipt.message_id)
                .bind(&receipt.outcome)
                .fetch_one(&mut *transaction)
                .await?;
        if known > 0 {
            return Ok(false);
        }
        self.add_messages(&mut transaction, messages).await?;
        self.add_receipts(&mut transaction, std::slice::from_ref(receipt)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Has a message that was given up tried again, from the first try on, with a receipt. False if it is not given up (any more).
    ///
    /// # Errors
    /// [`StoreError`]; nothing is changed then.
    pub async fn send_again(&self, id: &str, receipt: &ReceiptRow) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let changed = sqlx::query(
            "update outbox set state = 'pending', attempts = 0, next_attempt_at = $2, failure = '', lease_until = 0 \
             where id = $1 and state = 'failed'",
        )
        .bind(id)
        .bind(receipt.at.millis())
        .execute(&mut *transaction)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        self.add_receipts(&mut transaction, std::slice::from_ref(receipt)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Messages that were given up, oldest first. Signs of life and tests are of their moment: nobody wants them later.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn messages_given_up(&self) -> Result<Vec<Message>, StoreError> {
        let rows = sqlx::query(
            "select * from outbox where state = 'failed' and kind not in ('heartbeat', 'test') order by created_at, id",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// One message.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn message(&self, id: &str) -> Result<Option<Message>, StoreError> {
        let row =
            sqlx::query("select * from outbox where id = $1").bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(read).transpose()
    }

    /// How many messages are in each state, and since when the oldest of those to be delivered waits.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn outbox_counts(&self) -> Result<(Vec<(String, i64)>, Option<Vintage>), StoreError> {
        let counts = sqlx::query_as("select state, count(*) from outbox group by state order by state")
            .fetch_all(&self.pool)
            .await?;
        let (oldest,): (Option<i64>,) =
            sqlx::query_as("select min(created_at) from outbox where state = 'pending'")
                .fetch_one(&self.pool)
                .await?;
        Ok((counts, oldest.map(from_moment).transpose()?))
    }

    /// Writes down how a try to deliver ended, with a receipt, and frees the message; only while it is still to be delivered.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; nothing is written down then.
    pub async fn save_attempt(&self, message: &Message, receipt: &ReceiptRow) -> Result<(), StoreError> {
        // What was sent was sent, whoever has the job by now.
        let mut transaction = self.begin_unfenced().await?;
        let changed = sqlx::query(
            "update outbox set state = $2, attempts = $3, next_attempt_at = $4, sent_at = $5, failure = $6, lease_until = 0 \
             where id = $1 and state = 'pending'",
        )
        .bind(&message.id)
        .bind(message.state.as_str())
        .bind(i64::from(message.attempts))
        .bind(message.next_attempt_at.millis())
        .bind(message.sent_at.map_or(0, Vintage::millis))
        .bind(&message.failure)
        .execute(&mut *transaction)
        .await?;
        if changed.rows_affected() > 0 {
            self.add_receipts(&mut transaction, std::slice::from_ref(receipt)).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

impl ReadStore {
    /// Messages of all states, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn messages(&self, most: u32) -> Result<Vec<Message>, StoreError> {
        let rows =
            sqlx::query("select * from outbox order by created_at desc, channel, recipient, id limit $1")
                .bind(i64::from(most))
                .fetch_all(&self.pool)
                .await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &sqlx::any::AnyRow) -> Result<Message, StoreError> {
    let (state, sent_at): (String, i64) = (row.try_get("state")?, row.try_get("sent_at")?);
    Ok(Message {
        id: row.try_get("id")?,
        kind: row.try_get("kind")?,
        assessment_id: row.try_get("assessment_id")?,
        created_at: from_moment(row.try_get("created_at")?)?,
        channel: row.try_get("channel")?,
        recipient: row.try_get("recipient")?,
        subject: row.try_get("subject")?,
        body: row.try_get("body")?,
        html: row.try_get("html")?,
        picture: row.try_get("picture")?,
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
