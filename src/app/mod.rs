//! Wiring and graceful stop, nothing else: settings become a journey, a journey becomes a server with a scheduler, several
//! of them an installation with several cities.

mod channels;
mod cities;
mod news;
mod serve;
mod wire;

pub use cities::serve_cities;
pub use serve::{Ended, Front, Pace, is_stopped_waiting, own_entrance, serve, set_up, told_to_stop};
pub use wire::{
    Standing, Wiring, answer, guard, is_unasked, open_store, open_store_at, schedule, settings_fingerprint,
    source_specs, standing, wire, with_standbys,
};
