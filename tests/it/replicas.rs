//! Several processes on one database: a job and a message have one holder at a time, what a holder that was overtaken still
//! writes is refused, and what a dead one left is taken over.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use siaga::job::{CatchUp, JobName, Schedule, run_due};
use siaga::store::{Claim, Guard, Lease, Message, MessageState, SourceState, Store, StoreError, StoreLimits};
use tokio::sync::Barrier;

use crate::audit::{does, intruder};
use crate::support::{fresh_postgres, journey_on, moment};

const DUE: &str = "2021-06-28T20:00:00+07:00";

fn ours(claim: Claim) -> Lease {
    match claim {
        Claim::Ours(lease) => lease,
        other => panic!("the job is {other:?}"),
    }
}

/// A store whose leases are short: no test waits for half a minute.
async fn with_lease(url: &str, millis: u64) -> Store {
    let limits = StoreLimits { lease: Duration::from_millis(millis), ..StoreLimits::default() };
    Store::connect_limited(url, Guard::default(), limits).await.unwrap()
}

async fn claim(store: &Store) -> Claim {
    store.claim_job("assess", moment(DUE), moment(DUE)).await.unwrap()
}

/// What half a minute of silence does.
async fn lets_pass(url: &str) {
    let mut hand = intruder(url).await;
    does(&mut hand, "update job_run set lease_until = 1 where finished_at = 0").await;
    does(&mut hand, "update outbox set lease_until = 1 where state = 'pending'").await;
}

async fn one_holder_at_a_time(url: &str) {
    let (one, other) = (Store::connect(url).await.unwrap(), Store::connect(url).await.unwrap());
    let first = ours(claim(&one).await);
    assert_eq!((first.turn, claim(&other).await), (1, Claim::Held));
    assert_eq!(claim(&one).await, Claim::Held, "nor does its holder run it a second time");
    assert!(one.renew(&first).await.unwrap());
    assert_eq!(other.jobs_cut_off(moment(DUE)).await.unwrap(), []);
    lets_pass(url).await;
    let cut_off = other.jobs_cut_off(moment(DUE)).await.unwrap();
    assert_eq!((cut_off.len(), cut_off[0].job.as_str(), cut_off[0].is_overtaken), (1, "assess", false));
    let second = ours(claim(&other).await);
    assert_eq!(second.turn, 2);
    assert!(!one.renew(&first).await.unwrap(), "it is another's by now");
    assert!(!one.finish_job(&first, moment(DUE), "step 1").await.unwrap());
    one.give_back(&first).await.unwrap();
    assert!(other.renew(&second).await.unwrap(), "nobody gives back what another has");
    assert_eq!(one.last_finished().await.unwrap(), None);
    assert!(other.finish_job(&second, moment(DUE), "step 4").await.unwrap());
    assert_eq!((claim(&one).await, claim(&other).await), (Claim::Done, Claim::Done));
    assert_eq!(one.last_finished().await.unwrap().unwrap().outcome, "step 4");
}

async fn who_was_overtaken_writes_nothing(url: &str) {
    let slow = with_lease(url, 60).await;
    let quick = Store::connect(url).await.unwrap();
    let state = |etag: &str| SourceState { etag: etag.to_owned(), ..SourceState::default() };
    let late = ours(claim(&slow).await);
    slow.under(&late, slow.save_source_state("pusat", &state("first"))).await.unwrap().unwrap();
    // The lease is renewed behind our back as long as the work goes on: it is lost when another gets in between.
    let taken = loop {
        lets_pass(url).await;
        if let Claim::Ours(lease) = claim(&quick).await {
            break lease;
        }
    };
    // Held up for so long that it does not know it yet.
    let refused = slow.under(&late, slow.save_source_state("pusat", &state("late"))).await.unwrap();
    assert!(matches!(refused, Err(StoreError::Overtaken { .. })), "{refused:?}");
    assert_eq!(slow.source_state("pusat").await.unwrap().etag, "first");
    quick.under(&taken, quick.save_source_state("pusat", &state("next"))).await.unwrap().unwrap();
    assert_eq!(slow.source_state("pusat").await.unwrap().etag, "next");
    // Work that goes on for ever ends when the lease is found lost.
    let left_off = slow.under(&late, pending::<()>()).await.unwrap_err();
    let said = left_off.to_string();
    assert!(said.starts_with("go on with the job assess of 2021-06-28T13:00:00Z: another process"), "{said}");
}

async fn of_many_one_has_it(url: &str) {
    const MANY: usize = 8;
    let mut stores = Vec::new();
    for _ in 0..MANY {
        stores.push(Store::connect(url).await.unwrap());
    }
    for hour in 0..20 {
        let due = moment(&format!("2021-06-28T{hour:02}:00:00+07:00"));
        let barrier = Arc::new(Barrier::new(MANY));
        let tries: Vec<_> = stores
            .iter()
            .cloned()
            .map(|store| {
                let barrier = Arc::clone(&barrier);
                tokio::spawn(async move {
                    barrier.wait().await;
                    store.claim_job("ingest", due, due).await.unwrap()
                })
            })
            .collect();
        let mut had = 0;
        for tried in tries {
            match tried.await.unwrap() {
                Claim::Ours(_) => had += 1,
                claim => assert_eq!(claim, Claim::Held),
            }
        }
        assert_eq!(had, 1, "{hour} o'clock");
    }
}

