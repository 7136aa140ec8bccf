//! Live changes: one line to each open page that says when something is new. The page then fetches itself again.
//! Lines are counted, so that nobody can take them all.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream, StreamExt};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

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

/// The data version when the line opens and whenever it rises. Ends when the program stops or other pages follow.
pub(super) async fn events(
    State(state): State<AppState>,
    Extension(guest): Extension<Guest>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, WebError> {
    let limits = &state.settings.limits;
    let most = (limits.streams, limits.streams_each);
    let line = state.lines.take(&guest.counted_as(), most).ok_or(WebError::Busy { seconds: AGAIN })?;
    let version = state.newest().await?.version;
    let told =
        rising(version, state.journey.changed.subscribe(), state.stopping.clone()).map(move |version| {
            // Open as long as somebody listens.
            let _ = &line;
            Ok(Event::default().event("update").data(version.to_string()))
        });
    Ok(Sse::new(told).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

/// The version there is, then each that is higher than the one before. The version that was read when the line opened may be
/// told once more a moment later, by the process that wrote it: a page would fetch itself again for nothing.
fn rising(
    version: i64,
    changed: watch::Receiver<i64>,
    stopping: CancellationToken,
) -> impl Stream<Item = i64> {
    let higher = stream::unfold((version, changed, stopping), async |(told, mut changed, stopping)| {
        let higher = tokio::select! {
            () = stopping.cancelled() => return None,
            higher = changed.wait_for(|version| *version > told) => *higher.ok()?,
        };
        Some((higher, (higher, changed, stopping)))
    });
    stream::iter([version]).chain(higher)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

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

    #[tokio::test]
    async fn a_version_is_told_once_and_the_line_ends_with_the_program() {
        let (write, read) = watch::channel(6);
        let stopping = CancellationToken::new();
        // The version was read from the store; that it is new was heard of after it.
        let mut told = Box::pin(rising(7, read, stopping.clone()));
        assert_eq!(told.next().await, Some(7));
        write.send(7).unwrap();
        assert!(told.next().now_or_never().is_none(), "it was told already");
        write.send(9).unwrap();
        assert_eq!(told.next().await, Some(9));
        stopping.cancel();
        assert_eq!(told.next().await, None);
    }
}
