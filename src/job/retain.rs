//! Deleting what has been kept long enough: logs, attendance. What was reported, recommended and decided is kept for ever.

use chrono::Duration;

use super::Journey;
use crate::epi::Vintage;
use crate::store::Deletion;

/// Days that attendance and daily reports are kept: personnel data, and no longer of use to anybody's decision.
const ATTENDANCE_DAYS: i64 = 366;

/// Deletes logs older than the settings keep them, and attendance older than a year; what was deleted is told in the store and in the audit log. Run again,
/// it finds nothing more.
///
/// # Errors
/// When the store does not answer; nothing is deleted then.
pub async fn retain(journey: &Journey) -> anyhow::Result<Vec<Deletion>> {
    let now = journey.clock.now();
    let before = Vintage::new(now.moment() - Duration::days(i64::from(journey.log_days)));
    let mut deleted = journey.store.delete_logs(before, now).await?;
    let year = Vintage::new(now.moment() - Duration::days(ATTENDANCE_DAYS));
    let first_kept = year.local_date(journey.city.zone);
    deleted.extend(journey.store.delete_attendance((first_kept, year), now).await?);
    tracing::info!(
        rows.deleted = deleted.iter().map(|deletion| deletion.rows).sum::<u64>(),
        "deleted old logs and attendance"
    );
    Ok(deleted)
}
