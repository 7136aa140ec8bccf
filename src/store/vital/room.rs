//! How much room there is for what is still to be saved.

use crate::store::connect::Bulk;
use crate::store::{Store, StoreError};

impl Store {
    /// Bytes that are left on the disk of an SQLite file; none for a server, which knows its disks itself.
    ///
    /// # Errors
    /// [`StoreError::File`] when the system does not say.
    pub async fn room(&self) -> Result<Option<u64>, StoreError> {
        let Bulk::Sqlite(pool) = &self.bulk else { return Ok(None) };
        let file = pool.connect_options().get_filename().to_owned();
        let asked = tokio::task::spawn_blocking(move || {
            left(&file).map_err(|error| StoreError::File {
                doing: format!("ask how much room is left for {}", file.display()),
                error,
            })
        });
        asked.await.unwrap_or(Ok(None))
    }
}

/// Blocks that are kept for the superuser do not count.
#[cfg(unix)]
fn left(file: &std::path::Path) -> std::io::Result<Option<u64>> {
    let told = rustix::fs::statvfs(file)?;
    Ok(Some(told.f_bavail.saturating_mul(told.f_frsize)))
}

/// Other systems are not asked.
#[cfg(not(unix))]
fn left(_file: &std::path::Path) -> std::io::Result<Option<u64>> {
    Ok(None)
}
