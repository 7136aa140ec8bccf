//! A city's own server: a listener, whoever answers at it from then on, and the pages as they are now. Its lines stay when other pages
//! follow; they end with the server.

use std::future::Future;
use std::net::SocketAddr;

use axum_server::Handle;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::serve::{answer, end};
use crate::text::Locale;
use crate::web::gate::{Stage, away};
use crate::web::settings::Settings;
use crate::web::state::AppState;

/// A city's own server.
#[derive(Debug)]
pub struct Listening {
    address: SocketAddr,
    stage: Stage,
    handle: Handle<SocketAddr>,
    stopping: CancellationToken,
    running: Mutex<AbortOnDropHandle<std::io::Result<()>>>,
}

impl Listening {
    /// Takes visitors from now on; they wait for the first pages.
    pub(super) fn start(listener: TcpListener, settings: &Settings) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let stage = Stage::new(away(("siaga", Locale::default()), settings.is_secure()));
        let (handle, stopping) = (Handle::new(), CancellationToken::new());
        let answered =
            answer(listener, stage.clone().router(), settings.clone(), (handle.clone(), stopping.clone()));
        let running = Mutex::new(AbortOnDropHandle::new(tokio::spawn(answered)));
        Ok(Self { address, stage, handle, stopping, running })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves the pages until `stop` resolves, with whether others follow. If none do, the server ends.
    ///
    /// # Errors
    /// When the certificate cannot be used, or the listener fails.
    pub(super) async fn serve(
        &self,
        state: AppState,
        stop: impl Future<Output = bool>,
    ) -> std::io::Result<()> {
        let mut running = self.running.lock().await;
        tokio::select! {
            do_others_follow = self.stage.show(&state, stop) => {
                if do_others_follow {
                    state.stopping.cancel();
                    return Ok(());
                }
            }
            ended = &mut *running => {
                state.stopping.cancel();
                return ended?;
            }
        }
        end(&self.handle, &self.stopping).await;
        state.stopping.cancel();
        (&mut *running).await?
    }
}
