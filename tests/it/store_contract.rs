//! What the store promises, on SQLite and on PostgreSQL: the same suite on both.

use siaga::assessment::Ledger;
use siaga::epi::{LocationId, Status, Vintage};
use siaga::observation::{Observation, SeriesKey};
use siaga::store::{
    AlertRow, ArchivedPayload, Claim, Filter, Message, MessageState, ReceiptFilter, ReceiptRow, Run,
    RunRejection, SavedAssessment, SavedEvaluation, SourceState, Store, StoreError,
};

use crate::support::{bogor, case, fresh_postgres, moment, policy, printed, pulled, save_run, table};

fn figure(measure: &str, date: &str, value: Option<f64>, as_of: &str) -> Observation {
    Observation {
        location: bogor(),
        unit_id: None,
        measure: measure.parse().unwrap(),
        source: "dinkes".to_owned(),
        date: date.parse().unwrap(),
        days: 1,
        value,
        status: Status::Printed,
        as_of: moment(as_of),
        note: "it's \"quoted\", 100%".to_owned(),
        address: "https://example.org/?a=1&b=2".to_owned(),
    }
}

fn run(id: &str, accepted: u64, rejected: u64, at: &str) -> Run {
    Run {
        received: accepted + rejected,
        accepted,
        rejected,
        payload: "abc".to_owned(),
        ..pulled(id, "dinkes", at)
    }
}

async fn figures_by_vintage(store: &Store) {
    let figures = vec![
        figure("active", "2021-06-27", Some(3_023.0), "2021-06-28T10:00:00+07:00"),
        figure("active", "2021-06-27", Some(3_003.0), "2021-06-28T17:00:00+07:00"),
        Observation { days: 4, ..figure("cases", "2021-06-27", Some(1_096.0), "2021-06-28T17:00:00+07:00") },
        figure("cases", "2021-06-26", None, "2021-06-28T17:00:00+07:00"),
        Observation {
            unit_id: Some("dinkes".to_owned()),
            ..figure("staff_cases", "2021-06-22", Some(3.0), "2021-06-22")
        },
        figure("bed_occupancy_pct", "2021-06-28", Some(0.1 + 0.2), "2021-06-28"),
    ];
    let refused =
        RunRejection { line: 3, column: "value".into(), reason: "negative".into(), detail: "-1".into() };
    save_run(store, &run("r1", 6, 1, "2021-06-28"), std::slice::from_ref(&refused), &figures).await.unwrap();
    // Saved again after a stop in between: nothing changes.
    save_run(store, &run("r1", 6, 1, "2021-06-28"), std::slice::from_ref(&refused), &figures).await.unwrap();
    let read = |as_of: Option<&str>| Filter { location: Some(bogor()), as_of: as_of.map(moment) };
    let mut all = store.observations(&read(None)).await.unwrap();
    let mut expected = figures.clone();
    let key = |o: &Observation| (SeriesKey::of(o), o.date, o.days, o.as_of);
    all.sort_by_key(key);
    expected.sort_by_key(key);
    assert_eq!(all, expected, "what went in comes out, to the last bit");
    assert_eq!(store.observations(&read(Some("2021-06-28T12:00:00+07:00"))).await.unwrap().len(), 2);
    assert_eq!(
        store.observations(&Filter { location: Some(LocationId::new("3201")), as_of: None }).await.unwrap(),
        []
    );
    assert_eq!(store.rejections("r1").await.unwrap(), [refused]);
    assert_eq!(store.runs(10).await.unwrap(), [run("r1", 6, 1, "2021-06-28")]);
    assert_eq!(store.rejected_figures().await.unwrap(), [("negative".to_owned(), 1)]);
    let series = figures.iter().map(SeriesKey::of).collect();
    let history = store.history(&series).await.unwrap();
    let known =
        history.at(&SeriesKey::of(&figures[0]), figures[0].date, 1, moment("2021-06-28T12:00:00+07:00"));
    assert_eq!(known.and_then(|known| known.value), Some(3_023.0));
}

/// A pull never brings what is known. If one does, what is there stays as it is, and what is new comes in.
async fn what_is_there_stays_as_it_is(store: &Store) {
    let before = store.observations(&Filter::default()).await.unwrap();
    let mut again = before.clone();
    again[0].note = "told again".to_owned();
    again.push(figure("active", "2021-06-26", Some(2_800.0), "2021-06-29"));
    let run = run("r1-again", again.len() as u64, 0, "2021-06-29");
    save_run(store, &run, &[], &again).await.unwrap();
    let after = store.observations(&Filter::default()).await.unwrap();
    assert_eq!(after.len(), before.len() + 1);
    assert!(before.iter().all(|known| after.contains(known)) && after.contains(&again[before.len()]));
}

