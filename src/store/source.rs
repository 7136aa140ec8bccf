//! Payloads as received, and what each source said last.

use sqlx::Row;

use super::observation::from_moment;
use super::{Store, StoreError};
use crate::epi::Vintage;

/// What a source said last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceState {
    /// Its ETag.
    pub etag: String,
    /// Its Last-Modified.
    pub last_modified: String,
    /// When it was asked last.
    pub checked_at: Option<Vintage>,
    /// When it last had something new.
    pub changed_at: Option<Vintage>,
    /// What went wrong at the last try; empty if nothing.
    pub failure: String,
}

impl Store {
    /// Archives a payload; the same body of a source is kept once. The body is base64.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn archive(
        &self,
        (source, sha256): (&str, &str),
        received_at: Vintage,
        (address, content_type): (&str, &str),
        body: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into payload (source, sha256, received_at, address, content_type, body) \
             values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        )
        .bind(source)
        .bind(sha256)
        .bind(received_at.millis())
        .bind(address)
        .bind(content_type)
        .bind(body)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// A payload's archived body, base64.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn archived(&self, source: &str, sha256: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> =
            sqlx::query_as("select body from payload where source = $1 and sha256 = $2")
                .bind(source)
                .bind(sha256)
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map(|row| row.0))
    }

    /// What a source said last; nothing yet is the default.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn source_state(&self, source: &str) -> Result<SourceState, StoreError> {
        let row = sqlx::query(
            "select etag, last_modified, checked_at, changed_at, failure from source_state where source = $1",
        )
        .bind(source)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else {
            return Ok(SourceState::default());
        };
        let changed_at: i64 = row.try_get("changed_at")?;
        Ok(SourceState {
            etag: row.try_get("etag")?,
            last_modified: row.try_get("last_modified")?,
            checked_at: Some(from_moment(row.try_get("checked_at")?)?),
            changed_at: if changed_at > 0 { Some(from_moment(changed_at)?) } else { None },
            failure: row.try_get("failure")?,
        })
    }

    /// Remembers what a source said.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn save_source_state(&self, source: &str, state: &SourceState) -> Result<(), StoreError> {
        sqlx::query(
            "insert into source_state (source, etag, last_modified, checked_at, changed_at, failure) \
             values ($1, $2, $3, $4, $5, $6) \
             on conflict (source) do update set etag = $2, last_modified = $3, checked_at = $4, changed_at = $5, \
             failure = $6",
        )
        .bind(source)
        .bind(&state.etag)
        .bind(&state.last_modified)
        .bind(state.checked_at.map_or(0, Vintage::millis))
        .bind(state.changed_at.map_or(0, Vintage::millis))
        .bind(&state.failure)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
