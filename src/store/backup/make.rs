//! Making a backup while others read and write: of one moment, checked, and under its name only when it is whole.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use futures_util::TryFutureExt;
use sqlx::Executor;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::file::{MARK, Part, failed, is_there, seal};
use super::stamp::Stamp;
use crate::epi::Vintage;
use crate::store::bulk::{TABLES, count, known_tables};
use crate::store::connect::Bulk;
use crate::store::{ChainReport, Dialect, Guard, ReadStore, Store, StoreError, StoreLimits};

/// How a file is opened that is being made or changed, and has no name yet.
pub(super) const UNFINISHED: &str = "mode=rw";
/// Nobody needs what it holds before it is whole, and then it is sent to the disk once, not with each of its statements.
const UNFLUSHED: &str = "pragma synchronous = off; pragma journal_mode = memory";

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The file.
    pub file: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of it.
    pub sha256: String,
    /// What it holds.
    pub stamp: Stamp,
    /// How its chains were found. One with a fault is a copy of a store that somebody changed: it is kept, and told.
    pub chains: Vec<ChainReport>,
}

impl Store {
    /// Writes the store as it is at this moment into one file; whoever reads or writes meanwhile is not held up.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the file is there and may not be replaced. What was there is untouched then, and nothing
    /// half written has the name.
    pub async fn back_up(
        &self,
        to: &Path,
        (may_replace, now): (bool, Vintage),
    ) -> Result<Backup, StoreError> {
        if !may_replace && to.symlink_metadata().is_ok() {
            return Err(is_there(to));
        }
        let part = Part::beside(to)?;
        if let Bulk::Sqlite(pool) = &self.bulk {
            let path = in_words(part.path())?.to_owned();
            sqlx::query("vacuum into $1").bind(path).execute(pool).await?;
        }
        let copy = Self::of_file(part.path(), UNFINISHED, &self.guard).await?;
        if self.dialect == Dialect::Postgres {
            copy.migrate().await?;
            self.copy_to(&copy).await?;
        }
        let (stamp, chains) = copy.stamped(now).await?;
        copy.close().await;
        let sealing = part.path().to_owned();
        let sealed = tokio::task::spawn_blocking(move || seal(&sealing)).await;
        let sealed = sealed.unwrap_or_else(|error| Err(std::io::Error::other(error)));
        let (bytes, sha256) = sealed.map_err(|error| failed("write", part.path(), error))?;
        part.finish(to, may_replace)?;
        Ok(Backup { file: to.to_owned(), bytes, sha256, stamp, chains })
    }

    /// A file that is or becomes a backup, on one connection; the anchor file knows nothing of it.
    pub(super) async fn of_file(path: &Path, how: &str, guard: &Guard) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        // What begins an address is read as a host; two signs mean something else in it.
        let whole = std::path::absolute(path).map_err(|error| failed("find", path, error))?;
        let path = in_words(&whole)?.replace('%', "%25").replace('?', "%3F");
        let url = format!("sqlite://{path}?{how}");
        let wrong = |error: sqlx::Error| StoreError::Address(error.to_string());
        let options = AnyConnectOptions::from_str(&url).map_err(wrong)?;
        let own = SqliteConnectOptions::from_str(&url).map_err(wrong)?;
        let mut pool = AnyPoolOptions::new().max_connections(1);
        if how == UNFINISHED {
            pool = pool.after_connect(|connection, _| Box::pin(connection.execute(UNFLUSHED).map_ok(drop)));
        }
        let reads = ReadStore {
            pool: pool.connect_with(options).await?,
            bulk: Bulk::Sqlite(SqlitePoolOptions::new().max_connections(1).connect_lazy_with(own)),
            dialect: Dialect::Sqlite,
        };
        Ok(Self {
            reads,
            guard: Guard { key: guard.key.clone(), anchor: None },
            limits: StoreLimits::default(),
            servers: None,
        })
    }

    /// The same store without the anchor file: what is put back is older than the file remembers.
    #[must_use]
    pub fn unanchored(mut self) -> Self {
        self.guard.anchor = None;
        self
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
        if let Bulk::Sqlite(pool) = &self.bulk {
            pool.close().await;
        }
    }

    /// Looks through a copy that was just made, and writes into it what it holds.
    async fn stamped(&self, now: Vintage) -> Result<(Stamp, Vec<ChainReport>), StoreError> {
        let (found,): (String,) = sqlx::query_as("pragma quick_check(1)").fetch_one(&self.pool).await?;
        if found != "ok" {
            return Err(StoreError::Corrupt { what: "the backup", reason: found });
        }
        let stamp = Stamp {
            made_at: now,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            schema: self.schema().await?.found,
            data_version: self.data_version().await?,
            rows: self.rows().await?,
        };
        let chains = self.verify_chains().await?;
        let mut connection = self.pool.acquire().await?;
        sqlx::query(sqlx::AssertSqlSafe(format!("pragma application_id = {MARK}")))
            .execute(&mut *connection)
            .await?;
        stamp.write(&mut connection).await?;
        Ok((stamp, chains))
    }

    /// The rows of each table; a table that nobody knows could not be restored, and is refused.
    pub(super) async fn rows(&self) -> Result<BTreeMap<String, i64>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        known_tables(&mut connection, self.dialect).await?;
        let mut rows = BTreeMap::new();
        for table in TABLES {
            rows.insert(table.to_owned(), count(&mut connection, table).await?);
        }
        Ok(rows)
    }
}

/// A path as the database takes it.
fn in_words(path: &Path) -> Result<&str, StoreError> {
    path.to_str().ok_or_else(|| StoreError::Address(format!("{} is not UTF-8", path.display())))
}
