//! A version of a policy that has been in force is never edited: it is kept at its first use, and a file that says something else
//! under the same version is refused.

use anyhow::{Context, bail};

use super::Journey;
use crate::assessment::Policy;

/// Keeps the version that is used now, or refuses one that was edited after it had been in force.
///
/// # Errors
/// When the file says something else than it did at its first use, or the store does not answer.
pub async fn hold_to_policy(journey: &Journey, policy: &Policy) -> anyhow::Result<()> {
    let (names, text) =
        ((policy.id.as_str(), policy.version.as_str()), (policy.fingerprint.as_str(), policy.text.as_str()));
    let kept = journey.store.keep_policy(names, text, journey.clock.now()).await;
    let kept = kept.context("keep the policy")?;
    if kept.fingerprint != policy.fingerprint {
        bail!(
            "the policy {} {} has been in force since {} and its file says something else now: give the new rules a version of their own with its own valid_from, and leave this one as it was (`siaga policy diff` tells what differs)",
            policy.id,
            policy.version,
            kept.first_used_at.local_date(journey.city.zone)
        );
    }
    Ok(())
}
