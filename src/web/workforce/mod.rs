//! The pages of the workforce: units and what binds them, one unit, the duty roster, attendance; a calendar and files.
//!
//! Who may keep them fills in forms; what is wrong is told where it was filled in, and what was filled in stays.

mod attendance;
mod files;
mod links;
mod roster;
mod said;
mod unit;
mod units;

pub(super) use attendance::{attendance, take_list};
pub(super) use files::{attendance_csv, calendar, roster_csv};
pub(super) use links::{link, links};
pub(super) use roster::{lay, roster, swap, take_officers};
pub(super) use said::{Choice, Said, answered};
pub(super) use unit::{close, count, note, reopen, unit};
pub(super) use units::{take_register, units};
