//! What a city's store has, as it was read last: whoever looks at several moments of the past has it read once.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::assessment::Evaluation;
use crate::observation::Figures;
use crate::store::Run;

/// A city's store at one version of the data: each part is read when somebody needs it.
#[derive(Debug, Default)]
pub struct InMemory {
    /// Every vintage of the city's figures.
    pub(super) figures: AtVersion<Figures>,
    /// What does not depend on the moment that is looked at.
    pub(super) records: AtVersion<Records>,
}

/// What does not depend on the moment that is looked at.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// Every evaluation of the city, oldest first.
    pub evaluations: Vec<Evaluation>,
    /// The last pulls, newest first.
    pub runs: Vec<Run>,
}

/// One part of it.
#[derive(Debug)]
pub(super) struct AtVersion<T>(Mutex<Option<Known<T>>>);

#[derive(Debug)]
struct Known<T> {
    version: i64,
    /// How often a server of the database had been lost or come back.
    shifts: u64,
    what: Arc<T>,
}

impl<T> Default for AtVersion<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> AtVersion<T> {
    /// What there is at a version of the data, or at a later one: from memory, or as `read` brings it. Who comes meanwhile waits for
    /// it. What was read while a server was lost or came back is not kept: that server may have had less than it said.
    pub(super) async fn at(
        &self,
        version: i64,
        shifts: impl Fn() -> u64,
        read: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<Arc<T>> {
        let mut last = self.0.lock().await;
        let before = shifts();
        if let Some(known) = &*last
            && known.version >= version
            && known.shifts == before
        {
            return Ok(Arc::clone(&known.what));
        }
        // There are never two of them.
        *last = None;
        let what = Arc::new(read.await?);
        if shifts() == before {
            *last = Some(Known { version, shifts: before, what: Arc::clone(&what) });
        }
        Ok(what)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    async fn read() -> anyhow::Result<Figures> {
        Ok(Figures::default())
    }

    async fn not_read() -> anyhow::Result<Figures> {
        panic!("they are in memory")
    }

    #[tokio::test]
    async fn it_is_read_once_a_version_and_again_after_a_failure() {
        let memory = AtVersion::default();
        let still = || 0;
        assert!(memory.at(7, still, async { anyhow::bail!("the store is away") }).await.is_err());
        let first = memory.at(7, still, read()).await.unwrap();
        let again = memory.at(7, still, not_read()).await.unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        let newer = memory.at(8, still, read()).await.unwrap();
        assert!(!Arc::ptr_eq(&first, &newer));
        // Who asked before the change and comes after it has what is known since.
        assert!(Arc::ptr_eq(&newer, &memory.at(7, still, not_read()).await.unwrap()));
    }

    #[tokio::test]
    async fn what_was_read_before_or_while_a_server_was_lost_is_read_again() {
        let memory = AtVersion::default();
        let shifts = Cell::new(0);
        let first = memory.at(7, || shifts.get(), read()).await.unwrap();
        shifts.set(1);
        let lost = async {
            shifts.set(2);
            read().await
        };
        let second = memory.at(7, || shifts.get(), lost).await.unwrap();
        assert!(!Arc::ptr_eq(&first, &second));
        let third = memory.at(7, || shifts.get(), read()).await.unwrap();
        assert!(!Arc::ptr_eq(&second, &third), "it may be less than there is");
        assert!(Arc::ptr_eq(&third, &memory.at(7, || shifts.get(), not_read()).await.unwrap()));
    }
}
