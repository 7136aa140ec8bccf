//! Settings become a journey, a journey becomes a server with a scheduler.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio_cron_scheduler::{Job, JobScheduler};
use tokio_util::sync::CancellationToken;

use super::channels::{alerting, channels};
use super::news::follow;
use crate::access::{Access, AccessSettings};
use crate::account::Token;
use crate::assets;
use crate::audit::ChainKey;
use crate::city::City;
use crate::clock::Clock;
use crate::config::{Answers, Config, Database, source_secret};
use crate::disclosure::Rules;
use crate::epi::Vintage;
use crate::indicator::MethodParameters;
use crate::job::{CatchUp, Gear, JobName, Journey, Schedule, load_policies, renew_if_kept, run_due};
use crate::source::{FetchLimits, Fetcher, PrivateHosts, Request, SourceSpec, sha256_hex};
use crate::store::{Guard, Outcome, Store, StoreLimits};
use crate::telemetry::{self, Heartbeat};
use crate::text::Locale;
use crate::web;

/// What a journey is made of besides the settings.
#[derive(Debug)]
pub struct Wiring<C> {
    /// The city.
    pub city: City,
    /// The store.
    pub store: Store,
    /// The clock.
    pub clock: Arc<C>,
    /// Whether this is the demonstration.
    pub is_demo: bool,
}

/// Makes a journey of the settings.
///
/// # Errors
/// When a file or a channel of the settings cannot be used.
pub fn wire<C: Clock + 'static>(config: &Config, wiring: Wiring<C>) -> anyhow::Result<Journey> {
    let city = &wiring.city.location;
    let sources: Vec<SourceSpec> = source_specs(config)?.into_iter().map(|spec| spec.in_city(city)).collect();
    let clock: Arc<dyn Clock> = wiring.clock;
    let method = assets::data("method/default.toml").context("find data/method/default.toml")?;
    let gear = Gear {
        fetcher: fetcher(config, &sources)?,
        sources,
        city: wiring.city,
        policies: load_policies(&config.city.policy)?,
        method: MethodParameters::parse(&method)?,
        disclosure: Rules::default(),
        channels: channels(config, &clock, wiring.is_demo)?,
        alerting: alerting(config)?,
        clock,
        log_days: config.log_days()?,
        locale: Locale::parse(&config.city.language).unwrap_or_default(),
        is_demo: wiring.is_demo,
        changed: tokio::sync::watch::Sender::new(0),
        kept: None,
        renewed: tokio::sync::watch::Sender::new(false),
    };
    Ok(Journey { store: wiring.store, gear })
}

fn fetcher(config: &Config, sources: &[SourceSpec]) -> anyhow::Result<Fetcher> {
    let (names, networks) =
        config.source.private().map_err(|entry| anyhow::anyhow!("source.private_hosts: '{entry}'"))?;
    let (timeout, usual) = (config.fetch_timeout()?, FetchLimits::default());
    let limits = FetchLimits {
        timeout,
        idle: usual.idle.min(timeout),
        max_bytes: config.fetch_max_bytes()?,
        tries: config.source.tries,
        private: PrivateHosts::new(&names, networks),
        folder: config.source.folder.clone(),
        ..usual
    };
    // One that is not set is told of when its source is pulled: the others go on.
    let requests: Vec<Request> = sources.iter().map(SourceSpec::request).collect();
    let secrets = requests.iter().flat_map(Request::secrets);
    let secrets = secrets.filter_map(|name| Some((name.to_owned(), source_secret(name)?))).collect();
    Ok(Fetcher::new(limits)?.with_secrets(secrets))
}

/// Puts the answers of the first start under the settings, if it is over.
///
/// # Errors
/// When the database does not answer.
pub async fn answer(config: &mut Config) -> anyhow::Result<()> {
    let kept = Store::peek(&config.database.url, Answers::KEPT_AS).await?;
    let answers = Answers::kept(kept.as_deref());
    if answers.is_done {
        config.answer(&answers);
    }
    Ok(())
}

/// What was said of an installation before it was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing, and it holds nothing: its first start.
    New,
    /// Nothing, but figures came in for the city that is built in.
    Unasked,
    /// Everything it needs.
    SetUp,
}

/// Whether nobody said which city this is, by a file, a variable or an answer: it is the one that is built in then.
#[must_use]
pub fn is_unasked(config: &Config) -> bool {
    !config.origins.has_file && config.origins.of("city.location").is_none()
}

