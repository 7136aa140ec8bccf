//! A lease: who has a job until when, by the database's clock. It is renewed while the job runs, and taken over by another
//! process once it is past.
//!
//! A process that was held up (swapped out, cut off from the database) may believe that it still has a lease that another has
//! taken over. So the lease is also a fence: every transaction of the job first asks whether its turn is still the last one,
//! and keeps anybody from taking over until it ends. The database decides, no process's clock does.

use std::future::Future;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

use sqlx::{Any, Executor, Transaction};

use crate::epi::Vintage;
use crate::store::bulk::Writer;
use crate::store::{Dialect, Store, StoreError};

/// It is renewed so many times before it is past.
const RENEWALS: u32 = 3;

/// A job that this process has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job: String,
    /// The moment it was due.
    pub due_at: Vintage,
    /// How many had it, with this one.
    pub turn: i64,
}

tokio::task_local! {
    /// The lease under which this task writes, if it is a job's.
    static FENCE: Lease;
}

/// A row that only whoever has the turn finds. The lock on its key lets the lease be renewed and nobody take it over.
const HELD: [&str; 2] = [
    "select turn from job_run where job = $1 and due_at = $2 and turn = $3 and finished_at = 0",
    "select turn from job_run where job = $1 and due_at = $2 and turn = $3 and finished_at = 0 for key share",
];

/// Who this process is: host and process for people, and a number by chance, as two may have both in common.
pub(in crate::store) fn who() -> &'static str {
    static WHO: LazyLock<String> = LazyLock::new(|| {
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let chance = RandomState::new().build_hasher().finish();
        format!("{}/{}/{chance:016x}", host.trim(), std::process::id())
    });
    &WHO
}

/// Refuses a transaction of a job that another process has taken over.
pub(in crate::store) async fn fence(
    transaction: &mut Transaction<'_, Any>,
    dialect: Dialect,
) -> Result<(), StoreError> {
    let Ok(lease) = FENCE.try_with(Clone::clone) else { return Ok(()) };
    let text = HELD[usize::from(dialect == Dialect::Postgres)];
    let held: Option<(i64,)> = sqlx::query_as(text)
        .bind(&lease.job)
        .bind(lease.due_at.millis())
        .bind(lease.turn)
        .fetch_optional(&mut **transaction)
        .await?;
    held.map(drop).ok_or(StoreError::Overtaken { job: lease.job, due_at: lease.due_at })?;
    if dialect == Dialect::Postgres {
        // Nobody waits for a job: what deletes the logs of years takes its time.
        transaction.execute("set local statement_timeout = 0").await?;
    }
    Ok(())
}

/// The same for a transaction of the database's own driver.
pub(in crate::store) async fn fence_writer(writer: &mut Writer) -> Result<(), StoreError> {
    let Ok(lease) = FENCE.try_with(Clone::clone) else { return Ok(()) };
    let text = HELD[usize::from(matches!(writer, Writer::Postgres(_)))];
    let cells = [lease.job.as_str().into(), lease.due_at.millis().into(), lease.turn.into()];
    let held = writer.number(text, &cells).await?;
    held.map(drop).ok_or(StoreError::Overtaken { job: lease.job, due_at: lease.due_at })
}

impl Store {
    /// The database's clock, in milliseconds after 1970.
    pub(in crate::store) fn now(&self) -> &'static str {
        match self.dialect {
            Dialect::Sqlite => "cast(unixepoch('subsec') * 1000 as integer)",
            Dialect::Postgres => "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)",
        }
    }

    pub(in crate::store) fn lease_millis(&self) -> i64 {
        i64::try_from(self.limits.lease.as_millis()).unwrap_or(i64::MAX / 2)
    }

    /// Does a job's work under its lease, which is renewed as long as it goes on. What the work writes is refused from the moment
    /// at which another process has taken the job over; the work is left off then.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`].
    pub async fn under<T>(&self, lease: &Lease, work: impl Future<Output = T>) -> Result<T, StoreError> {
        tokio::select! {
            // What is done counts, even if the lease is lost at the same moment: it was fenced.
            biased;
            done = FENCE.scope(lease.clone(), work) => Ok(done),
            () = self.keeping(|| self.renew(lease)) => {
                Err(StoreError::Overtaken { job: lease.job.clone(), due_at: lease.due_at })
            }
        }
    }

    /// Renews until what is renewed is lost. A database that does not answer is no loss: it is asked again, and the fence decides.
    pub(in crate::store) async fn keeping<R>(&self, renew: impl Fn() -> R)
    where
        R: Future<Output = Result<bool, StoreError>>,
    {
        loop {
            tokio::time::sleep(self.limits.lease / RENEWALS).await;
            match renew().await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(error = %error, "a lease could not be renewed; it is tried again");
                }
            }
        }
    }
}
