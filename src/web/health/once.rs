//! A question to the store that many may ask at once and that is asked once: who comes while it is being answered waits for
//! that answer. So a store that hangs has one question of a monitor before it, not one a second.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

/// A question that was not answered by then is given up, so that the next may be asked on another connection.
const GIVEN_UP: Duration = Duration::from_secs(30);

/// A question, and what it was answered last.
#[derive(Debug)]
pub(super) struct Once<T> {
    turn: Arc<tokio::sync::Mutex<()>>,
    last: Arc<Mutex<Option<Arc<T>>>>,
    given_up: Duration,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { turn: Arc::default(), last: Arc::default(), given_up: GIVEN_UP }
    }
}

impl<T: Send + Sync + 'static> Once<T> {
    /// Asks, unless somebody does already; none when there is no answer in time, or the answer is that there is none.
    pub(super) async fn ask(
        &self,
        patience: Duration,
        question: impl Future<Output = Option<T>> + Send + 'static,
    ) -> Option<Arc<T>> {
        let Ok(turn) = Arc::clone(&self.turn).try_lock_owned() else {
            let _turn = timeout(patience, self.turn.lock()).await.ok()?;
            return self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        };
        let (last, given_up) = (Arc::clone(&self.last), self.given_up);
        let (tell, told) = oneshot::channel();
        // Goes on when whoever asked has left: what the database is busy with is not to be begun a second time.
        tokio::spawn(async move {
            let answer = timeout(given_up, question).await.ok().flatten().map(Arc::new);
            last.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&answer);
            drop(turn);
            // Nobody waits any more: the next asks anew.
            let _ = tell.send(answer);
        });
        timeout(patience, told).await.ok()?.ok()?
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn a_question_without_an_answer_is_asked_once_and_nobody_waits_for_long() {
        let once = Arc::new(Once::default());
        let (asked, go) = (Arc::new(AtomicU32::new(0)), Arc::new(Notify::new()));
        let question = |asked: &Arc<AtomicU32>, go: &Arc<Notify>| {
            let (asked, go) = (Arc::clone(asked), Arc::clone(go));
            async move {
                asked.fetch_add(1, Ordering::SeqCst);
                go.notified().await;
                Some(7)
            }
        };
        let patience = Duration::from_millis(10);
        for _ in 0..5 {
            assert_eq!(once.ask(patience, question(&asked, &go)).await, None);
        }
        assert_eq!(asked.load(Ordering::SeqCst), 1, "the first still waits for its answer");
        go.notify_one();
        let long = Duration::from_secs(60);
        assert_eq!(once.ask(long, question(&asked, &go)).await, Some(Arc::new(7)), "one answer for all");
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        go.notify_one();
        assert_eq!(once.ask(long, question(&asked, &go)).await, Some(Arc::new(7)));
        assert_eq!(asked.load(Ordering::SeqCst), 2, "the next asks anew");
    }

    #[tokio::test]
    async fn a_question_that_hangs_for_long_is_given_up() {
        let once: Once<u8> = Once { given_up: Duration::from_millis(20), ..Once::default() };
        assert_eq!(once.ask(Duration::from_millis(5), std::future::pending()).await, None);
        let long = Duration::from_secs(60);
        assert_eq!(once.ask(long, async { Some(1) }).await, None, "what hung had no answer");
        assert_eq!(once.ask(long, async { Some(2) }).await, Some(Arc::new(2)));
    }
}
