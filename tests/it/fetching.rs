//! Pulling over HTTP: an honest feed, and publishers that are not.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, Request as Asked, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use siaga::clock::SteppedClock;
use siaga::config::{Config, Secret};
use siaga::demo::Feed;
use siaga::disclosure::Audience;
use siaga::job::{ingest_all, ingest_source};
use siaga::source::{
    FetchLimits, Fetched, Fetcher, Payload, PrivateHosts, Request, SourceError, SourceSpec, Validators,
};
use siaga::store::Outcome;
use siaga::text::{Locale, Phrases, told};
use tower_http::compression::CompressionLayer;

use crate::support::{checkout, journey, moment, said};

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn limits() -> FetchLimits {
    FetchLimits {
        private: PrivateHosts::new(&[], vec!["127.0.0.1".parse().unwrap()]),
        tries: 1,
        max_bytes: 100_000,
        timeout: Duration::from_secs(20),
        ..FetchLimits::default()
    }
}

fn cases_feed(clock: Arc<SteppedClock>) -> Feed {
    let text = std::fs::read_to_string(checkout("data/sample/kota_bogor_cases.csv")).unwrap();
    Feed::new(&[("cases.csv", text)], clock, chrono_tz::Asia::Jakarta).unwrap()
}

fn spec(address: &str) -> SourceSpec {
    SourceSpec::parse(&format!(
        "id = \"dinkes\"\ntitle = \"t\"\naddress = \"{address}\"\nlocations = [\"3271\"]"
    ))
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_publishes_what_was_known_and_answers_not_modified() {
    let clock = Arc::new(SteppedClock::new(moment("2021-06-28T12:00:00+07:00")));
    let address = serve(cases_feed(Arc::clone(&clock)).router()).await;
    let fetcher = Fetcher::new(limits()).unwrap();
    let url = Request::get(&format!("{address}/cases.csv"));
    let Fetched::Payload(noon) = fetcher.fetch(&url, &Validators::default()).await.unwrap() else {
        panic!("a body")
    };
    let text = String::from_utf8(noon.body).unwrap();
    assert!(text.contains("2021-06-27,3271,active,3023,") && !text.contains("active,3003,"));
    assert!(noon.validators.last_modified.starts_with("Mon, 28 Jun 2021 03:00:00"), "{:?}", noon.validators);
    let again = fetcher.fetch(&url, &noon.validators).await.unwrap();
    assert!(matches!(again, Fetched::NotModified));
    clock.advance_to(moment("2021-06-28T18:00:00+07:00"));
    let Fetched::Payload(evening) = fetcher.fetch(&url, &noon.validators).await.unwrap() else {
        panic!("a body")
    };
    assert!(String::from_utf8(evening.body).unwrap().contains("2021-06-27,3271,active,3003,"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_leaves_a_report_that_adds_up_and_a_repetition_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journey, clock) = journey(folder.path(), "2021-07-13T19:30:00+07:00").await;
    let address = serve(cases_feed(Arc::clone(&clock)).router()).await;
    journey.sources = vec![spec(&format!("{address}/cases.csv"))];
    let first = ingest_all(&journey).await.unwrap().remove(0);
    assert_eq!(first.run.outcome, Outcome::Changed);
    assert_eq!(first.run.received, first.run.accepted + first.run.unchanged + first.run.rejected);
    let reasons: Vec<&str> = first.rejections.iter().map(|r| r.reason.as_str()).collect();
    assert_eq!(reasons, ["swapped", "total_fell"], "the row of 13 July as printed");
    clock.advance_to(moment("2021-07-13T20:30:00+07:00"));
    let second = ingest_all(&journey).await.unwrap().remove(0);
    assert_eq!((second.run.outcome, second.run.received), (Outcome::Unchanged, 0), "304");
    let state = journey.store.source_state("dinkes").await.unwrap();
    assert_eq!((state.changed_at, state.failure.as_str()), (Some(first.run.started_at), ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_that_fails_is_one_clear_record_and_the_last_good_figures_stay() {
    async fn big() -> impl IntoResponse {
        "x".repeat(200_000)
    }
    let router = Router::new()
        .route("/page", get(|| async { "<!DOCTYPE html><title>502</title>" }))
        .route("/down", get(|| async { StatusCode::BAD_GATEWAY }))
        .route("/gone", get(|| async { StatusCode::GONE }))
        .route("/empty", get(|| async { "" }))
        .route("/binary", get(|| async { vec![0xff_u8, 0xfe, 0x00] }))
        .route("/columns", get(|| async { "tanggal,kasus\n2021-06-28,447\n" }))
        .route("/big", get(big))
        .route("/bomb", get(|| async { vec![b'0'; 50_000_000] }).layer(CompressionLayer::new()))
        .route("/archive", get(|| async { b"PK\x03\x04 42.zip".to_vec() }))
        .route("/laughs", get(|| async { "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha\">]>" }))
        .route("/loop", get(|| async { (StatusCode::FOUND, [(header::LOCATION, "/loop")]) }))
        .route("/inside", get(|| async { (StatusCode::FOUND, [(header::LOCATION, "ftp://10.0.0.1/")]) }));
    let address = serve(router).await;
    let folder = tempfile::tempdir().unwrap();
    let (mut journey, _) = journey(folder.path(), "2021-07-13").await;
    journey.fetcher = Fetcher::new(limits()).unwrap();
    for (path, says) in [
        ("page", "web page"),
        ("down", "502"),
        ("gone", "410"),
        ("empty", "no column"),
        ("binary", "UTF-8"),
        ("columns", "no column date"),
        ("big", "larger than 100,000"),
        ("bomb", "larger than 100,000"),
        ("archive", "ZIP archive"),
        ("laughs", "XML document"),
        ("loop", "redirect"),
        ("inside", "ftp"),
    ] {
        let mut source = spec(&format!("{address}/{path}?key=secret"));
        source.id = path.to_owned();
        let report = ingest_source(&journey, &source, false).await.unwrap();
        assert_eq!(report.run.outcome, Outcome::Failed, "{path}");
        let (english, indonesian) = (said(&report.run), told(&report.run.message, Phrases::new(Locale::Id)));
        assert!(english.contains(says), "{path}: {english}");
        // No page shows a reader of Bahasa Indonesia an English sentence.
        assert!(indonesian.contains(" tidak ") && !indonesian.contains(" it "), "{path}: {indonesian}");
        let state = journey.store.source_state(path).await.unwrap();
        assert_eq!(state.failure, report.run.message, "{path}");
        assert!(!report.run.message.contains("secret"), "{path}: a key never shows: {}", report.run.message);
    }
    assert_eq!(journey.store.runs(50).await.unwrap().len(), 12);
    assert!(
        journey
            .viewing()
            .disclosed(moment("2021-07-13"), &Audience::unsuppressed())
            .await
            .unwrap()
            .observations
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_inside_the_network_are_refused_unless_allowed() {
    let address = serve(Router::new()).await;
    let fetcher = Fetcher::new(FetchLimits { tries: 1, ..FetchLimits::default() }).unwrap();
    let by_name = address.replace("127.0.0.1", "localhost");
    for url in [&address, &by_name, &"file:///etc/passwd".to_owned(), &"not an address".to_owned()] {
        let refused = fetcher.fetch(&Request::get(url), &Validators::default()).await.unwrap_err();
        assert!(
            matches!(refused, SourceError::GiveUp { .. } | SourceError::Retry { .. }),
            "{url}: {refused}"
        );
    }
}

async fn body(fetcher: &Fetcher, request: &Request) -> Result<Payload, String> {
    match fetcher.fetch(request, &Validators::default()).await.map_err(|error| error.to_string())? {
        Fetched::Payload(payload) => Ok(payload),
        Fetched::NotModified => Err("not modified".to_owned()),
    }
}

fn request(text: &str) -> Request {
    SourceSpec::parse(&format!("id = \"t\"\ntitle = \"t\"\nformat = \"json\"\n{text}")).unwrap().request()
}

/// Says back what it was asked: method, secret, body.
async fn echo(asked: Asked) -> String {
    let (parts, body) = asked.into_parts();
    let header = |name: &str| parts.headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
    let (method, key, kind) = (parts.method.clone(), header("x-api-key"), header("content-type"));
    let agent = header("x-office");
    let body = axum::body::to_bytes(body, 1000).await.unwrap();
    format!("{method} [{key}] [{agent}] {kind} {}", String::from_utf8_lossy(&body))
}

/// Reads the settings as the program does: secrets come from there.
fn secret(text: &str) -> Secret {
    let variable = |name: &str| (name == "SIAGA_AUDIT_KEY").then(|| text.to_owned());
    Config::from_parts("siaga.toml", "", &variable).unwrap().audit.key
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_goes_to_the_host_it_is_for_and_to_no_other() {
    let other = serve(Router::new().route("/echo", any(echo))).await;
    let away = format!("{other}/echo");
    let redirect =
        move || async move { (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, away.clone())]) };
    let here = || async { (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/echo")]) };
    let router =
        Router::new().route("/echo", any(echo)).route("/here", any(here)).route("/away", any(redirect));
    let address = serve(router).await;
    let hush = "hush-hush-hush-hush-hush-hush-hush-hush";
    let secrets = BTreeMap::from([("SIAGA_SOURCE_KEY".to_owned(), secret(hush))]);
    let fetcher = Fetcher::new(limits()).unwrap().with_secrets(secrets);
    let headers = "[headers]\nX-Api-Key = \"Key env:SIAGA_SOURCE_KEY\"\nX-Office = \"3271\"";
    let ask = |path: &str, more: &str| request(&format!("address = \"{address}/{path}\"\n{more}\n{headers}"));
    let said = |path: &'static str, more: &'static str| {
        let (fetcher, ask) = (fetcher.clone(), ask(path, more));
        async move { body(&fetcher, &ask).await.map(|payload| String::from_utf8(payload.body).unwrap()) }
    };
    assert_eq!(said("echo", "").await.unwrap(), format!("GET [Key {hush}] [3271]  "));
    assert_eq!(said("here", "").await.unwrap(), format!("GET [Key {hush}] [3271]  "));
    assert_eq!(said("away", "").await.unwrap(), "GET [] []  ", "another host is told nothing");
    let post = "method = \"POST\"\nbody = '{\"q\":1}'";
    let told = format!("POST [Key {hush}] [3271] application/json {{\"q\":1}}");
    assert_eq!((said("echo", post).await.unwrap(), said("here", post).await.unwrap()), (told.clone(), told));
    assert!(said("away", post).await.unwrap_err().contains("redirects a POST"));
    let without = Fetcher::new(limits()).unwrap();
    let refused = body(&without, &ask("echo", "")).await.unwrap_err();
    assert!(refused.ends_with("the header X-Api-Key takes SIAGA_SOURCE_KEY, which is not set"), "{refused}");
    assert!(!format!("{fetcher:?}").contains(hush));
    // In the clear only inside the network.
    let open = request(&format!("address = \"http://example.org/\"\n{headers}"));
    assert!(body(&fetcher, &open).await.unwrap_err().contains("it goes by https only"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_one_payload_or_none() {
    async fn counted(Query(asked): Query<BTreeMap<String, String>>) -> String {
        match asked["page"].as_str() {
            "1" => "{\"data\":[{\"n\":1}]}".to_owned(),
            "2" => "{\"data\":[{\"n\":2}]}".to_owned(),
            _ => "{\"data\":[]}".to_owned(),
        }
    }
    async fn linked(Query(asked): Query<BTreeMap<String, String>>) -> String {
        match asked.get("after").map(String::as_str) {
            None => "{\"n\":1,\"next\":\"?after=1\"}".to_owned(),
            Some("1") => "{\"n\":2,\"next\":null}".to_owned(),
            Some("circle") => "{\"n\":3,\"next\":\"?after=circle\"}".to_owned(),
            _ => "<html>gone</html>".to_owned(),
        }
    }
    let router = Router::new()
        .route("/counted", get(counted))
        .route("/linked", get(linked))
        .route("/same", get(|| async { "{\"data\":[1]}" }))
        .route("/away", get(|| async { "{\"next\":\"https://example.org/\"}" }))
        .route("/bad", get(|| async { "{\"next\":\"/linked?after=lost\"}" }));
    let address = serve(router).await;
    let fetcher = Fetcher::new(limits()).unwrap();
    let said = |path: &str, pages: &str| {
        let request = request(&format!("address = \"{address}/{path}\"\n[pages]\n{pages}"));
        let fetcher = fetcher.clone();
        async move { body(&fetcher, &request).await.map(|payload| String::from_utf8(payload.body).unwrap()) }
    };
    let count = "parameter = \"page\"\nrecords = \"/data\"";
    let two = "[{\"data\":[{\"n\":1}]},{\"data\":[{\"n\":2}]}]";
    assert_eq!(said("counted?x=1", count).await.unwrap(), two);
    let linked = "[{\"n\":1,\"next\":\"?after=1\"},{\"n\":2,\"next\":null}]";
    assert_eq!(said("linked", "next = \"/next\"").await.unwrap(), linked);
    for (path, pages, says) in [
        ("counted", "parameter = \"page\"\nrecords = \"/data\"\nmost = 2", "more than 2 pages"),
        ("same", count, "page 2: it is the same as the page before"),
        ("linked?after=circle", "next = \"/next\"", "round in a circle"),
        ("away", "next = \"/next\"", "page 1: /next leads to another host"),
        ("bad", "next = \"/next\"", "page 2: it is not JSON"),
    ] {
        let refused = said(path, pages).await.unwrap_err();
        assert!(refused.contains(says), "{path}: {refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_a_folder_is_a_source_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journey, clock) = journey(folder.path(), "2021-07-01").await;
    journey.fetcher =
        Fetcher::new(FetchLimits { folder: Some(folder.path().to_owned()), ..limits() }).unwrap();
    let text = "id = \"dinkes\"\ntitle = \"t\"\npath = \"in/kasus-*.csv\"\nlocations = [\"3271\"]";
    let spec = SourceSpec::parse(text).unwrap();
    let missing = ingest_source(&journey, &spec, false).await.unwrap();
    assert_eq!(missing.run.outcome, Outcome::Failed);
    let inbox = folder.path().join("in");
    std::fs::create_dir(&inbox).unwrap();
    std::fs::write(inbox.join("kasus-1.csv"), "date,location,measure,value\n2021-06-28,3271,cases,447\n")
        .unwrap();
    clock.advance_to(moment("2021-07-02"));
    journey.sources = vec![spec];
    let first = ingest_all(&journey).await.unwrap().remove(0);
    assert_eq!((first.run.outcome, first.run.accepted), (Outcome::Changed, 1), "{}", first.run.message);
    clock.advance_to(moment("2021-07-03"));
    let second = ingest_all(&journey).await.unwrap().remove(0);
    assert_eq!((second.run.outcome, second.run.received), (Outcome::Unchanged, 0), "the same file");
}

#[tokio::test(flavor = "multi_thread")]
async fn sources_are_asked_beside_each_other_and_told_of_in_order() {
    #[derive(Clone, Default)]
    struct Busy(Arc<Mutex<(usize, usize)>>, Arc<AtomicUsize>, Arc<tokio::sync::Notify>);
    /// Answers when a second request is there, or at the last one.
    async fn wait(State(Busy(counts, served, notify)): State<Busy>) -> &'static str {
        let now = {
            let mut counts = counts.lock().unwrap();
            counts.0 += 1;
            counts.1 = counts.1.max(counts.0);
            counts.0
        };
        if now >= 2 || served.load(Ordering::SeqCst) == 5 {
            notify.notify_one();
        } else {
            notify.notified().await;
        }
        served.fetch_add(1, Ordering::SeqCst);
        counts.lock().unwrap().0 -= 1;
        "date,location,measure,value\n2021-06-28,3271,cases,447\n"
    }
    let busy = Busy::default();
    let address = serve(Router::new().route("/{file}", get(wait)).with_state(busy.clone())).await;
    let folder = tempfile::tempdir().unwrap();
    let (mut journey, _) = journey(folder.path(), "2021-07-01").await;
    let ids = ["a", "b", "c", "d", "e", "f"];
    journey.sources =
        ids.map(|id| SourceSpec { id: id.to_owned(), ..spec(&format!("{address}/{id}")) }).into();
    let reports = ingest_all(&journey).await.unwrap();
    let told: Vec<(&str, u64)> = reports.iter().map(|r| (r.run.source.as_str(), r.run.accepted)).collect();
    assert_eq!(told, ids.map(|id| (id, 1)));
    assert_eq!(busy.1.load(Ordering::SeqCst), 6);
    assert_eq!(busy.0.lock().unwrap().1, 2, "two at once at one host, and never more");
}
