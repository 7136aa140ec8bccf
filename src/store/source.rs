//! Payloads as received, and what each source said last.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::bulk::Writer;
use super::observation::{from_moment, id_of};
use super::{ReadStore, Store, StoreError};
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

/// A payload as archived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedPayload {
    /// Whose.
    pub source: String,
    /// SHA-256 of the body, in hex.
    pub sha256: String,
    /// When it came first.
    pub received_at: Vintage,
    /// Where from, or the name of the file.
    pub address: String,
    /// The publisher's Content-Type.
    pub content_type: String,
    /// The bytes as received.
    pub body: Vec<u8>,
}

impl Store {
    /// Archives a payload, compressed; the same body of a source is kept once, as it came first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn archive(&self, payload: &ArchivedPayload) -> Result<(), StoreError> {
        let (kept,): (i64,) =
            sqlx::query_as("select count(*) from payload where source = $1 and sha256 = $2")
                .bind(&payload.source)
                .bind(&payload.sha256)
                .fetch_one(&self.pool)
                .await?;
        if kept > 0 {
            return Ok(());
        }
        let corrupt =
            |error: std::io::Error| StoreError::Corrupt { what: "a payload", reason: error.to_string() };
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&payload.body).map_err(corrupt)?;
        let body = STANDARD.encode(gzip.finish().map_err(corrupt)?);
        sqlx::query(
            "insert into payload (id, source, sha256, received_at, address, content_type, codec, body) \
             values ($1, $2, $3, $4, $5, $6, 'gzip+base64', $7) on conflict do nothing",
        )
        .bind(id_of(&[&payload.source, &payload.sha256]))
        .bind(&payload.source)
        .bind(&payload.sha256)
        .bind(payload.received_at.millis())
        .bind(&payload.address)
        .bind(&payload.content_type)
        .bind(body)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// An archived payload.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer, or the body cannot be unpacked.
    pub async fn archived(&self, source: &str, sha256: &str) -> Result<Option<ArchivedPayload>, StoreError> {
        let row = sqlx::query("select * from payload where source = $1 and sha256 = $2")
            .bind(source)
            .bind(sha256)
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(unpacked).transpose()
    }

    /// Which payloads of a source are archived, in the order in which they came: hash and moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn payloads(&self, source: &str) -> Result<Vec<(String, Vintage)>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "select sha256, received_at from payload where source = $1 order by received_at, sha256",
        )
        .bind(source)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(|(sha256, at)| Ok((sha256, from_moment(at)?))).collect()
    }

    /// Rises with every saved pull of a source.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn source_revision(&self, source: &str) -> Result<i64, StoreError> {
        let row: Option<(i64,)> = sqlx::query_as("select revision from source_state where source = $1")
            .bind(source)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map_or(0, |row| row.0))
    }

    /// Remembers what a source said.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn save_source_state(&self, source: &str, state: &SourceState) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
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
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }
}

impl ReadStore {
    /// What each source said last, of those that ever said something, or were asked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn source_states(&self) -> Result<BTreeMap<String, SourceState>, StoreError> {
        let text = "select source, etag, last_modified, checked_at, changed_at, failure from source_state";
        let rows = sqlx::query(text).fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((row.try_get("source")?, state(row)?))).collect()
    }

    /// What a source said last; nothing yet is the default.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn source_state(&self, source: &str) -> Result<SourceState, StoreError> {
        let row = sqlx::query(
            "select etag, last_modified, checked_at, changed_at, failure from source_state where source = $1",
        )
        .bind(source)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map_or_else(|| Ok(SourceState::default()), state)
    }
}

fn state(row: &AnyRow) -> Result<SourceState, StoreError> {
    let changed_at: i64 = row.try_get("changed_at")?;
    Ok(SourceState {
        etag: row.try_get("etag")?,
        last_modified: row.try_get("last_modified")?,
        checked_at: known(row.try_get("checked_at")?)?,
        changed_at: if changed_at > 0 { Some(from_moment(changed_at)?) } else { None },
        failure: row.try_get("failure")?,
    })
}

/// Raises a source's revision by one, if it is still the one expected; its row is locked until the end then.
pub(super) async fn raise_revision(
    writer: &mut Writer,
    source: &str,
    expected: i64,
) -> Result<bool, StoreError> {
    let text = "insert into source_state (source, etag, last_modified, checked_at, changed_at, failure, revision) \
                values ($1, '', '', 0, 0, '', 0) on conflict do nothing";
    writer.execute(text, &[source.into()]).await?;
    let text = "update source_state set revision = revision + 1 where source = $1 and revision = $2";
    Ok(writer.execute(text, &[source.into(), expected.into()]).await? == 1)
}

/// A moment, or none where none was kept.
fn known(millis: i64) -> Result<Option<Vintage>, StoreError> {
    (millis != 0).then(|| from_moment(millis)).transpose()
}

fn unpacked(row: &AnyRow) -> Result<ArchivedPayload, StoreError> {
    let corrupt = |reason: String| StoreError::Corrupt { what: "an archived payload", reason };
    let (codec, text): (String, String) = (row.try_get("codec")?, row.try_get("body")?);
    let packed = STANDARD.decode(text).map_err(|error| corrupt(error.to_string()))?;
    let body = match codec.as_str() {
        "base64" => packed,
        _ => {
            let mut body = Vec::new();
            GzDecoder::new(&*packed).read_to_end(&mut body).map_err(|error| corrupt(error.to_string()))?;
            body
        }
    };
    Ok(ArchivedPayload {
        source: row.try_get("source")?,
        sha256: row.try_get("sha256")?,
        received_at: from_moment(row.try_get("received_at")?)?,
        address: row.try_get("address")?,
        content_type: row.try_get("content_type")?,
        body,
    })
}