/// How an installation stands. One that somebody can sign in to is set up, whatever was said.
///
/// # Errors
/// When the store does not answer.
pub async fn standing(config: &Config, store: &Store) -> anyhow::Result<Standing> {
    let is_somebody_there = store.accounts().await?.iter().any(|account| account.has_password);
    if !is_unasked(config) || is_somebody_there {
        return Ok(Standing::SetUp);
    }
    Ok(if store.runs(1).await?.is_empty() { Standing::New } else { Standing::Unasked })
}

/// Another handle of a listener: the pages of the first start and those that follow take the same visitors, and nobody
/// is turned away in between.
///
/// # Errors
/// When the system has none left.
pub fn share(listener: TcpListener) -> anyhow::Result<(TcpListener, TcpListener)> {
    let listener = listener.into_std()?;
    let other = listener.try_clone()?;
    Ok((TcpListener::from_std(listener)?, TcpListener::from_std(other)?))
}

/// Serves the pages of the first start until everything is answered; the answers, or `None` when told to stop.
///
/// # Errors
/// When the server cannot be started or the store does not answer.
pub async fn set_up(
    journey: Arc<Journey>,
    front: Front,
    config: Config,
    link: &Token,
) -> anyhow::Result<Option<Answers>> {
    let store = journey.store.clone();
    let access = Access::new(store.clone(), Arc::clone(&journey.clock), front.access);
    let set_up = web::SetUp::new(link, config);
    let mut finished = set_up.finished();
    let state = web::AppState::with(journey, access, front.settings)?.being_set_up(set_up);
    let end = async move {
        tokio::select! {
            _ = finished.wait_for(|is_finished| *is_finished) => {}
            () = told_to_stop() => {}
        }
    };
    web::serve(front.listener, state, end).await.context("serve the pages of the first start")?;
    let answers = Answers::kept(store.meta(Answers::KEPT_AS).await?.as_deref());
    Ok(Some(answers).filter(|answers| answers.is_done))
}

/// Opens the store of the settings, guarded by the audit log's key and anchor, and brings its tables up to date.
///
/// # Errors
/// As [`Store::connect`].
pub async fn open_store(config: &Config) -> anyhow::Result<Store> {
    open_store_at(config, &config.database.url).await
}

/// Opens another store than the settings', guarded alike.
///
/// # Errors
/// As [`open_store`].
pub async fn open_store_at(config: &Config, url: &str) -> anyhow::Result<Store> {
    Ok(Store::connect_limited(url, guard(config)?, limits(&config.database)).await?)
}

/// What guards a store besides its own hashes.
///
/// # Errors
/// When the key is too weak.
pub fn guard(config: &Config) -> anyhow::Result<Guard> {
    let key = config.audit.key.reveal();
    let key = if key.is_empty() { None } else { Some(ChainKey::new(key).context("SIAGA_AUDIT_KEY")?) };
    Ok(Guard::new(key, config.audit.anchor.as_deref()))
}

/// The store beside the standbys of the settings, for a process that serves pages; commands read where they write.
///
/// # Errors
/// As [`Store::with_standbys`].
pub async fn with_standbys(config: &Config, store: Store) -> anyhow::Result<Store> {
    let Database { standby_urls, standby_max_lag_seconds, .. } = &config.database;
    let store = store.with_standbys(standby_urls, Duration::from_secs(*standby_max_lag_seconds)).await;
    store.context("database.standby_urls")
}

fn limits(database: &Database) -> StoreLimits {
    StoreLimits {
        connections: database.connections,
        statement_timeout: Duration::from_millis(database.statement_timeout_ms),
        poll: Duration::from_millis(database.poll_ms),
        lease: Duration::from_secs(database.lease_seconds),
    }
}

/// A hash of the settings in effect, without secrets: two starts with the same one were started alike.
///
/// # Errors
/// When they cannot be written down.
pub fn settings_fingerprint(config: &Config) -> anyhow::Result<String> {
    let mut shown = config.clone();
    shown.database = config.database.in_public();
    Ok(sha256_hex(toml::to_string(&shown).context("write down the settings")?.as_bytes()))
}

