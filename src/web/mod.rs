//! The pages: what a view says, put into words and pictures for one reader. No arithmetic, no SQL: values come
//! from `job::city_view`, sentences from `text`. Start at `router.rs`, where every path stands; a dashboard is a
//! file (`dashboard.rs`), a panel of it one file in `panel/`, a chart one file in `figures/`.

mod asset;
mod chart;
mod dashboard;
mod error;
mod events;
mod export;
pub mod figures;
mod health;
mod locale;
mod page;
mod panel;
mod router;
mod state;
mod visit;
mod words;

use std::future::Future;

use tokio::net::TcpListener;

pub use dashboard::{Dashboard, Fault, check, check_dashboard};
pub use router::router;
pub use state::AppState;

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
