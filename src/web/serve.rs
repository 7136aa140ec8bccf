//! The server: from a listener to answers, until told to stop. Paths are in `router.rs`.

use std::future::Future;

use tokio::net::TcpListener;

use super::router::router;
use super::state::AppState;

/// Serves the pages until `stop` resolves, then lets open requests end and closes the streams of live changes.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let stopping = state.stopping.clone();
    let app = router(state);
    let stopped = async move {
        stop.await;
        stopping.cancel();
    };
    axum::serve(listener, app).with_graceful_shutdown(stopped).await
}