/// The jobs' cron lines in the settings.
///
/// # Errors
/// When one cannot be used: with its key.
pub fn schedule(config: &Config, zone: chrono_tz::Tz) -> anyhow::Result<Schedule> {
    let lines = &config.schedule;
    let lines = [
        (JobName::Ingest, &*lines.ingest),
        (JobName::Assess, &*lines.assess),
        (JobName::Watch, &*lines.watch),
        (JobName::Heartbeat, &*lines.heartbeat),
        (JobName::ReportCard, &*lines.report_card),
        (JobName::Retain, &*lines.retain),
    ];
    Ok(Schedule::new(&lines, zone)?)
}

/// The shipped specs and the operator's own; an operator's file of the same id stands over the shipped one.
///
/// # Errors
/// When a spec cannot be used: with file and line.
pub fn source_specs(config: &Config) -> anyhow::Result<Vec<SourceSpec>> {
    let mut texts = Vec::new();
    for name in assets::data_files("source/") {
        texts.push((format!("data/{name}"), assets::data(&name).unwrap_or_default()));
    }
    if let Some(folder) = &config.source.folder {
        let files =
            std::fs::read_dir(folder).with_context(|| format!("read source.folder {}", folder.display()))?;
        let mut own: Vec<_> = files.filter_map(Result::ok).map(|file| file.path()).collect();
        own.retain(|path| path.extension().is_some_and(|end| end == "toml"));
        own.sort();
        for path in own {
            let name = path.display().to_string();
            texts.push((
                name.clone(),
                std::fs::read_to_string(&path).with_context(|| format!("read {name}"))?,
            ));
        }
    }
    let mut specs: Vec<SourceSpec> = Vec::new();
    for (name, text) in texts {
        let spec = SourceSpec::parse(&text).map_err(|fault| anyhow::anyhow!("{name}, {fault}"))?;
        specs.retain(|earlier| earlier.id != spec.id);
        specs.push(spec);
    }
    Ok(specs)
}

/// How siaga's clock goes while it serves.
pub struct Pace {
    /// Everything due up to then was seen to.
    pub from: Vintage,
    /// What to do with moments that were missed.
    pub catch_up: CatchUp,
    /// How far the clock has come.
    pub target: Box<dyn Fn() -> Vintage + Send + Sync>,
    /// Told of each moment before what is due then runs.
    pub at: Box<dyn Fn(Vintage) + Send + Sync>,
}

impl std::fmt::Debug for Pace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pace")
            .field("from", &self.from)
            .field("catch_up", &self.catch_up)
            .finish_non_exhaustive()
    }
}

/// Where the pages are, and who may come in.
#[derive(Debug)]
pub struct Front {
    /// Where visitors knock.
    pub listener: TcpListener,
    /// The pages' own settings.
    pub settings: web::Settings,
    /// How people sign in.
    pub access: AccessSettings,
    /// What is asked beside the pages of an installation that runs and was never set up.
    pub set_up: Option<web::SetUp>,
}

impl Front {
    /// The front of a server as the settings say; without a public address it is the one it listens on.
    ///
    /// # Errors
    /// When a setting cannot be used, or the listener has no address.
    pub fn new(listener: TcpListener, config: &Config, city: &str) -> anyhow::Result<Self> {
        let mut settings = web::Settings::of(config).context("server.trusted_proxies")?;
        if config.server.public_url.is_none() {
            let scheme = if settings.tls.is_some() { "https" } else { "http" };
            settings.public_url = format!("{scheme}://{}", listener.local_addr()?);
        }
        let access = AccessSettings::of(config, city)?;
        Ok(Self { listener, settings, access, set_up: None })
    }
}

/// Why a server has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The process was told to stop.
    Stopped,
    /// The journey is no longer what it was: go on with a new one.
    Renewed,
}

