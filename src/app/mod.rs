//! Wiring and graceful stop, nothing else: settings become a journey, a journey becomes a server with a scheduler.

mod channels;
mod news;
mod wire;

pub use wire::{
    Ended, Front, Pace, Standing, Wiring, answer, guard, is_unasked, open_store, open_store_at, schedule,
    serve, set_up, settings_fingerprint, share, source_specs, standing, wire, with_standbys,
};
