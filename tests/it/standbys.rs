//! Reads from a hot standby: what has all of the data is read there, what lacks something is not; what becomes of pages when the standby
//! or the primary hangs, dies or is promoted. The servers are real ones, and stream to each other.

use std::time::Duration;

use siaga::job::{Journey, ingest_payload};
use siaga::source::Payload;
use siaga::store::Store;

use crate::audit::{does, intruder};
use crate::support::replica::{LONGEST, OwnServer, Replica, until};
use crate::support::{journey_on, tidy};

/// Never, as far as a test goes: 29 February.
const NEVER: &str = "0 0 0 29 2 *";

/// Within this a page answers, whatever a standby does: the look that finds it silent, and the reading again.
const PROMPTLY: Duration = Duration::from_secs(8);

fn settings(standby: &OwnServer) -> String {
    format!(
        "[database]\nstandby_urls = [\"{}\"]\nstandby_max_lag_seconds = 1\npoll_ms = 200\n[city]\nlocation = \"3271\"\n\
         [server]\nlisten = \"127.0.0.1:0\"\n[schedule]\ningest = \"{NEVER}\"\nassess = \"{NEVER}\"\nwatch = \"{NEVER}\"\n\
         heartbeat = \"{NEVER}\"\nreport_card = \"{NEVER}\"\nretain = \"{NEVER}\"\n",
        standby.url
    )
}

/// A primary, its standby, and a process that reads from both.
struct Pair {
    primary: OwnServer,
    standby: OwnServer,
    replica: Replica,
    journey: Journey,
    /// Addresses that nobody has asked for yet: their answers are not ready.
    asked: std::cell::Cell<u32>,
    _folder: tempfile::TempDir,
}

impl Pair {
    async fn new() -> Self {
        let (folder, primary) = (tempfile::tempdir().unwrap(), OwnServer::new());
        let standby = primary.standby();
        let replica = Replica::start(folder.path(), &primary.url, &settings(&standby));
        let (journey, _) =
            journey_on(Store::connect(&primary.url).await.unwrap(), "2021-06-28T20:00:00+07:00");
        let asked = std::cell::Cell::new(0);
        let pair = Self { primary, standby, replica, journey, asked, _folder: folder };
        pair.until_standby_is(1).await;
        pair
    }

    /// Takes a figure in and tells of it.
    async fn take_in(&self, day: u32, value: u32) {
        let text = format!("date,location,measure,value\n2021-06-{day:02},3271,inpatients,{value}\n");
        let payload = Payload::from_file("in.csv", text.into_bytes());
        ingest_payload(&self.journey, &tidy(), &payload, false).await.unwrap();
        self.journey.announce().await.unwrap();
    }

    /// The figures as a file that was not asked for before.
    async fn figures(&self) -> reqwest::Response {
        self.asked.set(self.asked.get() + 1);
        // A day before any figure: what is asked for differs, what is answered does not.
        let from =
            chrono::NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + chrono::Days::new(self.asked.get().into());
        let path = format!("/exports/observations.csv?from={from}");
        tokio::time::timeout(PROMPTLY, self.replica.get(&path)).await.expect("an answer in time").unwrap()
    }

    async fn shows(&self, value: u32) -> bool {
        let response = self.figures().await;
        assert_eq!(response.status(), 200, "{}", self.replica.log());
        response.text().await.unwrap().contains(&format!(",{value},"))
    }

    /// A number of the monitor's.
    /// A number of `/metrics`, as a whole one: what is counted is, and of seconds no test asks for parts.
    async fn number(&self, name: &str) -> u64 {
        let answer = self.replica.get("/metrics").await;
        let answer = answer.unwrap_or_else(|error| panic!("{error}: {}", self.replica.log()));
        let text = answer.text().await.unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map_or(0, |number| number.split('.').next().unwrap().parse().unwrap())
    }

    /// How much was gathered from the standby and from the primary.
    async fn readings(&self) -> (u64, u64) {
        let of =
            async |server: &str| self.number(&format!("siaga_readings_total{{server=\"{server}\"}}")).await;
        (of(self.standby.name()).await, of("primary").await)
    }

    async fn until_standby_is(&self, up: u64) {
        let name = format!("siaga_standby_up{{standby=\"{}\"}}", self.standby.name());
        let look = async || (self.number(&name).await == up).then_some(());
        until(&format!("{name} {up}"), LONGEST, look).await;
    }

