//! That something is new, told by whoever wrote it to every process on the same PostgreSQL server (`NOTIFY`). A word may be lost
//! with the connection that was to bring it: whoever listens looks for itself every now and then.

use sqlx::postgres::{PgListener, PgPoolOptions};

use crate::store::connect::Bulk;
use crate::store::limits::PATIENCE;
use crate::store::{Store, StoreError};

/// What is listened to, and said in the list of the server's sessions.
const CHANNEL: &str = "siaga_news";

/// Hears when others have written something.
#[derive(Debug)]
pub struct News(PgListener);

impl Store {
    /// Tells every process on this server that something is new. An SQLite file has no way to tell.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn tell_news(&self) -> Result<(), StoreError> {
        if let Bulk::Postgres(_) = &self.bulk {
            sqlx::query("select pg_notify($1, '')").bind(CHANNEL).execute(&self.pool).await?;
        }
        Ok(())
    }

    /// Begins to listen, on a connection of its own; none for an SQLite file.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn news(&self) -> Result<Option<News>, StoreError> {
        let Bulk::Postgres(pool) = &self.bulk else { return Ok(None) };
        let options = (*pool.connect_options()).clone().application_name(CHANNEL);
        let own = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
        let own = own.max_lifetime(None).idle_timeout(None).connect_with(options).await?;
        let mut listener = PgListener::connect_with(&own).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        Ok(Some(News(listener)))
    }
}

impl News {
    /// Waits until something is new.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the connection is lost: what was told meanwhile was not heard.
    pub async fn next(&mut self) -> Result<(), StoreError> {
        match self.0.try_recv().await? {
            Some(_) => Ok(()),
            None => Err(StoreError::Unavailable(sqlx::Error::WorkerCrashed)),
        }
    }
}
