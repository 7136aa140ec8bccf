//! `siaga alert` as an operator and the holders of tokens use it: what is on, what is done about it, what is refused.

use std::process::Output;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::Value;
use siaga::access::{Access, AccessSettings};
use siaga::account::{NewToken, Permission, Role};
use siaga::clock::SystemClock;
use siaga::store::{Message, MessageState};

use crate::support::house::{House, Plan, UNIT, operator};
use crate::support::{moment, siaga};

/// The demonstration's store to 28 June 2021, with people in the settings.
struct Desk {
    house: House,
    settings: String,
}

const SECRET: &str = "a-secret-of-the-command-centre";

impl Desk {
    async fn new(more: &str) -> Self {
        let house = House::built(Plan { has_figures: true, ..Plan::default() }).await;
        let settings = format!(
            "[alert.telegram]\nbase_url = \"http://127.0.0.1:9\"\n\
             [[alert.person]]\nname = \"Sekda\"\noffices = [\"secretary\"]\ntelegram = \"7\"\n\
             [[alert.person]]\nname = \"Kepala Setda\"\noffices = [\"unit_head\"]\nunits = [\"{UNIT}\"]\ntelegram = \"8\"\n{more}"
        );
        std::fs::write(house.folder.path().join("siaga.toml"), &settings).unwrap();
        Self { house, settings }
    }

    fn run(&self, token: Option<&str>, args: &[&str]) -> Output {
        let mut command = siaga(self.house.folder.path());
        let url = format!("sqlite://{}/var/demo/siaga.sqlite", self.house.folder.path().display());
        command
            .env("SIAGA_DATABASE_URL", url)
            .env("SIAGA_ALERT_TELEGRAM_TOKEN", "4242:s3cret-AAAAAAAAAAAAAAAAAAAA");
        command.env("SIAGA_ALERT_WEBHOOK_SECRET", SECRET);
        if let Some(token) = token {
            command.env("SIAGA_TOKEN", token);
        }
        command.args(["--lang", "en", "alert"]).args(args).output().unwrap()
    }

