//! `siaga unit`, `siaga roster`, `siaga attendance`: who works where, who is on duty, who was there.

mod args;
mod attendance;
mod roster;
mod shared;
mod unit;

pub use args::{AttendanceCommand, RosterCommand, UnitCommand};
pub use attendance::attendance;
pub use roster::roster;
pub use unit::unit;
