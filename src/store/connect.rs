//! Opening the database and bringing it up to date.

use std::future::ready;
use std::ops::Deref;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use backon::{ConstantBuilder, Retryable};
use futures_util::TryFutureExt;
use futures_util::future::BoxFuture;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions, Connection, Executor, PgPool, SqlitePool};

use super::bulk::Writer;
use super::limits::{PATIENCE, UNHURRIED};
use super::replica::{fence, fence_writer};
use super::standby::Servers;
use super::{Guard, ReadStore, StoreError, StoreLimits};

/// Which database is behind the store. Only bulk statements differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// An SQLite file.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// The store. What only reads is read through it as through any [`ReadStore`]; to write it takes this one.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) reads: ReadStore,
    pub(super) guard: Guard,
    pub(super) limits: StoreLimits,
    /// The standbys that may be read instead, if there are any.
    pub(super) servers: Option<Arc<Servers>>,
}

impl Deref for Store {
    type Target = ReadStore;

    fn deref(&self) -> &ReadStore {
        &self.reads
    }
}

/// Connections of the database's own driver, for the statements that carry many rows: the common one cannot COPY, and wraps
/// every cell of every row once more.
#[derive(Debug, Clone)]
pub(super) enum Bulk {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// What the tables are made by.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// How often, and after what pause, the tables are tried to be brought up to date.
const MIGRATION_TRIES: u32 = 10;
const MIGRATION_PAUSE: Duration = Duration::from_millis(200);

/// How often, and after what pause, a file that somebody else has alone is tried again.
const PROBE_TRIES: usize = 400;
const PROBE_PAUSE: Duration = Duration::from_millis(50);

/// Many readers, one writer at a time in SQLite, and as many again of its own driver.
const CONNECTIONS: u32 = 8;
/// Whether a connection to SQLite is tried before it is used. It was tried when it came back, and there is no line that could break: the
/// way to the driver's thread and back, before each query, would be for nothing.
const TESTED: bool = false;
/// Rows of SQLite that are read ahead: a city's whole history, without the reader being waited for.
const READ_AHEAD: usize = 2_000;

impl Store {
    /// Opens `sqlite://PATH` (the folder is made if missing) or `postgres://…` and runs pending migrations.
    ///
    /// # Errors
    /// [`StoreError::Address`] for an address that is neither, [`StoreError::Unavailable`] when it cannot be opened.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::connect_guarded(url, Guard::default()).await
    }

    /// As [`Store::connect`], with the audit log's key and anchor.
    ///
    /// # Errors
    /// As [`Store::connect`].
    pub async fn connect_guarded(url: &str, guard: Guard) -> Result<Self, StoreError> {
        Self::connect_limited(url, guard, StoreLimits::default()).await
    }

    /// The same, as patient as the settings say.
    ///
    /// # Errors
    /// As [`Store::connect`].
    pub async fn connect_limited(url: &str, guard: Guard, limits: StoreLimits) -> Result<Self, StoreError> {
        let store = Self::open(url, guard, limits).await?;
        let migrated = store.migrate().await;
        if migrated.is_err() {
            // Left open, an SQLite file would keep what it writes beside itself.
            store.pool.close().await;
        }
        migrated.map(|()| store)
    }

