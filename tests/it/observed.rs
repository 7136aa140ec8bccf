//! What a monitor sees: the numbers, who may read them, checks that mean something, ids of requests, a stop that is told.
#![allow(clippy::float_cmp, reason = "counts are whole")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use siaga::account::{Permission, Role};
use siaga::job::Journey;
use siaga::store::Store;
use siaga::telemetry::{Heartbeat, METRICS};
use siaga::web::{self, AppState, Limits, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::audit::{does, intruder};
use crate::support::house::{House, Plan};
use crate::support::replica::{LONGEST, until};
use crate::support::{fresh_postgres, journey, journey_on};

/// The rows of a scrape, by name and labels.
pub fn rows(scrape: &str) -> BTreeMap<&str, f64> {
    let rows = scrape.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.map(|row| row.rsplit_once(' ').map(|(name, value)| (name, value.parse().unwrap())).unwrap())
        .collect()
}

/// The names of a scrape, each as its `# TYPE` says.
fn typed(scrape: &str) -> BTreeMap<&str, &str> {
    let lines = scrape.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    lines.map(|line| line.split_once(' ').unwrap()).collect()
}

/// A server of a journey, and the scheduler's heart beside it.
async fn served(journey: Journey, limits: Limits, heartbeat: Heartbeat) -> (String, CancellationToken) {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let access = siaga::access::Access::new(
        journey.store.clone(),
        Arc::clone(&journey.clock),
        siaga::access::AccessSettings::default(),
    );
    let settings = Settings { public_url: address.clone(), limits, ..Settings::default() };
    let state = AppState::with(Arc::new(journey), access, settings).unwrap().watching(heartbeat);
    let stop = CancellationToken::new();
    tokio::spawn(web::serve(listener, state, stop.clone().cancelled_owned()));
    (address, stop)
}

async fn get(url: &str) -> (u16, String) {
    let answer = reqwest::get(url).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_monitor_of_this_machine_reads_numbers_that_the_list_knows() {
    let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
    house.signed_in("sekda", Role::Mayor).await;
    for path in ["/runs/rahasia-1", "/nothing/rahasia-2?name=rahasia-3", "/", "/"] {
        house.get(path, &[]).await;
    }
    house.ask("BREW", "/", &[]).await;
    let scraped = house.get("/metrics", &[]).await;
    assert_eq!(scraped.status, 200);
    assert_eq!(scraped.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert_eq!(scraped.header("cache-control"), "no-store");
    let (rows, typed) = (rows(&scraped.body), typed(&scraped.body));
    for (name, kind) in &typed {
        let known = METRICS.iter().find(|metric| metric.name == *name);
        assert_eq!(known.map(|metric| metric.kind.as_str()), Some(*kind), "{name} is in the list");
        assert!(scraped.body.contains(&format!("# HELP {name} ")), "{name}");
    }
    let read = |row: &str| *rows.get(row).unwrap_or_else(|| panic!("{row}: {}", scraped.body));
    assert_eq!(read("siaga_http_requests_total{route=\"/runs/{id}\",method=\"GET\",status=\"3xx\"}"), 1.0);
    assert_eq!(read("siaga_http_requests_total{route=\"none\",method=\"GET\",status=\"4xx\"}"), 1.0);
    assert_eq!(read("siaga_http_requests_total{route=\"/\",method=\"GET\",status=\"2xx\"}"), 2.0);
    assert_eq!(read("siaga_http_requests_total{route=\"/\",method=\"other\",status=\"4xx\"}"), 1.0);
    assert_eq!(read("siaga_http_request_duration_seconds_count{route=\"/\"}"), 3.0);
    assert_eq!(read("siaga_http_requests_in_flight"), 1.0, "the monitor's own");
    assert_eq!(read("siaga_store_up"), 1.0);
    assert_eq!(read("siaga_recommended_step"), 4.0);
    assert_eq!(read("siaga_last_evaluation_timestamp_seconds"), 1_624_885_200.0);
    assert_eq!(read("siaga_job_last_success_timestamp_seconds{job=\"assess\"}"), 1_624_885_200.0);
    assert!(read("siaga_source_last_change_timestamp_seconds{source=\"dinkes-kota-bogor\"}") > 1.62e9);
    assert_eq!(read("siaga_source_failing{source=\"dinkes-kota-bogor\"}"), 0.0);
    assert_eq!(read("siaga_sessions"), 1.0);
    assert_eq!((read("siaga_messages_waiting"), read("siaga_messages_given_up")), (0.0, 0.0));
    assert!(read("siaga_store_size_bytes") > 100_000.0 && read("siaga_store_data_version") > 50.0);
    assert!(read("process_resident_memory_bytes") > 1e6 && read("process_cpu_seconds_total") > 0.0);
    assert!(read("process_start_time_seconds") > 1.6e9 && read("process_open_fds") > 3.0);
    for secret in ["rahasia", "sekda", "127.0.0.1"] {
        assert!(!scraped.body.contains(secret), "{secret}: {}", scraped.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_for_this_machine_and_for_programs_with_a_token() {
    let house = House::new().await;
    let person = house.signed_in("pemda", Role::Owner).await;
    house.signed_in("analis", Role::Analyst).await;
    let token = house.token("analis", Permission::Export).await;
    let (bearer, cookie) = (format!("Bearer {token}"), person.cookie.as_str());
    let from_afar = ("x-forwarded-for", "203.0.113.9");
    let tries: [(&[(&str, &str)], u16); 8] = [
        (&[], 200),
        (&[("cookie", cookie)], 200),
        (&[from_afar], 401),
        (&[("x-forwarded-for", "127.0.0.1")], 401),
        (&[("forwarded", "for=127.0.0.1")], 401),
        (&[from_afar, ("cookie", cookie)], 403),
        (&[from_afar, ("authorization", &bearer)], 200),
        (&[("authorization", "Bearer siaga_nobody")], 401),
    ];
    for (headers, expected) in tries {
        let answer = house.get("/metrics", headers).await;
        assert_eq!(answer.status, expected, "{headers:?}");
        assert_eq!(answer.body.contains("siaga_store_up 1"), expected == 200, "{headers:?}");
    }
    let refused = house.get("/metrics", &[from_afar]).await;
    assert_eq!(refused.header("www-authenticate"), "Bearer realm=\"siaga\"");
    assert_eq!(house.ask("POST", "/metrics", &[("origin", &house.address)]).await.status, 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_does_not_answer_leaves_the_rest() {
    let house = House::new().await;
    let mut hand = intruder(&format!("sqlite://{}/siaga.sqlite", house.folder.path().display())).await;
    does(&mut hand, "alter table source_state rename to elsewhere").await;
    let scraped = house.get("/metrics", &[]).await;
    let told = rows(&scraped.body);
    assert_eq!((scraped.status, told["siaga_store_up"]), (200, 0.0));
    assert!(told.contains_key("siaga_http_requests_in_flight") && !told.contains_key("siaga_sessions"));
    does(&mut hand, "alter table elsewhere rename to source_state").await;
    let scraped = house.get("/metrics", &[]).await;
    let told = rows(&scraped.body);
    assert_eq!((told["siaga_store_up"], told["siaga_sessions"]), (1.0, 0.0), "it is well again");
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_a_store_that_hangs_has_one_question_of_a_monitor_before_it() {
    let url = fresh_postgres();
    let (journey, _) = journey_on(Store::connect(&url).await.unwrap(), "2021-06-28");
    let limits = Limits { probe: Duration::from_millis(150), ..Limits::default() };
    let (address, _stop) = served(journey, limits, Heartbeat::default()).await;
    // A new connection knows no table yet: its first answers may be late.
    let (sound, _) = until("the store answers", LONGEST, async || {
        let (_, told) = get(&format!("{address}/metrics")).await;
        (rows(&told)["siaga_store_up"] == 1.0).then_some(told)
    })
    .await;
    assert!(rows(&sound)["siaga_store_size_bytes"] > 1e6);
    let mut hand = intruder(&url).await;
    does(&mut hand, "begin").await;
    does(&mut hand, "lock table source_state, _sqlx_migrations in access exclusive mode").await;
    for _ in 0..6 {
        let (status, told) = get(&format!("{address}/metrics")).await;
        assert_eq!((status, rows(&told)["siaga_store_up"]), (200, 0.0), "{told}");
        let (status, told) = get(&format!("{address}/readyz")).await;
        assert_eq!(status, 503);
        assert!(told.contains("store: the store does not answer within 150 ms\n"), "{told}");
    }
    let waiting: (i64,) = sqlx::query_as(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
    .fetch_one(&mut hand)
    .await
    .unwrap();
    assert_eq!(waiting.0, 2, "one of the numbers, one of the check");
    does(&mut hand, "rollback").await;
    until("it is ready again", LONGEST, async || {
        (get(&format!("{address}/readyz")).await.0 == 200).then_some(())
    })
    .await;
    until("the numbers come again", LONGEST, async || {
        let (_, told) = get(&format!("{address}/metrics")).await;
        (rows(&told)["siaga_store_up"] == 1.0).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_says_which_check_fails_and_why() {
    let house = House::new().await;
    let sound = house.get("/readyz", &[]).await;
    assert_eq!(
        (sound.status, &*sound.body),
        (200, "ready\nstore: ok\nmigrations: ok\nroom: ok\nstopping: ok\n")
    );
    assert_eq!(sound.header("cache-control"), "no-store");
    let mut hand = intruder(&format!("sqlite://{}/siaga.sqlite", house.folder.path().display())).await;
    let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
                 values (999, 'of a later program', 1, x'00', 0)";
    does(&mut hand, newer).await;
    let told = house.get("/readyz", &[]).await;
    assert_eq!(told.status, 503);
    assert!(
        told.body.contains("migrations: the tables are at version 999 and this program knows "),
        "{}",
        told.body
    );
    does(&mut hand, "delete from _sqlx_migrations where version > 1").await;
    let told = house.get("/readyz", &[("accept", "application/json")]).await;
    assert_eq!((told.status, told.header("content-type")), (503, "application/json"));
    let json: serde_json::Value = serde_json::from_str(&told.body).unwrap();
    assert_eq!((&json["status"], &json["checks"][0]["ok"]), (&"not ready".into(), &true.into()));
    assert_eq!((&json["checks"][1]["name"], &json["checks"][1]["ok"]), (&"migrations".into(), &false.into()));
    let reason = json["checks"][1]["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("the tables are at version 1 ") && reason.ends_with("run siaga migrate"),
        "{reason}"
    );
    does(&mut hand, "alter table _sqlx_migrations rename to elsewhere").await;
    let told = house.get("/readyz", &[]).await;
    assert_eq!(told.status, 503);
    assert!(told.body.contains("store: the store does not answer"), "{}", told.body);
    let alive = house.get("/healthz", &[]).await;
    assert_eq!(
        (alive.status, &*alive.body),
        (200, "alive\n"),
        "nobody starts a program anew for a silent store"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduler_that_stands_still_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let heartbeat = Heartbeat::default();
    let (one, _) = journey(folder.path(), "2021-06-28").await;
    let (patient, _stop) = served(one, Limits::default(), heartbeat.clone()).await;
    assert_eq!(get(&format!("{patient}/healthz")).await, (200, "alive\n".to_owned()), "none was started");
    heartbeat.beat();
    assert_eq!(get(&format!("{patient}/healthz")).await, (200, "alive\nscheduler: ok\n".to_owned()));
    let running = heartbeat.run();
    let (_, scraped) = get(&format!("{patient}/metrics")).await;
    let told = rows(&scraped);
    assert!(told["siaga_scheduler_last_tick_age_seconds"] < 60.0, "{scraped}");
    assert!(told["siaga_scheduler_tick_running_seconds"] > 0.0, "{scraped}");
    drop(running);
    let (other, _) = journey(folder.path(), "2021-06-28").await;
    let limits = Limits { tick: Duration::ZERO, ..Limits::default() };
    let (impatient, _stop) = served(other, limits, heartbeat).await;
    // How many seconds is the machine's: it has others to serve.
    let is_told = |told: &str, head: &str| {
        let seconds = told
            .split_once("scheduler: the scheduler has not ticked for ")
            .and_then(|(_, rest)| rest.split_once(" s: start the program again\n"))
            .and_then(|(seconds, _)| seconds.parse::<u64>().ok());
        told.starts_with(head) && seconds.is_some()
    };
    let (status, told) = get(&format!("{impatient}/healthz")).await;
    assert!(status == 503 && is_told(&told, "not alive\n"), "{told}");
    let (status, told) = get(&format!("{impatient}/readyz")).await;
    assert!(status == 503 && is_told(&told, "not ready\n"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_told_to_stop_says_so_while_what_is_open_ends() {
    let house = House::new().await;
    let address = house.address.trim_start_matches("http://");
    // A form whose last letters have not come: its answer has not begun.
    let mut slow = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nOrigin: {0}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 20\r\n\r\nname=sekda&",
        house.address
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    let open = async || rows(&house.get("/metrics", &[]).await.body)["siaga_http_requests_in_flight"];
    while open().await < 2.0 {}
    house.stop.cancel();
    let mut told = house.get("/readyz", &[]).await;
    while told.status == 200 {
        told = house.get("/readyz", &[]).await;
    }
    assert_eq!(told.status, 503);
    assert!(
        told.body.ends_with("stopping: the program was told to stop and finishes what is open\n"),
        "{}",
        told.body
    );
    assert_eq!(house.get("/healthz", &[]).await.status, 200, "it is alive yet");
    slow.write_all(b"password=").await.unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 4") && answer.contains("</html>"), "{answer}");
    while house.client.get(format!("{}/healthz", house.address)).send().await.is_ok() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_an_id_and_a_sound_one_that_was_brought_is_kept() {
    let house = House::new().await;
    let mut seen = std::collections::BTreeSet::new();
    for path in ["/", "/", "/nothing", "/officials", "/healthz", "/exports/observations.csv"] {
        let id = house.get(path, &[]).await.header("x-request-id").to_owned();
        assert!((8..=64).contains(&id.len()), "{path}: {id}");
        assert!(seen.insert(id), "{path}: no two have the same");
    }
    let brought = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
    assert_eq!(house.get("/", &[("x-request-id", brought)]).await.header("x-request-id"), brought);
    for unsound in ["short", "sekda@kotabogor.example", "a\"b\"c\"d\"e"] {
        let id = house.get("/", &[("x-request-id", unsound)]).await.header("x-request-id").to_owned();
        assert!(id != unsound && id.len() >= 8, "{id}");
    }
}
