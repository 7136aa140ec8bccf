//! Stands round everything while the installation is being set up: only the link opens a page, so that nobody else on
//! the network can take the installation. Afterwards the link leads home.

use axum::extract::{Path, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::progress::Step;
use super::state::answers;
use crate::web::AppState;
use crate::web::error::WebError;
use crate::web::guard::see_other;
use crate::web::visit::Visit;

/// The layer: lets whoever holds the link pass, and what is the same for everybody.
pub(in crate::web) async fn keep(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_same_for_all = path.starts_with("/assets/") || path == "/healthz";
    let brought = path.strip_prefix("/set-up/").and_then(|rest| rest.split('/').next());
    let holds = |token: &str| state.set_up.as_ref().is_some_and(|set_up| set_up.is_link(token));
    if is_same_for_all || brought.is_some_and(holds) {
        return next.run(request).await;
    }
    WebError::BeingSetUp.into_response()
}

/// The layer round the same questions beside the pages of an installation that runs: without the link they lead home.
pub(in crate::web) async fn keep_beside(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let brought = request.uri().path().strip_prefix("/set-up/").and_then(|rest| rest.split('/').next());
    let holds = |token: &str| state.set_up.as_ref().is_some_and(|set_up| set_up.is_link(token));
    if brought.is_some_and(holds) { next.run(request).await } else { over().await }
}

/// The link itself: goes on where the answers end.
pub(in crate::web) async fn begin(Path(token): Path<String>, visit: Visit) -> Result<Response, WebError> {
    let answers = answers(&visit.journey().store).await?;
    let step = match (&answers.location, &answers.policy) {
        (None, _) => Step::City,
        (_, None) => Step::Policy,
        _ => Step::Account,
    };
    Ok(see_other(&step.address(&token)))
}

/// The link after the installation was set up: it leads home and opens nothing.
pub(in crate::web) async fn over() -> Response {
    see_other("/")
}