/// Serves pages and runs what falls due until the process is told to stop, or the journey is renewed; then finishes what
/// it is doing.
///
/// # Errors
/// When the server or the scheduler cannot be started.
pub async fn serve(
    journey: Arc<Journey>,
    schedule: Schedule,
    pace: Pace,
    front: Front,
) -> anyhow::Result<Ended> {
    start_counting(&journey);
    journey.announce().await?;
    let mut renewed = journey.renewed.subscribe();
    let ended = renewed.clone();
    let stop = CancellationToken::new();
    let heartbeat = Heartbeat::default();
    let ticking = start_ticking(Arc::clone(&journey), schedule, pace, heartbeat.clone()).await?;
    tokio::spawn({
        let stop = stop.clone();
        async move {
            tokio::select! {
                () = told_to_stop() => {}
                _ = renewed.wait_for(|is_renewed| *is_renewed) => {}
            }
            stop.cancel();
        }
    });
    let access = Access::new(journey.store.clone(), Arc::clone(&journey.clock), front.access);
    let state = web::AppState::with(Arc::clone(&journey), access, front.settings)?;
    let mut state = state.watching(heartbeat);
    if let Some(set_up) = front.set_up {
        renew_when_set_up(Arc::clone(&journey), set_up.finished());
        state = state.set_up_beside(set_up);
    }
    let following = tokio::spawn(follow(Arc::clone(&journey)));
    let watching = tokio::spawn({
        let store = journey.store.clone();
        async move { store.watch_standbys().await }
    });
    let served = web::serve(front.listener, state, async move { stop.cancelled().await }).await;
    following.abort();
    watching.abort();
    ticking.finish().await?;
    served.context("serve pages")?;
    Ok(if *ended.borrow() { Ended::Renewed } else { Ended::Stopped })
}

/// Begins to count, with a row for every job and every source that is pulled.
fn start_counting(journey: &Journey) {
    telemetry::start_counting();
    let pulled: Vec<&str> =
        journey.sources.iter().filter(|spec| spec.is_pulled()).map(|spec| spec.id.as_str()).collect();
    let rules: Vec<&str> = journey.alerting.rules.rules.iter().map(|rule| rule.id.as_str()).collect();
    let outcomes = Outcome::ALL.map(Outcome::as_str);
    telemetry::expect(&JobName::ALL.map(JobName::as_str), (&pulled, &outcomes), &rules);
}

/// The program goes on with what was answered.
fn renew_when_set_up(journey: Arc<Journey>, mut finished: tokio::sync::watch::Receiver<bool>) {
    tokio::spawn(async move {
        if finished.wait_for(|is_finished| *is_finished).await.is_ok() {
            journey.renewed.send_replace(true);
        }
    });
}

struct Ticking {
    scheduler: JobScheduler,
    done_until: Arc<Mutex<Vintage>>,
}

impl Ticking {
    /// No further tick; waits for the one that is running.
    async fn finish(mut self) -> anyhow::Result<()> {
        self.scheduler.shutdown().await.context("stop the scheduler")?;
        drop(self.done_until.lock().await);
        Ok(())
    }
}

/// The scheduler only ticks, in real time; what is due is held against siaga's own clock. A tick that finds the
/// last one still running does nothing.
async fn start_ticking(
    journey: Arc<Journey>,
    schedule: Schedule,
    pace: Pace,
    heartbeat: Heartbeat,
) -> anyhow::Result<Ticking> {
    let scheduler = JobScheduler::new().await.context("start the scheduler")?;
    let done_until = Arc::new(Mutex::new(pace.from));
    let zone = journey.city.zone;
    let parts = Arc::new((journey, schedule, pace));
    let tick = Job::new_async_tz("* * * * * *", zone, {
        let (done_until, heartbeat) = (Arc::clone(&done_until), heartbeat.clone());
        move |_, _| {
            let (parts, done_until) = (Arc::clone(&parts), Arc::clone(&done_until));
            let heartbeat = heartbeat.clone();
            Box::pin(async move {
                heartbeat.beat();
                telemetry::upkeep();
                let Ok(mut done_until) = done_until.try_lock() else {
                    return;
                };
                let _running = heartbeat.run();
                let (journey, schedule, pace) = &*parts;
                if let Err(error) = renew_if_kept(journey).await {
                    tracing::error!(
                        error = format!("{error:#}"),
                        "nobody could tell whether a source was kept"
                    );
                }
                let target = (pace.target)();
                let window = (*done_until, target);
                match run_due(journey, schedule, window, pace.catch_up, &*pace.at).await {
                    Ok(()) => {
                        (pace.at)(target);
                        *done_until = target;
                    }
                    Err(error) => {
                        tracing::error!(error = format!("{error:#}"), "a tick failed; it is tried again")
                    }
                }
            })
        }
    })
    .context("make the tick")?;
    scheduler.add(tick).await.context("add the tick")?;
    scheduler.start().await.context("start the scheduler")?;
    heartbeat.beat();
    Ok(Ticking { scheduler, done_until })
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