    /// Opens without running migrations.
    async fn open(url: &str, guard: Guard, limits: StoreLimits) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let (url, dialect) = address(url)?;
        let options =
            AnyConnectOptions::from_str(&url).map_err(|error| StoreError::Address(error.to_string()))?;
        probe(&options, dialect).await?;
        let pragmas = if guard.anchor.is_some() { DURABLE } else { PRAGMAS };
        let pool = match dialect {
            Dialect::Sqlite => {
                let pool = AnyPoolOptions::new().max_connections(CONNECTIONS).test_before_acquire(TESTED);
                let pool = pool.before_acquire(|connection, _| Box::pin(ready(Ok(is_at_rest(connection)))));
                pool.after_connect(move |connection, _| Box::pin(connection.execute(pragmas).map_ok(drop)))
            }
            Dialect::Postgres => {
                let (most, session) = (limits.connections.div_ceil(2), limits.session());
                let pool = AnyPoolOptions::new().max_connections(most).acquire_timeout(PATIENCE);
                pool.after_connect(move |connection, _| {
                    Box::pin(connection.execute(AssertSqlSafe(session.clone())).map_ok(drop))
                })
            }
        };
        let pool = pool.connect_with(options).await?;
        let bulk = Bulk::new(&url, dialect, (pragmas, &limits))?;
        Ok(Self { reads: ReadStore { pool, bulk, dialect }, guard, limits, servers: None })
    }

    /// Brings the tables up to date.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a newer program changed them; nothing is touched then.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        // Two processes that start on one new SQLite file both find it empty; the second tries again and finds the
        // tables made. PostgreSQL makes the second wait by itself.
        self.make_schema().await?;
        let before = self.refuse_newer().await?;
        let mut tries = 0;
        loop {
            let done = match &self.bulk {
                Bulk::Sqlite(_) => MIGRATIONS.run(&self.pool).await,
                Bulk::Postgres(pool) => migrated(pool).await,
            };
            tries += 1;
            match done {
                Err(_) if tries < MIGRATION_TRIES => tokio::time::sleep(MIGRATION_PAUSE).await,
                done => {
                    done.map_err(|error| StoreError::Migration(error.to_string()))?;
                    self.sign_schema(before).await?;
                    return self.chain_older_rows().await;
                }
            }
        }
    }

    /// Which database it is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Reads a value kept under a name.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("select value from meta where name = $1")
            .bind(name)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.0))
    }

    /// Reads a value kept under a name in a database that may not be there yet, or have no tables; makes neither.
    /// A database that a newer program changed is refused, whoever asks.
    ///
    /// # Errors
    /// As [`Store::connect`].
    pub async fn peek(url: &str, name: &str) -> Result<Option<String>, StoreError> {
        if url.strip_prefix("sqlite://").is_some_and(|path| !Path::new(path).exists()) {
            return Ok(None);
        }
        let store = Self::open(url, Guard::default(), StoreLimits::default()).await?;
        let looked = store.refuse_newer().await;
        // A database without tables has kept nothing.
        let value = store.meta(name).await.unwrap_or_default();
        store.pool.close().await;
        looked.map(|_| value)
    }

    /// Every value kept under a name that begins so, with its name.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn metas(&self, start: &str) -> Result<Vec<(String, String)>, StoreError> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("select name, value from meta order by name").fetch_all(&self.pool).await?;
        Ok(rows.into_iter().filter(|(name, _)| name.starts_with(start)).collect())
    }

    /// Keeps a value under a name.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn set_meta(&self, name: &str, value: &str) -> Result<(), StoreError> {
        sqlx::query(
            "insert into meta (name, value) values ($1, $2) on conflict (name) do update set value = $2",
        )
        .bind(name)
        .bind(value)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Starts a transaction that may write: in SQLite it takes the writer's place at once, because one that
    /// is upgraded later is refused instead of waiting. A job's is refused once another process has taken the job over.
    pub(super) async fn begin(&self) -> Result<sqlx::Transaction<'static, sqlx::Any>, StoreError> {
        let mut transaction = self.begin_unfenced().await?;
        fence(&mut transaction, self.dialect).await?;
        Ok(transaction)
    }

    /// The same for what is no job's work.
    pub(super) async fn begin_unfenced(&self) -> Result<sqlx::Transaction<'static, sqlx::Any>, StoreError> {
        let (pool, dialect) = (self.pool.clone(), self.dialect);
        begun(Box::pin(async move {
            match dialect {
                Dialect::Sqlite => pool.begin_with("begin immediate").await,
                Dialect::Postgres => pool.begin().await,
            }
        }))
        .await
    }

    /// Starts a transaction in which a pull is saved.
    pub(super) async fn begin_saving(&self) -> Result<Writer, StoreError> {
        let bulk = self.bulk.clone();
        let mut writer = begun(Box::pin(async move {
            Ok(match &bulk {
                Bulk::Sqlite(pool) => Writer::Sqlite(pool.begin_with("begin immediate").await?),
                Bulk::Postgres(pool) => Writer::Postgres(pool.begin().await?),
            })
        }))
        .await?;
        fence_writer(&mut writer).await?;
        Ok(writer)
    }

    /// Starts a transaction that only reads, and sees the database as it is now until its end.
    pub(super) async fn begin_snapshot(&self) -> Result<sqlx::Transaction<'static, sqlx::Any>, StoreError> {
        let (pool, dialect) = (self.pool.clone(), self.dialect);
        let mut reading = begun(Box::pin(async move {
            match dialect {
                Dialect::Sqlite => pool.begin().await,
                Dialect::Postgres => pool.begin_with("begin isolation level repeatable read read only").await,
            }
        }))
        .await?;
        if self.dialect == Dialect::Postgres {
            reading.execute("set local statement_timeout = 0").await?;
        }
        Ok(reading)
    }
}

impl Bulk {
    /// Opens no connection before one is needed.
    fn new(
        url: &str,
        dialect: Dialect,
        (pragmas, limits): (&'static str, &StoreLimits),
    ) -> Result<Self, StoreError> {
        let wrong = |error: sqlx::Error| StoreError::Address(error.to_string());
        Ok(match dialect {
            Dialect::Sqlite => {
                let options = SqliteConnectOptions::from_str(url).map_err(wrong)?.row_buffer_size(READ_AHEAD);
                let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS).test_before_acquire(TESTED);
                let pool = pool.before_acquire(|connection, _| Box::pin(ready(Ok(is_at_rest(connection)))));
                let pool = pool.after_connect(move |connection, _| {
                    Box::pin(async move { connection.execute(pragmas).await.map(drop) })
                });
                Self::Sqlite(pool.connect_lazy_with(options))
            }
            Dialect::Postgres => {
                let options = PgConnectOptions::from_str(url).map_err(wrong)?;
                let most = (limits.connections / 2).max(1);
                let pool = PgPoolOptions::new().max_connections(most).acquire_timeout(PATIENCE);
                let pool =
                    pool.after_connect(|connection, _| Box::pin(connection.execute(UNHURRIED).map_ok(drop)));
                Self::Postgres(pool.connect_lazy_with(options))
            }
        })
    }
}

