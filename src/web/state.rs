//! What every request shares: the journey, the dashboards, and the views of the city gathered so far.
//!
//! A view is kept as long as nothing is added to the store. Two readers who ask the same at once wait for one.

use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;

use super::dashboard::{Board, Shelf, Shelves};
use super::error::WebError;
use super::events::Lines;
use super::health::Vitals;
use super::ready::Answers;
use super::set_up::SetUp;
use super::settings::Settings;
use crate::access::{Access, AccessSettings};
use crate::assessment::unknown_name;
use crate::disclosure::Audience;
use crate::epi::Vintage;
use crate::job::{CityView, Focus, InMemory, Journey, city_view};
use crate::store::Newest;
use crate::telemetry::{self, Heartbeat};

/// So many questions are remembered; beyond that those about moments of the past are forgotten.
const MOST_VIEWS: usize = 32;

/// So many views are gathered at a time: the work of all cores, and no more memory than that.
const GATHERED_AT_ONCE: usize = 2;

/// So long it usually takes at most until other pages follow.
const FOLLOWED_WITHIN: Duration = Duration::from_secs(2);

type Views = HashMap<(Focus, Audience, i64), Arc<OnceCell<Arc<CityView>>>>;

/// What every request shares: one counter goes up and down with each of them, not one for each part.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// The parts of what every request shares.
#[derive(Clone)]
pub struct Shared {
    /// Where the figures are and how they are read.
    pub journey: Arc<Journey>,
    /// Cancelled when the program stops, or other pages have followed: streams end.
    pub(super) stopping: CancellationToken,
    /// What the server knows of itself.
    pub(super) vitals: Arc<Vitals>,
    /// Who may come in.
    pub(super) access: Access,
    pub(super) settings: Arc<Settings>,
    /// What is asked at the first start, while it is.
    pub(super) set_up: Option<Arc<SetUp>>,
    /// The open lines of live changes.
    pub(super) lines: Lines,
    dashboards: Arc<Shelves>,
    views: Arc<Mutex<Views>>,
    /// What was read of the city, for all that is gathered at one version of the data.
    pub(super) in_memory: Arc<InMemory>,
    /// Places for views that are being gathered.
    gathering: Arc<Semaphore>,
    /// Answers that are ready.
    pub(super) ready: Answers,
    errors: Arc<AtomicU32>,
    /// The last version of the data that a file was made of, and when it was seen first.
    seen: Arc<Mutex<(i64, Option<Vintage>)>>,
}

impl AppState {
    /// Reads the dashboards. The pages are on loopback, without TLS.
    ///
    /// # Errors
    /// As [`Self::with`].
    pub fn new(journey: Arc<Journey>) -> anyhow::Result<Self> {
        let doors = AccessSettings { city: journey.city.name.clone(), ..AccessSettings::default() };
        let access = Access::new(journey.store.clone(), Arc::clone(&journey.clock), doors);
        Self::with(journey, access, Settings::default())
    }

    /// Reads the dashboards; the pages are as the settings say.
    ///
    /// # Errors
    /// When a shipped dashboard cannot be used, with file and line, or the folder of the operator's own cannot be read.
    pub fn with(journey: Arc<Journey>, access: Access, settings: Settings) -> anyhow::Result<Self> {
        let dashboards = Shelves::new(settings.dashboards.as_deref(), settings.limits.dashboard_check)?;
        telemetry::start_counting();
        Ok(Self(Arc::new(Shared {
            journey,
            stopping: CancellationToken::new(),
            vitals: Arc::new(Vitals::new(Heartbeat::default())),
            access,
            settings: Arc::new(settings),
            set_up: None,
            lines: Lines::default(),
            dashboards: Arc::new(dashboards),
            views: Arc::default(),
            in_memory: Arc::default(),
            gathering: Arc::new(Semaphore::new(GATHERED_AT_ONCE)),
            ready: Answers::default(),
            errors: Arc::default(),
            seen: Arc::default(),
        })))
    }

    /// The same with one part another.
    fn with_part(self, change: impl FnOnce(&mut Shared)) -> Self {
        let mut shared = Arc::unwrap_or_clone(self.0);
        change(&mut shared);
        Self(Arc::new(shared))
    }

    /// The same beside a scheduler, whose ticks are watched.
    #[must_use]
    pub fn watching(self, heartbeat: Heartbeat) -> Self {
        self.with_part(|shared| shared.vitals = Arc::new(Vitals::new(heartbeat)))
    }

