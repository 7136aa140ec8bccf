//! What a store is guarded by besides its own hashes: a key, and a file outside the database that remembers every head.
//! Somebody who can write to the database alone can neither sign a head nor make the file forget one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;

use super::chain::ChainReport;
use crate::audit::{ChainKey, Head};
use crate::epi::Vintage;

/// The key that heads are signed with and the anchor file; either may be missing.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    pub(super) key: Option<ChainKey>,
    pub(super) anchor: Option<Arc<Anchor>>,
}

impl Guard {
    /// A guard of a key and a file.
    #[must_use]
    pub fn new(key: Option<ChainKey>, anchor: Option<&Path>) -> Self {
        Self { key, anchor: anchor.map(|path| Arc::new(Anchor { path: path.to_owned() })) }
    }
}

/// A row that the file remembers: chain, sequence number, hash.
pub(super) type Line = (String, i64, String);

/// A head is written to the file right after its row; so long one that was just appended may be waited for.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// The file outside the database: a line `chain seq hash moment` for every head.
#[derive(Debug)]
pub(super) struct Anchor {
    path: PathBuf,
}

impl Anchor {
    /// Adds a head. What happened has happened: a file that cannot be written is an error of the log, and
    /// verification tells of the line that is missing.
    pub(super) async fn remember(&self, head: &Head, at: Vintage) {
        let line = format!("{} {} {} {at}\n", head.chain, head.seq, head.hash);
        if let Err(error) = self.write(&line).await {
            tracing::error!(
                file = %self.path.display(),
                error = error.to_string(),
                "the anchor file could not be written"
            );
        }
    }

    /// One write to the end of the file, so that lines of several processes do not mix.
    async fn write(&self, line: &str) -> std::io::Result<()> {
        if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            tokio::fs::create_dir_all(folder).await?;
        }
        let mut options = tokio::fs::OpenOptions::new();
        options.create(true).append(true);
        // A new file is its owner's alone; one that is there stays as it is.
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.open(&self.path).await?;
        file.write_all(line.as_bytes()).await?;
        file.flush().await?;
        file.sync_data().await
    }

    /// Every line that can be read; a torn one (the disk was full) is passed over.
    pub(super) async fn lines(&self) -> std::io::Result<Vec<Line>> {
        let text = tokio::fs::read(&self.path).await?;
        Ok(String::from_utf8_lossy(&text).lines().filter_map(read_line).collect())
    }

    /// Whether the head of a chain is in the file.
    pub(super) async fn holds(&self, report: &ChainReport) -> bool {
        if report.last == 0 {
            return true;
        }
        for _ in 0..TRIES {
            let is_head = |(chain, seq, hash): &Line| {
                *chain == report.name && *seq == report.last && *hash == report.hash
            };
            if self.lines().await.is_ok_and(|lines| lines.iter().rev().any(is_head)) {
                return true;
            }
            tokio::time::sleep(PAUSE).await;
        }
        false
    }
}

fn read_line(line: &str) -> Option<Line> {
    let mut words = line.split(' ');
    let (chain, seq, hash, _at) = (words.next()?, words.next()?, words.next()?, words.next()?);
    if words.next().is_some() || hash.len() != 64 {
        return None;
    }
    Some((chain.to_owned(), seq.parse().ok()?, hash.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_line_is_passed_over() {
        let hash = "ab".repeat(32);
        let whole = format!("audit 7 {hash} 2021-06-28T13:00:00Z");
        assert_eq!(read_line(&whole), Some(("audit".to_owned(), 7, hash.clone())));
        for torn in ["", "audit 7", &whole[..40], &format!("audit 7 {hash}"), &format!("audit 6 ab{whole} x")]
        {
            assert_eq!(read_line(torn), None, "{torn}");
        }
    }
}
