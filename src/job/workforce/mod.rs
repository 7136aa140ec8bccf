//! What people do with the workforce, from pages and commands alike: the register, closures, the roster, attendance, notes.
//!
//! Whoever heads a unit does it for the own unit only; that is held here, so that no door forgets it.

mod attendance;
mod fault;
mod links;
mod notes;
mod register;
mod roster;
mod standing;
mod told;

pub use attendance::{Handed, ListKind, take_attendance};
pub use fault::{WorkforceFault, row_fault, told_rows};
pub use links::{case_links, days_with_cases, link_cases, sees_cases};
pub use notes::write_note;
pub use register::{Register, close_unit, count_heads, import_units, reopen_unit};
pub use roster::{
    Laid, RosterAsk, RosterView, forget_officer, import_away, import_officers, lay_out, roster_view,
    swap_duty,
};
pub use standing::{UnitStanding, open_findings, standings};
pub use told::{attendance_table, calendar_of, finding_sentence, roster_table};
