//! Whether the tables are those that this program knows, and who made them what they are.

use std::sync::LazyLock;

use sqlx::AssertSqlSafe;

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
    /// Where it is, the same for whoever opens it: two cities must not have one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn identity(&self) -> Result<String, StoreError> {
        let Bulk::Sqlite(pool) = &self.bulk else {
            let (whole,): (String,) = sqlx::query_as(
                "select pg_postmaster_start_time()::text || ', ' || current_database() || ', ' \
                 || coalesce(cast(current_schema() as text), '')",
            )
            .fetch_one(&self.pool)
            .await?;
            return Ok(whole);
        };
        let file = pool.connect_options().get_filename().to_owned();
        Ok(file.canonicalize().unwrap_or(file).display().to_string())
    }

    /// Makes the schema that the address of a PostgreSQL database names, if it is not there.
    pub(in crate::store) async fn make_schema(&self) -> Result<(), StoreError> {
        if let Bulk::Sqlite(_) = &self.bulk {
            return Ok(());
        }
        let Some(missing) = self.missing_schema().await? else { return Ok(()) };
        let made = sqlx::query(AssertSqlSafe(format!("create schema if not exists {missing}")));
        match made.execute(&self.pool).await {
            // Another process was quicker.
            Err(_) if self.missing_schema().await?.is_none() => Ok(()),
            made => Ok(made.map(drop)?),
        }
    }

    /// The one schema that is looked in, in its quotes, if it is not there.
    async fn missing_schema(&self) -> Result<Option<String>, StoreError> {
        let (found, path): (Option<String>, String) =
            sqlx::query_as("select cast(current_schema() as text), current_setting('search_path')")
                .fetch_one(&self.pool)
                .await?;
        let is_one = path.len() > 2 && path.starts_with('"') && path.ends_with('"');
        let is_one = is_one && path.matches('"').count() == 2;
        Ok(found.is_none().then_some(path).filter(|_| is_one))
    }

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
