//! A city's own server: a listener, whoever answers at it from then on, and the pages as they are now. Its lines stay when other pages
//! follow; they end with the server.

use std::future::Future;
use std::net::SocketAddr;

use axum_server::Handle;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::away::away;
use super::serve::{answer, end};
use super::stage::Stage;
use crate::text::Locale;
use crate::web::settings::Settings;
use crate::web::state::AppState;

/// A city's own server.
#[derive(Debug)]
pub struct Listening {
    address: SocketAddr,
    stage: Stage,
    handle: Handle<SocketAddr>,
    stopping: CancellationToken,
    running: Mutex<Running>,
}

/// The task that answers, until somebody has seen its end.
type Running = Option<AbortOnDropHandle<std::io::Result<()>>>;

impl Listening {
    /// Takes visitors from now on; they wait for the first pages.
    pub(super) fn start(
        listener: TcpListener,
        settings: Settings,
        language: Locale,
    ) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let stage = Stage::new(away(("", language), settings.is_secure()));
        let (handle, stopping) = (Handle::new(), CancellationToken::new());
        let answered =
            answer(listener, stage.clone().everything(), settings, (handle.clone(), stopping.clone()));
        let running = Mutex::new(Some(AbortOnDropHandle::new(tokio::spawn(answered))));
        Ok(Self { address, stage, handle, stopping, running })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// No pages any more, until others are served: visitors are told so.
    pub(super) fn close(&self) {
        self.stage.close();
    }

    /// Serves the pages until `stop` resolves, with whether others follow; that is what it gives back. If none do, the server ends.
    ///
    /// # Errors
    /// When the certificate cannot be used, or the listener fails.
    pub(super) async fn serve(
        &self,
        state: AppState,
        stop: impl Future<Output = bool>,
    ) -> std::io::Result<bool> {
        let mut running = self.running.lock().await;
        tokio::select! {
            do_others_follow = self.stage.show(&state, stop) => {
                if do_others_follow {
                    state.stopping.cancel();
                    return Ok(true);
                }
            }
            ended = ended(&mut running) => {
                state.vitals.over.cancel();
                state.stopping.cancel();
                return ended.map(|()| false);
            }
        }
        end(&self.handle, &self.stopping).await;
        state.stopping.cancel();
        ended(&mut running).await.map(|()| false)
    }

    /// Ends the server: nobody new is let in, and open requests have their answers.
    ///
    /// # Errors
    /// As [`Self::serve`].
    pub(super) async fn end(&self) -> std::io::Result<()> {
        end(&self.handle, &self.stopping).await;
        ended(&mut *self.running.lock().await).await
    }
}

/// Until the server has ended, whoever asked before.
async fn ended(running: &mut Running) -> std::io::Result<()> {
    let Some(server) = running else { return Ok(()) };
    let ended = server.await;
    *running = None;
    ended?
}
