//! The cities of an installation run beside one another in one process: what happens to one does not happen to the others.

use std::future::Future;
use std::time::Duration;

use anyhow::Context;
use futures_util::future::join_all;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::serve::told_to_stop;
use crate::web::{self, Gate, Settings, Slot};

/// After so long a city that failed is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// Serves all cities behind one listener until the process is told to stop. Each is run by `run` in its place at the gate.
///
/// # Errors
/// When the server cannot be started.
pub async fn serve_cities<F>(
    listener: TcpListener,
    (gate, settings): (Gate, &Settings),
    run: impl Fn(Slot) -> F,
) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let stopping = gate.stopping().clone();
    let told = stopping.clone();
    tokio::spawn(async move {
        told_to_stop().cancelled().await;
        told.cancel();
    });
    let mut cities = Vec::new();
    for slot in gate.slots() {
        let span = tracing::error_span!("city", city = slot.name());
        cities.push(kept_going(slot.clone(), &run, stopping.clone()).instrument(span));
    }
    let (ended, all_ended) = tokio::sync::oneshot::channel::<()>();
    let server = async {
        // Whoever tells drops its end if it fails: that is an end too.
        let stop = async move { drop(all_ended.await) };
        let served = web::serve_cities(listener, gate.clone(), settings, stop).await;
        // Without a server the cities have nobody to answer to.
        stopping.cancel();
        served
    };
    let running = async {
        join_all(cities).await;
        let _ = ended.send(());
    };
    let (served, ()) = tokio::join!(server, running);
    served.context("serve pages")
}

/// Runs a city until the process is told to stop; one that fails is away for a while, and tried again.
async fn kept_going<F>(slot: Slot, run: impl Fn(Slot) -> F, stopping: CancellationToken)
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    loop {
        let running = tokio::spawn(run(slot.clone()).in_current_span());
        let failure = match running.await {
            Ok(Ok(())) => break,
            Ok(Err(error)) => format!("{error:#}"),
            Err(error) => error.to_string(),
        };
        slot.close();
        tracing::error!(error = failure, "a city cannot be served; it is tried again, the others go on");
        tokio::select! {
            () = stopping.cancelled() => break,
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
    slot.close();
}
