//! What the tests share: a journey on its own store, the sample figures, the policy, the program itself.

pub mod house;
pub mod line;
pub mod replica;
pub mod year;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use siaga::alert::{Channel, Channels, Recipient};
use siaga::app::{self, Wiring};
use siaga::assessment::{Case, Orders, PolicyBook};
use siaga::city::City;
use siaga::city::parse_locations;
use siaga::clock::SteppedClock;
use siaga::config::Config;
use siaga::epi::{Calendar, LocationId, Locations, Vintage};
use siaga::indicator::{IndicatorTable, MethodParameters, compute};
use siaga::job::{Journey, load_policies};
use siaga::observation::{Authority, Figures, Observation, Snapshot};
use siaga::source::{Parsed, Received, SourceError, SourceSpec, parse};
use siaga::store::{Outcome, Pull, Run, RunRejection, Saved, Store, StoreError};
use siaga::text::{Locale, Phrases, told};

/// The city of every test.
pub fn bogor() -> LocationId {
    LocationId::new("3271")
}

/// A moment, in the city's time zone.
pub fn moment(text: &str) -> Vintage {
    Vintage::parse_as_of(text, chrono_tz::Asia::Jakarta).expect("a moment")
}

/// A file of the checkout.
pub fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The shipped policy.
pub fn policy() -> PolicyBook {
    load_policies("kota-bogor").expect("the shipped policy")
}

/// The shipped locations.
pub fn locations() -> Locations {
    let text = std::fs::read_to_string(checkout("data/location/locations.csv")).unwrap();
    parse_locations(&text).unwrap()
}

/// What went wrong with a pull, in English.
pub fn said(run: &Run) -> String {
    told(&run.message, Phrases::new(Locale::En))
}

/// A payload as a spec reads it, received at a moment, with the shipped locations.
pub fn parsed(bytes: &[u8], spec: &SourceSpec, at: &str) -> Result<Parsed, SourceError> {
    let (locations, units) = (locations(), BTreeMap::new());
    let received = Received {
        at: moment(at),
        zone: chrono_tz::Asia::Jakarta,
        name: "figures.csv",
        date: None,
        locations: &locations,
        units: &units,
    };
    parse(bytes, spec, &received)
}

/// A pull that brought nothing, to be filled in.
pub fn pulled(id: &str, source: &str, at: &str) -> Run {
    Run::new((id, source), moment(at), Outcome::Changed)
}

/// Saves a pull.
pub async fn save_run(
    store: &Store,
    run: &Run,
    rejections: &[RunRejection],
    accepted: &[Observation],
) -> Result<Saved, StoreError> {
    let revision = store.source_revision(&run.source).await?;
    let accepted = &accepted.iter().cloned().collect::<Figures>();
    store.save_run(&Pull { run, rejections, accepted, hold: None, decision: None }, revision).await
}

/// The figures of one sample file, all vintages, as parsed.
pub fn sample(name: &str) -> Vec<Observation> {
    let bytes = std::fs::read(checkout(&format!("data/sample/{name}"))).unwrap();
    let tidy = SourceSpec::parse("id = \"tidy\"\ntitle = \"tidy\"").unwrap();
    let parsed = parsed(&bytes, &tidy, "2026-01-01").unwrap();
    assert!(parsed.rejected.is_empty(), "{name}: {:?}", parsed.rejected);
    parsed.rows.iter().collect()
}

/// Every figure the demonstration publishes that was printed.
pub fn printed() -> Vec<Observation> {
    ["kota_bogor_cases.csv", "kota_bogor_hospital.csv", "kota_bogor_staff.csv"]
        .iter()
        .flat_map(|f| sample(f))
        .collect()
}

