//! Deleting what has been kept long enough: logs. What was reported, recommended and decided is kept for ever.

use chrono::Duration;

use super::Journey;
use crate::epi::Vintage;
use crate::store::Deletion;

/// Deletes logs older than the settings keep them; what was deleted is told in the store and in the audit log. Run again,
/// it finds nothing more.
///
/// # Errors
/// When the store does not answer; nothing is deleted then.
pub async fn retain(journey: &Journey) -> anyhow::Result<Vec<Deletion>> {
    let now = journey.clock.now();
    let before = Vintage::new(now.moment() - Duration::days(i64::from(journey.log_days)));
    let deleted = journey.store.delete_logs(before, now).await?;
    tracing::info!(
        rows.deleted = deleted.iter().map(|deletion| deletion.rows).sum::<u64>(),
        "deleted old logs"
    );
    Ok(deleted)
}
