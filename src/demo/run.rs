//! Running the demonstration: wiring, the pace of its clock, where it resumes.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::{Duration, NaiveDate};
use tokio::net::TcpListener;

use super::decisions::reenacted;
use super::feed::Feed;
use super::summary::summary;
use crate::app::{self, Front, Pace, Wiring};
use crate::assets;
use crate::city::City;
use crate::clock::SteppedClock;
use crate::config::{Config, Database};
use crate::epi::Vintage;
use crate::job::{CatchUp, JobName, Journey, Schedule, record_start, run_due};
use crate::store::Store;

/// The first day that is published.
pub const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2021, 5, 1).expect("1 May 2021 is a date");
/// The last.
pub const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2021, 7, 31).expect("31 July 2021 is a date");

/// Pulls at half past twelve and half past seven in the evening, assesses at eight.
const INGEST: &str = "0 30 12,19 * * *";
const ASSESS: &str = "0 0 20 * * *";

/// The published files, the sample each comes from, and the spec that reads it.
const SHEETS: [(&str, &str, &str); 4] = [
    ("cases.csv", "sample/kota_bogor_cases.csv", "dinkes-kota-bogor"),
    ("hospital.csv", "sample/kota_bogor_hospital.csv", "dinkes-kota-bogor-hospital"),
    ("staff.csv", "sample/kota_bogor_staff.csv", "bkpsdm-kota-bogor"),
    ("units.csv", "unit/kota_bogor_staff_cases_synthetic.csv", "demo-synthetic"),
];

/// How the demonstration runs.
#[derive(Debug, Clone)]
pub struct DemoOptions {
    /// Stop after this day.
    pub until: NaiveDate,
    /// How many days pass in a second.
    pub days_per_second: f64,
    /// Step through the days at once and stop, instead of serving pages.
    pub no_wait: bool,
    /// Start over instead of resuming.
    pub fresh: bool,
}

/// The demonstration's own database, unless the settings name another.
#[must_use]
pub fn demo_database_url(config: &Config) -> String {
    if config.database.url == Database::default().url {
        "sqlite://var/demo/siaga.sqlite".to_owned()
    } else {
        config.database.address()
    }
}

/// Opens the demonstration's store and marks it as one; `fresh` starts over.
///
/// # Errors
/// When it cannot be opened, or is the store of a real city.
pub async fn prepare_store(url: &str, fresh: bool) -> anyhow::Result<Store> {
    let store = Store::connect(url).await?;
    let is_demo = store.meta("demo").await?.is_some();
    if !is_demo && store.data_version().await? > 0 {
        bail!(
            "the database {} holds a real city's figures: name another with SIAGA_DATABASE_URL",
            Database { url: url.to_owned(), ..Database::default() }.shown()
        );
    }
    if fresh && is_demo {
        let Some(path) = url.strip_prefix("sqlite://") else {
            bail!("--fresh only works on an SQLite file: empty the PostgreSQL database by hand");
        };
        drop(store);
        for end in ["", "-wal", "-shm"] {
            let file = format!("{path}{end}");
            match std::fs::remove_file(&file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("start over: remove {file}"));
                }
                _ => {}
            }
        }
        let store = Store::connect(url).await?;
        store.set_meta("demo", "1").await?;
        return Ok(store);
    }
    store.set_meta("demo", "1").await?;
    // Nobody else works on it: what one that was killed had is free.
    store.break_leases().await?;
    Ok(store)
}

