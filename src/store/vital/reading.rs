//! What a monitor reads of the store: a handful of statements, each answered by an index or a small table, so that it may
//! ask every few seconds.

use sqlx::Row;

use crate::epi::{LocationId, Vintage};
use crate::store::observation::from_moment;
use crate::store::{Dialect, Store, StoreError};

/// More sources than this are not told: nobody has so many, and a monitor is not to be flooded.
const MOST_SOURCES: i64 = 500;

/// What is read of the store at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Bytes of the database.
    pub size: i64,
    /// As [`ReadStore::data_version`](crate::store::ReadStore::data_version).
    pub data_version: i64,
    /// When each of the jobs asked for last ended well.
    pub last_successes: Vec<(&'static str, Vintage)>,
    /// Every source that was asked or said something.
    pub sources: Vec<SourceReading>,
    /// Batches that wait for a person's word.
    pub held: i64,
    /// The last evaluation: as of when, and the step.
    pub evaluation: Option<(Vintage, i64)>,
    /// Messages to be delivered.
    pub waiting: i64,
    /// Since when the oldest of them waits.
    pub oldest_waiting: Option<Vintage>,
    /// Messages that were given up.
    pub given_up: i64,
    /// Sessions that are open.
    pub sessions: i64,
}

/// What is read of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceReading {
    /// Its id.
    pub id: String,
    /// When it was asked last.
    pub checked_at: Option<Vintage>,
    /// When it last had something new.
    pub changed_at: Option<Vintage>,
    /// Whether the last try failed.
    pub is_failing: bool,
}

impl Store {
    /// What a monitor reads of the store.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reading(
        &self,
        jobs: &[&'static str],
        location: &LocationId,
        now: Vintage,
    ) -> Result<Reading, StoreError> {
        let (waiting, oldest_waiting, given_up) = self.outbox_reading().await?;
        let held = self.count("select count(*) from hold where state = 'open'", None).await?;
        let sessions = self.count("select count(*) from session where ends_at > $1", Some(now)).await?;
        Ok(Reading {
            size: self.size().await?,
            data_version: self.data_version().await?,
            last_successes: self.last_successes(jobs).await?,
            sources: self.source_readings().await?,
            held,
            evaluation: self.evaluation_reading(location).await?,
            waiting,
            oldest_waiting,
            given_up,
            sessions,
        })
    }

    async fn size(&self) -> Result<i64, StoreError> {
        let text = match self.dialect {
            Dialect::Sqlite => "select page_count * page_size from pragma_page_count(), pragma_page_size()",
            Dialect::Postgres => "select pg_database_size(current_database())",
        };
        self.count(text, None).await
    }

    async fn count(&self, text: &'static str, bound: Option<Vintage>) -> Result<i64, StoreError> {
        let query = sqlx::query_as::<_, (i64,)>(text);
        let query = match bound {
            Some(moment) => query.bind(moment.millis()),
            None => query,
        };
        Ok(query.fetch_one(&self.pool).await?.0)
    }

    /// The newest run of a job that ended well is among its last few, found by the key.
    async fn last_successes(
        &self,
        jobs: &[&'static str],
    ) -> Result<Vec<(&'static str, Vintage)>, StoreError> {
        let mut found = Vec::new();
        for job in jobs {
            let row: Option<(i64,)> = sqlx::query_as(
                "select finished_at from job_run where job = $1 and finished_at > 0 \
                 and outcome not like 'failed:%' order by due_at desc limit 1",
            )
            .bind(*job)
            .fetch_optional(&self.pool)
            .await?;
            if let Some((at,)) = row {
                found.push((*job, from_moment(at)?));
            }
        }
        Ok(found)
    }

    async fn source_readings(&self) -> Result<Vec<SourceReading>, StoreError> {
        let rows = sqlx::query(
            "select source, checked_at, changed_at, case when failure = '' then 0 else 1 end as is_failing \
             from source_state order by source limit $1",
        )
        .bind(MOST_SOURCES)
        .fetch_all(&self.pool)
        .await?;
        let known = |millis: i64| (millis > 0).then(|| from_moment(millis)).transpose();
        let read = |row: &sqlx::any::AnyRow| {
            Ok(SourceReading {
                id: row.try_get("source")?,
                checked_at: known(row.try_get("checked_at")?)?,
                changed_at: known(row.try_get("changed_at")?)?,
                is_failing: row.try_get::<i32, _>("is_failing")? == 1,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Messages that wait, since when, and those given up. A message is as old as the evaluation it tells of.
    async fn outbox_reading(&self) -> Result<(i64, Option<Vintage>, i64), StoreError> {
        let (waiting, oldest): (i64, Option<i64>) = sqlx::query_as(
            "select count(*), min(coalesce(a.as_of, o.next_attempt_at)) \
             from outbox o left join recommendation a on a.id = o.assessment_id where o.state = 'pending'",
        )
        .fetch_one(&self.pool)
        .await?;
        let given_up = self.count("select count(*) from outbox where state = 'failed'", None).await?;
        Ok((waiting, oldest.map(from_moment).transpose()?, given_up))
    }

    async fn evaluation_reading(&self, location: &LocationId) -> Result<Option<(Vintage, i64)>, StoreError> {
        let row: Option<(i64, i64)> = sqlx::query_as(
            "select as_of, step from recommendation where location = $1 order by as_of desc limit 1",
        )
        .bind(location.as_str())
        .fetch_optional(&self.pool)
        .await?;
        row.map(|(as_of, step)| Ok((from_moment(as_of)?, step))).transpose()
    }
}
