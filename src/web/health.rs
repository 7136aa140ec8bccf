//! For whoever watches the program: is it alive, and can it answer?

use axum::extract::State;
use axum::http::StatusCode;

use super::AppState;

/// Alive: it answers at all.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// Ready: the store answers too.
pub(super) async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    match state.journey.store.data_version().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(error = %error, "not ready: the store does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n")
        }
    }
}
