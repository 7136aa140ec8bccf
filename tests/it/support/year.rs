//! A city that lives by its cron lines: a publisher on loopback that fails in many ways, a receiver that is down now and then, a clock
//! that jumps from one half hour to the next, and the program as the default schedule runs it. The fortnight of `hourly.rs` and the
//! year of `bench/year.rs` are both this.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path as Segment, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{Datelike, Days, Duration, NaiveDate, Timelike};
use serde_json::Value;
use siaga::alert::{Channel, Channels, Office, Recipient, WebhookChannel};
use siaga::app::{self, Wiring};
use siaga::assessment::FindingStatus;
use siaga::city::City;
use siaga::clock::{Clock, SteppedClock};
use siaga::config::Config;
use siaga::epi::Vintage;
use siaga::job::{CatchUp, Journey, Schedule, deliver, run_due};
use siaga::source::SourceSpec;
use siaga::store::{SavedAssessment, Store};

const ZONE: chrono_tz::Tz = chrono_tz::Asia::Jakarta;

/// The next of a row of numbers that looks like chance and is the same in every run.
pub fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// Waves like those of 2021: a small one, the great one, a third that creeps; of the days since 4 January.
pub fn cases(day: u64, chance: &mut u64) -> u64 {
    #[expect(clippy::cast_precision_loss, reason = "days of a year")]
    let wave = |top: f64, at: f64, width: f64| top * (-((day as f64 - at) / width).powi(2)).exp();
    let expected = 9.0 + wave(95.0, 30.0, 14.0) + wave(460.0, 178.0, 17.0) + wave(170.0, 300.0, 22.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts")]
    let expected = expected as u64;
    expected - expected / 10 + next(chance) % (expected / 5 + 1)
}

/// How often each rule of the policy began and ended, counted from the assessments by the words of the contract and without the alert
/// rules: it begins where a rule fires, it is over once the value is below the leave value; what is in between, or not known,
/// changes nothing.
#[derive(Debug, Default)]
pub struct Crossings {
    on: BTreeSet<String>,
    /// Of each rule that began, how often it began and ended.
    pub counts: BTreeMap<String, (usize, usize)>,
}

impl Crossings {
    /// Takes up the next assessment.
    pub fn add(&mut self, saved: &SavedAssessment) {
        for rule in &saved.assessment.rules {
            let has_let_go =
                !matches!((rule.value, rule.leave), (Some(value), Some(leave)) if value >= leave);
            match rule.status {
                FindingStatus::Fires if rule.step.is_some() && self.on.insert(rule.id.clone()) => {
                    self.counts.entry(rule.id.clone()).or_default().0 += 1;
                }
                FindingStatus::Quiet if has_let_go && self.on.remove(&rule.id) => {
                    self.counts.entry(rule.id.clone()).or_default().1 += 1;
                }
                _ => {}
            }
        }
    }
}

/// A publisher of daily cases: at three in the afternoon it has the day's. One answer in five is none.
#[derive(Clone)]
struct Publisher {
    clock: Arc<SteppedClock>,
    first: NaiveDate,
    state: Arc<Mutex<Publishing>>,
}

#[derive(Default)]
struct Publishing {
    chance: u64,
    series: Vec<u64>,
    asked: u64,
    wrong: u64,
}

impl Publisher {
    /// The table as it is now, and its name.
    fn table(&self, state: &mut Publishing, place: &str) -> (String, String) {
        let local = self.clock.now().moment().with_timezone(&ZONE);
        let days = (local.date_naive() - self.first).num_days() + i64::from(local.hour() >= 15);
        while state.series.len() < usize::try_from(days).unwrap_or(0) {
            let day = state.series.len() as u64;
            // A number of its own for each day: what is published does not depend on how often it was asked for.
            state.series.push(cases(day, &mut (SEED + day)));
        }
        let mut text = "date,location,measure,value\n".to_owned();
        for (day, cases) in (0..).zip(&state.series) {
            writeln!(text, "{},{place},cases,{cases}", self.first + Days::new(day)).unwrap();
        }
        (text, format!("\"{}\"", state.series.len()))
    }

    /// Right four times in five; then as publishers are wrong: refused, broken, gone, cut off, silent, another page, nothing, another
    /// place.
    fn answer(&self, headers: &HeaderMap) -> Option<Response> {
        let mut state = self.state.lock().unwrap();
        state.asked += 1;
        let (table, name) = self.table(&mut state, "3271");
        let way = next(&mut state.chance) % 80;
        state.wrong += u64::from(way < 16);
        Some(match way {
            0..=2 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            3 | 4 => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            5 | 6 => StatusCode::NOT_FOUND.into_response(),
            7 | 8 => half(&table),
            9 => return None,
            10 | 11 => "<!doctype html><title>Sedang pemeliharaan</title>".into_response(),
            12 | 13 => "".into_response(),
            14 | 15 => self.table(&mut state, "3201").0.into_response(),
            _ if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == name.as_str()) => {
                StatusCode::NOT_MODIFIED.into_response()
            }
            _ => ([(header::ETAG, name)], table).into_response(),
        })
    }
}