/// The city's indicators on these figures, as known at a moment.
pub fn table(observations: &[Observation], as_of: Option<Vintage>) -> IndicatorTable {
    let authority =
        Authority::new([("dinkes-kota-bogor".to_owned(), 10), ("bkpsdm-kota-bogor".to_owned(), 10)]);
    let snapshot = Snapshot::new(observations, as_of, &authority).unwrap();
    let tables = compute(&snapshot, &locations(), &MethodParameters::default(), None).unwrap();
    tables.into_iter().find(|table| table.location == bogor()).expect("Kota Bogor")
}

/// A case without holidays.
pub fn case<'a>(
    policies: &'a PolicyBook,
    table: &'a IndicatorTable,
    orders: &'a Orders,
    lineage: &'a [LocationId],
) -> Case<'a> {
    static CALENDAR: std::sync::LazyLock<Calendar> = std::sync::LazyLock::new(Calendar::default);
    Case { policies, table, orders, lineage, calendar: &CALENDAR }
}

/// A journey on its own SQLite file, with a clock that stands still and a mailbox.
pub async fn journey(folder: &Path, now: &str) -> (Journey, Arc<SteppedClock>) {
    let store = Store::connect(&format!("sqlite://{}/siaga.sqlite", folder.display())).await.unwrap();
    journey_on(store, now)
}

/// The same on a store that is there.
pub fn journey_on(store: Store, now: &str) -> (Journey, Arc<SteppedClock>) {
    let mut config = Config::default();
    config.source.private_hosts = vec!["127.0.0.1".to_owned()];
    config.source.tries = 1;
    let clock = Arc::new(SteppedClock::new(moment(now)));
    let wiring =
        Wiring { city: City::load(&config).unwrap(), store, clock: Arc::clone(&clock), is_demo: true };
    let mut journey = app::wire(&config, wiring).unwrap();
    journey.channels = Channels::new(vec![Recipient::of_everything("kotak-surat", Channel::Mailbox)]);
    (journey, clock)
}

/// The tidy spec.
pub fn tidy() -> SourceSpec {
    let text = std::fs::read_to_string(checkout("data/source/tidy.toml")).unwrap();
    SourceSpec::parse(&text).unwrap()
}

/// The program, with nothing of this machine's settings.
pub fn siaga(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_siaga"));
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SIAGA_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs the program and takes what it printed.
pub fn run(folder: &Path, args: &[&str]) -> Output {
    siaga(folder).args(args).output().expect("the program starts")
}

/// What it printed on standard output, after it ended well.
pub fn stdout(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "siaga {args:?} ended with {:?}: {told}", output.status.code());
    String::from_utf8(output.stdout).unwrap()
}

/// A name that no other test of the run has, on a server that all of them share. The number of a process is not enough:
/// the system gives it to another one once it has counted through, and a whole run starts more processes than that.
pub fn fresh_tag() -> String {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    let moment = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_nanos();
    format!("{moment:x}_{}_{}", std::process::id(), GIVEN.fetch_add(1, Ordering::SeqCst))
}

/// The address of a new, empty database on the PostgreSQL server that the test run started, made with the server's own
/// client.
pub fn fresh_postgres() -> String {
    let server =
        std::env::var("SIAGA_TEST_POSTGRES_URL").expect("tests/run.sh starts PostgreSQL and says where");
    let name = format!("siaga_{}", fresh_tag());
    let status = Command::new("psql").args([&server, "-qc", &format!("create database {name}")]).status();
    assert!(status.is_ok_and(|status| status.success()), "psql makes the database {name}");
    let (base, _) = server.rsplit_once('/').expect("a database at the end of the address");
    format!("{base}/{name}")
}

/// Node drives Chromium by a script of `tests/browser`; what it saw comes back as JSON, the pictures stay in a folder.
pub fn looked_at(script: &str, asked: &serde_json::Value, pictures: &Path) -> serde_json::Value {
    use std::io::Write as _;
    use std::process::Stdio;
    std::fs::create_dir_all(pictures).unwrap();
    let mut node = Command::new("node")
        .arg(checkout(&format!("tests/browser/{script}")))
        .arg(pictures)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node starts");
    node.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    serde_json::from_slice(&output.stdout).unwrap()
}
