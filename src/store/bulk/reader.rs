//! A transaction that reads many rows and sees the database as it was at its start.

use futures_util::TryStreamExt;
use sqlx::{
    AssertSqlSafe, ColumnIndex, Database, Decode, Encode, Executor, IntoArguments, Postgres, Row, Sqlite,
    Transaction, Type,
};

use super::Cell;
use super::writer::bound;
use crate::store::StoreError;

/// A transaction that reads.
#[derive(Debug)]
pub enum Reader {
    /// From an SQLite file.
    Sqlite(Transaction<'static, Sqlite>),
    /// From a PostgreSQL server.
    Postgres(Transaction<'static, Postgres>),
}

/// A row, by the places of its columns.
pub trait Columns {
    /// A whole number.
    ///
    /// # Errors
    /// When there is none.
    fn whole(&self, place: usize) -> Result<i64, StoreError>;
    /// A number, or nothing.
    ///
    /// # Errors
    /// When there is something else.
    fn real(&self, place: usize) -> Result<Option<f64>, StoreError>;
    /// A text.
    ///
    /// # Errors
    /// When there is none.
    fn text(&self, place: usize) -> Result<String, StoreError>;
}

impl<R: Row> Columns for R
where
    usize: ColumnIndex<R>,
    i64: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    f64: for<'r> Decode<'r, R::Database> + Type<R::Database>,
    String: for<'r> Decode<'r, R::Database> + Type<R::Database>,
{
    fn whole(&self, place: usize) -> Result<i64, StoreError> {
        Ok(self.try_get(place)?)
    }

    fn real(&self, place: usize) -> Result<Option<f64>, StoreError> {
        Ok(self.try_get(place)?)
    }

    fn text(&self, place: usize) -> Result<String, StoreError> {
        Ok(self.try_get(place)?)
    }
}

/// What is done with each row.
pub type Take<'t> = dyn FnMut(&dyn Columns) -> Result<(), StoreError> + Send + 't;

impl Reader {
    /// Hands on every row that a statement answers with, one after the other.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses, or a row cannot be taken.
    pub async fn each(
        &mut self,
        text: String,
        cells: &[Cell<'_>],
        take: &mut Take<'_>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => each::<Sqlite>(transaction, text, cells, take).await,
            Self::Postgres(transaction) => each::<Postgres>(transaction, text, cells, take).await,
        }
    }
}

async fn each<D: Database>(
    connection: &mut D::Connection,
    text: String,
    cells: &[Cell<'_>],
    take: &mut Take<'_>,
) -> Result<(), StoreError>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
    D::Row: Columns,
    i64: for<'q> Encode<'q, D> + Type<D>,
    Option<f64>: for<'q> Encode<'q, D> + Type<D>,
    String: for<'q> Encode<'q, D> + Type<D>,
{
    let query = cells.iter().fold(sqlx::query(AssertSqlSafe(text)), bound);
    let mut rows = query.fetch(connection);
    while let Some(row) = rows.try_next().await? {
        take(&row)?;
    }
    Ok(())
}
