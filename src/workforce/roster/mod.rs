//! The duty roster (piket): who is on duty when, fair over the years, without anybody on duty three working days running.
//!
//! [`plan()`] lays out a unit's days; `cover` sees to it that no day goes without officers for want of foresight; [`applied`]
//! puts swaps of people over it, and [`gaps`] lists what is left open.

mod cover;
mod duty;
mod plan;
mod swap;

pub use duty::{Change, Duty, Gap, Hole, applied, gaps};
pub use plan::{MOST_OFFICERS, Past, Planning, Turns, UnitRoster, default_officers, plan};
pub use swap::{Swap, SwapFault, check_swap};
