//! Every row of one store into another that is empty: how a city that has outgrown its file moves to a server.

use std::borrow::Cow;

use futures_util::TryStreamExt;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row, Transaction};

use super::{Cell, Kind, Lane, ROWS, Target};
use crate::store::backup::STAMP;
use crate::store::{Dialect, Store, StoreError};

/// Every table, those that others refer to first. One that is missing here is refused, so that a new one is not forgotten.
pub(in crate::store) const TABLES: [&str; 52] = [
    "policy_version",
    "meta",
    "payload",
    "remark",
    "series",
    "observation",
    "source_state",
    "run",
    "rejection",
    "hold",
    "judgement",
    "recommendation",
    "evidence",
    "decision",
    "decision_draft",
    "circular_number",
    "alert",
    "alert_evaluation",
    "alert_memory",
    "alert_receipt",
    "alert_notice",
    "alert_silence",
    "alert_answer",
    "outbox",
    "job_run",
    "audit",
    "chain",
    "deletion",
    "account",
    "recovery_code",
    "invitation",
    "session",
    "session_token",
    "api_token",
    "attempt",
    "oidc_start",
    "gate",
    "unit_change",
    "head_count",
    "unit_closure",
    "unit_reopening",
    "officer",
    "officer_away",
    "duty_plan",
    "duty",
    "duty_hole",
    "duty_owed",
    "duty_change",
    "attendance",
    "daily_report",
    "unit_log",
    "case_link",
];

/// What a new store already has rows in, and which rows of these tables are somebody's nevertheless.
const MADE_WITH_ROWS: [(&str, &str); 3] =
    [("chain", "1 = 0"), ("gate", "1 = 0"), ("meta", "name <> 'program'")];

/// The table in which the driver remembers its migrations.
const MIGRATIONS: &str = "_sqlx_migrations";

/// So many bytes of text are carried at once at most, besides the row that goes beyond.
const BYTES: usize = 8 << 20;

/// A table that was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub name: String,
    /// Its rows, in both stores.
    pub rows: u64,
}

/// A table's columns and their kinds, in order.
type Columns = Vec<(String, Kind)>;

impl Store {
    /// Copies every row into another store, all or nothing. The other one has the same tables and no rows; this one may
    /// be in use, it is copied as it is at this moment.
    ///
    /// # Errors
    /// [`StoreError::Filled`] when the other one is not empty; nothing is written then.
    pub async fn copy_to(&self, target: &Self) -> Result<Vec<CopiedTable>, StoreError> {
        let mut reading = self.begin_snapshot().await?;
        let mut writing = target.begin().await?;
        known_tables(&mut reading, self.dialect).await?;
        known_tables(&mut writing, target.dialect).await?;
        for table in TABLES {
            let made = MADE_WITH_ROWS.iter().find(|(name, _)| *name == table);
            let theirs =
                made.map_or_else(|| table.to_owned(), |(_, theirs)| format!("{table} where {theirs}"));
            let rows = count(&mut writing, &theirs).await?;
            if rows > 0 {
                return Err(StoreError::Filled { table: table.to_owned(), rows });
            }
        }
        for (table, _) in MADE_WITH_ROWS {
            sqlx::query(AssertSqlSafe(format!("delete from {table}"))).execute(&mut *writing).await?;
        }
        let mut copied = Vec::new();
        for table in TABLES {
            let own = columns(&mut reading, self.dialect, table).await?;
            if own != columns(&mut writing, target.dialect, table).await? {
                let reason = format!("the table {table} has other columns there");
                return Err(StoreError::Corrupt { what: "the other store", reason });
            }
            copy_table(&mut reading, (&mut writing, target.dialect), table, &own).await?;
            let rows = (count(&mut reading, table).await?, count(&mut writing, table).await?);
            if rows.0 != rows.1 {
                let reason = format!("{} of {} rows of {table} are in it", rows.1, rows.0);
                return Err(StoreError::Corrupt { what: "the copy", reason });
            }
            copied.push(CopiedTable { name: table.to_owned(), rows: u64::try_from(rows.0).unwrap_or(0) });
        }
        writing.commit().await?;
        Ok(copied)
    }
}

