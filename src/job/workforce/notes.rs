//! What units note down: checked, kept, told in the audit log.

use super::fault::{WorkforceFault, is_theirs};
use super::register::Register;
use crate::account::Visitor;
use crate::audit::{Action, Entry};
use crate::job::Journey;
use crate::workforce::LogEntry;

/// Keeps a note; its number.
///
/// # Errors
/// Why it cannot be kept.
pub async fn write_note(
    journey: &Journey,
    note: &LogEntry,
    (visitor, entry): (&Visitor, impl Fn(Action, &str) -> Entry),
) -> Result<i64, WorkforceFault> {
    let register = Register::of(journey).await?;
    let unit_id = register.unit(&note.unit_id)?.unit_id.clone();
    is_theirs(visitor, &unit_id)?;
    let note =
        LogEntry { unit_id, by: visitor.name().to_owned(), role: visitor.role().to_owned(), ..note.clone() };
    note.check().map_err(WorkforceFault::Log)?;
    let entry = entry(Action::UnitLogWritten, &note.unit_id).detail(note.kind.as_str());
    Ok(journey.store.add_log_entry(&note, &entry).await?)
}
