//! What is deleted after its time, what never is, and that the audit log stays whole.

use siaga::alert::{Channel, Channels, Recipient};
use siaga::app;
use siaga::audit::Action;
use siaga::config::Config;
use siaga::epi::Vintage;
use siaga::job::{CatchUp, retain, run_due};
use siaga::store::{
    AuditFilter, Claim, Deletion, Filter, Guard, Message, MessageState, ReceiptRow, Run, RunRejection,
    SavedAssessment, SavedEvaluation, Store,
};

use super::audit::{does, entry, evaluation, intruder, verify};
use crate::support::{fresh_postgres, journey_on, moment, pulled, sample, save_run};

const OLD: &str = "2019-01-01";
const NEW: &str = "2021-06-28";

fn run(id: &str, at: &str) -> Run {
    Run { received: 1, rejected: 1, ..pulled(id, "dinkes", at) }
}

fn message(id: &str, assessment: &str, state: MessageState, at: &str) -> Message {
    Message {
        id: id.to_owned(),
        kind: "alert".to_owned(),
        assessment_id: assessment.to_owned(),
        created_at: moment(at),
        channel: "mailbox".to_owned(),
        recipient: "kotak-surat".to_owned(),
        subject: "WFH 100%".to_owned(),
        body: "…".to_owned(),
        html: String::new(),
        picture: String::new(),
        state,
        attempts: 1,
        next_attempt_at: moment(at),
        sent_at: (state == MessageState::Sent).then(|| moment(at)),
        failure: String::new(),
    }
}

/// The alert rules held against an assessment, with a receipt.
fn watched(saved: &SavedAssessment) -> SavedEvaluation {
    SavedEvaluation {
        id: saved.id.clone(),
        location: "3271".to_owned(),
        as_of: saved.as_of,
        assessment_id: saved.id.clone(),
        memory: "{}".to_owned(),
        alerts: Vec::new(),
        notices: Vec::new(),
        ends: Vec::new(),
        receipts: vec![ReceiptRow::of_alert(saved.as_of, "", "quiet", String::new())],
    }
}

/// Old and new of everything.
async fn filled(store: &Store) {
    let refused =
        RunRejection { line: 3, column: "value".into(), reason: "negative".into(), detail: "-1".into() };
    for (at, minutes) in [(OLD, [1, 2, 3]), (NEW, [4, 5, 6])] {
        for minute in minutes {
            let mut entry = entry(minute);
            entry.at = Vintage::from_millis(moment(at).millis() + minute).unwrap();
            store.record(&entry).await.unwrap();
        }
        save_run(store, &run(at, at), std::slice::from_ref(&refused), &[]).await.unwrap();
        let mut saved = evaluation(0);
        (saved.id, saved.as_of) = (format!("3271@{at}"), moment(at));
        let states = [MessageState::Pending, MessageState::Sent, MessageState::Failed];
        let messages: Vec<Message> = states
            .into_iter()
            .map(|state| message(&format!("{at} {}", state.as_str()), &saved.id, MessageState::Pending, at))
            .collect();
        store.save_assessment(&saved).await.unwrap();
        store.save_evaluation(&watched(&saved)).await.unwrap();
        store.send_messages(&messages).await.unwrap();
        for state in &states[1..] {
            let done = message(&format!("{at} {}", state.as_str()), &saved.id, *state, at);
            let receipt = ReceiptRow::of_message(moment(at), &done.id, state.as_str(), String::new());
            store.save_attempt(&done, &receipt).await.unwrap();
        }
        let claim = store.claim_job("assess", moment(at), moment(at)).await.unwrap();
        let Claim::Ours(lease) = claim else { panic!("{at}: {claim:?}") };
        assert!(store.finish_job(&lease, moment(at), "step 1").await.unwrap());
    }
    let figures = sample("kota_bogor_cases.csv");
    save_run(store, &Run { rejected: 0, received: 0, ..run("figures", NEW) }, &[], &figures).await.unwrap();
}