    /// Until the standby has all that the primary has, and this process knows it.
    async fn until_level(&self) {
        let look = async || {
            let before = self.readings().await.0;
            self.figures().await;
            (self.readings().await.0 > before).then_some(())
        };
        until("the standby is read", LONGEST, look).await;
    }

    async fn on_standby(&self, statement: &str) {
        does(&mut intruder(&self.standby.url).await, statement).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_what_has_all_is_read_from_the_standby_and_what_lacks_something_from_the_primary() {
    let pair = Pair::new().await;
    pair.take_in(26, 4711).await;
    until("it is shown", LONGEST, async || pair.shows(4711).await.then_some(())).await;
    pair.until_level().await;
    // Changed by hand behind the program's back: no version counts it, and the standby does not hear of it.
    pair.on_standby("select pg_wal_replay_pause()").await;
    let paused = async || {
        let mut hand = intruder(&pair.standby.url).await;
        let (state,): (String,) =
            sqlx::query_as("select pg_get_wal_replay_pause_state()").fetch_one(&mut hand).await.unwrap();
        (state == "paused").then_some(())
    };
    until("replay is paused", LONGEST, paused).await;
    does(&mut intruder(&pair.primary.url).await, "update observation set value = 999 where value = 4711")
        .await;
    // Figures are read once a version, and again after a server was lost.
    pair.standby.does("freeze");
    pair.until_standby_is(0).await;
    pair.standby.does("thaw");
    pair.until_standby_is(1).await;
    assert!(pair.shows(4711).await, "the primary says otherwise: this came from the standby");
    // The standby lacks the next one: nobody waits for it, and nobody is shown less than there is.
    let before = pair.readings().await;
    pair.take_in(27, 4712).await;
    assert!(pair.shows(4712).await && pair.shows(999).await);
    let after = pair.readings().await;
    assert!(after.1 >= before.1 + 2 && after.0 <= before.0, "{before:?} {after:?}");
    let page = pair.replica.get("/?lang=en").await.unwrap();
    assert!(page.headers().get("siaga-known-at").is_none() && page.status() == 200);
    pair.on_standby("select pg_wal_replay_resume()").await;
    pair.until_level().await;
    assert!(pair.shows(4712).await && pair.shows(999).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_a_standby_that_hangs_dies_or_is_promoted_costs_no_page_and_is_found_again() {
    let pair = Pair::new().await;
    pair.take_in(26, 4711).await;
    pair.until_level().await;
    for (worse, better) in [("down", "up"), ("freeze", "thaw"), ("restart", "")] {
        pair.standby.does(worse);
        assert!(pair.shows(4711).await, "{worse}");
        assert_eq!(pair.replica.get("/readyz").await.unwrap().status(), 200, "{worse}");
        if !better.is_empty() {
            pair.until_standby_is(0).await;
            assert!(pair.shows(4711).await, "{worse}");
            pair.standby.does(better);
        }
        pair.until_standby_is(1).await;
        pair.until_level().await;
    }
    pair.standby.does("promote");
    pair.until_standby_is(0).await;
    let before = pair.readings().await;
    pair.take_in(27, 4712).await;
    assert!(pair.shows(4712).await);
    assert_eq!(pair.readings().await.0, before.0, "what was promoted goes its own way and is not read");
    assert!(pair.replica.log().contains("a standby was promoted and is not read"), "{}", pair.replica.log());
    let password = pair.primary.url.split([':', '@']).nth(2).unwrap();
    assert!(password.len() == 32 && !pair.replica.log().contains(password), "no address with a password");
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_without_a_primary_pages_go_on_and_say_of_when_they_are() {
    let pair = Pair::new().await;
    pair.take_in(26, 4711).await;
    pair.until_level().await;
    assert!(pair.replica.get("/?lang=en").await.unwrap().headers().get("siaga-known-at").is_none());
    pair.primary.does("down");
    let is_said = async || {
        let page = pair.replica.get("/?lang=en").await.unwrap();
        assert_eq!(page.status(), 200, "{}", pair.replica.log());
        page.headers().contains_key("siaga-known-at").then_some(())
    };
    until("it is said of when pages are", LONGEST, is_said).await;
    for (lang, words) in
        [("en", "The main database is away."), ("id", "Basis data utama tidak dapat dihubungi.")]
    {
        for path in ["/", "/public", "/decisions"] {
            let page = pair.replica.get(&format!("{path}?lang={lang}")).await.unwrap();
            assert_eq!(page.status(), 200, "{path} {}", pair.replica.log());
            assert!(page.headers().contains_key("siaga-known-at"), "{path}");
            assert!(page.text().await.unwrap().contains(words), "{path}");
        }
    }
    let file = pair.figures().await;
    assert!(file.status() == 200 && file.headers().contains_key("siaga-known-at"));
    assert_eq!(pair.replica.get("/api/v1/assessments").await.unwrap().status(), 200);
    assert_eq!(pair.replica.get("/readyz").await.unwrap().status(), 200, "visitors are welcome");
    let form = "name=seseorang&password=rahasia-yang-panjang";
    let address = format!("{}/sign-in?lang=en", pair.replica.address);
    let sent = reqwest::Client::new()
        .post(address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 503);
    assert!(sent.text().await.unwrap().contains("The database is not answering"));
    // Nobody is left.
    pair.standby.does("down");
    let page = async || {
        let page = pair.replica.get("/?lang=en").await.unwrap();
        (page.status() == 503 && page.text().await.unwrap().contains("The database is not answering"))
            .then_some(())
    };
    until("both are away", LONGEST, page).await;
    pair.standby.does("up");
    until("the standby is enough", LONGEST, async || (pair.figures().await.status() == 200).then_some(()))
        .await;
    pair.primary.does("up");
    let whole = async || {
        let page = pair.replica.get("/?lang=en").await.unwrap();
        let is_whole = page.status() == 200 && page.headers().get("siaga-known-at").is_none();
        (is_whole && !page.text().await.unwrap().contains("The main database is away.")).then_some(())
    };
    until("the primary is read again", LONGEST, whole).await;
    lacking_too_much(&pair).await;
}

/// A standby that was further behind than the settings say is not shown in place of the primary.
async fn lacking_too_much(pair: &Pair) {
    pair.until_standby_is(1).await;
    pair.until_level().await;
    pair.on_standby("select pg_wal_replay_pause()").await;
    pair.take_in(27, 4712).await;
    assert!(pair.shows(4712).await);
    let lag = format!("siaga_standby_lag_seconds{{standby=\"{}\"}}", pair.standby.name());
    until("it lags", LONGEST, async || (pair.number(&lag).await > 3).then_some(())).await;
    pair.primary.does("down");
    let page = pair.figures().await;
    assert_eq!(page.status(), 503, "it was further behind than the settings allow");
    // It has received what it was not allowed to replay.
    pair.on_standby("select pg_wal_replay_resume()").await;
    until("it has all", LONGEST, async || (pair.figures().await.status() == 200).then_some(())).await;
    assert!(pair.shows(4712).await);
    pair.primary.does("up");
}

/// After each write, what is read next has it: from wherever it is read.
#[tokio::test(flavor = "multi_thread")]
async fn needs_postgres_whoever_has_written_reads_what_was_written() {
    let primary = OwnServer::new();
    let (journey, _) = journey_on(Store::connect(&primary.url).await.unwrap(), "2021-06-28T20:00:00+07:00");
    let standby = primary.standby();
    let store = Store::connect(&primary.url).await.unwrap();
    let store =
        store.with_standbys(std::slice::from_ref(&standby.url), Duration::from_secs(5)).await.unwrap();
    let (mut from_standby, mut before) = (0, 0);
    for day in 1..=20 {
        let text = format!("date,location,measure,value\n2021-06-{day:02},3271,inpatients,{}\n", 100 + day);
        let payload = Payload::from_file("in.csv", text.into_bytes());
        ingest_payload(&journey, &tidy(), &payload, false).await.unwrap();
        let newest = store.newest().await.unwrap();
        let source = store.source(newest).await;
        assert!(newest.version > before && newest.known_at.is_none());
        assert!(source.reads().data_version().await.unwrap() >= newest.version, "{source:?}");
        assert_eq!(source.reads().runs(1).await.unwrap()[0].accepted, 1);
        from_standby += u32::from(source.is_standby());
        before = newest.version;
    }
    let newest = store.newest().await.unwrap();
    until("the standby has all", LONGEST, async || store.source(newest).await.is_standby().then_some(()))
        .await;
    assert!(store.source(newest).await.name() == standby.name(), "{from_standby} of 20 at once");
}
