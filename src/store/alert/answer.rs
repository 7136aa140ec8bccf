//! What people did about alerts: acknowledged, handed over, silenced. Each with its receipt and its line in the audit log, all
//! or nothing.

use sqlx::Row;

use super::outbox::Message;
use super::receipt::ReceiptRow;
use crate::audit::Entry;
use crate::epi::{LocationId, Vintage};
use crate::store::observation::from_moment;
use crate::store::{Store, StoreError};

/// What somebody did about an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerKind {
    /// Sees to it.
    Acknowledged,
    /// Gave it to somebody.
    HandedOver,
}

impl AnswerKind {
    /// The word in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::HandedOver => "handed_over",
        }
    }
}

/// What somebody did about an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The alert: the id of the row that began it.
    pub episode: String,
    /// When.
    pub at: Vintage,
    /// What.
    pub kind: AnswerKind,
    /// Who.
    pub by: String,
    /// That person's role.
    pub role: String,
    /// To whom it was handed over.
    pub to: String,
    /// What they said.
    pub note: String,
}

/// A silence as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SilenceRow {
    /// Its number; the store gives it.
    pub number: i64,
    /// Where.
    pub location: String,
    /// Which alert rule; `*` for all.
    pub rule: String,
    /// Which subject; `*` for all.
    pub subject: String,
    /// From when on.
    pub from: Vintage,
    /// Until when.
    pub until: Vintage,
    /// Who.
    pub by: String,
    /// That person's role.
    pub role: String,
    /// Why.
    pub reason: String,
    /// When it was lifted before its end, and by whom.
    pub lifted: Option<(Vintage, String)>,
}

impl Store {
    /// Writes down what somebody did about an alert, and puts what others are told of it into the outbox.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is written down then.
    pub async fn add_answer(
        &self,
        answer: &Answer,
        (receipt, entry): (&ReceiptRow, &Entry),
        messages: &[Message],
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let head = self.add_entry(&mut transaction, entry).await?;
        sqlx::query(
            "insert into alert_answer (episode, at, kind, by_name, role, to_person, note) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&answer.episode)
        .bind(answer.at.millis())
        .bind(answer.kind.as_str())
        .bind(&answer.by)
        .bind(&answer.role)
        .bind(&answer.to)
        .bind(&answer.note)
        .execute(&mut *transaction)
        .await?;
        self.add_receipts(&mut transaction, std::slice::from_ref(receipt)).await?;
        self.add_messages(&mut transaction, messages).await?;
        self.commit(transaction, &head, entry.at).await
    }

    /// What people did about alerts, oldest first, from a moment on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn answers(&self, since: Option<Vintage>) -> Result<Vec<Answer>, StoreError> {
        let rows = sqlx::query("select * from alert_answer where at >= $1 order by at, episode, by_name")
            .bind(since.map_or(i64::MIN, Vintage::millis))
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                let kind: String = row.try_get("kind")?;
                let kind = if kind == AnswerKind::HandedOver.as_str() {
                    AnswerKind::HandedOver
                } else {
                    AnswerKind::Acknowledged
                };
                Ok(Answer {
                    episode: row.try_get("episode")?,
                    at: from_moment(row.try_get("at")?)?,
                    kind,
                    by: row.try_get("by_name")?,
                    role: row.try_get("role")?,
                    to: row.try_get("to_person")?,
                    note: row.try_get("note")?,
                })
            })
            .collect()
    }

    /// Writes down a silence; it gets the next number.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is written down then.
    pub async fn add_silence(&self, silence: &SilenceRow, entry: &Entry) -> Result<i64, StoreError> {
        let mut transaction = self.begin().await?;
        // First, because it makes other writers wait: two silences never get one number.
        let head = self.add_entry(&mut transaction, entry).await?;
        let (number,): (i64,) = sqlx::query_as("select coalesce(max(number), 0) + 1 from alert_silence")
            .fetch_one(&mut *transaction)
            .await?;
        sqlx::query(
            "insert into alert_silence (number, location, rule, subject, from_at, until_at, by_name, role, reason, \
             lifted_at, lifted_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, '')",
        )
        .bind(number)
        .bind(&silence.location)
        .bind(&silence.rule)
        .bind(&silence.subject)
        .bind(silence.from.millis())
        .bind(silence.until.millis())
        .bind(&silence.by)
        .bind(&silence.role)
        .bind(&silence.reason)
        .execute(&mut *transaction)
        .await?;
        self.commit(transaction, &head, entry.at).await?;
        Ok(number)
    }

    /// Lifts a silence before its end. False if there is none of that number that holds.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is changed then.
    pub async fn lift_silence(
        &self,
        number: i64,
        (at, by): (Vintage, &str),
        entry: &Entry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let head = self.add_entry(&mut transaction, entry).await?;
        let lifted = sqlx::query(
            "update alert_silence set lifted_at = $2, lifted_by = $3 \
             where number = $1 and lifted_at = 0 and until_at > $2",
        )
        .bind(number)
        .bind(at.millis())
        .bind(by)
        .execute(&mut *transaction)
        .await?;
        if lifted.rows_affected() == 0 {
            return Ok(false);
        }
        self.commit(transaction, &head, entry.at).await?;
        Ok(true)
    }

    /// Every silence of a place, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn silences(&self, location: &LocationId) -> Result<Vec<SilenceRow>, StoreError> {
        let rows = sqlx::query("select * from alert_silence where location = $1 order by number desc")
            .bind(location.as_str())
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                let lifted_at: i64 = row.try_get("lifted_at")?;
                let lifted = if lifted_at > 0 {
                    Some((from_moment(lifted_at)?, row.try_get("lifted_by")?))
                } else {
                    None
                };
                Ok(SilenceRow {
                    number: row.try_get("number")?,
                    location: row.try_get("location")?,
                    rule: row.try_get("rule")?,
                    subject: row.try_get("subject")?,
                    from: from_moment(row.try_get("from_at")?)?,
                    until: from_moment(row.try_get("until_at")?)?,
                    by: row.try_get("by_name")?,
                    role: row.try_get("role")?,
                    reason: row.try_get("reason")?,
                    lifted,
                })
            })
            .collect()
    }
}
