//! A city's place at the gate: its pages as they are now, or why there are none.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::sync::watch;
use tokio::time::timeout;

use super::hosts::Gate;
use crate::web::ready::keep_warm;
use crate::web::router::router;
use crate::web::state::AppState;

/// For so long a visitor waits for the pages that follow those of before: of a city that was just set up, or has a new source.
const PATIENCE: Duration = Duration::from_secs(20);

/// A city's place at the gate.
#[derive(Clone)]
pub struct Slot(Arc<Inner>);

struct Inner {
    name: String,
    url: String,
    pages: watch::Sender<Pages>,
}

/// What stands there.
#[derive(Clone)]
enum Pages {
    /// Others follow in a moment.
    Coming,
    /// These.
    Open(Router, Box<AppState>),
    /// None: the city could not be opened, or the program stops.
    None,
}

impl Slot {
    pub(super) fn new(name: String, url: String) -> Self {
        Self(Arc::new(Inner { name, url, pages: watch::Sender::new(Pages::Coming) }))
    }

    /// The city's name in the installation.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The address of its pages.
    pub(super) fn url(&self) -> &str {
        &self.0.url
    }

    /// Serves the pages here until `stop` resolves, with whether others follow; then lets open requests end and closes the
    /// streams of live changes.
    pub(in crate::web) async fn serve(&self, state: AppState, stop: impl Future<Output = bool>) {
        let app = router(state.clone());
        if state.settings.is_kept_warm {
            tokio::spawn(keep_warm(state.clone(), app.clone()));
        }
        self.0.pages.send_replace(Pages::Open(app, Box::new(state.clone())));
        if stop.await {
            // Visitors wait for the pages that follow.
            self.0.pages.send_replace(Pages::Coming);
            state.vitals.drain(state.settings.limits.drain, false).await;
        } else {
            // Whoever asks is told at once, so that a balancer sends its visitors elsewhere while what is open ends.
            state.vitals.drain(state.settings.limits.drain, false).await;
            self.close();
        }
        state.stopping.cancel();
    }

    /// No pages any more: visitors are told so.
    pub fn close(&self) {
        self.0.pages.send_replace(Pages::None);
    }

    /// The pages as they are now; waits for those that are coming.
    pub(super) async fn app(&self) -> Option<Router> {
        let mut pages = self.0.pages.subscribe();
        let settled = pages.wait_for(|pages| !matches!(pages, Pages::Coming));
        match timeout(PATIENCE, settled).await.ok()?.ok()?.clone() {
            Pages::Open(app, _) => Some(app),
            Pages::Coming | Pages::None => None,
        }
    }

    /// What the pages share, while there are some.
    pub(super) fn state(&self) -> Option<AppState> {
        match &*self.0.pages.borrow() {
            Pages::Open(_, state) => Some((**state).clone()),
            Pages::Coming | Pages::None => None,
        }
    }

    /// The code of the city, once it is known which one it is.
    pub(super) fn location(&self) -> Option<String> {
        let state = self.state()?;
        (!state.is_being_set_up()).then(|| state.journey.city.location.to_string())
    }

    /// Which locations others of the installation are.
    #[must_use]
    pub fn taken(&self, gate: &Gate) -> Vec<String> {
        let others = gate.slots().iter().filter(|slot| !Arc::ptr_eq(&slot.0, &self.0));
        others.filter_map(Self::location).collect()
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("name", &self.0.name).finish_non_exhaustive()
    }
}
