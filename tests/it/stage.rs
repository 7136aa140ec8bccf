//! A city's own server while pages come, follow one another, and are gone.

use std::future::ready;
use std::sync::Arc;

use reqwest::{Client, Response};
use siaga::text::Locale;
use siaga::web::{AppState, Entrance, Settings};
use tokio_util::sync::CancellationToken;

use crate::support::journey;

/// An entrance on loopback, and the address that leads there.
async fn entrance() -> (Entrance, String) {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let entrance = Entrance::own(listener, Settings::default(), Locale::Id).unwrap();
    let address = format!("http://{}", entrance.address().unwrap());
    (entrance, address)
}

async fn state(folder: &std::path::Path) -> AppState {
    AppState::new(Arc::new(journey(folder, "2021-06-28").await.0)).unwrap()
}

fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new()
}

async fn get(address: &str, path: &str, headers: &[(&str, &str)]) -> Response {
    let request = headers
        .iter()
        .fold(client().get(format!("{address}{path}")), |it, (name, value)| it.header(*name, *value));
    request.send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_wait_for_pages_that_come_and_are_told_at_once_where_there_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let (entrance, address) = entrance().await;
    // The first pages are coming: the process says that it is alive, whoever asks for a page waits for it.
    assert_eq!(get(&address, "/healthz", &[]).await.status(), 200);
    let (asked, there) = (address.clone(), entrance.clone());
    let waiting = tokio::spawn(async move { get(&asked, "/", &[]).await.status() });
    let (stop, state) = (CancellationToken::new(), state(folder.path()).await);
    let told = stop.clone();
    let served = tokio::spawn(async move {
        let stop = async move {
            told.cancelled().await;
            true
        };
        there.serve(state, stop).await.unwrap()
    });
    assert_eq!(waiting.await.unwrap(), 200);
    // They end because others follow, but those do not come: their database went away.
    stop.cancel();
    assert!(served.await.unwrap(), "others follow");
    entrance.close();
    for (language, words) in
        [("id", "Halaman ini belum dapat dibuka"), ("en", "These pages cannot be had now")]
    {
        let answer = get(&address, "/decisions?to=x", &[("accept-language", language)]).await;
        assert_eq!(answer.status(), 503);
        for (name, value) in
            [("retry-after", "10"), ("cache-control", "no-store"), ("x-frame-options", "DENY")]
        {
            assert_eq!(answer.headers().get(name).unwrap(), value);
        }
        let page = answer.text().await.unwrap();
        assert!(page.contains(words) && page.contains("<p class=\"brand\">siaga</p>"), "{page}");
        let style = page.split("href=\"").find(|part| part.starts_with("/assets/siaga.css")).unwrap();
        let style = get(&address, style.split('"').next().unwrap(), &[]).await;
        assert_eq!(
            (style.status().as_u16(), &style.headers()["content-type"]),
            (200, &"text/css; charset=utf-8".parse().unwrap())
        );
    }
    assert_eq!(get(&address, "/healthz", &[]).await.status(), 200, "no reason to start it again");
    // Told to stop then, it ends; whoever serves all the same is told that nobody comes any more.
    entrance.end().await.unwrap();
    assert!(client().get(&address).send().await.is_err());
    let other = tempfile::tempdir().unwrap();
    let do_others_follow =
        entrance.serve(self::state(other.path()).await, std::future::pending()).await.unwrap();
    assert!(!do_others_follow);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_told_to_stop_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    let (entrance, address) = entrance().await;
    let state = state(folder.path()).await;
    assert!(!entrance.serve(state.clone(), ready(false)).await.unwrap());
    assert!(client().get(&address).send().await.is_err(), "nobody is let in");
    // A source that was kept in the last moment would have other pages follow.
    assert!(!entrance.serve(state, std::future::pending()).await.unwrap());
    entrance.end().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_the_head_alone_is_told_no_other_length() {
    let folder = tempfile::tempdir().unwrap();
    let (entrance, address) = entrance().await;
    let state = state(folder.path()).await;
    let there = entrance.clone();
    tokio::spawn(async move { there.serve(state, std::future::pending()).await });
    for (path, encoding) in [("/", "identity"), ("/", "gzip"), ("/sign-in", "gzip"), ("/healthz", "identity")]
    {
        let ask = |method| {
            let request = client().request(method, format!("{address}{path}"));
            request.header("accept-encoding", encoding).send()
        };
        let whole = ask(reqwest::Method::GET).await.unwrap();
        let length = whole.headers().get("content-length").cloned();
        let head = ask(reqwest::Method::HEAD).await.unwrap();
        assert_eq!(
            (whole.status(), head.status()),
            (reqwest::StatusCode::OK, reqwest::StatusCode::OK),
            "{path}"
        );
        let told = head.headers().get("content-length");
        assert!(
            told.is_none_or(|told| Some(told) == length.as_ref() && told != "0"),
            "{path} {encoding}: {told:?}"
        );
    }
}