/// Brings a server's tables up to date, on a connection that ends with it: a try that fails keeps the lock by which processes take turns
/// for as long as its connection is open, and everybody who starts would wait. What rewrites a large table takes its time.
async fn migrated(pool: &PgPool) -> Result<(), MigrateError> {
    let own = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
    let own = own.after_connect(|connection, _| Box::pin(connection.execute(UNHURRIED).map_ok(drop)));
    let own = own.connect_lazy_with((*pool.connect_options()).clone());
    let done = MIGRATIONS.run(&own).await;
    own.close().await;
    done
}

/// Begins a transaction, also when nobody waits for it any more. One that is given up while it begins (a visitor hangs up) the driver
/// leaves open on its connection, and whoever has that next reads and writes in it; one that has begun it rolls back.
pub(super) async fn begun<T: Send + 'static>(
    begin: BoxFuture<'static, Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    let begun = tokio::spawn(begin).await;
    Ok(begun.unwrap_or_else(|ended| Err(sqlx::Error::Io(std::io::Error::other(ended))))?)
}

/// Whether a connection to SQLite can be given to the next. When its disk is full SQLite ends a transaction by itself, and the
/// driver takes it to be still open: such a connection would refuse every transaction from then on.
fn is_at_rest(connection: &impl Connection) -> bool {
    !connection.is_in_transaction()
}

/// One connection first: what is wrong with the file or the server is told at once, instead of a pool trying for long.
///
/// Who makes a new SQLite file one with a log beside it has the file alone for a moment, and SQLite refuses everybody else
/// at once instead of letting them wait: they try again.
async fn probe(options: &AnyConnectOptions, dialect: Dialect) -> Result<(), StoreError> {
    let again = ConstantBuilder::new().with_delay(PROBE_PAUSE).with_max_times(PROBE_TRIES).with_jitter();
    Ok((|| probe_once(options, dialect))
        .retry(again)
        .when(|error| dialect == Dialect::Sqlite && is_busy(error))
        .await?)
}

async fn probe_once(options: &AnyConnectOptions, dialect: Dialect) -> Result<(), sqlx::Error> {
    let mut connection: AnyConnection = options.clone().connect().await?;
    if dialect == Dialect::Sqlite {
        connection.execute(PRAGMAS).await?;
    }
    connection.close().await
}

/// Whether SQLite says that somebody else has the file; its longer codes carry this one in their last byte.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    const BUSY: u32 = 5;
    // PostgreSQL's codes have five places, which SQLite's do not reach.
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    let code = code.filter(|code| code.len() < 5).and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xFF == BUSY)
}

/// How an SQLite connection behaves: readers beside one writer, who waits its turn.
const PRAGMAS: &str = "pragma busy_timeout = 20000; pragma journal_mode = wal; pragma synchronous = normal; \
                       pragma foreign_keys = on";

/// The same, but a row is on the disk before the anchor file hears of it: after a power cut the file must not remember
/// a row that the database lost.
const DURABLE: &str = "pragma busy_timeout = 20000; pragma journal_mode = wal; pragma synchronous = full; \
                       pragma foreign_keys = on";

/// The address as the driver wants it; makes the folder of an SQLite file, and the file.
fn address(url: &str) -> Result<(String, Dialect), StoreError> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok((url.to_owned(), Dialect::Postgres));
    }
    let path = url
        .strip_prefix("sqlite://")
        .filter(|path| !path.is_empty())
        .ok_or_else(|| StoreError::Address("write sqlite://PATH or postgres://USER@HOST/NAME".to_owned()))?;
    if let Some(folder) = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .map_err(|error| StoreError::Address(format!("make the folder {}: {error}", folder.display())))?;
    }
    make_private(Path::new(path))
        .map_err(|error| StoreError::Address(format!("make the file {path}: {error}")))?;
    Ok((format!("sqlite://{path}?mode=rwc"), Dialect::Sqlite))
}

/// A new file that its owner alone may read; what SQLite puts beside it takes its mode. One that is there stays as it is.
#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    if path.exists() || path.as_os_str() == ":memory:" {
        return Ok(());
    }
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        // Another process was quicker.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

/// The folder's access list decides where files have no mode.
#[cfg(not(unix))]
fn make_private(_path: &Path) -> std::io::Result<()> {
    Ok(())
}
