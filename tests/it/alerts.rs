//! From a crossing to a mail server and a webhook: accepted once, retried with the same key, given up when refused.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use siaga::alert::{Channel, Channels, EmailChannel, Recipient, WebhookChannel, signature};
use siaga::clock::Clock;
use siaga::job::{assess, deliver, ingest_payload};
use siaga::source::Payload;
use siaga::store::{MessageState, Store};

use crate::support::{checkout, fresh_tag, journey, journey_on, moment, tidy};

/// A store with everything printed in it.
pub(crate) async fn filled(folder: &std::path::Path) -> Store {
    let (journey, _) = journey(folder, "2021-10-31").await;
    for file in ["cases", "hospital", "staff"] {
        let body = std::fs::read(checkout(&format!("data/sample/kota_bogor_{file}.csv"))).unwrap();
        let report = ingest_payload(&journey, &tidy(), &Payload::from_file(file, body), false).await.unwrap();
        assert!(report.run.accepted > 0);
    }
    journey.store
}

const EVENING: &str = "2021-06-28T20:00:00+07:00";

type Received = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A receiver that refuses the first request with `first` and accepts the rest.
async fn receiver(first: StatusCode) -> (String, Received) {
    let received: Received = Arc::default();
    async fn take(
        State((received, first)): State<(Received, StatusCode)>,
        headers: HeaderMap,
        body: String,
    ) -> StatusCode {
        let mut received = received.lock().unwrap();
        received.push((headers, body));
        if received.len() == 1 { first } else { StatusCode::NO_CONTENT }
    }
    let router = Router::new().route("/hook", post(take)).with_state((Arc::clone(&received), first));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, received)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_signed_and_retried_with_the_same_key() {
    let folder = tempfile::tempdir().unwrap();
    let (address, received) = receiver(StatusCode::SERVICE_UNAVAILABLE).await;
    let (mut journey, clock) = journey_on(filled(folder.path()).await, EVENING);
    let dynamic: Arc<dyn Clock> = clock.clone();
    let webhook = WebhookChannel::new(&address, "hush", dynamic).unwrap();
    journey.channels = Channels::new(vec![Recipient::of_everything("pusat", Channel::Webhook(webhook))]);
    let (assessment, alerts) = assess(&journey, "2021-06-28".parse().unwrap()).await.unwrap();
    assert_eq!(assessment.step.number(), 4);
    assert!(alerts >= 4, "{alerts}");
    assert_eq!(deliver(&journey).await.unwrap(), 0, "refused for now");
    assert_eq!(deliver(&journey).await.unwrap(), 0, "not due again yet");
    clock.advance_to(moment("2021-06-28T20:02:00+07:00"));
    assert_eq!(deliver(&journey).await.unwrap(), 1);
    clock.advance_to(moment("2021-06-28T23:00:00+07:00"));
    assert_eq!(deliver(&journey).await.unwrap(), 0, "accepted once");
    let received = received.lock().unwrap();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].0["idempotency-key"], received[1].0["idempotency-key"]);
    let (headers, body) = &received[1];
    let told = headers["siaga-signature"].to_str().unwrap();
    let (time, signed) = told.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    assert_eq!(signed, signature("hush", time.parse().unwrap(), body));
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!((body["step"].as_u64(), body["deciding_rule"].as_str()), (Some(4), Some("R2")));
    assert!(body["alerts"].as_array().unwrap().iter().any(|a| a["rule"] == "R2" && a["threshold"] == 150.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_webhook_is_given_up_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (address, received) = receiver(StatusCode::GONE).await;
    let (mut journey, clock) = journey_on(filled(folder.path()).await, EVENING);
    let webhook = WebhookChannel::new(&address, "hush", clock).unwrap();
    journey.channels = Channels::new(vec![Recipient::of_everything("pusat", Channel::Webhook(webhook))]);
    assess(&journey, "2021-06-28".parse().unwrap()).await.unwrap();
    assert_eq!(deliver(&journey).await.unwrap(), 0);
    let messages = journey.store.messages(5).await.unwrap();
    assert_eq!((messages.len(), messages[0].state), (1, MessageState::Failed));
    assert!(messages[0].failure.contains("410"), "{}", messages[0].failure);
    assert_eq!(received.lock().unwrap().len(), 1);
}

pub(crate) fn mails_to(recipient: &str) -> Vec<serde_json::Value> {
    let folder = std::env::var("SIAGA_TEST_MAILDIR")
        .expect("tests/run.sh starts a mail server and says where it keeps mail");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mails = files.filter(|path| path.extension().is_some_and(|end| end == "json"));
    let mails = mails.map(|path| {
        serde_json::from_str::<serde_json::Value>(&std::fs::read_to_string(path).unwrap()).unwrap()
    });
    mails.filter(|mail| mail["to"].to_string().contains(recipient)).collect()
}

async fn mailed(recipient: &str) -> (siaga::job::Journey, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let server = std::env::var("SIAGA_TEST_SMTP").expect("tests/run.sh starts a mail server and says where");
    let (host, port) = server.rsplit_once(':').unwrap();
    let (mut journey, _) = journey_on(filled(folder.path()).await, EVENING);
    let email =
        EmailChannel::new((host, port.parse().unwrap()), "none", "siaga@kotabogor.example", None).unwrap();
    journey.channels = Channels::new(vec![Recipient::of_everything(recipient, Channel::Email(email))]);
    assess(&journey, "2021-06-28".parse().unwrap()).await.unwrap();
    deliver(&journey).await.unwrap();
    (journey, folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_smtp_a_crossing_reaches_the_mail_server_once() {
    let recipient = format!("sekda-{}@kotabogor.example", fresh_tag());
    let (journey, _folder) = mailed(&recipient).await;
    assert_eq!(deliver(&journey).await.unwrap(), 0);
    let mails = mails_to(&recipient);
    assert_eq!(mails.len(), 1);
    let text = mails[0]["text"].to_string();
    assert!(mails[0]["subject"].as_str().unwrap().contains("WFH 100%"), "{}", mails[0]["subject"]);
    for words in [
        "2.083 kasus dalam 7 hari",
        "199,7 per 100.000",
        "R2",
        "ambang 150)",
        "81,6%",
        "oranye",
        "Demonstrasi",
    ] {
        assert!(text.contains(words) || mails[0]["subject"].to_string().contains(words), "{words}: {text}");
    }
    let html = mails[0]["html"].as_str().unwrap();
    for words in ["<h1", "WFH 100%", "199,7", "src=\"cid:chart\"", "20.00 WIB"] {
        assert!(html.contains(words), "{words}: {html}");
    }
    let picture =
        mails[0]["parts"].as_array().unwrap().iter().find(|part| part["type"] == "image/png").unwrap();
    assert_eq!((&picture["id"], &picture["disposition"]), (&"<chart>".into(), &"inline".into()));
    let message = &journey.store.messages(5).await.unwrap()[0];
    assert!(mails[0]["headers"].to_string().contains(&message.id), "the key is the Message-ID");
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_smtp_a_deferred_mail_waits_and_a_refused_one_is_given_up() {
    let (deferred, _one) = mailed("defer@kotabogor.example").await;
    let message = deferred.store.messages(5).await.unwrap().remove(0);
    assert_eq!((message.state, message.attempts), (MessageState::Pending, 1), "{}", message.failure);
    assert!(message.next_attempt_at > moment(EVENING));
    let (refused, _other) = mailed("refuse@kotabogor.example").await;
    let message = refused.store.messages(5).await.unwrap().remove(0);
    assert_eq!(message.state, MessageState::Failed, "{}", message.failure);
}
