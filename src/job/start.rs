//! A start of the program in the audit log, with what it was started as.

use anyhow::Context;
use serde_json::{Value, json};

use super::Journey;
use crate::audit::{Action, Entry};
use crate::store::AuditFilter;

/// Writes down that `what` (serve, demo) was started, by which version and with which settings, and that the settings are
/// no longer those of the last start if they are not. `settings` is their fingerprint.
///
/// # Errors
/// When the store does not answer: what cannot be written down is not started.
pub async fn record_start(journey: &Journey, what: &str, settings: &str) -> anyhow::Result<()> {
    let now = journey.clock.now();
    let last = AuditFilter { action: Some(Action::Start), limit: 1, ..AuditFilter::default() };
    let last = journey.store.audit(&last).await?.rows.pop();
    let before: Option<Value> = last.and_then(|row| serde_json::from_str(&row.entry.detail).ok());
    let before = before.as_ref().and_then(|detail| detail.get("settings")).and_then(Value::as_str);
    let detail = json!({ "version": env!("CARGO_PKG_VERSION"), "settings": settings });
    let start = Entry::system(now, Action::Start, what).detail(detail.to_string());
    journey.store.record(&start).await.context("write to the audit log")?;
    if let Some(before) = before.filter(|before| *before != settings) {
        let detail = json!({ "before": before, "settings": settings });
        let changed = Entry::system(now, Action::SettingsChanged, "settings").detail(detail.to_string());
        journey.store.record(&changed).await.context("write to the audit log")?;
    }
    Ok(journey.store.anchor_heads(now).await?)
}
