//! A year of a city as hard as Bogor's, replayed with sources that fail, receivers that are down or forget to answer, and a
//! program that is cut off and started again at any moment: everybody hears once of each crossing and once of its end.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::future::{Future, poll_fn};
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use axum::Router;
use axum::extract::{Path as Segment, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use chrono::{Days, Duration, NaiveDate};
use serde_json::Value;
use siaga::alert::{Channel, Channels, Memory, Office, Recipient, WebhookChannel};
use siaga::clock::{Clock, SteppedClock};
use siaga::epi::Vintage;
use siaga::job::{CatchUp, JobName, Journey, Schedule, deliver, run_due};
use siaga::source::{FetchLimits, Fetcher, SourceSpec};
use siaga::store::Store;
use sqlx::Row;

use crate::audit::intruder;
use crate::support::year::{Crossings, SEED, cases, next};
use crate::support::{bogor, journey_on, moment};

const FIRST: &str = "2021-01-04";
const DAYS: u64 = 365;

const SPEC: &str = "id = \"dinkes\"\ntitle = \"Dinkes: kasus harian\"\npath = \"kasus.csv\"\nlocations = [\"3271\"]\n\
    [cadence]\nby = \"17:00\"\nlate_after = \"6h\"\nstalled_after_days = 3\n";

/// Moments of a day at which something is due.
const LINES: [(JobName, &str); 5] = [
    (JobName::Ingest, "0 30 15 * * *"),
    (JobName::Assess, "0 0 20 * * *"),
    (JobName::Watch, "0 0 1,5 * * *"),
    (JobName::Heartbeat, "0 0 7 * * *"),
    (JobName::ReportCard, "0 40 7 1 * *"),
];

fn first() -> NaiveDate {
    FIRST.parse().unwrap()
}

/// The publisher: right on most days, wrong in some way on others.
fn publish(folder: &Path, series: &[u64], chance: &mut u64) {
    let path = folder.join("kasus.csv");
    let table = |place: &str| {
        let mut text = "date,location,measure,value\n".to_owned();
        for (day, cases) in (0..).zip(series) {
            writeln!(text, "{},{place},cases,{cases}", first() + Days::new(day)).unwrap();
        }
        text
    };
    match next(chance) % 12 {
        0 => drop(std::fs::remove_file(path)),
        1 => std::fs::write(path, "<!doctype html><title>Sedang pemeliharaan</title>").unwrap(),
        2 => std::fs::write(path, table("3201")).unwrap(),
        3 => std::fs::write(path, "").unwrap(),
        _ => std::fs::write(path, table("3271")).unwrap(),
    }
}

/// What a receiver accepted: whose, under which key, what.
type Accepted = Arc<Mutex<Vec<(String, String, Value)>>>;

/// A receiver that is down now and then, and now and then takes a message and forgets to say so; not so often for one message that it
/// is given up, which is another matter.
async fn receiver(accepted: Accepted) -> String {
    type Shared = (Accepted, Arc<Mutex<(u64, BTreeMap<String, u32>)>>);
    const FAULTS: u32 = 5;
    async fn take(
        State((accepted, chance)): State<Shared>,
        Segment(whose): Segment<String>,
        headers: HeaderMap,
        body: String,
    ) -> StatusCode {
        let key = headers["idempotency-key"].to_str().unwrap().to_owned();
        let way = {
            let (chance, faults) = &mut *chance.lock().unwrap();
            let so_far = faults.entry(key.clone()).or_default();
            let way = if *so_far < FAULTS { next(chance) % 5 } else { 4 };
            *so_far += u32::from(way < 2);
            way
        };
        if way == 0 {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        accepted.lock().unwrap().push((whose, key, serde_json::from_str(&body).unwrap()));
        // Taken, and not said so: the sender must try again, with the same key.
        if way == 1 { StatusCode::GATEWAY_TIMEOUT } else { StatusCode::NO_CONTENT }
    }
    let shared: Shared = (accepted, Arc::new(Mutex::new((SEED, BTreeMap::new()))));
    let router = Router::new().route("/{whose}", post(take)).with_state(shared);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// People with offices, each with an address of their own.
const PEOPLE: [(&str, Office); 4] = [
    ("walikota", Office::Mayor),
    ("sekda", Office::Secretary),
    ("dinkes", Office::HealthOffice),
    ("data", Office::DataOfficer),
];

/// Runs a turn and gives it up after so many steps, as if the process had been killed there.
async fn cut<F: Future>(turn: F, steps: Option<u64>) -> Option<F::Output> {
    let (mut turn, mut left) = (pin!(turn), steps);
    poll_fn(|context| {
        if let Some(left) = &mut left {
            if *left == 0 {
                return Poll::Ready(None);
            }
            *left -= 1;
        }
        turn.as_mut().poll(context).map(Some)
    })
    .await
}

struct Year {
    folder: tempfile::TempDir,
    clock: Arc<SteppedClock>,
    address: String,
    accepted: Accepted,
    restarts: u32,
}

impl Year {
    async fn new() -> Self {
        let accepted = Accepted::default();
        let address = receiver(Arc::clone(&accepted)).await;
        let clock = Arc::new(SteppedClock::new(moment(FIRST)));
        Self { folder: tempfile::tempdir().unwrap(), clock, address, accepted, restarts: 0 }
    }

    fn url(&self) -> String {
        format!("sqlite://{}/siaga.sqlite", self.folder.path().display())
    }

    /// The program starts.
    async fn started(&self) -> Journey {
        let store = Store::connect(&self.url()).await.unwrap();
        // Nobody else works on it: what the one that was killed had is free.
        store.break_leases().await.unwrap();
        let (mut journey, _) = journey_on(store, FIRST);
        let clock: Arc<dyn Clock> = self.clock.clone();
        journey.clock = clock.clone();
        let limits =
            FetchLimits { folder: Some(self.folder.path().to_owned()), tries: 1, ..FetchLimits::default() };
        journey.fetcher = Fetcher::new(limits).unwrap();
        journey.sources = vec![SourceSpec::parse(SPEC).unwrap()];
        let person = |(name, office): (&str, Office)| {
            let hook =
                WebhookChannel::new(&format!("{}/{name}", self.address), "hush", clock.clone()).unwrap();
            Recipient {
                person: name.to_owned(),
                offices: vec![office],
                ..Recipient::of_everything(name, Channel::Webhook(hook))
            }
        };
        journey.channels = Channels::new(PEOPLE.map(person).to_vec());
        journey
    }

    /// Lives through the year: turns of some hours, cut off and begun again now and then.
    async fn lived(&mut self) -> Journey {
        let schedule = Schedule::new(&LINES, chrono_tz::Asia::Jakarta).unwrap();
        let (mut chance, mut series) = (SEED, Vec::new());
        let mut journey = self.started().await;
        let mut seen = moment("2021-01-04T03:00:00+07:00");
        let end = moment(FIRST).moment() + Duration::days(i64::try_from(DAYS).unwrap());
        let clock = Arc::clone(&self.clock);
        let at = move |due: Vintage| clock.advance_to(due);
        while seen.moment() < end {
            let hours = i64::try_from(3 + next(&mut chance) % 9).unwrap();
            let until = Vintage::new(seen.moment() + Duration::hours(hours));
            let day = (until.local_date(chrono_tz::Asia::Jakarta) - first()).num_days();
            while series.len() < usize::try_from(day).unwrap() {
                series.push(cases(series.len() as u64, &mut chance));
            }
            publish(self.folder.path(), &series, &mut chance);
            let steps = next(&mut chance).is_multiple_of(6).then(|| 1 + next(&mut chance) % 120);
            let turn = run_due(&journey, &schedule, (seen, until), CatchUp::Latest, &at);
            if let Some(done) = cut(turn, steps).await {
                done.unwrap();
                seen = until;
            } else {
                self.restarts += 1;
                journey = self.started().await;
            }
        }
        self.settled(&journey).await;
        journey
    }

    /// Nothing more happens; what waits goes out.
    async fn settled(&self, journey: &Journey) {
        for _ in 0..40 {
            let later = journey.clock.now().moment() + Duration::hours(1);
            self.clock.advance_to(Vintage::new(later));
            deliver(journey).await.unwrap();
        }
    }

    async fn rows(&self, statement: &'static str) -> Vec<Vec<String>> {
        let mut connection = intruder(&self.url()).await;
        let rows = sqlx::query(statement).fetch_all(&mut connection).await.unwrap();
        let text = |row: &sqlx::any::AnyRow| (0..row.len()).map(|column| row.get(column)).collect();
        rows.iter().map(text).collect()
    }
}

/// What somebody heard of: alert rule, subject, when it began, what became of it, which step.
type Heard = (String, String, i64, String, u64);

fn heard(alert: &Value) -> Heard {
    let text = |key: &str| alert[key].as_str().unwrap_or_default().to_owned();
    let (began, step) = (alert["began_at"].as_i64().unwrap(), alert["step"].as_u64().unwrap_or_default());
    (text("alert_rule"), text("rule"), began, text("event"), step)
}

/// What each person heard, once for each key, and how many deliveries there were.
fn heard_by(accepted: &[(String, String, Value)]) -> (BTreeMap<String, Vec<Heard>>, usize) {
    let mut by_key: BTreeMap<(&str, &str), &Value> = BTreeMap::new();
    for (whose, key, body) in accepted {
        let known = by_key.entry((whose, key)).or_insert(body);
        assert_eq!(*known, body, "one key, one message");
    }
    let mut by_person: BTreeMap<String, Vec<Heard>> = BTreeMap::new();
    for ((whose, _), body) in by_key {
        let told = body["alerts"].as_array().map(Vec::as_slice).unwrap_or_default();
        by_person.entry(whose.to_owned()).or_default().extend(told.iter().map(heard));
    }
    (by_person, accepted.len())
}

/// Crossings and their ends, counted without the alert rules, of the assessments that these were held against.
async fn counted(journey: &Journey, evaluated: &BTreeSet<String>) -> BTreeMap<String, (usize, usize)> {
    let mut assessments = journey.store.assessments(&bogor(), None).await.unwrap();
    assessments.sort_by_key(|saved| saved.as_of);
    let mut crossings = Crossings::default();
    assessments.iter().filter(|saved| evaluated.contains(&saved.id)).for_each(|saved| crossings.add(saved));
    crossings.counts
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_year_of_faults_everybody_hears_once_of_each_crossing_and_of_its_end() {
    let mut year = Year::new().await;
    let journey = year.lived().await;
    let accepted = year.accepted.lock().unwrap().clone();
    let (heard, deliveries) = heard_by(&accepted);
    let evaluated: BTreeSet<String> = year
        .rows("select distinct assessment_id from alert_evaluation")
        .await
        .into_iter()
        .flatten()
        .collect();

    // Each crossing of the policy is one alert and one end, as counted without the alert rules.
    let counted = counted(&journey, &evaluated).await;
    let alerts = journey.store.alerts(None).await.unwrap();
    let of = |rule: &str, event: &str| {
        let is_meant = |row: &&siaga::store::AlertRow| {
            row.kind == "threshold_crossed" && row.rule == rule && row.event == event
        };
        alerts.iter().filter(is_meant).count()
    };
    for (rule, (begun, over)) in &counted {
        assert_eq!((of(rule, "fired"), of(rule, "resolved")), (*begun, *over), "seed {SEED}, {rule}");
    }
    let waves = counted["R1"];
    assert!(waves.0 >= 3 && waves.1 >= 2, "the year has waves: {counted:?}");

    // Each person hears once of each, under one key; an end only after its beginning.
    for (name, told) in &heard {
        let mut once: BTreeMap<&Heard, usize> = BTreeMap::new();
        for one in told {
            *once.entry(one).or_default() += 1;
        }
        let twice: Vec<_> = once.iter().filter(|(_, count)| **count > 1).collect();
        assert!(twice.is_empty(), "seed {SEED}: {name} heard twice of {twice:?}");
        for (rule, subject, began, event, _) in told {
            let is_begun = |other: &&Heard| {
                (&other.0, &other.1, other.2) == (rule, subject, *began)
                    && ["fired", "no_data"].contains(&&*other.3)
            };
            assert!(
                told.iter().any(|other| is_begun(&other)),
                "seed {SEED}: {name}, {event} of {rule} {subject}"
            );
        }
    }
    let is_crossing = |one: &&Heard| one.0 == "threshold_crossed" && one.3 == "fired";
    let (begun, over): (usize, usize) =
        counted.values().fold((0, 0), |(begun, over), count| (begun + count.0, over + count.1));
    for name in ["walikota", "sekda", "dinkes"] {
        assert_eq!(heard[name].iter().filter(is_crossing).count(), begun, "seed {SEED}: {name}");
        let ends = heard[name].iter().filter(|one| one.0 == "threshold_crossed" && one.3 == "resolved");
        assert_eq!(ends.count(), over, "seed {SEED}: {name}");
    }
    assert!(
        heard["data"].iter().all(|one| ["source_trouble", "figures_held"].contains(&&*one.0)),
        "{heard:?}"
    );
    assert!(heard["data"].iter().any(|one| one.3 == "resolved"), "sources failed and came back");
    assert_eq!(year.rows("select id from outbox where state <> 'sent'").await, Vec::<Vec<String>>::new());

    receipts_add_up(&year, &journey).await;
    a_sign_of_life_every_day(&year, &accepted).await;
    let unique: BTreeSet<&str> = accepted.iter().map(|(_, key, _)| key.as_str()).collect();
    println!(
        "seed {SEED}: {} assessments, {} alerts, {} messages in {deliveries} deliveries, cut off {} times",
        evaluated.len(),
        alerts.len(),
        unique.len(),
        year.restarts
    );
    assert!(year.restarts > 50 && deliveries > unique.len(), "there were faults");
}

/// One receipt a rule for each evaluation, and as many of each outcome as there were happenings.
async fn receipts_add_up(year: &Year, journey: &Journey) {
    let rules = journey.alerting.rules.rules.len();
    let wrong = year
        .rows(
            "select e.id, cast(count(r.rule) as text), cast(count(distinct r.rule) as text) from alert_evaluation e \
             left join alert_receipt r on r.evaluation_id = e.id group by e.id",
        )
        .await;
    let wrong: Vec<_> =
        wrong.iter().filter(|row| row[1] != rules.to_string() || row[2] != rules.to_string()).collect();
    assert!(wrong.is_empty(), "a receipt for each of {rules} rules: {wrong:?}");
    let mut told: BTreeMap<String, u64> = BTreeMap::new();
    for row in year.rows("select detail from alert_receipt where evaluation_id <> '' and detail <> ''").await
    {
        let counts: BTreeMap<String, u64> = serde_json::from_str(&row[0]).unwrap();
        for (outcome, count) in counts {
            *told.entry(outcome).or_default() += count;
        }
    }
    let happened = year
        .rows(
            "select outcome, cast(count(*) as text) from (select case when kept <> '' then kept else event end as outcome \
             from alert) as happened group by outcome",
        )
        .await;
    let late = year
        .rows("select distinct a.id from alert a join alert_notice n on n.alert_id = a.id where a.kept <> ''")
        .await
        .len() as u64;
    for row in happened {
        let late = if row[0] == "fired" { late } else { 0 };
        assert_eq!(
            told.get(&row[0]).copied().unwrap_or(0),
            row[1].parse::<u64>().unwrap() + late,
            "{}",
            row[0]
        );
    }
    // Every message that was accepted has its receipt, and no other has.
    let sent =
        year.rows("select message_id from alert_receipt where outcome = 'sent' order by message_id").await;
    let messages = year.rows("select id from outbox where state = 'sent' order by id").await;
    assert_eq!(sent, messages);
    let (_, memory) = journey.store.alert_memory(&bogor()).await.unwrap().unwrap();
    assert!(serde_json::from_str::<Memory>(&memory).unwrap().rules.len() <= rules);
}

/// Silence is proof of health only if the sign of life came on every day.
async fn a_sign_of_life_every_day(year: &Year, accepted: &[(String, String, Value)]) {
    let mut days: BTreeMap<NaiveDate, BTreeSet<&str>> = BTreeMap::new();
    for (whose, key, body) in accepted.iter().filter(|(_, _, body)| body["kind"] == "heartbeat") {
        assert_eq!(whose, "data");
        let at = moment(body["at"].as_str().unwrap());
        days.entry(at.local_date(chrono_tz::Asia::Jakarta)).or_default().insert(key);
    }
    let missing: Vec<NaiveDate> =
        (0..DAYS).map(|day| first() + Days::new(day)).filter(|day| !days.contains_key(day)).collect();
    assert!(missing.is_empty(), "seed {SEED}: no sign of life on {missing:?}");
    assert!(days.values().all(|keys| keys.len() == 1), "one a day: {days:?}");
    let receipts = year.rows("select cast(at as text) from alert_receipt where outcome = 'heartbeat'").await;
    let once: BTreeSet<&Vec<String>> = receipts.iter().collect();
    assert_eq!((receipts.len(), once.len()), (days.len(), days.len()));
}
