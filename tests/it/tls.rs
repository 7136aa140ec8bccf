//! TLS as a browser meets it: HTTP/2, a certificate that changes while somebody is connected, files that are wrong.
//! The two pairs in `tests/support/tls/` were made for these tests and protect nothing.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::StreamExt;
use reqwest::Client;
use reqwest::tls::{TlsInfo, Version};
use siaga::web::{Limits, Settings, TlsFiles};

use crate::support::checkout;
use crate::support::house::{House, Plan};

fn pair(name: &str) -> (PathBuf, PathBuf) {
    let file = |end: &str| checkout(&format!("tests/support/tls/{name}.{end}.pem"));
    (file("cert"), file("key"))
}

/// Puts a pair where the server looks.
fn place(folder: &Path, name: &str) -> TlsFiles {
    let (certificate, key) = pair(name);
    let files = TlsFiles { certificate: folder.join("chain.pem"), key: folder.join("key.pem") };
    std::fs::copy(key, &files.key).unwrap();
    std::fs::copy(certificate, &files.certificate).unwrap();
    files
}

/// A certificate in DER, as it goes over the line.
fn der(name: &str) -> Vec<u8> {
    use base64::Engine as _;
    let text = std::fs::read_to_string(pair(name).0).unwrap();
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    base64::engine::general_purpose::STANDARD.decode(body).unwrap()
}

fn client(most: Option<Version>) -> Client {
    let client = Client::builder().tls_danger_accept_invalid_certs(true).tls_info(true);
    match most {
        Some(most) => client.tls_version_max(most).build().unwrap(),
        None => client.build().unwrap(),
    }
}

/// The certificate that a new connection gets.
async fn shown(house: &House) -> Vec<u8> {
    let answer = client(None).get(format!("{}/healthz", house.address)).send().await.unwrap();
    answer.extensions().get::<TlsInfo>().unwrap().peer_certificate().unwrap().to_vec()
}

async fn served(folder: &Path) -> (House, TlsFiles) {
    let tls = place(folder, "one");
    let limits = Limits { certificate_check: Duration::from_millis(20), ..Limits::default() };
    let settings = Settings { tls: Some(tls.clone()), limits, ..Settings::default() };
    (House::built(Plan { settings, ..Plan::default() }).await, tls)
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_come_over_http_2_and_tls_1_2_or_1_3_and_ask_to_stay_there() {
    let folder = tempfile::tempdir().unwrap();
    let (house, _) = served(folder.path()).await;
    let answer = client(None).get(format!("{}/", house.address)).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, reqwest::Version::HTTP_2));
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
    let older = client(Some(Version::TLS_1_2)).get(format!("{}/", house.address)).send().await.unwrap();
    assert_eq!(older.status(), 200);
    let plain = reqwest::get(house.address.replace("https", "http")).await;
    assert!(plain.is_err(), "no page without TLS");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_certificate_is_taken_without_closing_a_connection_and_a_bad_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (house, files) = served(folder.path()).await;
    assert_eq!(shown(&house).await, der("one"));
    let stream = client(None).get(format!("{}/events", house.address)).send().await.unwrap();
    let mut lines = stream.bytes_stream();
    assert!(lines.next().await.unwrap().is_ok());

    // A key that does not belong to its certificate, then nonsense: the old pair stays.
    std::fs::copy(pair("two").1, &files.key).unwrap();
    for _ in 0..5 {
        assert_eq!(shown(&house).await, der("one"));
    }
    std::fs::write(&files.certificate, "nonsense").unwrap();
    assert_eq!(shown(&house).await, der("one"));

    place(folder.path(), "two");
    let taken = async { while shown(&house).await != der("two") {} };
    tokio::time::timeout(Duration::from_secs(20), taken).await.expect("the new pair is in use");
    house.journey.changed.send(4711).unwrap();
    let told = lines.next().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&told).contains("4711"), "the line that was open goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_told_to_stop_lets_open_requests_end_and_closes_streams() {
    let house = House::new().await;
    let stream = house.client.get(format!("{}/events", house.address)).send().await.unwrap();
    let mut lines = stream.bytes_stream();
    assert!(lines.next().await.unwrap().is_ok());
    house.stop.cancel();
    let ended = async { while lines.next().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(20), ended).await.expect("the stream ends");
    let refused =
        async { while house.client.get(format!("{}/healthz", house.address)).send().await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(20), refused).await.expect("nobody is let in any more");
}

#[test]
fn a_pair_that_cannot_be_used_is_named_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (pair("one"), pair("two"));
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\ntls_certificate = \"{}\"\ntls_key = \"{}\"\n",
        one.0.display(),
        two.1.display()
    );
    std::fs::write(folder.path().join("siaga.toml"), text).unwrap();
    let output = crate::support::run(folder.path(), &["serve"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("one.cert.pem"), "{told}");
}
