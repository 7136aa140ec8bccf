//! Two and three `siaga serve` on one PostgreSQL server: what one takes in the others show at once, also when nobody can tell them;
//! and what they say while the server is away.

use std::time::Duration;

use siaga::job::ingest_payload;
use siaga::source::Payload;
use siaga::store::Store;

use crate::audit::{does, intruder};
use crate::support::line::Line;
use crate::support::replica::{Events, LONGEST, OwnServer, Replica, until};
use crate::support::{fresh_postgres, journey_on, tidy};

/// Never, as far as a test goes: 29 February.
const NEVER: &str = "0 0 0 29 2 *";

fn settings(poll_ms: u64, ingest: &str) -> String {
    format!(
        "[database]\npoll_ms = {poll_ms}\nlease_seconds = 5\n[city]\nlocation = \"3271\"\n[server]\nlisten = \"127.0.0.1:0\"\n\
         [source]\nfolder = \"sources\"\n[schedule]\ningest = \"{ingest}\"\nassess = \"{NEVER}\"\nwatch = \"{NEVER}\"\n\
         heartbeat = \"{NEVER}\"\nreport_card = \"{NEVER}\"\nretain = \"{NEVER}\"\n"
    )
}

/// No look for something new falls into the test: what is shown was told.
const NEVER_LOOKS: u64 = 60_000;
const TOLD_WITHIN: Duration = Duration::from_secs(40);