/// Runs the demonstration; talk goes to `say`. Returns the summary when it does not wait.
///
/// # Errors
/// When something it needs cannot be had.
pub async fn run(
    config: &Config,
    options: &DemoOptions,
    say: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<Option<String>> {
    let city = City::load(config)?;
    let zone = city.zone;
    let store = prepare_store(&demo_database_url(config), options.fresh).await?;
    let start = Vintage::parse_known(&FIRST_DAY.to_string(), zone)?;
    let resumed = store.last_finished().await?.map_or(start, |run| run.due_at.max(start));
    let clock = Arc::new(SteppedClock::new(resumed));
    let feed = start_feed(Arc::clone(&clock), zone).await?;
    let journey = wire(config, city, store, Arc::clone(&clock), feed)?;
    record_start(&journey, "demo", &app::settings_fingerprint(config)?).await?;
    let schedule = Schedule::new(&[(JobName::Ingest, INGEST), (JobName::Assess, ASSESS)], zone)?;
    let schedule = schedule.beside(reenacted(zone)?);
    let end = Vintage::end_of(options.until, zone);
    if resumed > end {
        say(&format!("This demonstration is past {} already; --fresh starts over.", options.until));
    }
    if options.no_wait {
        let at = |moment: Vintage| clock.advance_to(moment);
        run_due(&journey, &schedule, (resumed, end), CatchUp::Every, &at).await?;
        clock.advance_to(end);
        return Ok(Some(summary(&journey, options.until).await?));
    }
    let pace = paced(clock, (resumed, end), options.days_per_second);
    let listener = listen(config).await?;
    let front = Front::new(app::own_entrance(listener, config)?, config, &journey.city.name)?;
    say(&format!("{}/", front.settings.public_url));
    say(&format!("feed: http://{feed}/"));
    say("Ctrl-C stops; start it again and it goes on from there.");
    app::serve(Arc::new(journey), schedule, pace, front).await?;
    Ok(None)
}

fn wire(
    config: &Config,
    city: City,
    store: Store,
    clock: Arc<SteppedClock>,
    feed: SocketAddr,
) -> anyhow::Result<Journey> {
    let mut config = config.clone();
    // The feed is on loopback, and only the demonstration's own sources are pulled.
    config.source.private_hosts = vec!["127.0.0.1".to_owned()];
    let mut journey = app::wire(&config, Wiring { city, store, clock, is_demo: true })?;
    for spec in &mut journey.sources {
        let sheet = SHEETS.iter().find(|sheet| sheet.2 == spec.id);
        spec.address = sheet.map(|(name, ..)| format!("http://{feed}/{name}"));
    }
    Ok(journey)
}

async fn start_feed(clock: Arc<SteppedClock>, zone: chrono_tz::Tz) -> anyhow::Result<SocketAddr> {
    let mut files = Vec::new();
    for (name, sample, _) in SHEETS {
        files.push((name, assets::data(sample).with_context(|| format!("find data/{sample}"))?));
    }
    let feed = Feed::new(&files, clock, zone)?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("start the feed on loopback")?;
    let address = listener.local_addr()?;
    // The publisher, not siaga: no door of the pages.
    tokio::spawn(async move { axum::serve(listener, feed.router()).await });
    Ok(address)
}

/// The address of the settings; a free port when the usual one is taken and nobody asked for it.
async fn listen(config: &Config) -> anyhow::Result<TcpListener> {
    let asked = config.server.listen.as_str();
    match TcpListener::bind(asked).await {
        Ok(listener) => Ok(listener),
        Err(_) if config.server == crate::config::Server::default() => {
            TcpListener::bind(("127.0.0.1", 0)).await.context("find a free port")
        }
        Err(error) => Err(error).with_context(|| format!("listen on {asked} (server.listen)")),
    }
}

/// A clock that runs so many days a second of real time, from where it stands to the end.
fn paced(clock: Arc<SteppedClock>, (from, to): (Vintage, Vintage), days_per_second: f64) -> Pace {
    let started = tokio::time::Instant::now();
    let set = Arc::clone(&clock);
    Pace {
        from,
        catch_up: CatchUp::Every,
        target: Box::new(move || {
            let seconds = started.elapsed().as_secs_f64();
            #[expect(
                clippy::cast_possible_truncation,
                reason = "saturates at the end of the calendar, and is cut to `to`"
            )]
            let passed = (seconds * days_per_second * 86_400_000.0) as i64;
            Vintage::new(
                from.moment() + Duration::milliseconds(passed.min(to.millis() - from.millis()).max(0)),
            )
        }),
        at: Box::new(move |moment| set.advance_to(moment)),
    }
}
