//! Receipts: what each evaluation made of each rule, and what became of alerts and messages afterwards. Only added to.

use sqlx::{Any, Row, Transaction};

use crate::epi::Vintage;
use crate::store::bulk::{Cell, Kind, Lane, Target};
use crate::store::observation::from_moment;
use crate::store::{Store, StoreError};

/// One receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// When.
    pub at: Vintage,
    /// The evaluation; empty for what came afterwards.
    pub evaluation_id: String,
    /// The alert rule; empty where it is about a message.
    pub rule: String,
    /// The alert, for what became of one.
    pub alert_id: String,
    /// The message, for what became of one.
    pub message_id: String,
    /// What became of it: `fired`, `held`, `muted`, `silenced`, `sent`, `failed`, `acknowledged` …
    pub outcome: String,
    /// Who did it, if a person did.
    pub by: String,
    /// How many subjects of each outcome; why a message failed; a note.
    pub detail: String,
}

impl ReceiptRow {
    /// What became of an alert.
    #[must_use]
    pub fn of_alert(at: Vintage, alert_id: &str, outcome: &str, detail: String) -> Self {
        Self {
            at,
            evaluation_id: String::new(),
            rule: String::new(),
            alert_id: alert_id.to_owned(),
            message_id: String::new(),
            outcome: outcome.to_owned(),
            by: String::new(),
            detail,
        }
    }

    /// What became of a message.
    #[must_use]
    pub fn of_message(at: Vintage, message_id: &str, outcome: &str, detail: String) -> Self {
        let message_id = message_id.to_owned();
        Self { message_id, ..Self::of_alert(at, "", outcome, detail) }
    }
}

/// Which receipts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReceiptFilter {
    /// Of this rule.
    pub rule: Option<String>,
    /// With this outcome.
    pub outcome: Option<String>,
    /// From then on.
    pub from: Option<Vintage>,
    /// Before then.
    pub before: Option<Vintage>,
    /// Without those that say that nothing was to be told.
    pub is_notable: bool,
    /// At most so many.
    pub limit: u32,
}

const RECEIPT: Target<'_> = Target {
    into: "alert_receipt (at, evaluation_id, rule, alert_id, message_id, outcome, by_name, detail)",
    kinds: &[Kind::Whole, Kind::Text, Kind::Text, Kind::Text, Kind::Text, Kind::Text, Kind::Text, Kind::Text],
    on_conflict: "",
};

impl Store {
    pub(super) async fn add_receipts(
        &self,
        transaction: &mut Transaction<'_, Any>,
        receipts: &[ReceiptRow],
    ) -> Result<(), StoreError> {
        let mut rows: Vec<[Cell<'_>; 8]> = Vec::with_capacity(receipts.len());
        for r in receipts {
            rows.push([
                r.at.millis().into(),
                (&r.evaluation_id).into(),
                (&r.rule).into(),
                (&r.alert_id).into(),
                (&r.message_id).into(),
                (&r.outcome).into(),
                (&r.by).into(),
                (&r.detail).into(),
            ]);
        }
        RECEIPT.insert(Lane::Any(transaction, self.dialect), &mut rows.iter()).await?;
        Ok(())
    }

    /// Receipts, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn receipts(&self, filter: &ReceiptFilter) -> Result<Vec<ReceiptRow>, StoreError> {
        let rows = sqlx::query(
            "select * from alert_receipt where ($1 = '' or rule = $1) and ($2 = '' or outcome = $2) and at >= $3 and at < $4 \
             and ($5 = 0 or outcome not in ('quiet', 'not_judged', 'firing', 'still_no_data', 'kept_back', 'held')) \
             order by at desc, rule, outcome, alert_id, message_id limit $6",
        )
        .bind(filter.rule.as_deref().unwrap_or_default())
        .bind(filter.outcome.as_deref().unwrap_or_default())
        .bind(filter.from.map_or(i64::MIN, Vintage::millis))
        .bind(filter.before.map_or(i64::MAX, Vintage::millis))
        .bind(i64::from(filter.is_notable))
        .bind(i64::from(filter.limit.max(1)))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// What became of an alert and of the messages that told of it, oldest first. `episode` is the id of the row that began it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn receipts_of(&self, episode: &str) -> Result<Vec<ReceiptRow>, StoreError> {
        let rows = sqlx::query(
            "select * from alert_receipt where alert_id in (select id from alert where episode = $1) \
             or (message_id <> '' and message_id in (select message_id from alert_notice where episode = $1)) \
             order by at, rule, outcome, message_id",
        )
        .bind(episode)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// How often each outcome came about between two moments, by rule.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn receipt_counts(
        &self,
        (from, before): (Vintage, Vintage),
    ) -> Result<Vec<(String, String, i64)>, StoreError> {
        let counts = sqlx::query_as(
            "select rule, outcome, count(*) from alert_receipt where at >= $1 and at < $2 \
             group by rule, outcome order by rule, outcome",
        )
        .bind(from.millis())
        .bind(before.millis())
        .fetch_all(&self.pool)
        .await?;
        Ok(counts)
    }
}

fn read(row: &sqlx::any::AnyRow) -> Result<ReceiptRow, StoreError> {
    Ok(ReceiptRow {
        at: from_moment(row.try_get("at")?)?,
        evaluation_id: row.try_get("evaluation_id")?,
        rule: row.try_get("rule")?,
        alert_id: row.try_get("alert_id")?,
        message_id: row.try_get("message_id")?,
        outcome: row.try_get("outcome")?,
        by: row.try_get("by_name")?,
        detail: row.try_get("detail")?,
    })
}