async fn logs_go_and_figures_stay(url: &str) {
    let store = Store::connect(url).await.unwrap();
    filled(&store).await;
    let figures = store.observations(&Filter::default()).await.unwrap();
    let version = store.data_version().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(verify(folder.path(), url, &[]).0, Some(0));
    let (mut journey, clock) = journey_on(store.clone(), "2021-06-29T03:10:00+07:00");
    journey.channels = Channels::new(vec![Recipient::of_everything("kotak-surat", Channel::Mailbox)]);
    let deleted = retain(&journey).await.unwrap();
    let counts: Vec<(&str, u64)> = deleted.iter().map(|d| (d.what.as_str(), d.rows)).collect();
    assert_eq!(
        counts,
        [
            ("audit", 3),
            ("rejection", 1),
            ("run", 1),
            ("outbox", 2),
            ("alert_receipt", 3),
            ("alert_evaluation", 1),
            ("job_run", 1)
        ]
    );
    assert!(deleted.iter().all(|d| d.before == moment("2019-06-30T03:10:00+07:00")), "730 days before");
    assert!(store.data_version().await.unwrap() > version, "pages hear of it, and never of an older number");

    assert_eq!(store.observations(&Filter::default()).await.unwrap(), figures);
    assert_eq!(store.assessments(&crate::support::bogor(), None).await.unwrap().len(), 2);
    let left: Vec<String> = store.messages(10).await.unwrap().into_iter().map(|m| m.id).collect();
    let expected = ["2019-01-01 pending", "2021-06-28 failed", "2021-06-28 pending", "2021-06-28 sent"];
    assert_eq!(
        {
            let mut left = left;
            left.sort();
            left
        },
        expected,
        "a message still to be delivered stays"
    );
    assert_eq!(store.rejections(NEW).await.unwrap().len(), 1);
    assert_eq!(store.rejections(OLD).await.unwrap().len(), 0);

    let told = store.audit(&AuditFilter { limit: 1, ..AuditFilter::default() }).await.unwrap().rows.remove(0);
    assert_eq!((told.seq, told.entry.action), (7, Action::RetentionRan));
    assert!(told.entry.detail.contains("\"outbox\":2"), "{}", told.entry.detail);
    let (code, said) = verify(folder.path(), url, &[]);
    assert!(code == Some(0) && said.contains("audit: rows 4  first 4  last 7"), "{said}");
    let all: Vec<Deletion> = store.deletions().await.unwrap();
    assert_eq!(all.len(), 7);
    assert_eq!(retain(&journey).await.unwrap(), [], "again, there is nothing more");
    assert_eq!(store.deletions().await.unwrap(), all);

    clock.advance_to(moment("2031-06-29"));
    let deleted = retain(&journey).await.unwrap();
    assert!(deleted.iter().any(|d| d.what == "audit" && d.rows == 4), "{deleted:?}");
    let (code, said) = verify(folder.path(), url, &[]);
    assert!(code == Some(0) && said.contains("audit: rows 1  first 8  last 8"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_go_after_their_time_and_figures_stay() {
    let folder = tempfile::tempdir().unwrap();
    logs_go_and_figures_stay(&format!("sqlite://{}/siaga.sqlite", folder.path().display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_logs_go_after_their_time_and_figures_stay() {
    logs_go_and_figures_stay(&fresh_postgres()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_front_that_somebody_else_cut_is_seen_and_never_swept_under() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/siaga.sqlite", folder.path().display());
    let store = Store::connect(&url).await.unwrap();
    filled(&store).await;
    assert_eq!(store.delete_logs(moment("2020-01-01"), moment(NEW)).await.unwrap()[0].rows, 3);
    let mut connection = intruder(&url).await;
    does(&mut connection, "delete from audit where seq = 4").await;
    let (code, said) = verify(folder.path(), &url, &[]);
    assert!(code == Some(1) && said.contains("chain audit, sequence number 4: the row is missing"), "{said}");
    let refused =
        store.delete_logs(moment("2022-01-01"), moment("2024-01-01")).await.unwrap_err().to_string();
    assert!(refused.contains("rows are missing"), "{refused}");
    assert_eq!(store.deletions().await.unwrap().len(), 7, "nothing further was deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_and_anchored_log_stays_so_when_its_front_goes() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/siaga.sqlite", folder.path().display());
    let (key, anchor) = ("k".repeat(32), folder.path().join("anchor.log"));
    let guard = Guard::new(Some(siaga::audit::ChainKey::new(&key).unwrap()), Some(&anchor));
    let store = Store::connect_guarded(&url, guard).await.unwrap();
    filled(&store).await;
    store.delete_logs(moment("2020-01-01"), moment(NEW)).await.unwrap();
    let named = anchor.display().to_string();
    let settings = [("SIAGA_AUDIT_KEY", key.as_str()), ("SIAGA_AUDIT_ANCHOR", named.as_str())];
    let (code, said) = verify(folder.path(), &url, &settings);
    assert!(code == Some(0) && said.contains("first 4  last 7") && said.contains("signed"), "{said}");
    // Cutting more, with the beginning moved as retention does, takes the key.
    let mut connection = intruder(&url).await;
    does(&mut connection, "update chain set base_seq = 4, base_hash = (select hash from audit where seq = 4) where name = 'audit'").await;
    does(&mut connection, "delete from audit where seq = 4").await;
    let (code, said) = verify(folder.path(), &url, &settings);
    assert!(code == Some(1) && said.contains("not signed"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn at_ten_past_three_the_schedule_deletes_what_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::connect(&format!("sqlite://{}/siaga.sqlite", folder.path().display())).await.unwrap();
    filled(&store).await;
    let (journey, clock) = journey_on(store.clone(), "2021-06-29T03:00:00+07:00");
    let schedule = app::schedule(&Config::default(), journey.city.zone).unwrap();
    let window = (moment("2021-06-29T03:00:00+07:00"), moment("2021-06-29T03:20:00+07:00"));
    run_due(&journey, &schedule, window, CatchUp::Latest, &|now| clock.advance_to(now)).await.unwrap();
    let last = store.last_finished().await.unwrap().unwrap();
    assert_eq!((last.job.as_str(), last.outcome.as_str()), ("retain", "12 rows deleted"));
    run_due(&journey, &schedule, window, CatchUp::Latest, &|_| {}).await.unwrap();
    assert_eq!(store.deletions().await.unwrap().len(), 7, "once for the moment");
}
