//! The channels against what they talk to: a mail server with TLS and passwords, Debian's Alertmanager, a receiver of
//! webhooks, and Telegram and WhatsApp as their documentation describes them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use siaga::alert::{
    AlertError, AlertmanagerChannel, Channel, Channels, EmailChannel, MailServer, Outgoing, Recipient,
    TelegramChannel, Unsubscribe, WebhookChannel, WhatsAppAccount, WhatsAppChannel, signature,
};
use siaga::clock::{Clock, SteppedClock};
use siaga::job::{assess, deliver};
use siaga::source::sha256_hex;
use siaga::store::{Message, MessageState};
use siaga::text::Locale;

use crate::alerts::mails_to;
use crate::support::{checkout, fresh_tag, journey, moment};

const PASSWORD: &str = "surat-rahasia";
const TOKEN: &str = "4242:AAHs3cret-of-the-bot_AAAAAAAAAAAAAA";
const ACCOUNT: &str = "EAAs3cretOfTheAccount";
const SECRET: &str = "s3cret-of-the-hook";

fn said<'a>(id: &'a str, body: &'a str) -> Outgoing<'a> {
    Outgoing { id, subject: "siaga Kota Bogor: WFH 100%", body, html: None, picture: None }
}

/// The one recipient of a channel, and what is sent there.
fn to(name: &str, channel: Channel) -> Channels {
    Channels::new(vec![Recipient::of_everything(name, channel)])
}

