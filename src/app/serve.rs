//! A journey becomes a server with a scheduler, until the process is told to stop.

use std::sync::{Arc, LazyLock};
#[cfg(unix)]
use std::task::Poll;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio_cron_scheduler::{Job, JobScheduler};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::news::follow;
use crate::access::{Access, AccessSettings};
use crate::account::Token;
use crate::config::{Answers, Config};
use crate::epi::Vintage;
use crate::job::{CatchUp, JobName, Journey, Schedule, renew_if_kept, run_due};
use crate::store::{Outcome, StoreError};
use crate::telemetry::{self, Heartbeat};
use crate::text::Locale;
use crate::web::{self, Entrance};

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
    pub entrance: Entrance,
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
    /// When a setting cannot be used.
    pub fn new(entrance: Entrance, config: &Config, city: &str) -> anyhow::Result<Self> {
        let mut settings = front_settings(config)?;
        if let (Some(address), None) = (entrance.address(), &config.server.public_url) {
            let scheme = if settings.tls.is_some() { "https" } else { "http" };
            settings.public_url = format!("{scheme}://{address}");
        }
        let access = AccessSettings::of(config, city)?;
        Ok(Self { entrance, settings, access, set_up: None })
    }
}

/// A city's own entrance at a listener; visitors are taken in from now on.
///
/// # Errors
/// When a setting cannot be used, or the listener has no address.
pub fn own_entrance(listener: TcpListener, config: &Config) -> anyhow::Result<Entrance> {
    let language = Locale::parse(&config.city.language).unwrap_or_default();
    Ok(Entrance::own(listener, front_settings(config)?, language)?)
}

fn front_settings(config: &Config) -> anyhow::Result<web::Settings> {
    web::Settings::of(config).context("server.trusted_proxies")
}

/// Why a server has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The process was told to stop.
    Stopped,
    /// The journey is no longer what it was: go on with a new one.
    Renewed,
}

/// Serves pages and runs what falls due until the process is told to stop, or the journey is renewed; then finishes the job that is running
/// and, where no other pages follow, the requests that are open.
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
    let heartbeat = Heartbeat::default();
    let ticking = start_ticking(Arc::clone(&journey), schedule, pace, heartbeat.clone()).await?;
    let access = Access::new(journey.store.clone(), Arc::clone(&journey.clock), front.access);
    let state = web::AppState::with(Arc::clone(&journey), access, front.settings)?;
    let mut state = state.watching(heartbeat);
    if let Some(set_up) = front.set_up {
        renew_when_set_up(Arc::clone(&journey), set_up.finished());
        state = state.set_up_beside(set_up);
    }
    let following = tokio::spawn(follow(Arc::clone(&journey)).in_current_span());
    let store = journey.store.clone();
    let watching = tokio::spawn(async move { store.watch_standbys().await }.in_current_span());
    let stopping = front.entrance.stopping();
    let stop = async {
        let do_others_follow = tokio::select! {
            () = stopped(stopping.clone()) => false,
            _ = renewed.wait_for(|is_renewed| *is_renewed) => true,
        };
        if do_others_follow {
            // These pages stay until the job that is running has ended: nobody need wait for it.
            tokio::select! {
                () = stopped(stopping) => return false,
                () = ticking.end() => {}
            }
        }
        do_others_follow
    };
    let served = front.entrance.serve(state, stop).await;
    following.abort();
    watching.abort();
    ticking.finish().await?;
    let do_others_follow = served.context("serve pages")?;
    Ok(if do_others_follow { Ended::Renewed } else { Ended::Stopped })
}

/// The pause before a database that went away is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Waits a little for a database that was there and went away before the pages were; true if the process is told to stop meanwhile.
///
/// # Errors
/// What it was given, if it is anything else.
pub async fn is_stopped_waiting(error: anyhow::Error) -> anyhow::Result<bool> {
    let fault = error.chain().find_map(|cause| cause.downcast_ref::<StoreError>());
    if !fault.is_some_and(StoreError::is_away) {
        return Err(error);
    }
    tracing::warn!(
        error = format!("{error:#}"),
        "the database went away before the pages were there; it is tried again"
    );
    let waited = told_to_stop().run_until_cancelled(tokio::time::sleep(AGAIN)).await;
    Ok(waited.is_none())
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
    let set_up = web::SetUp::new(link, config).without(front.entrance.taken());
    let mut finished = set_up.finished();
    let state = web::AppState::with(journey, access, front.settings)?.being_set_up(set_up);
    let stopping = front.entrance.stopping();
    let end = async move {
        tokio::select! {
            _ = finished.wait_for(|is_finished| *is_finished) => true,
            () = stopped(stopping) => false,
        }
    };
    let is_answered = front.entrance.serve(state, end).await.context("serve the pages of the first start")?;
    if !is_answered {
        // What was answered in the last moment is there at the next start.
        return Ok(None);
    }
    let answers = Answers::kept(store.meta(Answers::KEPT_AS).await?.as_deref());
    Ok(Some(answers).filter(|answers| answers.is_done))
}

