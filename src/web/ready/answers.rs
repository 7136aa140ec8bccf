//! The bytes that are ready, and no more of them than fit.

use std::fmt;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderMap;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::key::Key;
use super::version::Newest;

/// All answers together, in bytes.
const MOST: u64 = 64 * 1024 * 1024;
/// About so many of them.
const ABOUT: usize = 2_000;

/// An answer as it goes out, headers and all.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

#[derive(Clone)]
struct InBytes;

impl Weighter<Key, Arc<Ready>> for InBytes {
    fn weight(&self, key: &Key, ready: &Arc<Ready>) -> u64 {
        let headers: usize =
            ready.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        u64::try_from(key.weight() + headers + ready.body.len()).unwrap_or(u64::MAX)
    }
}

/// What is ready, shared by all requests. What is asked for most stays longest; what is out of date is asked for no more.
#[derive(Clone)]
pub(in crate::web) struct Answers {
    answers: Arc<Cache<Key, Arc<Ready>, InBytes>>,
    pub(super) newest: Newest,
}

impl Default for Answers {
    fn default() -> Self {
        Self { answers: Arc::new(Cache::with_weighter(ABOUT, MOST, InBytes)), newest: Newest::default() }
    }
}

impl Answers {
    pub(super) fn find(&self, key: &Key) -> Option<Arc<Ready>> {
        self.answers.get(key)
    }

    pub(super) fn keep(&self, key: Key, ready: &Arc<Ready>) {
        self.answers.insert(key, Arc::clone(ready));
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answers").field("answers", &self.answers.len()).finish_non_exhaustive()
    }
}