/// Serves a router on this host.
async fn served(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Why a message is tried again, and not before when.
fn retried(result: Result<(), AlertError>) -> (String, Option<Duration>) {
    match result {
        Err(AlertError::Retry { reason, after, .. }) => (reason, after),
        other => panic!("it is to be tried again: {other:?}"),
    }
}

/// Why a message is given up.
fn given_up(result: Result<(), AlertError>) -> String {
    match result {
        Err(AlertError::GiveUp { reason, .. }) => reason,
        other => panic!("it is to be given up: {other:?}"),
    }
}

// ── mail ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A channel to the mail server of the tests: `STARTTLS` or `TLS`.
fn mail(kind: &str, password: &str, is_trusted: bool, unsubscribe: Unsubscribe) -> EmailChannel {
    let address = std::env::var(format!("SIAGA_TEST_SMTP_{kind}"))
        .expect("tests/run.sh starts a mail server and says where");
    let (host, port) = address.rsplit_once(':').unwrap();
    let authorities = std::fs::read(checkout("tests/support/tls/mail.ca.pem")).unwrap();
    let server = MailServer {
        host,
        port: port.parse().unwrap(),
        security: if kind == "TLS" { "tls" } else { "starttls" },
        login: Some(("siaga", password)),
        authorities: is_trusted.then_some(&authorities[..]),
    };
    EmailChannel::through(server, "Siaga <siaga@kotabogor.example>", unsubscribe).unwrap()
}

fn mailbox(test: &str) -> String {
    format!("{test}-{}@kotabogor.example", fresh_tag())
}

fn header<'a>(mail: &'a Value, name: &str) -> Option<&'a str> {
    let pairs = mail["headers"].as_array().unwrap().iter();
    pairs.filter(|pair| pair[0].as_str() == Some(name)).find_map(|pair| pair[1].as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_smtp_mail_goes_with_a_login_over_both_kinds_of_tls() {
    for kind in ["STARTTLS", "TLS"] {
        let name = mailbox(&format!("over-{}", kind.to_lowercase()));
        let channels = to(&name, Channel::Email(mail(kind, PASSWORD, true, Unsubscribe::default())));
        for id in ["one", "two"] {
            channels.send(("email", &name), &said(id, "Garis terlampaui – 199,7 per 100.000")).await.unwrap();
        }
        let mails = mails_to(&name);
        assert_eq!(mails.len(), 2, "{kind}");
        for mail in &mails {
            assert_eq!((&mail["tls"], &mail["user"]), (&json!(true), &json!("siaga")), "{kind}");
            assert_eq!(mail["text"].as_str().unwrap().trim_end(), "Garis terlampaui – 199,7 per 100.000");
            assert_eq!(mail["parts"][0]["charset"], "utf-8");
        }
        assert!(header(&mails[0], "Message-ID").unwrap().ends_with("@kotabogor.example>"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_smtp_a_wrong_password_is_told_plainly_and_tried_again() {
    let name = mailbox("password");
    for kind in ["STARTTLS", "TLS"] {
        let channels = to(&name, Channel::Email(mail(kind, "salah-sekali", true, Unsubscribe::default())));
        let (reason, after) = retried(channels.send(("email", &name), &said("one", "x")).await);
        assert!(
            reason.starts_with("the mail server refuses user and password (permanent error (535)"),
            "{reason}"
        );
        assert!(reason.ends_with("mend alert.smtp.user and SIAGA_ALERT_SMTP_PASSWORD"), "{reason}");
        assert!(!reason.contains("salah-sekali") && after.is_none());
    }
    assert!(mails_to(&name).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_smtp_a_certificate_that_nobody_vouches_for_is_told_plainly_and_tried_again() {
    let name = mailbox("certificate");
    for kind in ["STARTTLS", "TLS"] {
        let channels = to(&name, Channel::Email(mail(kind, PASSWORD, false, Unsubscribe::default())));
        let (reason, _) = retried(channels.send(("email", &name), &said("one", "x")).await);
        assert!(reason.starts_with("the mail server's certificate is not trusted ("), "{reason}");
        assert!(reason.ends_with("name who vouches for it in alert.smtp.ca_file"), "{reason}");
    }
    assert!(mails_to(&name).is_empty(), "neither the mail nor the password went there");
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_smtp_a_letter_holds_text_page_and_chart_and_says_that_a_machine_wrote_it() {
    let name = mailbox("letter");
    let channels = to(&name, Channel::Email(mail("STARTTLS", PASSWORD, true, Unsubscribe::default())));
    let chart = std::fs::read(checkout("docs/picture/epicurve-2021-06-28.png")).unwrap();
    let html = "<p>Anjuran: <b>WFH 100%</b> – é</p><img src=\"cid:chart\" alt=\"kasus\">";
    let out = Outgoing { html: Some(html), picture: Some(&chart), ..said("a1b2", "Anjuran: WFH 100%\n") };
    channels.send(("email", &name), &out).await.unwrap();
    let mail = mails_to(&name).remove(0);
    let parts: Vec<_> =
        mail["parts"].as_array().unwrap().iter().map(|part| part["type"].as_str().unwrap()).collect();
    assert_eq!(parts, ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]);
    assert_eq!(mail["text"].as_str().unwrap().trim_end(), "Anjuran: WFH 100%");
    assert_eq!(mail["html"].as_str().unwrap().trim_end(), html);
    let picture = &mail["parts"][4];
    assert_eq!((&picture["id"], &picture["disposition"]), (&json!("<chart>"), &json!("inline")));
    assert_eq!(picture["sha256"], sha256_hex(&chart));
    assert_eq!(header(&mail, "Auto-Submitted"), Some("auto-generated"));
    assert_eq!(header(&mail, "Message-ID"), Some("<a1b2@kotabogor.example>"));
    let off = "<mailto:siaga@kotabogor.example?subject=unsubscribe>";
    assert_eq!(
        (header(&mail, "List-Unsubscribe"), header(&mail, "List-Unsubscribe-Post")),
        (Some(off), None)
    );
    assert!(header(&mail, "Date").is_some());

    let page = Outgoing { html: Some(html), ..said("page", "teks") };
    channels.send(("email", &name), &page).await.unwrap();
    let attached = Outgoing { picture: Some(&chart), ..said("attached", "teks") };
    channels.send(("email", &name), &attached).await.unwrap();
    let mut shapes: Vec<usize> =
        mails_to(&name).iter().map(|mail| mail["parts"].as_array().unwrap().len()).collect();
    shapes.sort_unstable();
    assert_eq!(shapes, [3, 3, 5], "a page without a chart, a chart without a page, both");
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_smtp_whoever_does_not_want_letters_is_told_how_to_say_so() {
    let name = mailbox("unsubscribe");
    let unsubscribe = Unsubscribe {
        mail: Some("humas@kotabogor.example".to_owned()),
        url: Some("https://kotabogor.example/berhenti?list=siaga".to_owned()),
    };
    let channels = to(&name, Channel::Email(mail("TLS", PASSWORD, true, unsubscribe)));
    channels.send(("email", &name), &said("one", "x")).await.unwrap();
    let mail = mails_to(&name).remove(0);
    let ways = header(&mail, "List-Unsubscribe").unwrap();
    assert_eq!(
        ways,
        "<https://kotabogor.example/berhenti?list=siaga>, <mailto:humas@kotabogor.example?subject=unsubscribe>"
    );
    assert_eq!(header(&mail, "List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
}

// ── Telegram ────────────────────────────────────────────────────────────────────────────────────────────────────────

type Log = Arc<Mutex<Vec<(String, Value)>>>;

/// The Bot API by its documentation: a chat's id says what stands in the way of a message to it.
async fn telegram_api() -> (TelegramChannel, Log) {
    async fn take(
        State(log): State<Log>,
        Path((bot, method)): Path<(String, String)>,
        request: Request,
    ) -> Response {
        let no = |code: u16, description: &str, parameters: Value| {
            let status = StatusCode::from_u16(code).unwrap();
            let body = json!({ "ok": false, "error_code": code, "description": description, "parameters": parameters });
            (status, Json(body)).into_response()
        };
        if bot != format!("bot{TOKEN}") {
            return no(401, "Unauthorized", json!({}));
        }
        let sent = match method.as_str() {
            "sendMessage" => Json::<Value>::from_request(request, &()).await.map(|Json(sent)| sent).ok(),
            "sendPhoto" => photo(request).await,
            _ => return no(404, "Not Found", json!({})),
        };
        let Some(sent) = sent else { return no(400, "Bad Request: there is nothing to send", json!({})) };
        let length = |key: &str| sent[key].as_str().map_or(0, |text| text.encode_utf16().count());
        if method == "sendMessage" && !(1..=4096).contains(&length("text")) {
            return no(400, "Bad Request: message is too long", json!({}));
        }
        if method == "sendPhoto" && (length("caption") > 1024 || sent["photo"] != "chart.png image/png") {
            return no(400, "Bad Request: message caption is too long", json!({}));
        }
        match sent["chat_id"].as_str() {
            Some("403") => no(403, "Forbidden: bot was blocked by the user", json!({})),
            Some("404") => no(400, "Bad Request: chat not found", json!({})),
            Some("429") => no(429, "Too Many Requests: retry after 34", json!({ "retry_after": 34 })),
            Some("500") => (StatusCode::BAD_GATEWAY, "<html>").into_response(),
            Some("-5") => {
                let parameters = json!({ "migrate_to_chat_id": -1_001_234_567_890_i64 });
                no(400, "Bad Request: group chat was upgraded to a supergroup chat", parameters)
            }
            Some("9") if method == "sendPhoto" => no(400, "Bad Request: IMAGE_PROCESS_FAILED", json!({})),
            _ => {
                log.lock().unwrap().push((method, sent));
                Json(json!({ "ok": true, "result": { "message_id": 1 } })).into_response()
            }
        }
    }
    let log = Log::default();
    let router = Router::new().route("/{bot}/{method}", post(take)).with_state(Arc::clone(&log));
    (TelegramChannel::new(&served(router).await, TOKEN).unwrap(), log)
}

async fn photo(request: Request) -> Option<Value> {
    let mut parts = axum::extract::Multipart::from_request(request, &()).await.ok()?;
    let mut sent = json!({});
    while let Some(part) = parts.next_field().await.ok()? {
        let name = part.name()?.to_owned();
        let value = match (part.file_name(), part.content_type()) {
            (Some(file), Some(kind)) => format!("{file} {kind}"),
            _ => part.text().await.ok()?,
        };
        sent[name] = json!(value);
    }
    Some(sent)
}

#[tokio::test]
async fn a_bot_sends_what_fits_and_says_what_it_left_out() {
    let (bot, log) = telegram_api().await;
    let long = "- Baris yang panjang tentang kasus dan tempat tidur\n".repeat(200);
    let channels = Channels::new(vec![
        Recipient::of_everything("7", Channel::Telegram(bot.clone())),
        Recipient { language: Locale::En, ..Recipient::of_everything("@kota_bogor", Channel::Telegram(bot)) },
    ]);
    channels.send(("telegram", "7"), &said("one", "Kota Bogor\n- R2: 199,7")).await.unwrap();
    channels.send(("telegram", "@kota_bogor"), &said("two", &long)).await.unwrap();
    let sent = log.lock().unwrap();
    assert_eq!(sent[0].0, "sendMessage");
    assert_eq!((&sent[0].1["chat_id"], &sent[0].1["text"]), (&json!("7"), &json!("Kota Bogor\n- R2: 199,7")));
    assert_eq!(sent[0].1["link_preview_options"]["is_disabled"], true);
    let text = sent[1].1["text"].as_str().unwrap();
    assert!(
        text.len() > 4000 && text.ends_with("tempat tidur\n… (cut here; all of it is in siaga)"),
        "{text}"
    );
}

#[tokio::test]
async fn a_chart_goes_above_a_short_text_and_behind_a_long_one() {
    let (bot, log) = telegram_api().await;
    let channels = Channels::new(
        ["7", "9"].map(|chat| Recipient::of_everything(chat, Channel::Telegram(bot.clone()))).to_vec(),
    );
    let with_chart = |body| Outgoing { picture: Some(b"\x89PNG"), ..said("one", body) };
    channels.send(("telegram", "7"), &with_chart("pendek")).await.unwrap();
    let long = "x".repeat(1025);
    channels.send(("telegram", "7"), &with_chart(&long)).await.unwrap();
    // The chart is refused when the text is there already: trying again would send the text twice.
    channels.send(("telegram", "9"), &with_chart(&long)).await.unwrap();
    assert!(
        given_up(channels.send(("telegram", "9"), &with_chart("pendek")).await)
            .contains("IMAGE_PROCESS_FAILED")
    );
    let sent = log.lock().unwrap();
    let methods: Vec<_> = sent.iter().map(|(method, _)| method.as_str()).collect();
    assert_eq!(methods, ["sendPhoto", "sendMessage", "sendPhoto", "sendMessage"]);
    assert_eq!((&sent[0].1["caption"], &sent[2].1["caption"]), (&json!("pendek"), &Value::Null));
}

#[tokio::test]
async fn what_telegram_refuses_is_given_up_and_what_may_pass_is_tried_again() {
    let (bot, log) = telegram_api().await;
    let send = async |chat: &str| {
        let channels = to(chat, Channel::Telegram(bot.clone()));
        channels.send(("telegram", chat), &said("one", "x")).await
    };
    assert_eq!(given_up(send("403").await), "it answered 403: Forbidden: bot was blocked by the user");
    assert_eq!(given_up(send("404").await), "it answered 400: Bad Request: chat not found");
    let moved = "the group has become a supergroup: write -1001234567890 as its telegram in the settings";
    assert_eq!(given_up(send("-5").await), moved);
    let slower =
        ("it answered 429: Too Many Requests: retry after 34".to_owned(), Some(Duration::from_secs(34)));
    assert_eq!(retried(send("429").await), slower);
    assert_eq!(retried(send("500").await).0, "it answered 502: it said no more");
    assert!(log.lock().unwrap().is_empty());
}

// ── WhatsApp ────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The Cloud API by its documentation: a number `+62000…` ends in the code of the error that it causes.
async fn whatsapp_api(token: &str) -> (WhatsAppChannel, Log) {
    fn no(status: u16, code: u64, details: &str) -> Response {
        let body = json!({ "error": {
            "message": format!("(#{code}) {details}"), "type": "OAuthException", "code": code,
            "error_data": { "messaging_product": "whatsapp", "details": details }, "fbtrace_id": "A1",
        } });
        (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
    }
    async fn take(State(log): State<Log>, headers: HeaderMap, Json(sent): Json<Value>) -> Response {
        if headers["authorization"] != format!("Bearer {ACCOUNT}") {
            return no(401, 190, "Error validating access token: Session has expired");
        }
        let template = &sent["template"];
        let text = template["components"][0]["parameters"][0]["text"].as_str().unwrap_or_default();
        let is_shaped = sent["messaging_product"] == "whatsapp"
            && sent["type"] == "template"
            && template["components"][0]["type"] == "body"
            && template["components"][0]["parameters"][0]["type"] == "text";
        if !is_shaped {
            return no(400, 100, "Invalid parameter");
        }
        let is_text = (1..=1024).contains(&text.chars().count());
        if !is_text || text.contains(['\n', '\t']) || text.contains("     ") {
            return no(
                400,
                132_018,
                "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
            );
        }
        if template["name"] != "siaga_alert"
            || !["id", "en_GB"].contains(&template["language"]["code"].as_str().unwrap())
        {
            return no(404, 132_001, "Template name does not exist in the translation");
        }
        if let Some(code) = sent["to"].as_str().unwrap().strip_prefix("+62000") {
            return no(400, code.parse().unwrap(), "as its documentation tells");
        }
        log.lock().unwrap().push(("messages".to_owned(), sent.clone()));
        let body = json!({ "messaging_product": "whatsapp", "messages": [{ "id": "wamid.1" }] });
        Json(body).into_response()
    }
    let log = Log::default();
    let router = Router::new().route("/v23.0/1055/messages", post(take)).with_state(Arc::clone(&log));
    let base_url = served(router).await;
    let account = WhatsAppAccount {
        base_url: &base_url,
        version: "v23.0",
        phone_number_id: "1055",
        template: "siaga_alert",
    };
    (WhatsAppChannel::new(account, token, &[(Locale::En, "en_GB")]).unwrap(), log)
}

#[tokio::test]
async fn whatsapp_fills_the_gap_of_the_template_in_the_persons_language() {
    let (account, log) = whatsapp_api(ACCOUNT).await;
    let channels = Channels::new(vec![
        Recipient::of_everything("+628123456789", Channel::WhatsApp(account.clone())),
        Recipient { language: Locale::En, ..Recipient::of_everything("+628111", Channel::WhatsApp(account)) },
    ]);
    let long = "- line\n".repeat(400);
    channels
        .send(("whatsapp", "+628123456789"), &said("one", "Kota Bogor\n\n- R2:\t199,7      kasus\n"))
        .await
        .unwrap();
    channels.send(("whatsapp", "+628111"), &said("two", &long)).await.unwrap();
    let sent = log.lock().unwrap();
    let part = |place: usize, path: &str| sent[place].1.pointer(path).cloned().unwrap();
    assert_eq!((part(0, "/to"), part(0, "/template/language/code")), (json!("+628123456789"), json!("id")));
    let gap = "/template/components/0/parameters/0/text";
    assert_eq!(part(0, gap), "Kota Bogor · - R2: 199,7 kasus");
    assert_eq!(part(1, "/template/language/code"), "en_GB");
    assert!(part(1, gap).as_str().unwrap().ends_with("… (cut here; all of it is in siaga)"));
}

#[tokio::test]
async fn whatsapps_codes_say_what_is_tried_again() {
    let (account, log) = whatsapp_api(ACCOUNT).await;
    let send = async |code: u64| {
        let number = format!("+62000{code}");
        let channels = to(&number, Channel::WhatsApp(account.clone()));
        channels.send(("whatsapp", &number), &said("one", "x")).await
    };
    for code in [1, 2, 4, 368, 80_007, 130_429, 131_000, 131_016, 131_048, 131_056, 131_057, 132_015] {
        assert_eq!(retried(send(code).await).0, format!("it answered {code}: as its documentation tells"));
    }
    for code in [3, 10, 200, 299, 131_005, 131_042] {
        assert!(retried(send(code).await).0.ends_with("; mend the account"), "{code}");
    }
    for code in [33, 100, 131_021, 131_026, 131_030, 131_031, 131_049, 132_005, 132_018] {
        assert_eq!(given_up(send(code).await), format!("it answered {code}: as its documentation tells"));
    }
    for code in [132_000, 132_001, 132_007, 132_012, 132_016] {
        let reason = given_up(send(code).await);
        let mend = "; the template siaga_alert needs to be approved in id with one gap in its body";
        assert_eq!(reason, format!("it answered {code}: as its documentation tells{mend}"));
    }
    assert!(log.lock().unwrap().is_empty());
    let (stale, _) = whatsapp_api("EAAs3cretOfBefore").await;
    let (reason, _) =
        retried(to("+628111", Channel::WhatsApp(stale)).send(("whatsapp", "+628111"), &said("a", "x")).await);
    assert!(reason.ends_with("set a valid token in SIAGA_ALERT_WHATSAPP_TOKEN"), "{reason}");
}

// ── Alertmanager ────────────────────────────────────────────────────────────────────────────────────────────────────

async fn known_alerts(address: &str, query: &str) -> Vec<Value> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(format!("{address}/api/v2/alerts?{query}")).send().await.unwrap();
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn needs_alertmanager_alerts_arrive_are_read_back_and_end() {
    let address =
        std::env::var("SIAGA_TEST_ALERTMANAGER").expect("tests/run.sh starts Alertmanager and says where");
    let channels =
        to("prod", Channel::Alertmanager(AlertmanagerChannel::new(&format!("{address}/"), None).unwrap()));
    let run = format!("run{}", fresh_tag());
    let body = |ends: &str| {
        let labels = json!({ "alertname": "siaga_threshold_crossed", "rule": "R2", "run": run });
        let annotations = json!({ "summary": "R2: 199,7 – garis 150" });
        json!([{ "labels": labels, "annotations": annotations, "startsAt": "2021-06-28T13:00:00Z", "endsAt": ends }])
    };
    let filter = format!("filter=run%3D%22{run}%22");
    let firing = body("2199-01-01T00:00:00Z").to_string();
    for id in ["one", "again"] {
        channels.send(("alertmanager", "prod"), &said(id, &firing)).await.unwrap();
    }
    let known = known_alerts(&address, &filter).await;
    assert_eq!(known.len(), 1, "the same alert twice is one");
    assert_eq!((&known[0]["labels"]["rule"], &known[0]["status"]["state"]), (&json!("R2"), &json!("active")));
    assert_eq!(known[0]["annotations"]["summary"], "R2: 199,7 – garis 150");
    assert_eq!(known[0]["startsAt"], "2021-06-28T13:00:00.000Z");
    // Resolved: its end lies in the past.
    let over = body("2021-07-05T00:00:00Z").to_string();
    channels.send(("alertmanager", "prod"), &said("over", &over)).await.unwrap();
    assert_eq!(known_alerts(&address, &filter).await, Vec::<Value>::new());
    let reason = given_up(channels.send(("alertmanager", "prod"), &said("odd", "[{\"labels\":{}}]")).await);
    assert!(reason.starts_with("it answered 400 Bad Request: "), "{reason}");
}

#[tokio::test]
async fn an_alertmanager_behind_a_proxy_is_shown_a_token() {
    async fn take(headers: HeaderMap) -> StatusCode {
        let shown = headers.get("authorization").and_then(|value| value.to_str().ok());
        if shown == Some("Bearer s3cret-token") { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
    }
    let address = served(Router::new().route("/am/api/v2/alerts", post(take))).await + "/am";
    let send = async |token: Option<&str>| {
        let channel = AlertmanagerChannel::new(&address, token).unwrap();
        to("prod", Channel::Alertmanager(channel)).send(("alertmanager", "prod"), &said("one", "[]")).await
    };
    send(Some("s3cret-token")).await.unwrap();
    for token in [None, Some("s3cret-other")] {
        let (reason, _) = retried(send(token).await);
        assert_eq!(reason, "it answered 401 Unauthorized; set its token in SIAGA_ALERT_ALERTMANAGER_TOKEN");
    }
}

// ── webhooks ────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A receiver as docs/alerts.md asks for: it believes what is signed, not older than five minutes and new to it.
#[derive(Clone)]
struct Receiver {
    clock: Arc<SteppedClock>,
    known: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Receiver {
    fn judge(&self, headers: &HeaderMap, body: &str) -> StatusCode {
        let shown = headers.get("siaga-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let parts = shown.strip_prefix("t=").and_then(|rest| rest.split_once(",v1="));
        let Some((time, signed)) = parts.and_then(|(time, signed)| Some((time.parse::<i64>().ok()?, signed)))
        else {
            return StatusCode::UNAUTHORIZED;
        };
        let now = self.clock.now().millis() / 1000;
        if signed != signature(SECRET, time, body) || (now - time).abs() > 300 {
            return StatusCode::UNAUTHORIZED;
        }
        let key = headers["idempotency-key"].to_str().unwrap().to_owned();
        let is_new = self.known.lock().unwrap().insert(key, body.to_owned()).is_none();
        if is_new { StatusCode::CREATED } else { StatusCode::OK }
    }
}

async fn receiver(now: &str) -> (String, Receiver) {
    async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
        receiver.judge(&headers, &body)
    }
    let receiver = Receiver { clock: Arc::new(SteppedClock::new(moment(now))), known: Arc::default() };
    let router = Router::new().route("/hook", post(take)).with_state(receiver.clone());
    (format!("{}/hook", served(router).await), receiver)
}

#[tokio::test]
async fn a_receiver_believes_what_is_signed_and_fresh_and_takes_it_once() {
    const NOW: &str = "2021-06-28T13:00:00Z";
    let (address, receiver) = receiver(NOW).await;
    let send = async |at: &str, secret: &str, id: &str| {
        let clock: Arc<dyn Clock> = Arc::new(SteppedClock::new(moment(at)));
        let hook = WebhookChannel::new(&address, secret, clock).unwrap();
        to("pusat", Channel::Webhook(hook)).send(("webhook", "pusat"), &said(id, "{\"step\":4}")).await
    };
    send(NOW, SECRET, "one").await.unwrap();
    send(NOW, SECRET, "one").await.unwrap();
    send("2021-06-28T12:55:00Z", SECRET, "two").await.unwrap();
    for (at, secret) in
        [("2021-06-28T12:54:59Z", SECRET), ("2021-06-28T13:05:01Z", SECRET), (NOW, "another-secret-of-16")]
    {
        assert_eq!(given_up(send(at, secret, "three").await), "it answered 401 Unauthorized", "{at}");
    }
    let known = receiver.known.lock().unwrap();
    assert_eq!(known.keys().collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(known["one"], "{\"step\":4}");
}

/// The receiver that docs/alerts.md shows, run as it stands there.
#[test]
fn needs_python_the_receiver_of_the_documentation_tells_ours_from_others() {
    let page = std::fs::read_to_string(checkout("docs/alerts.md")).unwrap();
    let shown = page.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    let script = format!(
        "{shown}\nimport json, sys\nfor secret, header, body, now in json.load(sys.stdin):\n    \
         print(is_ours(secret, header, body.encode(), now))\n"
    );
    let body = "{\"sentence\":\"Anjuran – é\"}";
    let header = |time: i64| format!("t={time},v1={}", signature(SECRET, time, body));
    let now = 1_624_896_000;
    let cases = json!([
        [SECRET, header(now), body, now],
        [SECRET, header(now - 300), body, now],
        [SECRET, header(now - 301), body, now],
        [SECRET, header(now + 301), body, now],
        ["another-secret-of-16", header(now), body, now],
        [SECRET, header(now), "{\"sentence\":\"lain\"}", now],
        [SECRET, header(now).replace(&now.to_string(), "1624896001"), body, now],
        [SECRET, "", body, now],
        [SECRET, "t=x,v1=y", body, now],
    ]);
    let python = std::env::var("SIAGA_TEST_PYTHON").expect("tests/run.sh installs Python and says where");
    let mut child = std::process::Command::new(python)
        .args(["-c", &script])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(child.stdin.as_mut().unwrap(), cases.to_string().as_bytes()).unwrap();
    let told = child.wait_with_output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let believed: Vec<_> = told.lines().map(|line| line == "True").collect();
    assert_eq!(believed, [true, true, false, false, false, false, false, false, false], "{told}");
}

#[tokio::test]
async fn nobody_is_followed_elsewhere_and_a_long_answer_is_read_in_part() {
    let asked = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&asked);
    let long = "x".repeat(10 * 1024 * 1024);
    let router = Router::new()
        .route("/moved", post(|| async { (StatusCode::PERMANENT_REDIRECT, [("location", "/here")]) }))
        .route("/long", post(move || async move { (StatusCode::BAD_REQUEST, long) }))
        .route("/here", post(move || async move { *counted.lock().unwrap() += 1 }));
    let address = served(router).await;
    let send = async |path: &str| {
        let clock: Arc<dyn Clock> = Arc::new(SteppedClock::new(moment("2021-06-28T13:00:00Z")));
        let hook = WebhookChannel::new(&format!("{address}{path}"), SECRET, clock).unwrap();
        to("pusat", Channel::Webhook(hook)).send(("webhook", "pusat"), &said("one", "{}")).await
    };
    let moved = "it answered 308 Permanent Redirect: nobody is followed elsewhere, write the last address";
    assert_eq!(given_up(send("/moved").await), moved);
    assert_eq!(*asked.lock().unwrap(), 0);
    assert_eq!(given_up(send("/long").await).len(), 300);
}

#[tokio::test]
async fn a_message_waits_as_long_as_the_other_side_asks() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journey, clock) = journey(folder.path(), "2021-06-28T20:00:00+07:00").await;
    let slow = || async { (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7200")]) };
    let address = served(Router::new().route("/", post(slow))).await;
    let hook = WebhookChannel::new(&address, SECRET, clock.clone()).unwrap();
    journey.channels = to("pusat", Channel::Webhook(hook));
    let (_, alerts) = assess(&journey, "2021-06-28".parse().unwrap()).await.unwrap();
    assert!(alerts > 0, "without figures nothing can be assessed");
    assert_eq!(deliver(&journey).await.unwrap(), 0);
    let message: Message = journey.store.messages(1).await.unwrap().remove(0);
    assert_eq!((message.state, message.attempts), (MessageState::Pending, 1));
    assert_eq!(message.next_attempt_at, moment("2021-06-28T22:00:00+07:00"));
    clock.advance_to(moment("2021-06-28T21:59:00+07:00"));
    deliver(&journey).await.unwrap();
    assert_eq!(journey.store.messages(1).await.unwrap()[0].attempts, 1, "not before");
}

// ── secrets ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A service that sends back all it was told, in each of the shapes in which the channels read errors.
async fn echo() -> String {
    async fn take(headers: HeaderMap, path: axum::http::Uri, body: Bytes) -> Response {
        let told = format!("{path} {headers:?} {}", String::from_utf8_lossy(&body));
        let error = json!({ "code": 100, "message": told, "error_data": { "details": told } });
        (StatusCode::BAD_REQUEST, Json(json!({ "ok": false, "description": told, "error": error })))
            .into_response()
    }
    served(Router::new().fallback(take).route("/healthz", get(|| async {}))).await
}

#[tokio::test]
async fn no_secret_is_in_what_a_channel_tells() {
    let (echo, nobody) = (echo().await, {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    });
    for base_url in [&echo, &nobody] {
        let account = WhatsAppAccount { base_url, version: "v23.0", phone_number_id: "1055", template: "t" };
        let clock: Arc<dyn Clock> = Arc::new(SteppedClock::new(moment("2021-06-28T13:00:00Z")));
        let hook = format!("{base_url}/hook?key=s3cret-in-the-address");
        let login = Some(("siaga", "s3cret-password"));
        let mail = EmailChannel::new(("127.0.0.1", 1), "none", "siaga@x.example", login).unwrap();
        let channels = [
            Channel::Email(mail),
            Channel::Telegram(TelegramChannel::new(base_url, TOKEN).unwrap()),
            Channel::WhatsApp(WhatsAppChannel::new(account, ACCOUNT, &[]).unwrap()),
            Channel::Webhook(WebhookChannel::new(&hook, SECRET, clock).unwrap()),
            Channel::Alertmanager(AlertmanagerChannel::new(base_url, Some("s3cret-token")).unwrap()),
        ];
        for channel in channels {
            let name = channel.name();
            let channels = to("a@x.example", channel);
            let error = channels.send((name, "a@x.example"), &said("one", "{}")).await.unwrap_err();
            let shown = format!("{error} {error:?} {channels:?}");
            assert!(shown.contains(name), "{shown}");
            for part in ["s3cret", TOKEN, "AAHs", "EAAs"] {
                assert!(!shown.contains(part), "{name} tells {part}: {shown}");
            }
        }
    }
}
