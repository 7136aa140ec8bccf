//! Whether the tables are those that this program knows, and who made them what they are.

use std::sync::LazyLock;

use crate::store::connect::{Bulk, MIGRATIONS};
use crate::store::{ReadStore, Store, StoreError};

/// Under this name the database remembers which version of siaga last changed its tables.
const PROGRAM: &str = "program";

/// The newest version of the tables that this program has.
pub static NEEDED: LazyLock<i64> =
    LazyLock::new(|| MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default());

/// The version of the tables, and the one that this program needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// The newest migration that was run on the database.
    pub found: i64,
    /// The newest migration that the program has.
    pub needed: i64,
}

impl ReadStore {
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
        Ok(Schema { found, needed: *NEEDED })
    }

    /// Where the database is, without who asks and their password.
    fn place(&self) -> String {
        match &self.bulk {
            Bulk::Sqlite(pool) => pool.connect_options().get_filename().display().to_string(),
            Bulk::Postgres(pool) => {
                let options = pool.connect_options();
                let name = options.get_database().unwrap_or_default();
                format!("{name} on {}:{}", options.get_host(), options.get_port())
            }
        }
    }
}

impl Store {
    /// Refuses tables that a newer program has changed, before anything is read into them or written: what it means by them
    /// is not known here. Returns their version, 0 for a database without tables.
    pub(in crate::store) async fn refuse_newer(&self) -> Result<i64, StoreError> {
        let is_there = match &self.bulk {
            Bulk::Sqlite(_) => "select count(*) from sqlite_master where name = '_sqlx_migrations'",
            Bulk::Postgres(_) => {
                "select count(*) from information_schema.tables \
                 where table_schema = current_schema() and table_name = '_sqlx_migrations'"
            }
        };
        let (is_there,): (i64,) = sqlx::query_as(is_there).fetch_one(&self.pool).await?;
        if is_there == 0 {
            return Ok(0);
        }
        let Schema { found, needed } = self.schema().await?;
        if found <= needed {
            return Ok(found);
        }
        // A newer program may keep it elsewhere.
        let by = self.meta(PROGRAM).await.unwrap_or_default();
        let by = by.map_or_else(|| "a newer siaga".to_owned(), |version| format!("siaga {version}"));
        Err(StoreError::Newer { place: self.place(), by, found, needed })
    }

    /// Remembers which version of siaga changed the tables, if it was this one just now.
    pub(in crate::store) async fn sign_schema(&self, before: i64) -> Result<(), StoreError> {
        if before < *NEEDED {
            self.set_meta(PROGRAM, env!("CARGO_PKG_VERSION")).await?;
        }
        Ok(())
    }
}
