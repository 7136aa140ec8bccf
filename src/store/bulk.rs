//! Many rows in one statement: one JSON parameter that the database unfolds. The only statements with two texts.

use serde::Serialize;
use sqlx::{Any, AssertSqlSafe, Transaction};

use super::{Dialect, StoreError};

/// Rows in one statement.
const ROWS: usize = 5_000;

/// How a column of an unfolded row is read.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// bigint
    Whole,
    /// double precision
    Real,
    /// text
    Text,
}

/// A table to fill: its name, its columns, and what happens on a conflict.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Table and columns: `series (id, location)`.
    pub into: &'static str,
    /// The columns' kinds, in order.
    pub kinds: &'static [Kind],
    /// `on conflict do nothing`, or nothing.
    pub on_conflict: &'static str,
}

impl Target {
    /// `names` of tables and columns are constants of this folder: nothing a person typed gets into the text.
    fn statement(self, dialect: Dialect) -> String {
        let column = |(place, kind): (usize, &Kind)| match (dialect, kind) {
            (Dialect::Sqlite, _) => format!("json_extract(row.value, '$[{place}]')"),
            (Dialect::Postgres, Kind::Whole) => format!("(row.value ->> {place})::bigint"),
            (Dialect::Postgres, Kind::Real) => format!("(row.value ->> {place})::double precision"),
            (Dialect::Postgres, Kind::Text) => format!("row.value ->> {place}"),
        };
        let columns: Vec<String> = self.kinds.iter().enumerate().map(column).collect();
        let rows = match dialect {
            Dialect::Sqlite => "json_each($1) as row where true",
            Dialect::Postgres => "jsonb_array_elements($1::jsonb) as row (value)",
        };
        format!("insert into {} select {} from {rows} {}", self.into, columns.join(", "), self.on_conflict)
    }

    /// Inserts rows, each a tuple in the order of the columns; returns how many were new.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses.
    pub async fn insert<T: Serialize>(
        self,
        transaction: &mut Transaction<'_, Any>,
        dialect: Dialect,
        rows: &[T],
    ) -> Result<u64, StoreError> {
        let statement = self.statement(dialect);
        let mut inserted = 0;
        for part in rows.chunks(ROWS) {
            let json = serde_json::to_string(part)
                .map_err(|error| StoreError::Corrupt { what: "rows", reason: error.to_string() })?;
            let done =
                sqlx::query(AssertSqlSafe(statement.clone())).bind(json).execute(&mut **transaction).await?;
            inserted += done.rows_affected();
        }
        Ok(inserted)
    }
}
