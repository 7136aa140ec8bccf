//! Where what is shown is gathered: from a standby that has all of it, else from the primary. What precedes a write, and what no
//! version counts, is read from the primary by whoever asks; it does not come through here.

use std::future::Future;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::AppState;
use super::error::WebError;
use crate::assessment::Evaluation;
use crate::job::{Beyond, CityView, Viewing, know, with_reasons};
use crate::store::{Newest, SavedAssessment, StoreError};

/// Of when an answer is that was given while nobody could say whether there is something newer.
const KNOWN_AT: HeaderName = HeaderName::from_static("siaga-known-at");

impl AppState {
    /// The newest version of the data that can be read. After a write it is the one that the write made: what is shown then has it.
    pub(super) async fn newest(&self) -> Result<Newest, WebError> {
        Ok(self.journey.store.newest().await.map_err(anyhow::Error::from)?)
    }

    /// Gathers something from one server that has all of this; where none is asked for, from the primary. What a standby fails at, or
    /// does not finish before it is lost, is gathered once more from the primary.
    pub(super) async fn gathered<'s, T, F>(
        &'s self,
        wanted: Option<Newest>,
        gather: impl Fn(Viewing<'s>) -> F,
    ) -> anyhow::Result<T>
    where
        F: Future<Output = anyhow::Result<T>>,
    {
        let store = &self.journey.store;
        let remembering = |viewing: Viewing<'s>| match wanted {
            Some(newest) => viewing.remembering(&self.in_memory, (newest.version, store)),
            None => viewing,
        };
        if let Some(newest) = wanted {
            let source = store.source(newest).await;
            self.journey.tally.gathered(source.name());
            if source.is_standby() {
                let done = tokio::select! {
                    done = gather(remembering(self.journey.viewing_through(source.reads()))) => Some(done),
                    () = source.lost() => None,
                };
                match done {
                    Some(Err(error)) if is_of_the_store(&error) => {
                        let error = format!("{error:#}");
                        tracing::warn!(
                            standby = source.name(),
                            error,
                            "a standby failed; the primary is asked"
                        );
                    }
                    Some(done) => return done,
                    None => {
                        tracing::warn!(standby = source.name(), "a standby was lost; the primary is asked")
                    }
                }
            }
        }
        gather(remembering(self.journey.viewing())).await
    }

    /// Evaluations with their reasons, as the view's reader may see them.
    pub(super) async fn with_reasons(
        &self,
        view: &CityView,
        evaluations: &[&Evaluation],
    ) -> anyhow::Result<Vec<SavedAssessment>> {
        let newest = Newest::of_primary(view.version);
        let audience = &view.audience;
        self.gathered(
            Some(newest),
            |viewing| async move { with_reasons(&viewing, evaluations, audience).await },
        )
        .await
    }

    /// Reads something more into a view, once.
    pub(super) async fn know(&self, view: &CityView, beyond: Beyond) -> anyhow::Result<()> {
        let newest = Newest::of_primary(view.version);
        self.gathered(Some(newest), |viewing| async move { know(&viewing, view, beyond).await }).await
    }
}

fn is_of_the_store(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.is::<StoreError>())
}

/// The layer that says of when answers are while the primary is away.
pub(super) async fn tell(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let known_at = state.journey.store.without_primary().and_then(|newest| newest.known_at);
    if let Some(at) = known_at.and_then(|at| HeaderValue::from_str(&at.to_string()).ok()) {
        response.headers_mut().insert(KNOWN_AT, at);
    }
    response
}