    /// The same for an installation that is being set up: only whoever holds the link is let in.
    #[must_use]
    pub fn being_set_up(self, set_up: SetUp) -> Self {
        self.with_part(|shared| shared.set_up = Some(Arc::new(set_up)))
    }

    /// The same for an installation that runs and was never set up: whoever holds the link is asked, everybody else sees the
    /// pages.
    #[must_use]
    pub fn set_up_beside(self, set_up: SetUp) -> Self {
        self.with_part(|shared| shared.set_up = Some(Arc::new(set_up.beside_the_pages())))
    }

    /// Waits for the pages that are about to follow these, so that the next question finds them; where they take their time, or none follow,
    /// these go on.
    pub(super) async fn followed(&self) {
        let _ = tokio::time::timeout(FOLLOWED_WITHIN, self.vitals.over.cancelled()).await;
    }

    /// Whether nobody has said yet which city this is, and there are no pages but those that ask.
    pub(super) fn is_being_set_up(&self) -> bool {
        self.set_up.as_ref().is_some_and(|set_up| !set_up.is_beside())
    }

    /// How often dashboards have become others.
    pub(super) fn boards_turned(&self) -> u64 {
        self.dashboards.turns()
    }

    /// The dashboards as their files are now.
    pub(super) fn shelf(&self) -> Arc<Shelf> {
        self.dashboards.now()
    }

    /// A dashboard as its file is now.
    pub(super) fn board(&self, name: &str) -> Result<Board, WebError> {
        self.shelf().get(name).cloned().ok_or(WebError::NotFound)
    }

    /// Refuses the name of a dashboard that is not there, or whose file cannot be used.
    ///
    /// # Errors
    /// In one sentence: with the name that was probably meant, or with file and line.
    pub fn refuse_unknown_board(&self, name: &str) -> anyhow::Result<()> {
        let shelf = self.shelf();
        match shelf.get(name) {
            Some(Board { fault: Some(fault), .. }) => Err(fault.clone().into()),
            Some(_) => Ok(()),
            None => Err(anyhow::anyhow!(unknown_name("dashboard", name, shelf.names()))),
        }
    }

    /// The city as asked for, as an audience may see it.
    pub(super) async fn view(&self, focus: Focus, audience: &Audience) -> Result<Arc<CityView>, WebError> {
        let newest = self.newest().await?;
        let version = newest.version;
        let cell = {
            let mut views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
            if views.len() >= MOST_VIEWS {
                // What most readers ask for stays: now, not a moment of the past.
                views.retain(|(focus, ..), _| *focus == Focus::default());
            }
            views.retain(|(_, _, known), _| *known == version);
            Arc::clone(views.entry((focus, audience.clone(), version)).or_default())
        };
        // A moment of the past costs a second: whoever asks for hundreds waits behind themselves, and others' pages go on.
        let gather = || async {
            let _place = self.gathering.acquire().await.context("wait to gather a view")?;
            self.gathered(Some(newest), |viewing| async move {
                city_view(&viewing, focus, audience).await.map(Arc::new)
            })
            .await
        };
        let view = cell.get_or_try_init(gather).await?;
        Ok(Arc::clone(view))
    }

    /// The version of the data, and the moment since when it is the latest: a file of what is known now says that moment, so
    /// that it stays the same as long as nothing becomes known.
    pub(super) async fn known_since(&self) -> Result<(Newest, Vintage), WebError> {
        let now = self.journey.clock.now();
        let newest = self.newest().await?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let since = seen.1.filter(|_| seen.0 == newest.version).unwrap_or(now);
        *seen = (newest.version, Some(since));
        Ok((newest, since))
    }

    /// A place to make a file in: as many at a time as views are gathered.
    pub(super) async fn place(&self) -> Result<SemaphorePermit<'_>, WebError> {
        Ok(self.gathering.acquire().await.context("wait to make a file")?)
    }

    /// Seconds from now until a moment, at least one.
    pub(super) fn seconds_until(&self, until: Vintage) -> u64 {
        let millis = until.millis() - self.journey.clock.now().millis();
        u64::try_from(millis).unwrap_or(0).div_ceil(1000).max(1)
    }

    /// The number under which an error is found in the log: the second it happened in, and which one it was.
    pub(super) fn next_reference(&self) -> String {
        let nth = self.errors.fetch_add(1, Ordering::Relaxed);
        let second = self.journey.clock.now().millis().div_euclid(1000) & 0xff_ffff;
        format!("{second:06x}-{nth:04x}")
    }
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppState").field("city", &self.journey.city.location).finish_non_exhaustive()
    }
}
