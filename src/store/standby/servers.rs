//! The primary and its standbys as this process sees them, looked at twice a second and whenever one fails somebody.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use tokio::sync::watch;

use super::glance::{Glance, Line, Standing, most};
use super::source::{Newest, Source};
use crate::store::connect::Bulk;
use crate::store::observation::from_moment;
use crate::store::{ReadStore, Store, StoreError};

/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(500);

/// The primary and its standbys.
#[derive(Debug)]
pub(in crate::store) struct Servers {
    primary: Primary,
    standbys: Vec<Standby>,
    max_lag: Duration,
    /// How often one was lost or came back.
    shifts: AtomicU64,
    /// Readings take the standbys in turn.
    turn: AtomicUsize,
}

#[derive(Debug)]
struct Primary {
    line: Line,
    is_away: watch::Sender<bool>,
    /// When it was last heard, and the newest version that it told.
    heard: Mutex<(Instant, i64)>,
}

#[derive(Debug)]
struct Standby {
    /// Host and port: what the log and a monitor call it.
    name: String,
    reads: ReadStore,
    line: Line,
    standing: watch::Sender<Standing>,
}

/// What a monitor reads of a standby.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandbyReading {
    /// Host and port.
    pub name: String,
    /// Whether it is read as far as it has what is asked for.
    pub is_read: bool,
    /// How long ago the last transaction was made that it has.
    pub lag: Option<Duration>,
}

impl Store {
    /// The same store beside standbys that may be read instead. One that is down now is found once it is up.
    ///
    /// # Errors
    /// [`StoreError::Address`] for an address that is none, or beside an SQLite file; [`StoreError::Unavailable`].
    pub async fn with_standbys(mut self, urls: &[String], max_lag: Duration) -> Result<Self, StoreError> {
        if urls.is_empty() {
            return Ok(self);
        }
        let Bulk::Postgres(pool) = &self.reads.bulk else {
            return Err(StoreError::Address("an SQLite file has no standbys".to_owned()));
        };
        let primary = Primary {
            line: Line::to((*pool.connect_options()).clone()),
            is_away: watch::Sender::new(false),
            heard: Mutex::new((Instant::now(), self.data_version().await?)),
        };
        let standbys = urls.iter().map(|url| Standby::new(url, &self)).collect::<Result<_, _>>()?;
        let (shifts, turn) = (AtomicU64::new(0), AtomicUsize::new(0));
        let servers = Servers { primary, standbys, max_lag, shifts, turn };
        servers.look().await;
        self.servers = Some(servers.into());
        Ok(self)
    }

