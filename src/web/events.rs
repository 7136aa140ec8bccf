//! Live changes: one line to each open page that says when something is new. The page then fetches itself again.
//! Lines are counted, so that nobody can take them all.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};

use super::AppState;
use super::error::WebError;
use super::visitor::Guest;

/// Proxies close a silent line after about a minute.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// When to try again, in seconds, if there is no line left.
const AGAIN: u64 = 30;

/// The lines that are open, by visitor.
#[derive(Debug, Default, Clone)]
pub(super) struct Lines(Arc<Mutex<HashMap<String, usize>>>);

/// An open line; it is free again when this is dropped.
struct Line {
    lines: Lines,
    whose: String,
}

impl Lines {
    /// A line for a visitor, unless all are taken.
    fn take(&self, whose: &str, (most, most_each): (usize, usize)) -> Option<Line> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.values().sum::<usize>() >= most {
            return None;
        }
        let own = open.entry(whose.to_owned()).or_default();
        if *own >= most_each {
            return None;
        }
        *own += 1;
        Some(Line { lines: self.clone(), whose: whose.to_owned() })
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let mut open = self.lines.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.whose) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.whose);
            }
        }
    }
}

/// The data version when the line opens and whenever it rises. Ends when the program stops.
pub(super) async fn events(
    State(state): State<AppState>,
    Extension(guest): Extension<Guest>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, WebError> {
    let limits = &state.settings.limits;
    let most = (limits.streams, limits.streams_each);
    let line = state.lines.take(&guest.counted_as(), most).ok_or(WebError::Busy { seconds: AGAIN })?;
    let mut changed = state.journey.changed.subscribe();
    changed.mark_unchanged();
    let version = state.newest().await?.version;
    let stream = stream::unfold((changed, Some(version), line), move |(mut changed, first, line)| {
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
            Some((Ok(event), (changed, None, line)))
        }
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_all_lines_and_a_closed_one_is_free_again() {
        let lines = Lines::default();
        let most = (3, 2);
        let first = lines.take("a", most);
        let second = lines.take("a", most);
        assert!(first.is_some() && second.is_some() && lines.take("a", most).is_none());
        let other = lines.take("b", most);
        assert!(other.is_some() && lines.take("c", most).is_none(), "three in all");
        drop(first);
        assert!(lines.take("c", most).is_some());
        drop((second, other));
        assert!(lines.0.lock().unwrap().is_empty(), "who has no line is forgotten");
    }
}
