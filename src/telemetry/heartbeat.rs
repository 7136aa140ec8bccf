//! Whether the scheduler ticks, in real time: siaga's own clock may stand still, this does not.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// When the scheduler last ticked, and since when it works. Copies know the same.
#[derive(Debug, Clone, Default)]
pub struct Heartbeat(Arc<Mutex<Beats>>);

#[derive(Debug, Default)]
struct Beats {
    last: Option<Instant>,
    running_since: Option<Instant>,
}

/// Work that is going on until this is dropped.
#[derive(Debug)]
pub struct Running(Heartbeat);

impl Heartbeat {
    /// A tick. The first is the start: before it nobody waits for one.
    pub fn beat(&self) {
        self.with(|beats| beats.last = Some(Instant::now()));
    }

    /// The work of a tick begins.
    #[must_use]
    pub fn run(&self) -> Running {
        self.with(|beats| beats.running_since = Some(Instant::now()));
        Running(self.clone())
    }

    /// How long ago the last tick was; none where no scheduler was started.
    #[must_use]
    pub fn silence(&self) -> Option<Duration> {
        self.with(|beats| beats.last.map(|at| at.elapsed()))
    }

    /// For how long the work of the current tick has been going on.
    #[must_use]
    pub fn running(&self) -> Option<Duration> {
        self.with(|beats| beats.running_since.map(|at| at.elapsed()))
    }

    fn with<T>(&self, look: impl FnOnce(&mut Beats) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.with(|beats| beats.running_since = None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_for_a_tick_before_the_first_and_work_ends_with_its_guard() {
        let heartbeat = Heartbeat::default();
        assert_eq!((heartbeat.silence(), heartbeat.running()), (None, None));
        heartbeat.beat();
        let copy = heartbeat.clone();
        let running = copy.run();
        assert!(heartbeat.silence().is_some() && heartbeat.running().is_some());
        drop(running);
        assert_eq!(heartbeat.running(), None);
    }
}
