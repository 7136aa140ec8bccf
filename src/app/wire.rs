//! Settings become a journey: the store, the city, its rules, its publishers, its channels.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use super::channels::{alerting, channels};
use crate::assets;
use crate::audit::ChainKey;
use crate::city::City;
use crate::clock::Clock;
use crate::config::{Answers, Config, Database, source_secret};
use crate::disclosure::Rules;
use crate::indicator::MethodParameters;
use crate::job::{Gear, JobName, Journey, Schedule, load_policies};
use crate::source::{FetchLimits, Fetcher, PrivateHosts, Request, SourceSpec, sha256_hex};
use crate::store::{Guard, Store, StoreLimits};
use crate::telemetry::Tally;
use crate::text::Locale;

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
        tally: config.installed_as.as_deref().map(Tally::of_city).unwrap_or_default(),
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
    let kept = Store::peek(&config.database.address(), Answers::KEPT_AS).await?;
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

/// Opens the store of the settings, guarded by the audit log's key and anchor, and brings its tables up to date.
///
/// # Errors
/// As [`Store::connect`].
pub async fn open_store(config: &Config) -> anyhow::Result<Store> {
    open_store_at(config, &config.database.address()).await
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
    let max_lag = Duration::from_secs(config.database.standby_max_lag_seconds);
    let store = store.with_standbys(&config.database.standby_addresses(), max_lag).await;
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
