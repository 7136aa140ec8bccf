//! A store that can only be read: what a page or a file is gathered from, on the primary or on a standby. Whatever writes is on
//! [`Store`](super::Store) and needs the primary. What is read here is counted by the data version, or comes with what is, so that one number
//! says whether a standby has all of it.

use std::str::FromStr;

use futures_util::TryFutureExt;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AnyPool, AssertSqlSafe, Executor};

use super::bulk::Reader;
use super::connect::{Bulk, begun};
use super::limits::PATIENCE;
use super::{Dialect, StoreError, StoreLimits};

/// A store that can only be read. What writes is refused by the compiler:
///
/// ```compile_fail,E0599
/// # use siaga::store::{ReadStore, StoreError};
/// async fn keep(store: &ReadStore) -> Result<(), StoreError> {
///     store.set_meta("name", "value").await
/// }
/// ```
#[derive(Debug, Clone)]
pub struct ReadStore {
    pub(super) pool: AnyPool,
    /// For many rows at once.
    pub(super) bulk: Bulk,
    pub(super) dialect: Dialect,
}

impl ReadStore {
    /// A standby of a PostgreSQL server. Opens no connection before one is needed: one that is down is no fault of the start.
    pub(super) fn standby(url: &str, limits: &StoreLimits) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let wrong = |error: sqlx::Error| StoreError::Address(error.to_string());
        let session = format!("{}; set default_transaction_read_only = on", limits.session());
        let (any, own) = (session.clone(), session);
        let pool = AnyPoolOptions::new()
            .max_connections(limits.connections.div_ceil(2))
            .acquire_timeout(PATIENCE)
            .after_connect(move |connection, _| {
                Box::pin(connection.execute(AssertSqlSafe(any.clone())).map_ok(drop))
            })
            .connect_lazy_with(AnyConnectOptions::from_str(url).map_err(wrong)?);
        let bulk = PgPoolOptions::new()
            .max_connections((limits.connections / 2).max(1))
            .acquire_timeout(PATIENCE)
            .after_connect(move |connection, _| {
                Box::pin(connection.execute(AssertSqlSafe(own.clone())).map_ok(drop))
            })
            .connect_lazy_with(PgConnectOptions::from_str(url).map_err(wrong)?);
        Ok(Self { pool, bulk: Bulk::Postgres(bulk), dialect: Dialect::Postgres })
    }

    /// Starts a transaction that reads many rows, and sees the database as it is now until its end.
    pub(super) async fn begin_reading(&self) -> Result<Reader, StoreError> {
        let bulk = self.bulk.clone();
        begun(Box::pin(async move {
            Ok(match &bulk {
                Bulk::Sqlite(pool) => Reader::Sqlite(pool.begin().await?),
                Bulk::Postgres(pool) => {
                    let begin = "begin isolation level repeatable read read only";
                    Reader::Postgres(pool.begin_with(begin).await?)
                }
            })
        }))
        .await
    }
}