async fn shown(replica: &Replica, value: u32) -> bool {
    let response = replica.get("/exports/observations.csv").await.unwrap();
    assert_eq!(response.status(), 200, "{}", replica.log());
    response.text().await.unwrap().contains(&format!(",{value},"))
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_what_one_takes_in_the_other_shows_at_once() {
    let (folder, url) = (tempfile::tempdir().unwrap(), fresh_postgres());
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    for folder in [&one, &other] {
        std::fs::create_dir_all(folder.join("sources/in")).unwrap();
    }
    let spec = "id = \"pusat\"\ntitle = \"pusat\"\npath = \"in/kasus.csv\"\n";
    std::fs::write(one.join("sources/pusat.toml"), spec).unwrap();
    let _one = Replica::start(&one, &url, &settings(NEVER_LOOKS, "* * * * * *"));
    let other = Replica::start(&other, &url, &settings(NEVER_LOOKS, NEVER));
    let mut events = Events::of(&other).await;
    let before = events.next(LONGEST).await;
    assert!(!shown(&other, 4711).await);
    // Renamed into its place: a file that is being written is left for the next pull.
    let new = one.join("sources/in/new");
    std::fs::write(&new, "date,location,measure,value\n2021-06-27,3271,inpatients,4711\n").unwrap();
    std::fs::rename(&new, one.join("sources/in/kasus.csv")).unwrap();
    let after = events.next(TOLD_WITHIN).await;
    assert!(after > before, "{after} follows {before}");
    // Pulls that found no file may have been told before.
    while !shown(&other, 4711).await {
        events.next(TOLD_WITHIN).await;
    }
    let page = other.get("/").await.unwrap();
    assert_eq!(page.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_a_word_that_is_lost_costs_a_look_and_the_listener_comes_back() {
    let (folder, url) = (tempfile::tempdir().unwrap(), fresh_postgres());
    std::fs::create_dir_all(folder.path().join("looks/sources")).unwrap();
    std::fs::create_dir_all(folder.path().join("listens/sources")).unwrap();
    let looks = Replica::start(&folder.path().join("looks"), &url, &settings(200, NEVER));
    let listens = Replica::start(&folder.path().join("listens"), &url, &settings(NEVER_LOOKS, NEVER));
    let (journey, _) = journey_on(Store::connect(&url).await.unwrap(), "2021-06-28T20:00:00+07:00");
    let ingest = async |day: u32, value: u32| {
        let text = format!("date,location,measure,value\n2021-06-{day},3271,inpatients,{value}\n");
        let payload = Payload::from_file("in.csv", text.into_bytes());
        ingest_payload(&journey, &tidy(), &payload, false).await.unwrap();
    };
    let (mut by_look, mut by_word) = (Events::of(&looks).await, Events::of(&listens).await);
    let start = (by_look.next(LONGEST).await, by_word.next(LONGEST).await);
    // Written, and nobody was told: what a process does that is killed in between.
    ingest(26, 4711).await;
    assert!(by_look.next(TOLD_WITHIN).await > start.0);
    assert!(shown(&looks, 4711).await);
    // The sessions that listen are ended by the server; each comes back by itself.
    let sessions = async || {
        let text = "select pid from pg_stat_activity where application_name = 'siaga_news' \
                    and datname = current_database() order by pid";
        let rows: Vec<(i32,)> = sqlx::query_as(text).fetch_all(&mut intruder(&url).await).await.unwrap();
        rows.into_iter().map(|row| row.0).collect::<Vec<_>>()
    };
    let (cut, _) =
        until("both listen", LONGEST, async || Some(sessions().await).filter(|sessions| sessions.len() == 2))
            .await;
    does(
        &mut intruder(&url).await,
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'siaga_news' \
         and datname = current_database()",
    )
    .await;
    until("both listen again", LONGEST, async || {
        let now = sessions().await;
        (now.len() == 2 && now.iter().all(|pid| !cut.contains(pid))).then_some(())
    })
    .await;
    assert!(
        listens.log().contains("the connection that tells what others write was lost"),
        "{}",
        listens.log()
    );
    // Whoever listens anew looks first: what was written meanwhile is shown without a word.
    assert!(by_word.next(TOLD_WITHIN).await > start.1);
    ingest(27, 4712).await;
    journey.announce().await.unwrap();
    while !shown(&listens, 4712).await {
        by_word.next(TOLD_WITHIN).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_a_database_that_is_away_is_said_and_found_again() {
    const BACK_WITHIN: Duration = Duration::from_secs(15);
    let (folder, server) = (tempfile::tempdir().unwrap(), OwnServer::new());
    std::fs::create_dir_all(folder.path().join("sources")).unwrap();
    let replica = Replica::start(folder.path(), &server.url, &settings(200, NEVER));
    assert_eq!(replica.get("/readyz").await.unwrap().status(), 200);
    server.does("down");
    let page = replica.get("/?lang=en").await.unwrap();
    assert_eq!((page.status().as_u16(), page.headers()["retry-after"].to_str().unwrap()), (503, "10"));
    let text = page.text().await.unwrap();
    assert!(
        text.contains("The database is not answering")
            && text.contains("its database is being started again")
    );
    let program = replica.get("/api/v1/assessments/latest?lang=id").await.unwrap();
    assert_eq!(program.status(), 503);
    assert!(program.text().await.unwrap().contains("Basis data tidak menjawab"));
    let ready = replica.get("/readyz").await.unwrap();
    assert_eq!(ready.status(), 503);
    assert!(ready.text().await.unwrap().contains("store: the store does not answer"));
    assert_eq!(replica.get("/healthz").await.unwrap().status(), 200, "nobody starts it anew for that");
    server.does("up");
    let answers = async || {
        let page = replica.get("/").await.unwrap().status();
        let ready = replica.get("/readyz").await.unwrap().status();
        (page == 200 && ready == 200).then_some(())
    };
    until("the pages are back", BACK_WITHIN, answers).await;
    // So is the one that listens: something new is told again.
    let mut events = Events::of(&replica).await;
    let before = events.next(LONGEST).await;
    let (journey, _) = journey_on(Store::connect(&server.url).await.unwrap(), "2021-06-28T20:00:00+07:00");
    let payload = Payload::from_file(
        "in.csv",
        b"date,location,measure,value\n2021-06-27,3271,inpatients,4711\n".to_vec(),
    );
    ingest_payload(&journey, &tidy(), &payload, false).await.unwrap();
    journey.announce().await.unwrap();
    assert!(events.next(TOLD_WITHIN).await > before);
}

/// A replica has bound its port and prepares its first page; the server fails, and the replica is not told at once.
#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_a_server_that_fails_while_a_replica_starts_is_waited_for() {
    let (folder, server) = (tempfile::tempdir().unwrap(), OwnServer::new());
    std::fs::create_dir_all(folder.path().join("sources")).unwrap();
    let line = Line::to(server.name()).await;
    let url = server.url.replace(server.name(), &line.near);
    let replica = Replica::start(folder.path(), &url, &settings(200, NEVER));
    line.is(false);
    server.does("restart");
    line.is(true);
    until("the pages are there", LONGEST, async || {
        let page = replica.get("/").await.ok()?.status();
        (page == 200 && replica.get("/readyz").await.ok()?.status() == 200).then_some(())
    })
    .await;
}

/// A statement that goes on for too long is given up by the server; an import is not.
#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_a_page_waits_no_longer_than_the_settings_say() {
    let (folder, url) = (tempfile::tempdir().unwrap(), fresh_postgres());
    std::fs::create_dir_all(folder.path().join("sources")).unwrap();
    let text = settings(NEVER_LOOKS, NEVER)
        .replace("[database]\n", "[database]\nstatement_timeout_ms = 1000\nconnections = 4\n");
    let replica = Replica::start(folder.path(), &url, &text);
    assert_eq!(replica.get("/").await.unwrap().status(), 200);
    let mut hand = intruder(&url).await;
    does(&mut hand, "begin").await;
    does(&mut hand, "lock table run in access exclusive mode").await;
    // One that nobody asked for: others are ready and wait for no database.
    let page = replica.get("/?n=1&lang=en").await.unwrap();
    assert_eq!((page.status().as_u16(), page.headers()["retry-after"].to_str().unwrap()), (503, "10"));
    let text = page.text().await.unwrap();
    assert!(text.contains("That took too long") && text.contains("ask for a shorter period"), "{text}");
    let log = replica.log();
    assert!(log.contains("canceling statement due to statement timeout"), "{log}");
    does(&mut hand, "rollback").await;
    assert_eq!(replica.get("/").await.unwrap().status(), 200);
    let text = "select count(*) from pg_stat_activity where datname = current_database() and application_name <> 'siaga_news' \
                and pid <> pg_backend_pid()";
    let (held,): (i64,) = sqlx::query_as(text).fetch_one(&mut hand).await.unwrap();
    assert!((1..=4).contains(&held), "{held} connections");
}