async fn copy_table(
    reading: &mut AnyConnection,
    (writing, dialect): (&mut Transaction<'_, Any>, Dialect),
    table: &str,
    columns: &Columns,
) -> Result<(), StoreError> {
    let names: Vec<String> = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let kinds: Vec<Kind> = columns.iter().map(|(_, kind)| *kind).collect();
    let into = format!("{table} ({})", names.join(", "));
    let target = Target { into: &into, kinds: &kinds, on_conflict: "" };
    // In the order of its key a large table fills the pages one after the other.
    let order = if table == "observation" { " order by series_id, date, days, as_of" } else { "" };
    let select = format!("select {} from {table}{order}", names.join(", "));
    let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(reading);
    let (mut portion, mut bytes): (Vec<Vec<Cell<'_>>>, usize) = (Vec::new(), 0);
    while let Some(row) = rows.try_next().await? {
        let mut cells = Vec::with_capacity(kinds.len());
        for (place, kind) in kinds.iter().enumerate() {
            cells.push(match kind {
                Kind::Whole => Cell::Whole(row.try_get(place)?),
                Kind::Real => Cell::Real(row.try_get(place)?),
                Kind::Text => {
                    let text: String = row.try_get(place)?;
                    bytes += text.len();
                    Cell::Text(Cow::Owned(text))
                }
            });
        }
        portion.push(cells);
        if portion.len() == ROWS || bytes > BYTES {
            target.insert(Lane::Any(writing, dialect), &mut portion.iter()).await?;
            portion.clear();
            bytes = 0;
        }
    }
    target.insert(Lane::Any(writing, dialect), &mut portion.iter()).await.map(drop)
}

/// The rows of a table.
pub(in crate::store) async fn count(connection: &mut AnyConnection, table: &str) -> Result<i64, StoreError> {
    let row: (i64,) =
        sqlx::query_as(AssertSqlSafe(format!("select count(*) from {table}"))).fetch_one(connection).await?;
    Ok(row.0)
}

/// Refuses a store with a table that would be left behind.
pub(in crate::store) async fn known_tables(
    connection: &mut AnyConnection,
    dialect: Dialect,
) -> Result<(), StoreError> {
    let statement = match dialect {
        Dialect::Sqlite => {
            "select name from sqlite_master where type = 'table' and name not like 'sqlite~_%' escape '~'"
        }
        Dialect::Postgres => {
            "select table_name::text from information_schema.tables \
             where table_schema = current_schema() and table_type = 'BASE TABLE'"
        }
    };
    let found: Vec<(String,)> = sqlx::query_as(statement).fetch_all(connection).await?;
    let beside = [MIGRATIONS, STAMP];
    let mut names = found.into_iter().map(|(name,)| name);
    let unknown = names.find(|name| !beside.contains(&name.as_str()) && !TABLES.contains(&name.as_str()));
    match unknown {
        Some(name) => {
            let reason = format!("siaga does not know its table {name}");
            Err(StoreError::Corrupt { what: "a store that is to be copied", reason })
        }
        None => Ok(()),
    }
}

async fn columns(
    connection: &mut AnyConnection,
    dialect: Dialect,
    table: &str,
) -> Result<Columns, StoreError> {
    let statement = match dialect {
        Dialect::Sqlite => "select name, lower(type) from pragma_table_info($1) order by cid",
        Dialect::Postgres => {
            "select column_name::text, data_type::text from information_schema.columns \
             where table_schema = current_schema() and table_name = $1 order by ordinal_position"
        }
    };
    let found: Vec<(String, String)> =
        sqlx::query_as(statement).bind(table.to_owned()).fetch_all(connection).await?;
    found
        .into_iter()
        .map(|(name, type_name)| {
            let kind = Kind::of(&type_name).ok_or_else(|| StoreError::Corrupt {
                what: "a store that is to be copied",
                reason: format!("{table}.{name} is of the type {type_name}"),
            })?;
            Ok((name, kind))
        })
        .collect()
}
