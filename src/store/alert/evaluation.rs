//! One evaluation of all alert rules: what it remembers, what it tells, its receipts; all or nothing.

use std::collections::BTreeSet;

use sqlx::{Any, Transaction};

use super::notice::Notice;
use super::receipt::ReceiptRow;
use super::row::AlertRow;
use crate::epi::{LocationId, Vintage};
use crate::store::observation::from_moment;
use crate::store::{Store, StoreError};

/// One evaluation of all alert rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedEvaluation {
    /// Its id: location and moment.
    pub id: String,
    /// Where.
    pub location: String,
    /// When.
    pub as_of: Vintage,
    /// The assessment that was looked at.
    pub assessment_id: String,
    /// What the rules remember after it, as JSON.
    pub memory: String,
    /// What became of what.
    pub alerts: Vec<AlertRow>,
    /// Who is to be told, and when.
    pub notices: Vec<Notice>,
    /// Of what is over: who is to be told if they were told that it began. Where that still waits, it waits no longer.
    pub ends: Vec<Notice>,
    /// What it made of each rule.
    pub receipts: Vec<ReceiptRow>,
}

impl Store {
    /// Saves an evaluation. One of the same place and moment that is there already (the program was stopped after saving it,
    /// or another one was first), or one that looked at less than what was evaluated since, is left out; returns whether it was new.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is saved then.
    pub async fn save_evaluation(&self, evaluation: &SavedEvaluation) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        // Makes other writers wait: what is remembered is read and written by one at a time.
        let remembered = sqlx::query(
            "insert into alert_memory (location, as_of, memory) values ($1, $2, $3) \
             on conflict (location) do update set as_of = excluded.as_of, memory = excluded.memory \
             where alert_memory.as_of < excluded.as_of",
        )
        .bind(&evaluation.location)
        .bind(evaluation.as_of.millis())
        .bind(&evaluation.memory)
        .execute(&mut *transaction)
        .await?;
        if remembered.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query(
            "insert into alert_evaluation (id, location, as_of, assessment_id) values ($1, $2, $3, $4)",
        )
        .bind(&evaluation.id)
        .bind(&evaluation.location)
        .bind(evaluation.as_of.millis())
        .bind(&evaluation.assessment_id)
        .execute(&mut *transaction)
        .await?;
        self.add_alerts(&mut transaction, &evaluation.alerts).await?;
        self.add_notices(&mut transaction, &evaluation.notices).await?;
        self.end_notices(&mut transaction, evaluation).await?;
        self.add_receipts(&mut transaction, &evaluation.receipts).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// What still waits of something that is over tells nobody any more; whoever was told of it is told of its end.
    async fn end_notices(
        &self,
        transaction: &mut Transaction<'_, Any>,
        evaluation: &SavedEvaluation,
    ) -> Result<(), StoreError> {
        let ended: BTreeSet<&str> =
            evaluation.alerts.iter().filter(|a| a.is_end()).map(|a| a.episode.as_str()).collect();
        for episode in ended {
            let overtaken = sqlx::query(
                "update alert_notice set state = 'overtaken' where episode = $1 and state = 'waiting'",
            )
            .bind(episode)
            .execute(&mut **transaction)
            .await?
            .rows_affected();
            if overtaken > 0 {
                let receipt =
                    ReceiptRow::of_alert(evaluation.as_of, episode, "overtaken", overtaken.to_string());
                self.add_receipts(transaction, &[receipt]).await?;
            }
        }
        for notice in &evaluation.ends {
            let (told,): (i64,) = sqlx::query_as(
                "select count(*) from alert_notice where episode = $1 and channel = $2 and recipient = $3 and state = 'sent'",
            )
            .bind(&notice.episode)
            .bind(&notice.channel)
            .bind(&notice.recipient)
            .fetch_one(&mut **transaction)
            .await?;
            if told > 0 {
                self.add_notices(transaction, std::slice::from_ref(notice)).await?;
            }
        }
        Ok(())
    }

    /// What the rules remember of a place, and since when.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn alert_memory(&self, location: &LocationId) -> Result<Option<(Vintage, String)>, StoreError> {
        let row: Option<(i64, String)> =
            sqlx::query_as("select as_of, memory from alert_memory where location = $1")
                .bind(location.as_str())
                .fetch_optional(&self.pool)
                .await?;
        row.map(|(as_of, memory)| Ok((from_moment(as_of)?, memory))).transpose()
    }

    /// How many evaluations there were between two moments.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn evaluations_between(&self, (from, before): (Vintage, Vintage)) -> Result<i64, StoreError> {
        let (count,): (i64,) =
            sqlx::query_as("select count(*) from alert_evaluation where as_of >= $1 and as_of < $2")
                .bind(from.millis())
                .bind(before.millis())
                .fetch_one(&self.pool)
                .await?;
        Ok(count)
    }
}
