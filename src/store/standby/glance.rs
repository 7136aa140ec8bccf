//! How a server is at a glance, asked on a line of its own, so that a pool that is busy says nothing of it.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Executor, PgPool};

use crate::store::StoreError;
use crate::store::connect::MIGRATIONS;
use crate::store::observation::DATA_VERSION;

/// A server that does not answer this within a second is not read.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// What the line is called in the list of the server's sessions.
const CALLED: &str = "siaga_watch";

/// How a standby stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It does not answer, or was not asked yet.
    Silent,
    /// It is no standby any more: it was promoted, and is not read before the settings call it the primary.
    Promoted,
    /// Its tables are another program's: the migrations have not arrived yet, or are newer.
    OtherTables,
    /// It may be read, as far as it has what is asked for.
    Readable(Glance),
}

impl Standing {
    /// What it has, if it may be read.
    pub(super) fn readable(self) -> Option<Glance> {
        match self {
            Self::Readable(glance) => Some(glance),
            _ => None,
        }
    }
}

/// What a standby has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glance {
    /// As [`ReadStore::data_version`](crate::store::ReadStore::data_version).
    pub(super) version: i64,
    /// Of when the last transaction is that it has, in milliseconds after 1970 by the primary's clock, and how long ago that was
    /// by its own; none if it has replayed none since it was started.
    pub(super) replayed: Option<(i64, i64)>,
}

/// A line of its own to a server.
#[derive(Debug)]
pub(super) struct Line(PgPool);

impl Line {
    /// Opens no connection before one is needed.
    pub(super) fn new(url: &str) -> Result<Self, StoreError> {
        let options =
            PgConnectOptions::from_str(url).map_err(|error| StoreError::Address(error.to_string()))?;
        Ok(Self::to(options))
    }

    pub(super) fn to(options: PgConnectOptions) -> Self {
        let session = format!("set statement_timeout = {}", PATIENCE.as_millis());
        let one = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
        let one = one.after_connect(move |connection, _| {
            let session = session.clone();
            Box::pin(async move { connection.execute(AssertSqlSafe(session)).await.map(drop) })
        });
        Self(one.connect_lazy_with(options.application_name(CALLED)))
    }

    /// Whether a primary answers: one that is only read is none.
    pub(super) async fn is_primary(&self) -> bool {
        let asked = sqlx::query_as::<_, (bool,)>("select pg_is_in_recovery()").fetch_one(&self.0);
        matches!(tokio::time::timeout(PATIENCE, asked).await, Ok(Ok((false,))))
    }

    /// How a standby stands.
    pub(super) async fn standing(&self) -> Standing {
        tokio::time::timeout(PATIENCE, self.asked())
            .await
            .ok()
            .and_then(Result::ok)
            .unwrap_or(Standing::Silent)
    }

    async fn asked(&self) -> Result<Standing, sqlx::Error> {
        let mut one = self.0.acquire().await?;
        let (is_standby, schema): (bool, i64) = sqlx::query_as(
            "select pg_is_in_recovery(), \
             (select cast(coalesce(max(version), 0) as bigint) from _sqlx_migrations where success)",
        )
        .fetch_one(&mut *one)
        .await?;
        if !is_standby {
            return Ok(Standing::Promoted);
        }
        if Some(schema) != MIGRATIONS.iter().map(|migration| migration.version).max() {
            return Ok(Standing::OtherTables);
        }
        let text = format!(
            "select {DATA_VERSION}, cast(extract(epoch from pg_last_xact_replay_timestamp()) * 1000 as bigint), \
             cast(extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000 as bigint)"
        );
        let (version, at, ago): (i64, Option<i64>, Option<i64>) =
            sqlx::query_as(AssertSqlSafe(text)).fetch_one(&mut *one).await?;
        Ok(Standing::Readable(Glance { version, replayed: at.zip(ago) }))
    }
}

/// The most that standbys have while the primary is silent: of one that has all that the primary ever told, or lacked no more than the
/// bound when it was last heard. The version, and of when that is.
pub(super) fn most(
    glances: impl Iterator<Item = Glance>,
    (told, silent): (i64, Duration),
    bound: Duration,
) -> Option<(i64, i64)> {
    let millis = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    let known = glances.filter_map(|glance| {
        let (at, ago) = glance.replayed?;
        let lacked = ago.saturating_sub(millis(silent));
        (glance.version >= told || lacked <= millis(bound)).then_some((glance.version, at))
    });
    known.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Duration = Duration::from_secs(5);

    fn has(version: i64, ago: i64) -> Glance {
        Glance { version, replayed: Some((1_000_000 - ago, ago)) }
    }

    #[test]
    fn what_has_all_that_was_told_is_shown_however_old_it_is() {
        let silent = (7, Duration::from_secs(1));
        assert_eq!(most([has(7, 3_600_000)].into_iter(), silent, BOUND), Some((7, -2_600_000)));
    }

    #[test]
    fn what_lacks_something_is_shown_if_it_was_close_behind_when_the_primary_was_last_heard() {
        let after = |seconds| (8, Duration::from_secs(seconds));
        // An hour of silence makes nobody later than they were.
        assert_eq!(most([has(7, 3_605_000)].into_iter(), after(3_600), BOUND), Some((7, -2_605_000)));
        assert_eq!(most([has(7, 3_605_001)].into_iter(), after(3_600), BOUND), None);
        assert_eq!(most([has(7, 5_001)].into_iter(), after(0), Duration::from_secs(6)), Some((7, 994_999)));
    }

    #[test]
    fn the_one_that_has_most_is_taken_and_one_that_cannot_say_of_when_it_is_is_none() {
        let unsaid = Glance { version: 9, replayed: None };
        let told = (7, Duration::ZERO);
        assert_eq!(most([has(7, 100), unsaid, has(8, 200)].into_iter(), told, BOUND), Some((8, 999_800)));
        assert_eq!(most([unsaid].into_iter(), told, BOUND), None);
        assert_eq!(most(std::iter::empty(), told, BOUND), None);
    }

    #[test]
    fn only_what_may_be_read_has_something() {
        assert_eq!(Standing::Readable(has(1, 1)).readable(), Some(has(1, 1)));
        for other in [Standing::Silent, Standing::Promoted, Standing::OtherTables] {
            assert_eq!(other.readable(), None);
        }
    }
}
