//! What follows when figures came in by hand: the same as after a pull.

use crate::job::{Journey, assess, deliver};

/// Assesses today if something was taken in that no assessment has seen, and sends what that caused.
///
/// # Errors
/// When the store does not answer.
pub async fn follow(journey: &Journey) -> anyhow::Result<()> {
    if journey.store.has_unassessed_figures(&journey.city.location).await? {
        assess(journey, journey.today()).await?;
        deliver(journey).await?;
    }
    journey.announce().await
}
