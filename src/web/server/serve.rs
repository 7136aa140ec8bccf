//! HTTP/1 and HTTP/2 with limits on whoever is slow or long-winded, and a stop that lets open requests end.
//! Paths are in `door.rs`, what stands round every answer in `router.rs`.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::ServiceExt;
use axum::extract::Request;
use axum_server::tls_rustls::RustlsAcceptor;
use axum_server::{Handle, Server};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::entrance::Entrance;
use super::everything::{Answers, Everything};
use super::tls;
use crate::web::gate::Gate;
use crate::web::settings::{Limits, Settings};
use crate::web::state::AppState;

/// Longest time that open requests may take to end after the program was told to stop.
const GRACE: Duration = Duration::from_secs(35);
/// Until then the loop that takes in new connections has ended: it does so at its next turn, and nobody says when.
const LAST_TURN: Duration = Duration::from_millis(300);
/// Largest head of a request: its line and its headers, in bytes.
const LARGEST_HEAD: u32 = 16 * 1024;
/// Most headers of a request.
const MOST_HEADERS: usize = 64;
/// Most requests at once on one connection of HTTP/2.
const MOST_STREAMS: u32 = 64;
/// How often a silent connection of HTTP/2 is asked whether somebody is there, and how long it may think.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// Serves the pages until `stop` resolves, then lets open requests end and closes the streams of live changes.
///
/// # Errors
/// When the certificate cannot be used, or the listener fails.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let stop = async move {
        stop.await;
        false
    };
    let entrance = Entrance::own(listener, Settings::clone(&state.settings), state.journey.locale)?;
    entrance.serve(state, stop).await.map(drop)
}

/// Serves the cities of an installation, each by its host, until `stop` resolves; each has let its own requests end by then.
///
/// # Errors
/// As [`serve`].
pub async fn serve_cities(
    listener: TcpListener,
    gate: Gate,
    settings: &Settings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (handle, stopping) = (Handle::<SocketAddr>::new(), CancellationToken::new());
    let (until, ending) = (stopping.clone(), handle.clone());
    tokio::spawn(async move {
        stop.await;
        end(&ending, &until).await;
    });
    answer(listener, gate.everything(), settings.clone(), (handle, stopping)).await
}

/// Nobody new is let in, and what is open ends.
pub(super) async fn end(handle: &Handle<SocketAddr>, stopping: &CancellationToken) {
    handle.graceful_shutdown(Some(GRACE));
    // Whoever is told so by the end of a stream of live changes asks again: not of a listener in its last turn.
    tokio::time::sleep(LAST_TURN).await;
    stopping.cancel();
}

/// Answers whoever comes, until the handle is told to end.
pub(super) async fn answer(
    listener: TcpListener,
    everything: Everything<impl Answers>,
    settings: Settings,
    (handle, stopping): (Handle<SocketAddr>, CancellationToken),
) -> std::io::Result<()> {
    let limits = &settings.limits;
    let mut server =
        Server::<SocketAddr>::from_listener(listener).handle(handle).first_request_timeout(limits.head);
    limit(&mut server, limits);
    // Which body a request has is the server's matter; this only says that it is a service of requests.
    let app = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(everything);
    match &settings.tls {
        None => server.serve(app).await,
        Some(files) => {
            let config = tls::load(files).await?;
            tokio::spawn(tls::watch(config.clone(), files.clone(), limits.certificate_check, stopping));
            let acceptor = RustlsAcceptor::new(config).handshake_timeout(limits.head);
            server.acceptor(acceptor).serve(app).await
        }
    }
}

fn limit(server: &mut Server<SocketAddr>, limits: &Limits) {
    let builder = server.http_builder();
    builder
        .http1()
        .header_read_timeout(limits.head)
        .max_buf_size(LARGEST_HEAD as usize)
        .max_headers(MOST_HEADERS);
    builder
        .http2()
        .max_header_list_size(LARGEST_HEAD)
        .max_concurrent_streams(MOST_STREAMS)
        .keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(KEEP_ALIVE);
}