async fn a_run_that_does_not_add_up_is_refused_whole(store: &Store) {
    let mut wrong = run("r2", 1, 0, "2021-06-29");
    wrong.received = 5;
    let figures = [figure("cases", "2021-06-29", Some(220.0), "2021-06-29")];
    assert!(save_run(store, &wrong, &[], &figures).await.is_err());
    let all = store.observations(&Filter::default()).await.unwrap();
    assert!(all.iter().all(|o| o.date.to_string() != "2021-06-29"), "nothing half saved");
}

async fn sources_and_payloads(store: &Store) {
    assert_eq!(store.source_state("dinkes").await.unwrap(), SourceState::default());
    let state = SourceState {
        etag: "\"a\"".into(),
        last_modified: "Mon, 28 Jun 2021 10:00:00 GMT".into(),
        checked_at: Some(moment("2021-06-28")),
        changed_at: None,
        failure: "it answered 503".into(),
    };
    store.save_source_state("dinkes", &state).await.unwrap();
    store.save_source_state("dinkes", &state).await.unwrap();
    assert_eq!(store.source_state("dinkes").await.unwrap(), state);
    let payload = ArchivedPayload {
        source: "dinkes".into(),
        sha256: "abc".into(),
        received_at: moment("2021-06-28"),
        address: "http://127.0.0.1/cases.csv".into(),
        content_type: "text/csv".into(),
        body: b"date\x00\xff".to_vec(),
    };
    for _ in 0..2 {
        store.archive(&payload).await.unwrap();
    }
    assert_eq!(store.archived("dinkes", "abc").await.unwrap(), Some(payload));
    let archived = store.payloads("dinkes").await.unwrap();
    assert_eq!(archived, [("abc".to_owned(), moment("2021-06-28"))], "kept once");
    assert_eq!(store.archived("dinkes", "def").await.unwrap(), None);
}

async fn an_evaluation_with_its_alerts_is_saved_once(store: &Store) {
    let (policy, table, orders, lineage) =
        (policy(), table(&printed(), None), siaga::assessment::Orders::default(), [bogor()]);
    let (assessment, standing) = siaga::assessment::assess(
        case(&policy, &table, &orders, &lineage),
        "2021-06-28".parse().unwrap(),
        None,
    );
    let as_of = moment("2021-06-28T20:00:00+07:00");
    let saved = SavedAssessment { id: "3271@1".into(), as_of, assessment, standing, memory: "{}".into() };
    let alert = AlertRow {
        id: "a1".into(),
        assessment_id: saved.id.clone(),
        kind: "threshold_crossed".into(),
        rule: "R2".into(),
        location: "3271".into(),
        date: "2021-06-28".parse().unwrap(),
        step: 4,
        created_at: as_of,
        json: "{}".into(),
        event: "fired".into(),
        episode: "a1".into(),
        severity: "critical".into(),
        kept: String::new(),
    };
    let mut message = Message {
        id: "m1".into(),
        kind: "alert".into(),
        created_at: as_of,
        assessment_id: saved.id.clone(),
        channel: "mailbox".into(),
        recipient: "kotak-surat".into(),
        subject: "WFH 100%".into(),
        body: "…".into(),
        html: "<p>…</p>".into(),
        picture: "cases".into(),
        state: MessageState::Pending,
        attempts: 0,
        next_attempt_at: as_of,
        sent_at: None,
        failure: String::new(),
    };
    assert!(store.has_unassessed_figures(&bogor()).await.unwrap(), "the run of the first promise");
    assert!(store.save_assessment(&saved).await.unwrap());
    assert!(!store.save_assessment(&saved).await.unwrap(), "a second time it is left as it is");
    let evaluation = SavedEvaluation {
        id: saved.id.clone(),
        location: "3271".into(),
        as_of,
        assessment_id: saved.id.clone(),
        memory: "{}".into(),
        alerts: vec![alert.clone()],
        notices: Vec::new(),
        ends: Vec::new(),
        receipts: Vec::new(),
    };
    assert!(store.save_evaluation(&evaluation).await.unwrap());
    assert!(!store.save_evaluation(&evaluation).await.unwrap(), "nor are the rules held against it again");
    store.send_messages(std::slice::from_ref(&message)).await.unwrap();
    assert_eq!(store.assessments(&bogor(), None).await.unwrap(), std::slice::from_ref(&saved));
    assert_eq!(store.last_assessment(&bogor(), Some(as_of)).await.unwrap(), Some(saved));
    let before = Vintage::from_millis(as_of.millis() - 1);
    assert_eq!(store.last_assessment(&bogor(), before).await.unwrap(), None);
    assert_eq!(store.alerts(None).await.unwrap(), [alert]);
    assert_eq!(store.messages_due(before.unwrap()).await.unwrap(), []);
    assert_eq!(store.messages_due(as_of).await.unwrap(), [message.clone()]);
    let receipt = ReceiptRow::of_message(as_of, "m1", "sent", "mailbox kotak-surat".into());
    message.state = MessageState::Sent;
    message.attempts = 1;
    message.sent_at = Some(as_of);
    store.save_attempt(&message, &receipt).await.unwrap();
    assert_eq!(store.messages_due(as_of).await.unwrap(), []);
    store.save_attempt(&message, &receipt).await.unwrap();
    assert_eq!(store.messages(5).await.unwrap(), [message]);
    let sent = ReceiptFilter { outcome: Some("sent".into()), ..ReceiptFilter::default() };
    assert_eq!(store.receipts(&sent).await.unwrap(), [receipt], "what is sent is not tried, or told, again");
}

