//! Pulling over HTTP: an honest feed, and publishers that are not.

use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use siaga::clock::SteppedClock;
use siaga::demo::Feed;
use siaga::disclosure::Audience;
use siaga::job::{ingest_all, ingest_source};
use siaga::source::{FetchLimits, Fetched, Fetcher, SourceError, SourceSpec, Validators};
use siaga::store::Outcome;
use tower_http::compression::CompressionLayer;

use crate::support::{checkout, journey, moment};

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn limits() -> FetchLimits {
    FetchLimits {
        allows_private: true,
        tries: 1,
        max_bytes: 100_000,
        timeout: std::time::Duration::from_secs(5),
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
    let url = format!("{address}/cases.csv");
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
        ("big", "larger than 100000"),
        ("bomb", "larger than 100000"),
        ("archive", "ZIP archive"),
        ("laughs", "XML document"),
        ("loop", "redirect"),
        ("inside", "ftp"),
    ] {
        let mut source = spec(&format!("{address}/{path}?key=secret"));
        source.id = path.to_owned();
        let report = ingest_source(&journey, &source, false).await.unwrap();
        assert_eq!(report.run.outcome, Outcome::Failed, "{path}");
        assert!(report.run.message.contains(says), "{path}: {}", report.run.message);
        assert!(!report.run.message.contains("secret"), "{path}: a key never shows: {}", report.run.message);
    }
    assert_eq!(journey.store.runs(50).await.unwrap().len(), 12);
    assert!(
        journey
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
        let refused = fetcher.fetch(url, &Validators::default()).await.unwrap_err();
        assert!(
            matches!(refused, SourceError::GiveUp { .. } | SourceError::Retry { .. }),
            "{url}: {refused}"
        );
    }
}
