//! Attendance (absensi) and daily reports (E-Kinerja), by unit and day. What a list says of persons is counted and dropped:
//! nothing here, and nothing that is kept, is about a person.

mod day;
mod findings;
mod read;

pub use day::{DayCounts, Mode, ReportCounts, completeness};
pub use findings::{Finding, FindingKind, Judging, Told, UnitPlan, findings};
pub use read::{read_attendance, read_reports};