    /// Looks at primary and standbys for as long as it is polled.
    pub async fn watch_standbys(&self) {
        let Some(servers) = &self.servers else { return std::future::pending().await };
        loop {
            servers.look().await;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The newest version of the data that can be read: the primary's, or while that is away the most that a standby has.
    ///
    /// # Errors
    /// [`StoreError`] when neither can be had.
    pub async fn newest(&self) -> Result<Newest, StoreError> {
        let Some(servers) = &self.servers else { return Ok(Newest::of_primary(self.data_version().await?)) };
        let told = tokio::select! {
            biased;
            () = servers.primary.lost() => Err(StoreError::Unavailable(sqlx::Error::PoolClosed)),
            told = self.data_version() => told,
        };
        match told {
            Ok(version) => {
                servers.primary.has_told(version);
                Ok(Newest::of_primary(version))
            }
            Err(error) => {
                // It may be this process that has no connection left: the line says which it is.
                if error.is_away() && !*servers.primary.is_away.borrow() {
                    servers.look_at_primary().await;
                }
                servers.without_primary().ok_or(error)
            }
        }
    }

    /// Where to read what has at least this: a standby that has it, or the primary.
    pub async fn source(&self, newest: Newest) -> Source {
        if let Some(servers) = &self.servers {
            for standby in servers.in_turn() {
                if standby.has(newest.version, servers).await {
                    let standing = standby.standing.subscribe();
                    return Source::standby(standby.reads.clone(), (&standby.name, standing));
                }
            }
        }
        Source::primary(self.reads.clone())
    }

    /// How often primary or standbys were lost or came back: what was made before may rest on another server.
    #[must_use]
    pub fn shifts(&self) -> u64 {
        self.servers.as_ref().map_or(0, |servers| servers.shifts.load(Ordering::SeqCst))
    }

    /// While the primary is away and a standby is read instead: of when that is.
    #[must_use]
    pub fn without_primary(&self) -> Option<Newest> {
        self.servers.as_ref().and_then(|servers| servers.without_primary())
    }

    /// What a monitor reads of the standbys.
    #[must_use]
    pub fn standby_readings(&self) -> Vec<StandbyReading> {
        let standbys = self.servers.iter().flat_map(|servers| &servers.standbys);
        standbys.map(Standby::reading).collect()
    }
}

impl Servers {
    async fn look(&self) {
        join(self.look_at_primary(), join_all(self.standbys.iter().map(|standby| standby.look(self)))).await;
    }

    async fn look_at_primary(&self) {
        let is_away = !self.primary.line.is_primary().await;
        if self.primary.is_away.send_replace(is_away) != is_away {
            self.shifts.fetch_add(1, Ordering::SeqCst);
            match is_away {
                true => tracing::warn!("the primary is away; what can be is read from a standby"),
                false => tracing::info!("the primary is back"),
            }
        }
        if !is_away {
            self.primary.heard.lock().unwrap_or_else(PoisonError::into_inner).0 = Instant::now();
        }
    }

    fn without_primary(&self) -> Option<Newest> {
        if !*self.primary.is_away.borrow() {
            return None;
        }
        let (at, told) = *self.primary.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let glances = self.standbys.iter().filter_map(Standby::glance);
        let (version, known_at) = most(glances, (told, at.elapsed()), self.max_lag)?;
        Some(Newest { version, known_at: from_moment(known_at).ok() })
    }

    fn in_turn(&self) -> impl Iterator<Item = &Standby> {
        let first = self.turn.fetch_add(1, Ordering::Relaxed) % self.standbys.len().max(1);
        let (before, from) = self.standbys.split_at(first);
        from.iter().chain(before)
    }
}

impl Primary {
    fn has_told(&self, version: i64) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        *heard = (Instant::now(), heard.1.max(version));
    }

    /// Until it is away; at once if it is.
    async fn lost(&self) {
        let mut is_away = self.is_away.subscribe();
        // The sender lives as long as this does.
        let _ = is_away.wait_for(|is_away| *is_away).await;
    }
}

impl Standby {
    fn new(url: &str, store: &Store) -> Result<Self, StoreError> {
        let reads = ReadStore::standby(url, store.limits())?;
        let name = match &reads.bulk {
            Bulk::Postgres(pool) => {
                let options = pool.connect_options();
                format!("{}:{}", options.get_host(), options.get_port())
            }
            Bulk::Sqlite(_) => String::new(),
        };
        Ok(Self { name, reads, line: Line::new(url)?, standing: watch::Sender::new(Standing::Silent) })
    }

    fn glance(&self) -> Option<Glance> {
        self.standing.borrow().readable()
    }

    /// Whether it has this version. One that had less is looked at once more: it may have caught up since. One that is not read is left
    /// to the next look, so that nobody waits for it.
    async fn has(&self, version: i64, servers: &Servers) -> bool {
        let has = |glance: Option<Glance>| glance.map(|glance| glance.version >= version);
        match has(self.glance()) {
            Some(false) => {
                self.look(servers).await;
                has(self.glance()) == Some(true)
            }
            known => known == Some(true),
        }
    }

    async fn look(&self, servers: &Servers) {
        let found = self.line.standing().await;
        let was_read = self.standing.send_replace(found).readable().is_some();
        if was_read == found.readable().is_some() {
            return;
        }
        servers.shifts.fetch_add(1, Ordering::SeqCst);
        let standby = &self.name;
        match found {
            Standing::Readable(_) => tracing::info!(standby, "a standby is read"),
            Standing::Silent => tracing::warn!(standby, "a standby does not answer and is not read"),
            Standing::Promoted => tracing::warn!(standby, "a standby was promoted and is not read"),
            Standing::OtherTables => {
                tracing::warn!(standby, "a standby has other tables than this program and is not read");
            }
        }
    }

    fn reading(&self) -> StandbyReading {
        let glance = self.glance();
        let ago = glance.and_then(|glance| glance.replayed).map(|(_, ago)| ago);
        let lag = ago.map(|ago| Duration::from_millis(u64::try_from(ago).unwrap_or(0)));
        StandbyReading { name: self.name.clone(), is_read: glance.is_some(), lag }
    }
}
