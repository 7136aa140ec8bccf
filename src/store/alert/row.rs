//! Alerts: one row for each thing that became of something.

use chrono::NaiveDate;
use sqlx::{Any, Row, Transaction};

use crate::epi::Vintage;
use crate::store::bulk::{Cell, Kind, Lane, Target};
use crate::store::observation::{from_day, from_moment, to_day};
use crate::store::{ReadStore, Store, StoreError};

/// One thing that became of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// Its fingerprint.
    pub id: String,
    /// The assessment that it rests on.
    pub assessment_id: String,
    /// What it tells: `threshold_crossed`, `source_late` …
    pub kind: String,
    /// Its subject: a rule of the policy, a source, a unit.
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
    /// What became of it: `fired`, `raised`, `escalated`, `resolved`, `no_data`, `data_back`.
    pub event: String,
    /// The id of the row that began it.
    pub episode: String,
    /// `info`, `warning`, `critical`.
    pub severity: String,
    /// Why nobody was told: `muted`, `silenced`, `known_false`, `never_told`; empty where people were.
    pub kept: String,
}

impl AlertRow {
    /// Whether it says that something is over.
    #[must_use]
    pub fn is_end(&self) -> bool {
        matches!(self.event.as_str(), "resolved" | "data_back")
    }
}

const ALERT: Target<'_> = Target {
    into: "alert (id, assessment_id, kind, rule, location, date, step, created_at, json, event, episode, severity, kept)",
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
        Kind::Text,
        Kind::Text,
        Kind::Text,
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
        let mut rows: Vec<[Cell<'_>; 13]> = Vec::with_capacity(alerts.len());
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
                (&a.event).into(),
                (&a.episode).into(),
                (&a.severity).into(),
                (&a.kept).into(),
            ]);
        }
        ALERT.insert(Lane::Any(transaction, self.dialect), &mut rows.iter()).await?;
        Ok(())
    }

    /// One alert.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn alert(&self, id: &str) -> Result<Option<AlertRow>, StoreError> {
        let row =
            sqlx::query("select * from alert where id = $1").bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(read).transpose()
    }
}

impl ReadStore {
    /// Every alert, newest first, up to a moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn alerts(&self, as_of: Option<Vintage>) -> Result<Vec<AlertRow>, StoreError> {
        let rows = sqlx::query(
            "select * from alert where created_at <= $1 order by created_at desc, rule, kind, event, id",
        )
        .bind(as_of.map_or(i64::MAX, Vintage::millis))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }
}

pub(super) fn read(row: &sqlx::any::AnyRow) -> Result<AlertRow, StoreError> {
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
        event: row.try_get("event")?,
        episode: row.try_get("episode")?,
        severity: row.try_get("severity")?,
        kept: row.try_get("kept")?,
    })
}