    fn out(&self, args: &[&str]) -> String {
        let output = self.run(None, args);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {told}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Vec<Value> {
        let text = self.out(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{args:?}: {error}: {text}"))
    }

    /// What a refusal says, after its exit code was looked at.
    fn refused(&self, args: &[&str], code: i32) -> String {
        let output = self.run(None, args);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {told}");
        assert!(output.stdout.is_empty(), "{args:?}");
        told
    }

    /// A token that is good today: commands go by the clock of the machine.
    async fn token(&self, name: &str, scope: Permission) -> String {
        let store = self.house.journey.store.clone();
        let access = Access::new(store, Arc::new(SystemClock), AccessSettings::default());
        let title = "tests".to_owned();
        let new = NewToken { account: name.to_owned(), title, scopes: vec![scope], days: 30 };
        access.make_token(&operator(), &new).await.unwrap().0.reveal().to_owned()
    }

    /// The id of what is on of a rule.
    fn id(&self, rule: &str) -> String {
        let open = self.json(&["list", "--rule", rule]);
        open.first().unwrap_or_else(|| panic!("{rule} is on"))["alert"].as_str().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_is_listed_acknowledged_and_handed_over() {
    let desk = Desk::new("").await;
    let open = desk.json(&["list"]);
    let crossed = open.iter().find(|alert| alert["rule"] == "threshold_crossed").expect("a line is crossed");
    assert_eq!((crossed["state"].as_str(), crossed["severity"].as_str()), (Some("open"), Some("critical")));
    assert!(crossed["what"].as_str().unwrap().contains("calls for"), "{crossed}");
    let order: Vec<&str> = open.iter().map(|alert| alert["severity"].as_str().unwrap()).collect();
    let last_critical = order.iter().rposition(|severity| *severity == "critical").unwrap();
    assert!(
        order[..last_critical].iter().all(|severity| *severity == "critical"),
        "the gravest first: {order:?}"
    );

    let id = crossed["alert"].as_str().unwrap().to_owned();
    desk.out(&["acknowledge", &id[..8], "--note", "calling Dinkes"]);
    let again = desk.json(&["list", "--rule", "threshold_crossed"]);
    let crossed = again.iter().find(|alert| alert["alert"] == id.as_str()).unwrap();
    assert_eq!(crossed["state"], "acknowledged");
    desk.out(&["hand-over", &id, "--to", "Sekda", "--note", "please"]);
    let again = desk.json(&["list", "--rule", "threshold_crossed"]);
    let crossed = again.iter().find(|alert| alert["alert"] == id.as_str()).unwrap();
    assert_eq!((crossed["state"].as_str(), crossed["to"].as_str()), (Some("handed_over"), Some("Sekda")));

    let story = desk.json(&["receipts", "--alert", &id]);
    let turns: Vec<&str> = story.iter().map(|turn| turn["what"].as_str().unwrap()).collect();
    assert_eq!(turns.first(), Some(&"fired"));
    assert!(turns.contains(&"sent"), "the mailbox of the demonstration was told: {turns:?}");
    assert_eq!(turns[turns.len() - 2..], ["acknowledged", "handed_over"]);
    assert!(story.iter().any(|turn| turn["detail"] == "calling Dinkes"), "{story:?}");
    let table = desk.out(&["list", "--format", "table"]);
    assert!(table.contains(&id[..12]) && !table.contains(&id), "an id is short where it is read: {table}");
    let past = desk.json(&["list", "--from", "2021-06-01", "--to", "2021-06-28"]);
    assert!(past.iter().any(|row| row["event"] == "fired") && past.iter().all(|row| row["at"].is_string()));
    assert!(desk.json(&["list", "--from", "2021-01-01", "--to", "2021-01-02"]).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_meant_is_refused_and_says_where_to_look() {
    let desk = Desk::new("").await;
    for (args, said) in [
        (&["acknowledge", "abc"][..], "siaga alert list"),
        (&["acknowledge", "0123456789"], "siaga alert list"),
        (&["hand-over", "zzzzzzzz", "--to", "Sekda"], "siaga alert list"),
        (&["receipts", "--alert", "0123456789"], "siaga alert list"),
        (&["receipts", "--rule", "luck"], "siaga alert route"),
        (&["receipts", "--from", "2021-06-28", "--to", "2021-06-01"], "lies after"),
        (&["list", "--rule", "luck"], "siaga alert route"),
        (&["list", "--from", "2021-06-28", "--to", "2021-06-01"], "lies after"),
        (&["lift", "99"], "siaga alert silences"),
        (&["report", "--month", "June"], "write 2021-06"),
        (&["route", "--rule", "luck"], "siaga alert route"),
        (&["route", "--severity", "grave"], "info, warning, critical"),
        (&["test", "--to", "Nobody"], "nobody is reached so"),
        (&["test", "--channel", "pigeon"], "telegram"),
        (&["silence", "--rule", "luck", "--until", "4h", "--reason", "x"], "siaga alert route"),
        (&["silence", "--rule", "*", "--until", "4h", "--reason", "x"], "dead alarm"),
        (&["silence", "--rule", "figures_held", "--until", "4h", "--reason", " "], "Say why"),
    ] {
        let told = desk.refused(args, 2);
        assert!(told.contains(said), "{args:?}: {told}");
    }
    for until in ["", "4", "h", "0h", "-2h", "40d", "2021-06-28", "soon", "4 hours", "99999999999999d", "4µ"]
    {
        let told = desk
            .refused(&["silence", "--rule", "figures_held", &format!("--until={until}"), "--reason", "x"], 2);
        assert!(told.contains("30 days ahead"), "{until}: {told}");
    }
    let id = desk.id("threshold_crossed");
    assert!(desk.refused(&["hand-over", &id, "--to", "Nobody"], 2).contains("Known: Kepala Setda, Sekda"));
    let long = "x".repeat(501);
    assert!(desk.refused(&["acknowledge", &id, "--note", &long], 2).contains("500 characters"));
    assert!(desk.json(&["silences"]).is_empty(), "nothing of it was kept");
    let now = desk.json(&["list", "--rule", "threshold_crossed"]);
    assert!(now.iter().all(|alert| alert["answered_by"].is_null()), "{now:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silence_has_an_author_a_reason_and_an_end_and_can_be_lifted() {
    let desk = Desk::new("").await;
    let args = ["silence", "--rule", "threshold_crossed", "--until", "2h", "--reason", "the mayor is told"];
    assert_eq!(desk.out(&args).trim(), "1");
    let silences = desk.json(&["silences"]);
    assert_eq!((silences[0]["holds"].as_str(), silences[0]["subject"].as_str()), (Some("yes"), Some("*")));
    assert_eq!(silences[0]["reason"], "the mayor is told");
    let open = desk.json(&["list", "--rule", "threshold_crossed"]);
    assert!(open.iter().all(|alert| alert["state"] == "silenced" && alert["silence"] == 1), "{open:?}");
    desk.out(&["lift", "1"]);
    let silences = desk.json(&["silences"]);
    assert!(silences[0]["holds"] == "no" && silences[0]["lifted_at"].is_string(), "{silences:?}");
    assert!(desk.refused(&["lift", "1"], 2).contains("siaga alert silences"), "once is enough");
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_and_the_report_card_tell_a_month() {
    let desk = Desk::new("").await;
    let fired = desk.json(&["receipts", "--outcome", "fired", "--rule", "threshold_crossed"]);
    assert!(!fired.is_empty() && fired.iter().all(|row| row["outcome"] == "fired"), "{fired:?}");
    let notable = desk.json(&["receipts"]);
    assert!(notable.iter().all(|row| row["outcome"] != "quiet"));
    assert!(desk.json(&["receipts", "--all", "--limit", "5"]).len() == 5, "at most so many");
    assert!(desk.json(&["receipts", "--to", "2021-01-01"]).is_empty());
    let card = desk.json(&["report", "--month", "2021-06"]);
    let crossed = card.iter().find(|row| row["alert_rule"] == "threshold_crossed").expect("it was looked at");
    assert!(
        crossed["fired"].as_u64().unwrap() > 0 && crossed["evaluations"].as_u64().unwrap() > 20,
        "{crossed}"
    );
    assert!(desk.json(&["report", "--month", "2020-01"]).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hears_of_what_is_told_and_so_is_what_nobody_hears_of() {
    let desk = Desk::new("").await;
    let ways = desk.json(&["route", "--rule", "turn_open"]);
    let told: Vec<(&str, &str, &str)> = ways
        .iter()
        .map(|way| {
            let word = |name: &str| way[name].as_str().unwrap_or_default();
            (word("event"), word("to"), word("unit"))
        })
        .collect();
    assert_eq!(
        told,
        [("fired", "Kepala Setda", UNIT), ("escalated", "Sekda", ""), ("resolved", "Kepala Setda", UNIT)]
    );
    let trouble = desk.json(&["route", "--rule", "source_trouble"]);
    assert!(trouble.iter().all(|way| way["to"] == "nobody"), "nobody sees to the figures: {trouble:?}");
    let grave = desk.json(&["route", "--severity", "critical"]);
    assert!(grave.iter().all(|way| way["severity"] == "critical"));
    let before = desk.json(&["receipts", "--all", "--limit", "100000"]).len();
    let rehearsed = desk.json(&["dry-run"]);
    let crossed = rehearsed.iter().find(|line| line["rule"] == "threshold_crossed").unwrap();
    assert!(crossed["state"].is_string() && crossed["what"].is_string(), "{crossed}");
    assert!(rehearsed.len() >= 12, "every rule has a line: {}", rehearsed.len());
    assert_eq!(desk.json(&["receipts", "--all", "--limit", "100000"]).len(), before, "nothing was kept");
}

#[test]
fn a_file_of_rules_is_checked_without_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let check = |text: &str| {
        std::fs::write(folder.path().join("rules.toml"), text).unwrap();
        let output = siaga(folder.path()).args(["alert", "check", "rules.toml"]).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, told) = check(include_str!("../../data/alert/default.toml"));
    assert!(
        code == Some(0) && told.contains("can be used") && told.contains("quiet 21:00 to 05:00"),
        "{told}"
    );
    let (code, told) =
        check("version = \"1\"\n[quiet]\nhours = \"9\"\nspares = \"critical\"\n[group]\ninfo = \"soon\"\n");
    assert_eq!(code, Some(1));
    assert!(
        told.contains("rules.toml, line 2: ") && told.contains("rules.toml, line 5: "),
        "every fault: {told}"
    );
    let output = siaga(folder.path()).args(["alert", "check", "none.toml"]).output().unwrap();
    assert!(output.status.code() == Some(1) && String::from_utf8_lossy(&output.stderr).contains("none.toml"));
    assert!(!folder.path().join("var").exists(), "no store was made");
}

/// A receiver that answers everything so.
async fn receiver(answer: StatusCode) -> (String, Arc<Mutex<Vec<String>>>) {
    changing_receiver(Arc::new(Mutex::new(answer))).await
}

/// One whose answer changes.
async fn changing_receiver(answer: Arc<Mutex<StatusCode>>) -> (String, Arc<Mutex<Vec<String>>>) {
    let received: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&received);
    let take = async move |body: String| {
        kept.lock().unwrap().push(body);
        *answer.lock().unwrap()
    };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let router = Router::new().route("/hook", post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, received)
}

/// A message to the webhook `pusat` that was given up some days ago.
fn given_up(id: &str, kind: &str) -> Message {
    let at = moment("2021-06-25T08:00:00+07:00");
    Message {
        id: id.repeat(8),
        kind: kind.to_owned(),
        assessment_id: String::new(),
        created_at: at,
        channel: "webhook".to_owned(),
        recipient: "pusat".to_owned(),
        subject: id.to_owned(),
        body: format!("{{\"what\":\"{id}\"}}"),
        html: String::new(),
        picture: String::new(),
        state: MessageState::Failed,
        attempts: 10,
        next_attempt_at: at,
        sent_at: None,
        failure: "it answered 403".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_is_sent_again_once_the_reason_is_mended() {
    let answer = Arc::new(Mutex::new(StatusCode::FORBIDDEN));
    let (address, received) = changing_receiver(Arc::clone(&answer)).await;
    let hook = format!("[[alert.webhook]]\nname = \"pusat\"\naddress = \"{address}\"\n");
    let desk = Desk::new(&hook).await;
    let messages = [("01ab", "alert"), ("01cd", "report_card"), ("02ef", "heartbeat"), ("03ef", "test")];
    let messages = messages.map(|(id, kind)| given_up(id, kind));
    desk.house.journey.store.send_messages(&messages).await.unwrap();

    let none = desk.refused(&["resend", "03ef03ef"], 2);
    assert!(none.contains("No message 03ef03ef was given up"), "a test is not sent again: {none}");
    for wrong in [&["resend", "01"][..], &["resend", "ffffffff"], &["resend", "01ab01ab", "no"]] {
        assert!(desk.refused(wrong, 2).contains("siaga alert receipts --outcome failed"), "{wrong:?}");
    }
    desk.refused(&["resend"], 2);
    desk.refused(&["resend", "01ab01ab", "--all"], 2);
    assert!(received.lock().unwrap().is_empty(), "nothing was sent of what was refused");

    // The reason is there still: given up again, and it says so.
    let output = desk.run(None, &["resend", "01ab01ab"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("webhook pusat: given up again: ") && told.contains("403"), "{told}");
    *answer.lock().unwrap() = StatusCode::NO_CONTENT;
    let told = desk.out(&["resend", "--all"]);
    assert_eq!(told.matches("webhook pusat: accepted").count(), 2, "{told}");
    let bodies = received.lock().unwrap().clone();
    assert_eq!(bodies, ["01ab", "01ab", "01cd"].map(|id| format!("{{\"what\":\"{id}\"}}")));

    // What was accepted is not sent a third time.
    assert_eq!(desk.out(&["resend", "--all"]), "");
    desk.refused(&["resend", "01ab01ab"], 2);
    assert_eq!(received.lock().unwrap().len(), 3);
    let receipts = desk.json(&["receipts", "--outcome", "resent"]);
    let of_whom: Vec<_> = receipts.iter().map(|row| (row["message"].as_str().unwrap(), &row["by"])).collect();
    assert_eq!(of_whom.len(), 3, "{of_whom:?}");
    assert!(of_whom.iter().all(|(id, by)| id.len() == 32 && by.as_str().is_some()), "{of_whom:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_goes_over_the_real_channel_and_leaves_a_receipt() {
    let (good, received) = receiver(StatusCode::NO_CONTENT).await;
    let (bad, _) = receiver(StatusCode::FORBIDDEN).await;
    let hook = |name: &str, address: &str| {
        format!("[[alert.webhook]]\nname = \"{name}\"\naddress = \"{address}\"\n")
    };
    let desk = Desk::new(&format!("{}{}", hook("pusat", &good), hook("tutup", &bad))).await;
    assert!(desk.settings.contains("pusat"));
    let told = desk.out(&["test", "--to", "pusat"]);
    assert_eq!(told.trim(), "webhook pusat: accepted");
    let body: Value = serde_json::from_str(&received.lock().unwrap()[0]).unwrap();
    assert_eq!((body["kind"].as_str(), body["test"].as_bool()), (Some("test"), Some(true)), "{body}");
    let output = desk.run(None, &["test", "--channel", "webhook"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("webhook pusat: accepted")
            && told.contains("webhook tutup: not accepted: it answered 403")
    );
    assert!(!told.contains(SECRET));
    assert!(String::from_utf8_lossy(&output.stderr).contains("1 of 2 test messages"));
    let failed = desk.json(&["receipts", "--outcome", "failed"]);
    assert!(failed[0]["detail"].as_str().unwrap().contains("webhook tutup: it answered 403"), "{failed:?}");
    let sent = desk.json(&["receipts", "--outcome", "sent", "--from", "2022-01-01"]);
    assert_eq!(sent.len(), 2, "of the two that were accepted: {sent:?}");
    let messages = desk.house.journey.store.messages(10).await.unwrap();
    assert_eq!(messages.iter().filter(|message| message.kind == "test").count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_of_unit_answers_only_for_the_own_unit_and_addresses_are_for_those_who_keep_them() {
    let desk = Desk::new("").await;
    desk.house.signed_in("kepala", Role::UnitHead).await;
    desk.house.signed_in("epi", Role::Epidemiologist).await;
    let id = desk.id("threshold_crossed");
    let head = desk.token("kepala", Permission::Acknowledge).await;
    for args in [
        &["acknowledge", &id][..],
        &["hand-over", &id, "--to", "Sekda"],
        &["silence", "--rule", "figures_held", "--until", "2h", "--reason", "x"],
        &["lift", "1"],
    ] {
        let output = desk.run(Some(&head), args);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.code() == Some(1) && told.contains("those of the own unit"),
            "{args:?}: {told}"
        );
    }
    let epi = desk.token("epi", Permission::ReadOfficials).await;
    let output = desk.run(Some(&epi), &["route", "--rule", "recommendation_changed", "--format", "csv"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("Sekda,telegram,,"), "a name and a channel, no address: {told}");
    assert!(
        desk.out(&["route", "--rule", "recommendation_changed", "--format", "csv"])
            .contains("Sekda,telegram,7,")
    );
    let output = desk.run(Some(&epi), &["acknowledge", &id]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("it takes the permission acknowledge"));
    let epi = desk.token("epi", Permission::Acknowledge).await;
    assert!(desk.run(Some(&epi), &["acknowledge", &id]).status.success());
    let open = desk.json(&["list", "--rule", "threshold_crossed"]);
    assert!(open.iter().any(|alert| alert["answered_by"] == "epi"), "{open:?}");
}
