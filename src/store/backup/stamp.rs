//! What a backup says of itself, in a table that only backups have.

use std::collections::BTreeMap;
use std::str::FromStr;

use sqlx::AnyConnection;

use crate::epi::Vintage;
use crate::store::observation::from_moment;
use crate::store::{Store, StoreError};

/// The table; it is never carried into a store.
pub const STAMP: &str = "backup_stamp";

/// Before the name of a table in it.
const ROWS: &str = "rows ";

/// What a backup holds, and of when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// When it was begun, by the clock of whoever made it.
    pub made_at: Vintage,
    /// The version of siaga that made it.
    pub program: String,
    /// The version of its tables.
    pub schema: i64,
    /// As [`ReadStore::data_version`](crate::store::ReadStore::data_version).
    pub data_version: i64,
    /// The rows of each table.
    pub rows: BTreeMap<String, i64>,
}

impl Stamp {
    /// Rows of all tables.
    #[must_use]
    pub fn all_rows(&self) -> i64 {
        self.rows.values().sum()
    }

    /// Puts it into the file, in the place of one that may be there: a backup may have been used as a store.
    pub(super) async fn write(&self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        let text = [
            "drop table if exists backup_stamp",
            "create table backup_stamp (name text primary key, value text not null)",
        ];
        for statement in text {
            sqlx::query(statement).execute(&mut *connection).await?;
        }
        let of_itself = [
            ("made_at".to_owned(), self.made_at.millis().to_string()),
            ("program".to_owned(), self.program.clone()),
            ("schema".to_owned(), self.schema.to_string()),
            ("data_version".to_owned(), self.data_version.to_string()),
        ];
        let rows = self.rows.iter().map(|(table, rows)| (format!("{ROWS}{table}"), rows.to_string()));
        for (name, value) in of_itself.into_iter().chain(rows) {
            sqlx::query("insert into backup_stamp (name, value) values ($1, $2)")
                .bind(name)
                .bind(value)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }

    /// Reads it from a backup.
    pub(super) async fn read(backup: &Store) -> Result<Self, StoreError> {
        let kept: Vec<(String, String)> =
            sqlx::query_as("select name, value from backup_stamp").fetch_all(&backup.pool).await?;
        let kept: BTreeMap<String, String> = kept.into_iter().collect();
        let rows = kept.iter().filter_map(|(name, value)| Some((name.strip_prefix(ROWS)?, value)));
        let rows = rows.map(|(table, value)| Ok((table.to_owned(), number(table, Some(value))?)));
        Ok(Self {
            made_at: from_moment(number("made_at", kept.get("made_at"))?)?,
            program: kept.get("program").cloned().unwrap_or_default(),
            schema: number("schema", kept.get("schema"))?,
            data_version: number("data_version", kept.get("data_version"))?,
            rows: rows.collect::<Result<_, StoreError>>()?,
        })
    }
}

fn number(name: &str, value: Option<&String>) -> Result<i64, StoreError> {
    let value = value.and_then(|value| i64::from_str(value).ok());
    value.ok_or_else(|| StoreError::Corrupt { what: "what a backup says of itself", reason: name.to_owned() })
}
