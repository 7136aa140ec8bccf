//! The workforce: work units and their head-counts, closures and caps, the duty roster (piket), attendance and reports.
//!
//! Pure: who is on duty, what a unit may do and what should be told follow from the arguments alone. Nothing here knows
//! who is ill: an officer is available or not, attendance is counted by unit and day. Start at [`measure()`] for what binds
//! a unit, at [`plan`] for the roster, at [`findings()`] for what attendance says.

mod attendance;
mod closure;
mod cluster;
mod link;
mod log;
mod measure;
mod officer;
mod position;
mod register;
mod roster;
mod sheet;
mod tally;
mod unit;

pub use attendance::{
    DayCounts, Finding, FindingKind, Judging, Mode, ReportCounts, Told, UnitPlan, completeness, findings,
    read_attendance, read_reports,
};
pub use closure::{Closure, ClosureFault};
pub use cluster::{CaseDay, Cluster, ClusterKind, Links, cluster_by, cluster_flag, cluster_on};
pub use link::{CaseLink, LinkFault, LinkSays, UnknownLink, links_on};
pub use log::{LogEntry, LogFault, LogKind, UnknownLogKind};
pub use measure::{CapTerms, Ground, Measure, OwnChoice, Proposal, Situation, UnitDuty, measure};
pub use officer::{Away, Officer, read_away, read_officers};
pub use position::{Position, PositionRule, UnknownPosition};
pub use register::{UnitRow, read_units};
pub use roster::{
    Change, Duty, Gap, Hole, MOST_OFFICERS, Past, Planning, Swap, SwapFault, Turns, UnitRoster, applied,
    check_swap, default_officers, gaps, plan,
};
pub use sheet::{Imported, RowFault, RowReason, Sheet};
pub use tally::{HeadCount, StaffScope, Tally, head_count_at};
pub use unit::{Service, Unit, called};