async fn what_a_dead_one_began_is_made_up_for(url: &str) {
    let schedule = Schedule::new(&[(JobName::Assess, "0 0 20 * * *")], chrono_tz::Asia::Jakarta).unwrap();
    let dead = Store::connect(url).await.unwrap();
    let (journey, _) = journey_on(Store::connect(url).await.unwrap(), "2021-06-28T20:01:00+07:00");
    for day in ["2021-06-27T20:00:00+07:00", DUE] {
        ours(dead.claim_job("assess", moment(day), moment(day)).await.unwrap());
    }
    let window = (moment("2021-06-28T19:00:00+07:00"), moment("2021-06-28T20:01:00+07:00"));
    run_due(&journey, &schedule, window, CatchUp::Latest, &|_| {}).await.unwrap();
    assert_eq!(dead.last_finished().await.unwrap(), None, "its lease goes on");
    lets_pass(url).await;
    // The moment itself has passed by now: it is found as one that nobody has any more.
    let later = (window.1, moment("2021-06-28T20:02:00+07:00"));
    run_due(&journey, &schedule, later, CatchUp::Latest, &|_| {}).await.unwrap();
    let mut hand = intruder(url).await;
    let outcomes: Vec<(String,)> =
        sqlx::query_as("select outcome from job_run order by due_at").fetch_all(&mut hand).await.unwrap();
    assert_eq!(outcomes[0].0, "cut off; made up for at a later moment");
    assert!(outcomes[1].0.starts_with("step "), "{outcomes:?}");
    let made = journey.store.assessments(&journey.city.location, None).await.unwrap();
    assert_eq!(made.len(), 1, "once");
}

fn message(number: usize) -> Message {
    Message {
        id: format!("m{number:03}"),
        kind: "test".to_owned(),
        assessment_id: String::new(),
        created_at: moment(DUE),
        channel: "mailbox".to_owned(),
        recipient: "kotak-surat".to_owned(),
        subject: "Uji".to_owned(),
        body: "Uji".to_owned(),
        html: String::new(),
        picture: String::new(),
        state: MessageState::Pending,
        attempts: 0,
        next_attempt_at: moment(DUE),
        sent_at: None,
        failure: String::new(),
    }
}

async fn a_message_is_tried_by_one(url: &str) {
    const MANY: usize = 60;
    let stores: [Store; 3] = [
        Store::connect(url).await.unwrap(),
        Store::connect(url).await.unwrap(),
        Store::connect(url).await.unwrap(),
    ];
    let messages: Vec<Message> = (0..MANY).map(message).collect();
    stores[0].send_messages(&messages).await.unwrap();
    let barrier = Arc::new(Barrier::new(stores.len()));
    let tries = stores.iter().cloned().map(|store| {
        let barrier = Arc::clone(&barrier);
        tokio::spawn(async move {
            let due = store.messages_due(moment(DUE)).await.unwrap();
            barrier.wait().await;
            let mut had = Vec::new();
            for message in due {
                if store.claim_message(&message).await.unwrap() {
                    had.push(message.id);
                }
            }
            had
        })
    });
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for tried in tries.collect::<Vec<_>>() {
        for id in tried.await.unwrap() {
            *times.entry(id).or_default() += 1;
        }
    }
    assert_eq!((times.len(), times.values().sum::<usize>()), (MANY, MANY), "each once: {times:?}");
    assert_eq!(stores[1].messages_due(moment(DUE)).await.unwrap(), [], "nobody else sees them meanwhile");
    // Whoever had them died; one takes over, and the one before, should it live, finds out.
    lets_pass(url).await;
    let due = stores[1].messages_due(moment(DUE)).await.unwrap();
    assert_eq!(due.len(), MANY);
    let mut other = message(0);
    assert!(stores[2].claim_message(&other).await.unwrap());
    does(&mut intruder(url).await, "update outbox set holder = 'another' where id = 'm000'").await;
    let slow = with_lease(url, 30).await;
    assert_eq!(slow.trying(&other, pending::<()>()).await, None);
    assert_eq!(slow.trying(&other, async { 7 }).await, Some(7), "what ended has ended");
    other.attempts = 1;
    assert!(!stores[2].claim_message(&other).await.unwrap(), "not as it was read");
}

macro_rules! on_both {
    ($($name:ident, $on_postgres:ident: $test:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            let folder = tempfile::tempdir().unwrap();
            $test(&format!("sqlite://{}/siaga.sqlite", folder.path().display())).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        async fn $on_postgres() {
            $test(&fresh_postgres()).await;
        }
    )*};
}

on_both! {
    a_job_has_one_holder_at_a_time, needs_postgres_a_job_has_one_holder_at_a_time: one_holder_at_a_time;
    one_of_many_has_a_moment, needs_postgres_one_of_many_has_a_moment: of_many_one_has_it;
    a_holder_that_was_overtaken_writes_nothing, needs_postgres_a_holder_that_was_overtaken_writes_nothing:
        who_was_overtaken_writes_nothing;
    a_job_that_was_cut_off_is_made_up_for_once, needs_postgres_a_job_that_was_cut_off_is_made_up_for_once:
        what_a_dead_one_began_is_made_up_for;
    a_message_is_tried_by_one_at_a_time, needs_postgres_a_message_is_tried_by_one_at_a_time:
        a_message_is_tried_by_one;
}

/// The clock of the database says that the lease is past, but its holder is in the middle of writing: it ends first.
#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_nobody_takes_over_from_one_who_is_writing() {
    let url = fresh_postgres();
    let store = Store::connect(&url).await.unwrap();
    ours(claim(&store).await);
    lets_pass(&url).await;
    let mut writing = intruder(&url).await;
    does(&mut writing, "begin").await;
    does(&mut writing, "select turn from job_run for key share").await;
    assert_eq!(claim(&store).await, Claim::Held);
    does(&mut writing, "rollback").await;
    assert_eq!(ours(claim(&store).await).turn, 2);
}
