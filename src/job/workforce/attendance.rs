//! Taking in attendance and reports: a list becomes counts by unit and day, and nothing of the list is kept.

use super::fault::WorkforceFault;
use super::register::Register;
use crate::account::Visitor;
use crate::audit::{Action, Entry};
use crate::job::Journey;
use crate::source::sheet_of;
use crate::store::Taken;
use crate::workforce::{RowFault, Unit, read_attendance, read_reports};

/// What a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// Where people were.
    Attendance,
    /// Who reported.
    Reports,
}

/// What became of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// Rows that say something; of a list by person each is a person's.
    pub lines: usize,
    /// Unit-days, or units, that are new or changed.
    pub new: usize,
    /// Those that were known.
    pub unchanged: usize,
    /// Rows that were refused.
    pub faults: Vec<RowFault>,
}

/// Takes in a list; the head of a unit hands in the own unit's, and other rows are refused.
///
/// # Errors
/// When the file is no list or the store does not answer.
pub async fn take_attendance(
    journey: &Journey,
    (name, bytes): (&str, &[u8]),
    kind: ListKind,
    (visitor, entry): (&Visitor, impl Fn(Action, &str) -> Entry),
) -> Result<Handed, WorkforceFault> {
    let sheet = sheet_of(bytes).map_err(WorkforceFault::File)?;
    let register = Register::of(journey).await?;
    let units: Vec<Unit> = register.seen_by(visitor).cloned().collect();
    let (today, store) = (journey.today(), &journey.store);
    let (taken, faults) = match kind {
        ListKind::Attendance => {
            let read = read_attendance(&sheet, &units, today);
            let entry = entry(Action::AttendanceTaken, name).detail(format!("{} unit-days", read.rows.len()));
            let taken = match read.rows.is_empty() {
                true => Taken::default(),
                false => store.add_attendance(&read.rows, &entry).await?,
            };
            (taken, read.faults)
        }
        ListKind::Reports => {
            let read = read_reports(&sheet, &units, today);
            let entry = entry(Action::AttendanceTaken, name)
                .detail(format!("reports of {} unit-days", read.rows.len()));
            let taken = match read.rows.is_empty() {
                true => Taken::default(),
                false => store.add_reports(&read.rows, &entry).await?,
            };
            (taken, read.faults)
        }
    };
    Ok(Handed { lines: sheet.len(), new: taken.new, unchanged: taken.unchanged, faults })
}
