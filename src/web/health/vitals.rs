//! What the server knows of itself: how many requests are open, whether it is stopping, whether the scheduler ticks.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::once::Once;
use crate::store::{Reading, Schema};
use crate::telemetry::Heartbeat;

/// After so long without a request nobody is being answered or about to be, when the program stops.
const QUIET: Duration = Duration::from_millis(500);
/// How often it is looked whether the last request has its answer.
const LOOK: Duration = Duration::from_millis(20);

/// What the server knows of itself.
#[derive(Debug)]
pub(in crate::web) struct Vitals {
    /// The scheduler's ticks, where there is one.
    pub(super) heartbeat: Heartbeat,
    /// Cancelled as soon as the program was told to stop; requests are answered for a while yet.
    pub(super) draining: CancellationToken,
    /// Cancelled then, or as soon as other pages follow these.
    pub(in crate::web) over: CancellationToken,
    /// Requests whose answer has not begun.
    pub(super) open: AtomicUsize,
    pub(super) schema: Once<Schema>,
    pub(super) reading: Once<Reading>,
    /// What the ids of requests begin with, another one for each start.
    start: u64,
    asked: AtomicU64,
}

impl Vitals {
    /// Nothing was asked yet.
    pub(in crate::web) fn new(heartbeat: Heartbeat) -> Self {
        Self {
            heartbeat,
            draining: CancellationToken::new(),
            over: CancellationToken::new(),
            open: AtomicUsize::new(0),
            schema: Once::default(),
            reading: Once::default(),
            start: RandomState::new().build_hasher().finish(),
            asked: AtomicU64::new(0),
        }
    }

    /// Counts a request in; its number. Every one counts, also those that bring an id, as behind a proxy that gives them.
    pub(super) fn count_in(&self) -> u64 {
        self.open.fetch_add(1, Ordering::SeqCst);
        self.asked.fetch_add(1, Ordering::SeqCst)
    }

    /// The answer of a request has begun.
    pub(super) fn count_out(&self) {
        self.open.fetch_sub(1, Ordering::SeqCst);
    }

    /// An id for a request that brought none.
    pub(super) fn id(&self, number: u64) -> String {
        format!("{:016x}-{number:06x}", self.start)
    }

    /// Says that the server stops, and waits until nobody has asked for a while and nobody is being answered, or for so long: whoever comes
    /// once more on a line that was kept open would find it closed.
    pub(in crate::web) async fn drain(&self, longest: Duration) {
        self.draining.cancel();
        self.over.cancel();
        let is_quiet = async {
            let (mut asked, mut since) = (self.asked.load(Ordering::SeqCst), Instant::now());
            while since.elapsed() < QUIET.min(longest) {
                tokio::time::sleep(LOOK).await;
                let now = self.asked.load(Ordering::SeqCst);
                if now != asked || self.open.load(Ordering::SeqCst) > 0 {
                    (asked, since) = (now, Instant::now());
                }
            }
        };
        // Whoever has no answer by then gets it while nobody else is let in.
        let _ = tokio::time::timeout(longest, is_quiet).await;
    }
}