/// The first half, and then the line is cut.
fn half(text: &str) -> Response {
    let first = Bytes::from(text[..text.len() / 2].to_owned());
    let cut = || std::io::Error::other("cut off");
    Response::new(Body::from_stream(futures_util::stream::iter([Ok(first), Err(cut())])))
}

async fn publish(State(publisher): State<Publisher>, headers: HeaderMap) -> Response {
    match publisher.answer(&headers) {
        Some(answer) => answer,
        None => std::future::pending().await,
    }
}

/// What the receiver took, once for each key, and no more of it than is asked for later.
#[derive(Debug, Default)]
pub struct Taken {
    chance: u64,
    keys: BTreeSet<String>,
    /// How often a message came, those that were turned away among them.
    pub deliveries: u64,
    /// The days of which a sign of life came.
    pub signs: BTreeSet<NaiveDate>,
    /// Crossings and their ends that somebody was told: who, rule, when it began, whether it is over.
    pub told: BTreeSet<(String, String, i64, bool)>,
    /// What somebody was told twice under two keys.
    pub twice: u64,
}

impl Taken {
    /// How many messages there were, each counted once.
    pub fn messages(&self) -> usize {
        self.keys.len()
    }

    fn take(&mut self, whose: &str, key: &str, body: &Value) {
        if !self.keys.insert(key.to_owned()) {
            return;
        }
        if body["kind"] == "heartbeat" {
            let at = Vintage::parse_as_of(body["at"].as_str().unwrap(), ZONE).unwrap();
            self.twice += u64::from(!self.signs.insert(at.local_date(ZONE)));
        }
        for alert in body["alerts"].as_array().map(Vec::as_slice).unwrap_or_default() {
            let event = alert["event"].as_str().unwrap_or_default();
            if alert["alert_rule"] == "threshold_crossed" && ["fired", "resolved"].contains(&event) {
                let rule = alert["rule"].as_str().unwrap_or_default().to_owned();
                let began = alert["began_at"].as_i64().unwrap();
                let told = (whose.to_owned(), rule, began, event == "resolved");
                self.twice += u64::from(!self.told.insert(told));
            }
        }
    }
}

