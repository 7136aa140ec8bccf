//! Where visitors of a city come in: a server of its own, or its host at the gate of an installation with several.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::listening::Listening;
use crate::text::Locale;
use crate::web::gate::{Gate, Slot};
use crate::web::set_up::Taken;
use crate::web::settings::Settings;
use crate::web::state::AppState;

/// Where visitors of a city come in. Pages may follow one another there: those of the first start, and others whenever the journey is
/// another one. Nobody is turned away in between.
#[derive(Debug, Clone)]
pub enum Entrance {
    /// A server that is the city's alone.
    Own(Arc<Listening>),
    /// Its host at the gate, among those of other cities.
    Host(Gate, Slot),
}

impl Entrance {
    /// A listener that is the city's alone. Visitors are taken in at once, and wait for the first pages; where there are none they are told so
    /// in this language, unless they say another.
    ///
    /// # Errors
    /// When the listener has no address.
    pub fn own(listener: TcpListener, settings: Settings, language: Locale) -> std::io::Result<Self> {
        Ok(Self::Own(Arc::new(Listening::start(listener, settings, language)?)))
    }

    /// The address of a server of the city's own.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Own(listening) => Some(listening.address()),
            Self::Host(..) => None,
        }
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

    /// Serves the pages until `stop` resolves, with whether others follow; that is what it gives back. The streams of live changes are closed
    /// by then; where no others follow open requests have their answers, and a server of the city's own has ended.
    ///
    /// # Errors
    /// As [`serve`](crate::web::serve).
    pub async fn serve(&self, state: AppState, stop: impl Future<Output = bool>) -> std::io::Result<bool> {
        match self {
            Self::Own(listening) => listening.serve(state, stop).await,
            Self::Host(_, slot) => Ok(slot.serve(state, stop).await),
        }
    }

    /// No pages any more, until others are served: visitors are told so.
    pub fn close(&self) {
        match self {
            Self::Own(listening) => listening.close(),
            Self::Host(_, slot) => slot.close(),
        }
    }

    /// Nobody comes in here any more; whoever waits has an answer by then.
    ///
    /// # Errors
    /// As [`serve`](crate::web::serve).
    pub async fn end(&self) -> std::io::Result<()> {
        self.close();
        match self {
            Self::Own(listening) => listening.end().await,
            Self::Host(..) => Ok(()),
        }
    }
}
