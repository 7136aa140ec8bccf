//! Tries that failed or are under way, counted over a moving window by every process that shares the database.

use sqlx::AnyConnection;

use super::account::pass;
use crate::epi::Vintage;
use crate::store::observation::from_moment;
use crate::store::{Store, StoreError};

/// How many tries there may be of one subject in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The hash of what is limited.
    pub subject: String,
    /// Most tries.
    pub most: i64,
    /// The window in milliseconds.
    pub window: i64,
}

/// A limit that is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// Its place among those asked for.
    pub place: usize,
    /// When there may be another try.
    pub until: Vintage,
}

/// After this many milliseconds a try is forgotten; no window is longer.
pub const LONGEST_WINDOW: i64 = 60 * 60 * 1000;

impl Store {
    /// Counts and, if no limit is reached, writes down a try under way: one transaction behind a gate, so that two
    /// processes together let through no more than one would. The try counts as failed until it is taken back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn try_once(
        &self,
        id: &str,
        limits: &[Limit],
        now: Vintage,
    ) -> Result<Option<Reached>, StoreError> {
        // A storm that has reached its limit is turned away by reading alone.
        let reached = reached(&mut *self.pool.acquire().await?, limits, now).await?;
        if reached.is_some() {
            return Ok(reached);
        }
        let mut transaction = self.begin().await?;
        pass(&mut transaction, "attempt").await?;
        sqlx::query("delete from attempt where at <= $1")
            .bind(now.millis() - LONGEST_WINDOW)
            .execute(&mut *transaction)
            .await?;
        let reached = self::reached(&mut transaction, limits, now).await?;
        if reached.is_none() {
            for limit in limits {
                sqlx::query("insert into attempt (id, subject, at) values ($1, $2, $3)")
                    .bind(id)
                    .bind(&limit.subject)
                    .bind(now.millis())
                    .execute(&mut *transaction)
                    .await?;
            }
        }
        transaction.commit().await?;
        Ok(reached)
    }

    /// Takes a try back, because it was none or it was right; forgets every try of these subjects too.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn take_back(&self, id: &str, subjects: &[&str]) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        pass(&mut transaction, "attempt").await?;
        sqlx::query("delete from attempt where id = $1").bind(id).execute(&mut *transaction).await?;
        for subject in subjects {
            sqlx::query("delete from attempt where subject = $1")
                .bind(*subject)
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// The limit that holds longest, of those that are reached.
async fn reached(
    connection: &mut AnyConnection,
    limits: &[Limit],
    now: Vintage,
) -> Result<Option<Reached>, StoreError> {
    let mut reached: Option<Reached> = None;
    for (place, limit) in limits.iter().enumerate() {
        let until = until(connection, limit, now).await?;
        if let Some(until) = until.filter(|until| reached.is_none_or(|other| *until > other.until)) {
            reached = Some(Reached { place, until });
        }
    }
    Ok(reached)
}

async fn until(
    connection: &mut AnyConnection,
    limit: &Limit,
    now: Vintage,
) -> Result<Option<Vintage>, StoreError> {
    let (count, first): (i64, i64) =
        sqlx::query_as("select count(*), coalesce(min(at), 0) from attempt where subject = $1 and at > $2")
            .bind(&limit.subject)
            .bind(now.millis() - limit.window)
            .fetch_one(connection)
            .await?;
    if count < limit.most { Ok(None) } else { from_moment(first + limit.window).map(Some) }
}
