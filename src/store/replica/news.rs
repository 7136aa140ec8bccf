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
pub struct News {
    listener: PgListener,
    /// The schema that it is about: others of the same database have news of their own.
    schema: String,
}

impl Store {
    /// Tells every process on this server that something is new. An SQLite file has no way to tell.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn tell_news(&self) -> Result<(), StoreError> {
        if let Bulk::Postgres(_) = &self.bulk {
            sqlx::query("select pg_notify($1, coalesce(cast(current_schema() as text), ''))")
                .bind(CHANNEL)
                .execute(&self.pool)
                .await?;
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
        let (schema,): (String,) = sqlx::query_as("select coalesce(cast(current_schema() as text), '')")
            .fetch_one(&self.pool)
            .await?;
        Ok(Some(News { listener, schema }))
    }
}

impl News {
    /// Waits until something is new.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the connection is lost: what was told meanwhile was not heard.
    pub async fn next(&mut self) -> Result<(), StoreError> {
        loop {
            match self.listener.try_recv().await? {
                // A program of before says no schema.
                Some(told) if told.payload().is_empty() || told.payload() == self.schema => return Ok(()),
                Some(_) => {}
                None => return Err(StoreError::Unavailable(sqlx::Error::WorkerCrashed)),
            }
        }
    }
}
