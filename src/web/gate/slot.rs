//! A city's place at the gate.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;

use super::hosts::Gate;
use crate::web::server::Stage;
use crate::web::state::AppState;

/// A city's place at the gate.
#[derive(Clone)]
pub struct Slot(Arc<Inner>);

struct Inner {
    name: String,
    url: String,
    stage: Stage,
}

impl Slot {
    pub(super) fn new((name, url): (String, String), stage: Stage) -> Self {
        Self(Arc::new(Inner { name, url, stage }))
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

    /// Serves the pages here until `stop` resolves, with whether others follow; that is what it gives back. The streams of live changes are
    /// closed by then, and where none follow open requests have their answers.
    pub(in crate::web) async fn serve(&self, state: AppState, stop: impl Future<Output = bool>) -> bool {
        let do_others_follow = self.0.stage.show(&state, stop).await;
        if !do_others_follow {
            self.close();
        }
        state.stopping.cancel();
        do_others_follow
    }

    /// No pages any more: visitors are told so.
    pub fn close(&self) {
        self.0.stage.close();
    }

    pub(super) async fn answer(&self, request: Request) -> Response {
        self.0.stage.answer(request).await
    }

    /// What the pages share, while there are some.
    pub(super) fn state(&self) -> Option<AppState> {
        self.0.stage.state()
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
