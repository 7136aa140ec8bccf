//! Whether the tables are those that this program knows.

use crate::store::connect::MIGRATIONS;
use crate::store::{Store, StoreError};

/// The version of the tables, and the one that this program needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// The newest migration that was run on the database.
    pub found: i64,
    /// The newest migration that the program has.
    pub needed: i64,
}

impl Store {
    /// Which version the tables have.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        let (found,): (i64,) = sqlx::query_as(
            "select cast(coalesce(max(version), 0) as bigint) from _sqlx_migrations where success",
        )
        .fetch_one(&self.pool)
        .await?;
        let needed = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
        Ok(Schema { found, needed })
    }
}
