//! The only reader of the time. Core never sees a clock: the date is an argument.

use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::epi::Vintage;

/// Tells what time it is.
pub trait Clock: Debug + Send + Sync {
    /// Now.
    fn now(&self) -> Vintage;
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the time is read")]
    fn now(&self) -> Vintage {
        Vintage::new(chrono::Utc::now())
    }
}

/// A clock that stands still until it is set: the demonstration steps it through days, tests fix it.
#[derive(Debug)]
pub struct SteppedClock(AtomicI64);

impl SteppedClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn new(now: Vintage) -> Self {
        Self(AtomicI64::new(now.millis()))
    }

    /// Sets it; it never goes back.
    pub fn advance_to(&self, now: Vintage) {
        self.0.fetch_max(now.millis(), Ordering::SeqCst);
    }
}

impl Clock for SteppedClock {
    fn now(&self) -> Vintage {
        Vintage::from_millis(self.0.load(Ordering::SeqCst)).unwrap_or_else(|| SystemClock.now())
    }
}
