//! Live changes: one line to each open page that says when something is new. The page then fetches itself again.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};

use super::AppState;
use super::error::WebError;

/// Proxies close a silent line after about a minute.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// The data version when the line opens and whenever it rises. Ends when the program stops.
pub(super) async fn events(
    State(state): State<AppState>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, WebError> {
    let mut changed = state.journey.changed.subscribe();
    changed.mark_unchanged();
    let version = state.journey.store.data_version().await.map_err(anyhow::Error::from)?;
    let stream = stream::unfold((changed, Some(version)), move |(mut changed, first)| {
        let stopping = state.stopping.clone();
        async move {
            let version = match first {
                Some(version) => version,
                None => tokio::select! {
                    () = stopping.cancelled() => return None,
                    news = changed.changed() => { news.ok()?; *changed.borrow_and_update() }
                },
            };
            let event = Event::default().event("update").data(version.to_string());
            Some((Ok(event), (changed, None)))
        }
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}
