//! Whoever asks the store may hang up at any moment, and a change of tables may fail: nothing is left behind on a connection that others
//! use next.

use std::future::poll_fn;
use std::task::Poll;

use siaga::epi::Vintage;
use siaga::store::{Filter, Guard, Store, StoreLimits};
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::audit::{does, intruder};
use crate::support::replica::{LONGEST, until};
use crate::support::{fresh_postgres, moment};

/// One connection of the common driver, and one of the database's own.
async fn narrow(url: &str) -> Store {
    let limits = StoreLimits { connections: 2, ..StoreLimits::default() };
    Store::connect_limited(url, Guard::default(), limits).await.unwrap()
}

/// Polled so many times at most, and then given up.
async fn given_up<T>(asked: impl Future<Output = T>, polls: u32) {
    let mut asked = std::pin::pin!(asked);
    for _ in 0..polls {
        if poll_fn(|context| Poll::Ready(asked.as_mut().poll(context).is_ready())).await {
            return;
        }
        tokio::task::yield_now().await;
    }
}

async fn number(hand: &mut AnyConnection, text: &str) -> i64 {
    let row: (i64,) = sqlx::query_as(AssertSqlSafe(text.to_owned())).fetch_one(hand).await.unwrap();
    row.0
}

const IN_TRANSACTION: &str = "select count(*) from pg_stat_activity where datname = current_database() \
                              and state like 'idle in transaction%'";

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_who_hangs_up_leaves_no_transaction_open() {
    let url = fresh_postgres();
    let (store, mut hand) = (narrow(&url).await, intruder(&url).await);
    let due: Vintage = moment("2021-06-28T20:00:00+07:00");
    for polls in 0..150 {
        given_up(store.claim_job("ingest", due, due), polls).await;
        given_up(store.figures(&Filter::default()), polls).await;
        store.set_meta("last", &polls.to_string()).await.unwrap();
        // What was written by itself is there for everybody, not in a transaction of somebody who has gone.
        let last = number(&mut hand, "select cast(value as bigint) from meta where name = 'last'").await;
        assert_eq!(last, i64::from(polls));
    }
    until("nobody is in a transaction", LONGEST, async || {
        (number(&mut intruder(&url).await, IN_TRANSACTION).await == 0).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_a_change_of_tables_that_fails_keeps_no_lock() {
    const LOCKS: &str = "select count(*) from pg_locks where locktype = 'advisory' \
                         and database = (select oid from pg_database where datname = current_database())";
    let url = fresh_postgres();
    let (store, mut hand) = (narrow(&url).await, intruder(&url).await);
    let broken = "update _sqlx_migrations set checksum = '\\x00' where version = (select min(version) from _sqlx_migrations)";
    assert_eq!(does(&mut hand, broken).await, 1);
    let refused = store.migrate().await.unwrap_err().to_string();
    assert!(refused.contains("migration"), "{refused}");
    until("nobody has the lock", LONGEST, async || {
        (number(&mut intruder(&url).await, LOCKS).await == 0).then_some(())
    })
    .await;
    assert!(store.data_version().await.is_ok(), "the store goes on");
}
