//! What every use-case needs: the store, the clock, the settings, and a place to hash passwords.

use std::sync::Arc;

use super::AccessSettings;
use crate::clock::Clock;
use crate::store::Store;

/// The doors. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Access {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: Arc<AccessSettings>,
}

impl Access {
    /// The doors over a store.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, settings: AccessSettings) -> Self {
        Self { store, clock, settings: Arc::new(settings) }
    }

    /// What they were told by the settings.
    #[must_use]
    pub fn settings(&self) -> &AccessSettings {
        &self.settings
    }
}
