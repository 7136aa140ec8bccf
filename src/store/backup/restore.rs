//! A backup as a store again: looked through before anything is written, carried in one transaction, looked through once more.

use std::path::Path;

use super::file::{Part, failed, fault};
use super::make::UNFINISHED;
use super::stamp::Stamp;
use crate::store::vital::NEEDED;
use crate::store::{ChainReport, Guard, Store, StoreError};

/// A backup that is as it was when it was made, and can be restored by this program.
#[derive(Debug)]
pub struct OpenBackup {
    store: Store,
    stamp: Stamp,
    file: String,
    /// Its copy with newer tables, if it is of an older program.
    brought_up: Option<Part>,
}

impl OpenBackup {
    /// Opens a file and looks through it: its seal, the version of its tables, its rows, its chains. The file is only read.
    ///
    /// # Errors
    /// [`StoreError::Backup`] when it is no backup, damaged, of a newer program, or changed by somebody.
    pub async fn open(file: &Path, guard: &Guard) -> Result<Self, StoreError> {
        let name = file.display().to_string();
        let refused = |reason: String| StoreError::Backup { file: name.clone(), reason };
        let path = file.to_owned();
        let looked = tokio::task::spawn_blocking(move || fault(&path)).await;
        let looked = looked.unwrap_or_else(|error| Err(std::io::Error::other(error)));
        if let Some(reason) = looked.map_err(|error| failed("read", file, error))? {
            return Err(refused(reason));
        }
        // Nobody writes to it: no file appears beside it, and its folder may be read-only.
        let store = Store::of_file(file, "mode=ro&immutable=true", guard).await?;
        let stamp = Stamp::read(&store).await?;
        if stamp.schema > *NEEDED {
            return Err(refused(format!(
                "siaga {} made it, with tables of version {}, and this siaga {} knows them up to version {}; restore with siaga {} \
                 or a newer one",
                stamp.program,
                stamp.schema,
                env!("CARGO_PKG_VERSION"),
                *NEEDED,
                stamp.program
            )));
        }
        if stamp.schema == *NEEDED {
            let opened = Self { store, stamp, file: name, brought_up: None };
            return opened.looked_through().await;
        }
        store.close().await;
        let part = Part::beside(file)?;
        std::fs::copy(file, part.path()).map_err(|error| failed("write", part.path(), error))?;
        let store = Store::of_file(part.path(), UNFINISHED, guard).await?;
        store.migrate().await?;
        let opened = Self { store, stamp, file: name, brought_up: Some(part) };
        opened.looked_through().await
    }

    /// What it says of itself.
    #[must_use]
    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// Its rows against what it says of itself, where they are those that were saved, and its chains.
    async fn looked_through(self) -> Result<Self, StoreError> {
        let rows = self.store.rows().await?;
        if self.brought_up.is_none() && rows != self.stamp.rows {
            return Err(self.refused("its tables do not have the rows that were saved".to_owned()));
        }
        let chains = self.store.verify_chains().await?;
        match wrong(&chains) {
            Some(reason) => Err(self.refused(reason)),
            None => Ok(self),
        }
    }

    fn refused(&self, reason: String) -> StoreError {
        StoreError::Backup { file: self.file.clone(), reason }
    }

    /// Fills an empty store with it, all or nothing, and looks through what is there then.
    ///
    /// # Errors
    /// [`StoreError::Filled`] when the store has rows; nothing is written then.
    pub async fn restore_to(&self, target: &Store) -> Result<Vec<ChainReport>, StoreError> {
        self.store.copy_to(target).await?;
        let (saved, there) = (self.store.data_version().await?, target.data_version().await?);
        let chains = target.verify_chains().await?;
        let version = (saved != there).then(|| format!("its data have the version {there} and not {saved}"));
        match version.or_else(|| wrong(&chains)) {
            Some(reason) => Err(StoreError::Corrupt { what: "what was restored", reason }),
            None => Ok(chains),
        }
    }
}

/// What speaks against believing these chains.
fn wrong(chains: &[ChainReport]) -> Option<String> {
    let fault = chains.iter().find_map(|chain| chain.fault.as_ref()).map(ToString::to_string);
    let unchecked = chains.iter().find(|chain| chain.is_unchecked).map(|chain| {
        format!("chain {}: it is signed, and there is no SIAGA_AUDIT_KEY to check it with", chain.name)
    });
    fault.or(unchecked)
}
