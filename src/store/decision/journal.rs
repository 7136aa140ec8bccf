//! The journal of decisions with the evidence of each, and the drafts of those who are still writing.

use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use crate::audit::Entry;
use crate::decision::{Answer, Decision};
use crate::epi::{LocationId, Vintage};
use crate::store::chain::DECISION;
use crate::store::observation::{from_moment, to_day};
use crate::store::{ReadStore, Store, StoreError};

/// What somebody is still writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedDraft {
    /// Its id.
    pub id: String,
    /// When it was last changed.
    pub changed_at: Vintage,
    /// By whom.
    pub by: String,
    /// What was filled in.
    pub answer: Answer,
}

/// A decision on its way into the journal.
#[derive(Debug, Clone, Copy)]
pub struct Signing<'a> {
    /// The entry.
    pub decision: &'a Decision,
    /// The moment of signing.
    pub at: Vintage,
    /// What it rests on, as JSON; its SHA-256 is the entry's.
    pub evidence: &'a str,
    /// The draft that it was.
    pub draft: &'a str,
    /// What the audit log says of it.
    pub entry: &'a Entry,
}

/// What became of a signing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// It is in the journal.
    Done,
    /// Somebody else signed meanwhile: the draft is to be held against what is in force now.
    Overtaken,
    /// The draft is gone: signed already, or thrown away.
    Gone,
}

impl Store {
    /// Puts a decision into the journal and takes its draft away, with its evidence and its line in the audit log: all of it
    /// or nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; the draft stays then.
    pub async fn sign(&self, signing: Signing<'_>) -> Result<Signed, StoreError> {
        let decision = signing.decision;
        let mut transaction = self.begin().await?;
        // First, because whoever signs at the same time waits here.
        self.lock_head(&mut transaction, &DECISION).await?;
        if self.next_number(&mut transaction, &decision.location).await? != i64::from(decision.number) {
            return Ok(Signed::Overtaken);
        }
        let gone = sqlx::query("delete from decision_draft where id = $1 and location = $2")
            .bind(signing.draft)
            .bind(&decision.location)
            .execute(&mut *transaction)
            .await?;
        if gone.rows_affected() == 0 {
            return Ok(Signed::Gone);
        }
        sqlx::query(
            "insert into evidence (sha256, kept_at, json) values ($1, $2, $3) on conflict (sha256) do nothing",
        )
        .bind(&decision.evidence)
        .bind(signing.at.millis())
        .bind(signing.evidence)
        .execute(&mut *transaction)
        .await?;
        let own = self.append(&mut transaction, &DECISION, &values(&signing)?).await?;
        let audit = self.add_entry(&mut transaction, signing.entry).await?;
        self.commit_all(transaction, &[own, audit], signing.at).await?;
        Ok(Signed::Done)
    }

    async fn next_number(
        &self,
        transaction: &mut Transaction<'_, Any>,
        location: &str,
    ) -> Result<i64, StoreError> {
        let (last,): (i64,) =
            sqlx::query_as("select coalesce(max(number), 0) from decision where location = $1")
                .bind(location)
                .fetch_one(&mut **transaction)
                .await?;
        Ok(last + 1)
    }

    /// Keeps a draft, in place of what it was before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save_draft(&self, location: &LocationId, draft: &SavedDraft) -> Result<(), StoreError> {
        let json = serde_json::to_string(&draft.answer)
            .map_err(|error| StoreError::Corrupt { what: "a draft", reason: error.to_string() })?;
        sqlx::query(
            "insert into decision_draft (id, location, changed_at, by_name, json) values ($1, $2, $3, $4, $5) \
             on conflict (id) do update set changed_at = $3, by_name = $4, json = $5",
        )
        .bind(&draft.id)
        .bind(location.as_str())
        .bind(draft.changed_at.millis())
        .bind(&draft.by)
        .bind(json)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The drafts of a place, the last changed first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn drafts(&self, location: &LocationId) -> Result<Vec<SavedDraft>, StoreError> {
        let rows = sqlx::query(
            "select id, changed_at, by_name, json from decision_draft where location = $1 \
             order by changed_at desc, id",
        )
        .bind(location.as_str())
        .fetch_all(&self.pool)
        .await?;
        let read = |row: &AnyRow| {
            Ok(SavedDraft {
                id: row.try_get("id")?,
                changed_at: from_moment(row.try_get("changed_at")?)?,
                by: row.try_get("by_name")?,
                answer: decoded("a draft", row)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Throws a draft away; `false` if there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn discard_draft(&self, location: &LocationId, id: &str) -> Result<bool, StoreError> {
        let gone = sqlx::query("delete from decision_draft where id = $1 and location = $2")
            .bind(id)
            .bind(location.as_str())
            .execute(&self.pool)
            .await?;
        Ok(gone.rows_affected() > 0)
    }
}

impl ReadStore {
    /// The decisions of a place that were signed by a moment, by number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn decisions(
        &self,
        location: &LocationId,
        as_of: Option<Vintage>,
    ) -> Result<Vec<Decision>, StoreError> {
        let rows =
            sqlx::query("select json from decision where location = $1 and signed_at <= $2 order by number")
                .bind(location.as_str())
                .bind(as_of.map_or(i64::MAX, Vintage::millis))
                .fetch_all(&self.pool)
                .await?;
        rows.iter().map(|row| decoded("a decision", row)).collect()
    }

    /// What a decision rested on, as JSON.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn evidence(&self, sha256: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("select json from evidence where sha256 = $1")
            .bind(sha256)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|(json,)| json))
    }
}

/// What the columns of the journal hold.
fn values(signing: &Signing<'_>) -> Result<[Value; 13], StoreError> {
    let decision = signing.decision;
    let json = serde_json::to_string(decision)
        .map_err(|error| StoreError::Corrupt { what: "a decision", reason: error.to_string() })?;
    Ok([
        Value::from(decision.number),
        Value::from(decision.location.as_str()),
        Value::from(decision.kind.as_str()),
        Value::from(decision.amends.unwrap_or(0)),
        Value::from(to_day(decision.decided_on)),
        Value::from(to_day(decision.effective_from)),
        Value::from(to_day(decision.period.last_day)),
        Value::from(decision.step.number()),
        Value::from(decision.level.as_str()),
        Value::from(decision.decided_by.as_str()),
        Value::from(signing.at.millis()),
        Value::from(decision.evidence.as_str()),
        Value::from(json),
    ])
}

fn decoded<T: for<'de> serde::Deserialize<'de>>(what: &'static str, row: &AnyRow) -> Result<T, StoreError> {
    let json: String = row.try_get("json")?;
    serde_json::from_str(&json).map_err(|error| StoreError::Corrupt { what, reason: error.to_string() })
}
