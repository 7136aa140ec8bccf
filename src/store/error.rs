//! Why the store did not answer: only what a caller treats differently.

use thiserror::Error;

/// Why the store did not answer.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database cannot be reached or refuses.
    #[error("reach the database")]
    Unavailable(#[source] sqlx::Error),
    /// What is to be saved is there already in another form.
    #[error("save {what}: it is there already")]
    Conflict {
        /// What was to be saved.
        what: String,
    },
    /// A copy is to go into a store that has rows.
    #[error("copy into a store that is not empty: its table {table} has {rows} rows; name a new database")]
    Filled {
        /// The first table that has some.
        table: String,
        /// How many.
        rows: i64,
    },
    /// Something in the database cannot be read back.
    #[error("read back {what}: {reason}")]
    Corrupt {
        /// What was read.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The tables cannot be brought up to date.
    #[error("bring the database's tables up to date: {0}")]
    Migration(String),
    /// The address of the database is not one.
    #[error("open the database: {0}")]
    Address(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) if inner.is_unique_violation() => {
                Self::Conflict { what: inner.table().unwrap_or("a row").to_owned() }
            }
            _ => Self::Unavailable(error),
        }
    }
}
