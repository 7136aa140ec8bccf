//! A transaction in which a pull is saved, on a connection of the database's own driver. The statements are the same text
//! for both.

use sqlx::postgres::PgConnection;
use sqlx::query::Query;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AnyConnection, Database, Encode, Postgres, Row, Sqlite, Transaction, Type};

use super::Cell;
use crate::store::{Dialect, StoreError};

/// A transaction that writes; dropped without [`Writer::commit`] it has written nothing.
#[derive(Debug)]
pub enum Writer {
    /// Into an SQLite file.
    Sqlite(Transaction<'static, Sqlite>),
    /// Into a PostgreSQL server.
    Postgres(Transaction<'static, Postgres>),
}

/// Where many rows go: a connection, inside its transaction.
#[derive(Debug)]
pub enum Lane<'t> {
    /// The common driver's, to either database.
    Any(&'t mut AnyConnection, Dialect),
    /// One to SQLite.
    Sqlite(&'t mut SqliteConnection),
    /// One to PostgreSQL, which can COPY.
    Postgres(&'t mut PgConnection),
}

impl Writer {
    /// For many rows.
    pub fn lane(&mut self) -> Lane<'_> {
        match self {
            Self::Sqlite(transaction) => Lane::Sqlite(&mut *transaction),
            Self::Postgres(transaction) => Lane::Postgres(&mut *transaction),
        }
    }

    /// Runs a statement with one cell for each of its parameters; returns how many rows it touched.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses.
    pub async fn execute(&mut self, text: &'static str, cells: &[Cell<'_>]) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(transaction) => {
                cells.iter().fold(sqlx::query(text), bound).execute(&mut **transaction).await?.rows_affected()
            }
            Self::Postgres(transaction) => {
                cells.iter().fold(sqlx::query(text), bound).execute(&mut **transaction).await?.rows_affected()
            }
        })
    }

    /// The whole number that a statement answers with, if it answers.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses.
    pub async fn number(
        &mut self,
        text: &'static str,
        cells: &[Cell<'_>],
    ) -> Result<Option<i64>, StoreError> {
        Ok(match self {
            Self::Sqlite(transaction) => {
                let query = cells.iter().fold(sqlx::query(text), bound);
                query.fetch_optional(&mut **transaction).await?.map(|row| row.try_get(0)).transpose()?
            }
            Self::Postgres(transaction) => {
                let query = cells.iter().fold(sqlx::query(text), bound);
                query.fetch_optional(&mut **transaction).await?.map(|row| row.try_get(0)).transpose()?
            }
        })
    }

    /// Makes everything written so far last.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is written then.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

/// A statement with one more parameter.
pub(super) fn bound<'q, D>(query: Query<'q, D, D::Arguments>, cell: &Cell<'_>) -> Query<'q, D, D::Arguments>
where
    D: Database,
    i64: Encode<'q, D> + Type<D>,
    Option<f64>: Encode<'q, D> + Type<D>,
    String: Encode<'q, D> + Type<D>,
{
    match cell {
        Cell::Whole(number) => query.bind(*number),
        Cell::Real(number) => query.bind(*number),
        Cell::Text(text) => query.bind(text.clone().into_owned()),
    }
}
