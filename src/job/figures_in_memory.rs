//! A city's figures as they were read last, every vintage of them: whoever looks at several moments of the past has them read once.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::observation::Figures;

/// Every vintage of a city's figures, at one version of the data.
#[derive(Debug, Default)]
pub struct FiguresInMemory(Mutex<Option<(i64, Arc<Figures>)>>);

impl FiguresInMemory {
    /// The figures at a version of the data: those in memory, or as `read` brings them. Who comes meanwhile waits for them. Figures that are
    /// taken in while they are read may be among them: they were known later than any moment that was asked for, or make another version.
    pub(super) async fn at(
        &self,
        version: i64,
        read: impl Future<Output = anyhow::Result<Figures>>,
    ) -> anyhow::Result<Arc<Figures>> {
        let mut last = self.0.lock().await;
        if let Some((known, figures)) = &*last
            && *known == version
        {
            return Ok(Arc::clone(figures));
        }
        let figures = Arc::new(read.await?);
        *last = Some((version, Arc::clone(&figures)));
        Ok(figures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn figures_are_read_once_a_version_and_again_after_a_failure() {
        let memory = FiguresInMemory::default();
        let failed = memory.at(7, async { anyhow::bail!("the store is away") }).await;
        assert!(failed.is_err());
        let first = memory.at(7, async { Ok(Figures::default()) }).await.unwrap();
        let again = memory.at(7, async { panic!("it was read already") }).await.unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        let newer = memory.at(8, async { Ok(Figures::default()) }).await.unwrap();
        assert!(!Arc::ptr_eq(&first, &newer));
    }
}
