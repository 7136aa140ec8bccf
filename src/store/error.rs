//! Why the store did not answer: only what a caller treats differently.

use thiserror::Error;

use super::connect::is_busy;
use crate::epi::Vintage;

/// Why the store did not answer.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database cannot be reached or refuses.
    #[error("reach the database")]
    Unavailable(#[source] sqlx::Error),
    /// The disk of the database is full; nothing of what was to be saved is.
    #[error("save to the database: its disk is full; nothing was saved, make room and it goes on by itself")]
    Full(#[source] sqlx::Error),
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
    /// A job goes on writing that another process has taken over.
    #[error("go on with the job {job} of {due_at}: another process has taken it over")]
    Overtaken {
        /// The job.
        job: String,
        /// The moment it was due.
        due_at: Vintage,
    },
    /// A newer program changed the tables.
    #[error(
        "open the database {place}: {by} brought its tables to version {found}, and this siaga {own} knows them up to version {needed}; \
         nothing was changed: start {by} or a later one, or set database.url to another database",
        own = env!("CARGO_PKG_VERSION")
    )]
    Newer {
        /// Where the database is.
        place: String,
        /// Which program, as far as is known.
        by: String,
        /// The version of the tables.
        found: i64,
        /// The one that this program needs.
        needed: i64,
    },
    /// A backup cannot be restored.
    #[error("restore from {file}: {reason}")]
    Backup {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file cannot be read or written.
    #[error("{doing}")]
    File {
        /// What was to be done to which.
        doing: String,
        /// Why it could not be.
        #[source]
        error: std::io::Error,
    },
    /// The address of the database is not one.
    #[error("open the database: {0}")]
    Address(String),
}

impl StoreError {
    /// Whether the database is away for now: it cannot be reached, is starting or stopping, or takes no more connections. What was
    /// asked may well be answered a little later.
    #[must_use]
    pub fn is_away(&self) -> bool {
        let Self::Unavailable(error) = self else { return false };
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            // What comes of an answer that breaks off.
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            // PostgreSQL's classes: connections, too many of them, an operator at work (but not a statement that took too long).
            sqlx::Error::Database(inner) => inner.code().is_some_and(|code| {
                code.len() == 5
                    && (code.starts_with("08")
                        || code.starts_with("57P")
                        || code == "53300"
                        || code == "25006")
            }),
            _ => false,
        }
    }
}

impl StoreError {
    /// Whether the database gave up one statement: it took longer than it may (PostgreSQL), or whoever wrote before it did (SQLite).
    #[must_use]
    pub fn is_slow(&self) -> bool {
        const STATEMENT_GIVEN_UP: &str = "57014";
        let Self::Unavailable(error) = self else { return false };
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        code.is_some_and(|code| code == STATEMENT_GIVEN_UP) || is_busy(error)
    }

    /// Whether what was to be done may well be done a little later, and nobody need mend the program for it.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        self.is_away() || matches!(self, Self::Full(_))
    }
}

/// Whether a database says that it has no room: SQLite's code, or that for the file by which its processes agree; PostgreSQL's.
fn is_full(code: &str) -> bool {
    const SQLITE: &str = "13";
    const SQLITE_SHARED: &str = "4874";
    const POSTGRES: &str = "53100";
    [SQLITE, SQLITE_SHARED, POSTGRES].contains(&code)
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) if inner.code().is_some_and(|code| is_full(&code)) => {
                Self::Full(error)
            }
            sqlx::Error::Database(inner) if inner.is_unique_violation() => {
                Self::Conflict { what: inner.table().unwrap_or("a row").to_owned() }
            }
            _ => Self::Unavailable(error),
        }
    }
}
