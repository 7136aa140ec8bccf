//! The pages of a city as they are now. Others may follow them, for an installation that was just set up or has a new source: whoever
//! asks meanwhile waits, on a line that stays.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;
use tokio::time::timeout;
use tower::ServiceExt;

use super::away::is_of_the_process;
use super::everything::{Answers, Everything};
use crate::web::ready::keep_warm;
use crate::web::router::router;
use crate::web::state::AppState;

/// For so long a visitor waits for the pages that are coming.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where a city's pages stand.
#[derive(Clone)]
pub(in crate::web) struct Stage(Arc<Inner>);

struct Inner {
    pages: watch::Sender<Pages>,
    /// What is answered where there are none.
    away: Router,
}

/// What stands there.
#[derive(Clone)]
enum Pages {
    /// Others follow in a moment.
    Coming,
    /// These.
    Open(Router, AppState),
    /// None: the city could not be opened, or the program stops.
    None,
}

impl Stage {
    /// The first pages are coming; where there are none, `away` answers.
    pub(in crate::web) fn new(away: Router) -> Self {
        Self(Arc::new(Inner { pages: watch::Sender::new(Pages::Coming), away }))
    }

    /// Everything that comes in for the city.
    pub(super) fn everything(self) -> Everything<impl Answers> {
        Everything(move |request| {
            let stage = self.clone();
            async move { stage.answer(request).await }
        })
    }

    /// Shows these pages until `stop` resolves, with whether others follow; that is what it gives back. Where none follow, requests that are
    /// open have their answers by then. Where others do, they get them meanwhile, and whoever comes waits for what follows.
    pub(in crate::web) async fn show(&self, state: &AppState, stop: impl Future<Output = bool>) -> bool {
        let app = router(state.clone());
        if state.settings.is_kept_warm {
            tokio::spawn(keep_warm(state.clone(), app.clone()));
        }
        self.0.pages.send_replace(Pages::Open(app, state.clone()));
        let do_others_follow = stop.await;
        if do_others_follow {
            self.0.pages.send_replace(Pages::Coming);
            state.vitals.over.cancel();
        } else {
            // Whoever asks is told at once, so that a balancer sends its visitors elsewhere while what is open ends.
            state.vitals.drain(state.settings.limits.drain).await;
        }
        do_others_follow
    }

    /// No pages any more: visitors are told so.
    pub(in crate::web) fn close(&self) {
        self.0.pages.send_replace(Pages::None);
    }

    /// What the pages share, while there are some.
    pub(in crate::web) fn state(&self) -> Option<AppState> {
        match &*self.0.pages.borrow() {
            Pages::Open(_, state) => Some(state.clone()),
            Pages::Coming | Pages::None => None,
        }
    }

    /// Answers with the pages as they are now; waits for those that are coming.
    pub(in crate::web) async fn answer(&self, request: Request) -> Response {
        let app = match self.shown() {
            Some(app) => app,
            // The process is well, and its style is the same, whatever comes.
            None if is_of_the_process(request.uri().path()) => self.0.away.clone(),
            None => self.awaited().await.unwrap_or_else(|| self.0.away.clone()),
        };
        app.oneshot(request).await.into_response()
    }

    fn shown(&self) -> Option<Router> {
        match &*self.0.pages.borrow() {
            Pages::Open(app, _) => Some(app.clone()),
            Pages::Coming | Pages::None => None,
        }
    }

    async fn awaited(&self) -> Option<Router> {
        let mut pages = self.0.pages.subscribe();
        let settled = pages.wait_for(|pages| !matches!(pages, Pages::Coming));
        match timeout(PATIENCE, settled).await.ok()?.ok()?.clone() {
            Pages::Open(app, _) => Some(app),
            Pages::Coming | Pages::None => None,
        }
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage").finish_non_exhaustive()
    }
}