/// Down for the night and morning of every eleventh day; else down for one message in ten, and for another it takes what it does not
/// acknowledge.
async fn receive(
    State((clock, taken)): State<(Arc<SteppedClock>, Arc<Mutex<Taken>>)>,
    Segment(whose): Segment<String>,
    headers: HeaderMap,
    body: String,
) -> StatusCode {
    let local = clock.now().moment().with_timezone(&ZONE);
    let is_out = local.date_naive().num_days_from_ce() % 11 == 0 && (6..9).contains(&local.hour());
    let mut taken = taken.lock().unwrap();
    taken.deliveries += 1;
    let way = next(&mut taken.chance) % 10;
    if is_out || way == 0 {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let key = headers["idempotency-key"].to_str().unwrap().to_owned();
    taken.take(&whose, &key, &serde_json::from_str(&body).unwrap());
    if way == 1 { StatusCode::GATEWAY_TIMEOUT } else { StatusCode::NO_CONTENT }
}

/// Where chance begins.
pub const SEED: u64 = 20_210_628;

/// Who hears, each at an address of their own.
const PEOPLE: [(&str, Office); 2] = [("walikota", Office::Mayor), ("data", Office::DataOfficer)];

const SPEC: &str = "id = \"dinkes\"\ntitle = \"Dinkes: kasus harian\"\nlocations = [\"3271\"]\n\
    [cadence]\nby = \"17:00\"\nlate_after = \"6h\"\nstalled_after_days = 3\n";

/// A life by the default schedule.
pub struct Life {
    pub journey: Arc<Journey>,
    pub clock: Arc<SteppedClock>,
    pub taken: Arc<Mutex<Taken>>,
    publisher: Publisher,
    schedule: Schedule,
    seen: Vintage,
    crossings: Crossings,
    assessed: Option<Vintage>,
}

impl Life {
    /// Begins at midnight of a day on a new store, with figures since `figures_from`; logs are kept for so many days.
    pub async fn begun(url: &str, (figures_from, day): (NaiveDate, NaiveDate), log_days: u16) -> Self {
        let start = Vintage::start_of(day, ZONE);
        let clock = Arc::new(SteppedClock::new(start));
        let publisher = Publisher { clock: Arc::clone(&clock), first: figures_from, state: Arc::default() };
        let taken = Arc::<Mutex<Taken>>::default();
        let doors = Router::new();
        #[expect(clippy::disallowed_methods, reason = "the outside, not siaga: no door of the pages")]
        let doors = doors
            .route("/kasus.csv", get(publish).with_state(publisher.clone()))
            .route("/to/{whose}", post(receive).with_state((Arc::clone(&clock), Arc::clone(&taken))));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, doors).await });

        let mut config = Config::default();
        config.source.private_hosts = vec!["127.0.0.1".to_owned()];
        (config.source.tries, config.source.timeout) = (1, "1s".to_owned());
        let (city, store) = (City::load(&config).unwrap(), Store::connect(url).await.unwrap());
        let wiring = Wiring { city, store, clock: Arc::clone(&clock), is_demo: false };
        let mut journey = app::wire(&config, wiring).unwrap();
        let mut spec = SourceSpec::parse(SPEC).unwrap();
        spec.address = Some(format!("{address}/kasus.csv"));
        journey.sources = vec![spec];
        journey.log_days = log_days;
        let told_by: Arc<dyn Clock> = clock.clone();
        journey.channels = Channels::new(PEOPLE.map(|who| recipient(&address, who, &told_by)).to_vec());
        let schedule = app::schedule(&config, ZONE).unwrap();
        Self {
            journey: Arc::new(journey),
            clock,
            taken,
            publisher,
            schedule,
            seen: start,
            crossings: Crossings::default(),
            assessed: None,
        }
    }

    /// Lives on up to midnight of a day, half an hour at a time, as the program's own tick does.
    pub async fn until(&mut self, day: NaiveDate) {
        let end = Vintage::start_of(day, ZONE);
        let clock = Arc::clone(&self.clock);
        let at = move |due: Vintage| clock.advance_to(due);
        while self.seen < end {
            let until = Vintage::new(self.seen.moment() + Duration::minutes(30));
            run_due(&self.journey, &self.schedule, (self.seen, until), CatchUp::Latest, &at).await.unwrap();
            at(until);
            self.seen = until;
            self.count_crossings().await;
        }
    }

    /// There is one assessment in half an hour at most.
    async fn count_crossings(&mut self) {
        let last = self.journey.store.last_assessment(&self.journey.city.location, None).await.unwrap();
        if let Some(last) = last.filter(|last| self.assessed.is_none_or(|at| at < last.as_of)) {
            self.assessed = Some(last.as_of);
            self.crossings.add(&last);
        }
    }

    /// Nothing more happens; what waits goes out.
    pub async fn settled(&self) {
        for _ in 0..30 {
            self.clock.advance_to(Vintage::new(self.clock.now().moment() + Duration::hours(1)));
            deliver(&self.journey).await.unwrap();
        }
    }

    /// How often the publisher was asked, and how often its answer was wrong.
    pub fn asked(&self) -> (u64, u64) {
        let state = self.publisher.state.lock().unwrap();
        (state.asked, state.wrong)
    }

    /// Crossings that began and ended so far, counted without the alert rules, and those that the mayor was told of.
    pub fn crossings(&self) -> ((usize, usize), (usize, usize)) {
        let counts = self.crossings.counts.values();
        let counted = counts.fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
        let taken = self.taken.lock().unwrap();
        let told = |is_over: bool| {
            taken.told.iter().filter(|(whose, .., over)| whose == "walikota" && *over == is_over).count()
        };
        (counted, (told(false), told(true)))
    }
}

fn recipient(address: &str, (name, office): (&str, Office), clock: &Arc<dyn Clock>) -> Recipient {
    let hook = WebhookChannel::new(&format!("{address}/to/{name}"), "hush", Arc::clone(clock)).unwrap();
    Recipient {
        person: name.to_owned(),
        offices: vec![office],
        ..Recipient::of_everything(name, Channel::Webhook(hook))
    }
}