/// Begins to count, with a row for every job and every source that is pulled.
fn start_counting(journey: &Journey) {
    telemetry::start_counting();
    let pulled: Vec<&str> =
        journey.sources.iter().filter(|spec| spec.is_pulled()).map(|spec| spec.id.as_str()).collect();
    let rules: Vec<&str> = journey.alerting.rules.rules.iter().map(|rule| rule.id.as_str()).collect();
    let outcomes = Outcome::ALL.map(Outcome::as_str);
    journey.tally.expect(&JobName::ALL.map(JobName::as_str), (&pulled, &outcomes), &rules);
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
    /// Everything due up to then was seen to; `None` once nothing is to run any more.
    done_until: Arc<Mutex<Option<Vintage>>>,
}

impl Ticking {
    /// Waits for the tick that is running; none does anything from then on.
    async fn end(&self) {
        *self.done_until.lock().await = None;
    }

    /// No further tick; waits for the one that is running.
    async fn finish(mut self) -> anyhow::Result<()> {
        self.scheduler.shutdown().await.context("stop the scheduler")?;
        self.end().await;
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
    let done_until = Arc::new(Mutex::new(Some(pace.from)));
    let zone = journey.city.zone;
    let parts = Arc::new((journey, schedule, pace));
    let span = tracing::Span::current();
    let tick = Job::new_async_tz("* * * * * *", zone, {
        let (done_until, heartbeat) = (Arc::clone(&done_until), heartbeat.clone());
        move |_, _| {
            let (parts, done_until) = (Arc::clone(&parts), Arc::clone(&done_until));
            let heartbeat = heartbeat.clone();
            let ticked = async move {
                heartbeat.beat();
                telemetry::upkeep();
                let Ok(mut done_until) = done_until.try_lock() else { return };
                let Some(from) = *done_until else { return };
                let _running = heartbeat.run();
                let (journey, schedule, pace) = &*parts;
                if let Err(error) = renew_if_kept(journey).await {
                    tracing::error!(
                        error = format!("{error:#}"),
                        "nobody could tell whether a source was kept"
                    );
                }
                let target = (pace.target)();
                let window = (from, target);
                match run_due(journey, schedule, window, pace.catch_up, &*pace.at).await {
                    Ok(()) => {
                        (pace.at)(target);
                        *done_until = Some(target);
                    }
                    Err(error) => {
                        tracing::error!(error = format!("{error:#}"), "a tick failed; it is tried again")
                    }
                }
            };
            Box::pin(ticked.instrument(span.clone()))
        }
    })
    .context("make the tick")?;
    scheduler.add(tick).await.context("add the tick")?;
    scheduler.start().await.context("start the scheduler")?;
    heartbeat.beat();
    Ok(Ticking { scheduler, done_until })
}

/// Until the process is told to stop, by whoever listens for all cities if there are several.
async fn stopped(all: Option<CancellationToken>) {
    all.unwrap_or_else(told_to_stop).cancelled().await;
}

/// Cancelled when the process is told to stop. It is listened for from the first call on, so that nobody who stops a program while it
/// starts, or goes on with other settings, kills it or is not heard.
#[must_use]
pub fn told_to_stop() -> CancellationToken {
    static TOLD: LazyLock<CancellationToken> = LazyLock::new(|| {
        let (told, heard) = (CancellationToken::new(), signals());
        let tells = told.clone();
        tokio::spawn(async move {
            heard.await;
            tells.cancel();
        });
        told
    });
    TOLD.clone()
}

/// Ends with the first signal to stop; listens from the call on.
#[cfg(unix)]
fn signals() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::terminate(), SignalKind::interrupt()];
    let mut heard: Vec<_> = kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect();
    std::future::poll_fn(move |context| {
        let is_heard = heard.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
        if is_heard { Poll::Ready(()) } else { Poll::Pending }
    })
}

/// Ends with the first signal to stop.
#[cfg(not(unix))]
async fn signals() {
    drop(tokio::signal::ctrl_c().await);
}