/// Days are evaluated again when figures come; of a day in a row the last stands.
async fn of_each_day_the_last_evaluation_is_read(store: &Store) {
    let first = store.assessments(&bogor(), None).await.unwrap().remove(0);
    let mut all = vec![first.clone()];
    for (minutes, day) in [(1, 28), (2, 29), (3, 29), (4, 28)] {
        let mut saved = first.clone();
        saved.id = format!("later-{minutes}");
        saved.as_of = Vintage::from_millis(first.as_of.millis() + minutes * 60_000).unwrap();
        saved.assessment.date = format!("2021-06-{day}").parse().unwrap();
        assert!(store.save_assessment(&saved).await.unwrap());
        all.push(saved);
    }
    let by_day = async |until: usize| {
        let ledger = Ledger::known_by(&store.evaluations(&bogor()).await.unwrap(), all[until].as_of);
        let evenings: Vec<_> = ledger.iter().collect();
        let found = store.assessments_of(&evenings).await.unwrap();
        for (evening, saved) in evenings.iter().zip(&found) {
            let told = &saved.assessment;
            assert_eq!((&evening.id, evening.as_of, evening.date), (&saved.id, saved.as_of, told.date));
            assert_eq!((evening.step, evening.mode, evening.verdict), (told.step, told.mode, told.verdict));
            assert_eq!(evening.policy, told.policy);
        }
        found.into_iter().map(|saved| saved.id).collect::<Vec<_>>()
    };
    assert_eq!(by_day(0).await, [first.id.as_str()]);
    assert_eq!(by_day(1).await, ["later-1"]);
    assert_eq!(by_day(2).await, ["later-1", "later-2"]);
    assert_eq!(by_day(4).await, ["later-1", "later-3", "later-4"]);
    assert_eq!(store.assessments(&bogor(), None).await.unwrap(), all, "all of them are kept");
    let mut gone = store.evaluations(&bogor()).await.unwrap().remove(0);
    "nowhere".clone_into(&mut gone.id);
    let refused = store.assessments_of(&[&gone]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Corrupt { .. }), "{refused}");
    assert_eq!(store.assessments_of(&[]).await.unwrap(), []);
}

async fn a_due_moment_is_claimed_once(store: &Store) {
    let (due_at, now) = (moment("2021-06-28T20:00:00+07:00"), moment("2021-06-28T20:00:01+07:00"));
    let claim = async || store.claim_job("assess", due_at, now).await.unwrap();
    let Claim::Ours(cut_off) = claim().await else { panic!("nobody has it") };
    assert_eq!(claim().await, Claim::Held);
    store.break_leases().await.unwrap();
    let Claim::Ours(lease) = claim().await else { panic!("cut off before the end, it may be taken over") };
    assert_eq!(store.last_finished().await.unwrap(), None);
    assert!(!store.finish_job(&cut_off, now, "step 3").await.unwrap(), "it is another's by now");
    assert!(store.finish_job(&lease, now, "step 4").await.unwrap());
    assert_eq!(claim().await, Claim::Done);
    assert_eq!(store.last_finished().await.unwrap().map(|run| run.due_at), Some(due_at));
}

async fn every_promise(store: Store) {
    assert_eq!(store.data_version().await.unwrap(), 0);
    store.set_meta("demo", "1").await.unwrap();
    store.set_meta("demo", "2").await.unwrap();
    assert_eq!(store.meta("demo").await.unwrap().as_deref(), Some("2"));
    figures_by_vintage(&store).await;
    what_is_there_stays_as_it_is(&store).await;
    a_run_that_does_not_add_up_is_refused_whole(&store).await;
    sources_and_payloads(&store).await;
    an_evaluation_with_its_alerts_is_saved_once(&store).await;
    of_each_day_the_last_evaluation_is_read(&store).await;
    a_due_moment_is_claimed_once(&store).await;
    store.migrate().await.expect("a second time it changes nothing");
    assert!(store.data_version().await.unwrap() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_every_promise() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/deeper/siaga.sqlite", folder.path().display());
    every_promise(Store::connect(&url).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_postgresql_keeps_every_promise() {
    every_promise(Store::connect(&fresh_postgres()).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_no_database_is_refused() {
    for url in ["mysql://x/y", "sqlite://", "var/siaga.sqlite", ""] {
        let refused = Store::connect(url).await.map(|_| ()).unwrap_err().to_string();
        assert!(refused.contains("sqlite://PATH or postgres://"), "{url}: {refused}");
    }
}
