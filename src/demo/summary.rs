//! What the demonstration prints at its end: a line a day, then totals, all read back from the store.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;

use crate::job::Journey;
use crate::store::Outcome;

/// `YYYY-MM-DD mode step deciding_rule` for every day up to `until`, then what was pulled, accepted, rejected, told.
///
/// # Errors
/// When the store does not answer.
pub async fn summary(journey: &Journey, until: NaiveDate) -> anyhow::Result<String> {
    let mut out = String::new();
    let mut days = BTreeMap::new();
    for saved in journey.store.assessments(&journey.city.location, None).await? {
        days.insert(saved.assessment.date, saved.assessment);
    }
    for (date, a) in days.range(..=until) {
        let rule = a.deciding_rule.as_deref().unwrap_or("-");
        let _ = writeln!(out, "{date} {} {} {rule}", a.mode.as_str(), a.step);
    }
    let runs = journey.store.runs(u32::MAX).await?;
    let count = |outcome: Outcome| runs.iter().filter(|run| run.outcome == outcome).count();
    let _ = writeln!(
        out,
        "pulls {} (changed {}, unchanged {}, failed {})",
        runs.len(),
        count(Outcome::Changed),
        count(Outcome::Unchanged),
        count(Outcome::Failed)
    );
    let _ = writeln!(out, "accepted {}", runs.iter().map(|run| run.accepted).sum::<u64>());
    let reasons = journey.store.rejected_figures().await?;
    let rejected: i64 = reasons.iter().map(|(_, figures)| figures).sum();
    let words: Vec<String> = reasons.iter().map(|(reason, figures)| format!("{reason} {figures}")).collect();
    let because = if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) };
    let _ = writeln!(out, "rejected {rejected}{because}");
    let _ = writeln!(out, "alerts {}", journey.store.alerts(None).await?.len());
    let messages = journey.store.messages(u32::MAX).await?;
    let sent = messages.iter().filter(|message| message.sent_at.is_some()).count();
    let _ = writeln!(out, "messages {} (delivered {sent})", messages.len());
    Ok(out)
}
