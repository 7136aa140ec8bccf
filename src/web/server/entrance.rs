//! Where visitors of a city come in: a listener of its own, or its host at the gate of an installation with several.

use std::future::Future;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::serve::serve_until;
use crate::web::gate::{Gate, Slot};
use crate::web::set_up::Taken;
use crate::web::state::AppState;

/// Where visitors of a city come in.
#[derive(Debug)]
pub enum Entrance {
    /// A listener that is the city's alone.
    Own(TcpListener),
    /// Its host at the gate, among those of other cities.
    Host(Gate, Slot),
}

impl From<TcpListener> for Entrance {
    fn from(listener: TcpListener) -> Self {
        Self::Own(listener)
    }
}

impl Entrance {
    /// Another handle of the same: the pages of the first start and those that follow take the same visitors, and nobody is
    /// turned away in between.
    ///
    /// # Errors
    /// When the system has no handle left.
    pub fn share(self) -> std::io::Result<(Self, Self)> {
        Ok(match self {
            Self::Own(listener) => {
                let listener = listener.into_std()?;
                let other = listener.try_clone()?;
                (TcpListener::from_std(listener)?.into(), TcpListener::from_std(other)?.into())
            }
            Self::Host(gate, slot) => (Self::Host(gate.clone(), slot.clone()), Self::Host(gate, slot)),
        })
    }

    /// Cancelled when the process is told to stop, where somebody listens for all cities.
    #[must_use]
    pub fn stopping(&self) -> Option<CancellationToken> {
        match self {
            Self::Own(_) => None,
            Self::Host(gate, _) => Some(gate.stopping().clone()),
        }
    }

    /// Tells which locations other cities behind the same gate are.
    #[must_use]
    pub fn taken(&self) -> Option<Taken> {
        let Self::Host(gate, slot) = self else { return None };
        let (gate, slot) = (gate.clone(), slot.clone());
        Some(Box::new(move || slot.taken(&gate)))
    }

    /// Serves the pages until `stop` resolves, with whether others follow; then lets open requests end and closes the streams
    /// of live changes.
    ///
    /// # Errors
    /// As [`serve`](crate::web::serve).
    pub async fn serve(
        self,
        state: AppState,
        stop: impl Future<Output = bool> + Send + 'static,
    ) -> std::io::Result<()> {
        match self {
            Self::Own(listener) => serve_until(listener, state, stop).await,
            Self::Host(_, slot) => {
                slot.serve(state, stop).await;
                Ok(())
            }
        }
    }
}
