//! Long computations leave the async threads here, once.

use anyhow::Context;

/// Runs blocking work on a thread of its own; a panic there becomes an error here.
///
/// # Errors
/// The work's own error, or that it was cut off.
pub async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(work).await.context("a computation was cut off")?
}
