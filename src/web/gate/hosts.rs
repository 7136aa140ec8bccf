//! From a request's host to the pages of a city.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use tracing::Instrument;

use super::list::List;
use super::own;
use super::slot::Slot;
use crate::config::{InstalledCity, host_of};
use crate::text::Locale;
use crate::web::locale;
use crate::web::router::guarded;
use crate::web::server::{Answers, Everything, Stage, away};

/// The cities of an installation behind one address.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    /// What the installation is called.
    title: String,
    /// The language of those who say none.
    locale: Locale,
    slots: Vec<Slot>,
    /// Places in `slots`.
    by_host: HashMap<String, usize>,
    list: List,
    /// The installation's own pages.
    own: Router<Gate>,
    stopping: CancellationToken,
}

impl Gate {
    /// A gate of cities whose hosts differ; nobody's pages are there yet.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "own.rs holds its addresses with their rules")]
    pub fn new((title, locale): (&str, Locale), cities: &[InstalledCity], is_secure: bool) -> Self {
        let slot = |city: &InstalledCity| {
            let away = away((title, locale), is_secure);
            Slot::new((city.name.clone(), city.config.server.public_address()), Stage::new(away))
        };
        let hosts = cities.iter().enumerate();
        let by_host = hosts.filter_map(|(nth, city)| Some((city.config.server.host()?, nth))).collect();
        let own = Router::new().fallback(own::page).layer(from_fn(locale::remember));
        Self(Arc::new(Inner {
            title: title.to_owned(),
            locale,
            slots: cities.iter().map(slot).collect(),
            by_host,
            list: List::default(),
            own: guarded(own, is_secure),
            stopping: CancellationToken::new(),
        }))
    }

    /// Everything that comes in.
    pub(in crate::web) fn everything(self) -> Everything<impl Answers> {
        Everything(move |request| enter(self.clone(), request))
    }

    /// The cities' places.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.0.slots
    }

    /// To be cancelled when the process is told to stop.
    #[must_use]
    pub fn stopping(&self) -> &CancellationToken {
        &self.0.stopping
    }

    pub(super) fn title(&self) -> &str {
        &self.0.title
    }

    pub(super) fn locale(&self) -> Locale {
        self.0.locale
    }

    pub(super) fn list(&self) -> &List {
        &self.0.list
    }

    /// The city that a request is for.
    fn asked(&self, request: &Request) -> Option<&Slot> {
        let header = || request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        // HTTP/2 names it in the address, and so does whoever writes the whole address in the first line.
        let host = request.uri().authority().map(|authority| authority.as_str()).or_else(header)?;
        let host = host.rsplit('@').next().unwrap_or(host);
        self.0.by_host.get(&host_of(host)).and_then(|nth| self.0.slots.get(*nth))
    }
}

/// Hands a request to its city, or to the installation's own pages.
async fn enter(gate: Gate, request: Request) -> Response {
    let Some(slot) = gate.asked(&request) else {
        let own = gate.0.own.clone().with_state(gate.clone());
        return own.oneshot(request).await.into_response();
    };
    let span = tracing::error_span!("city", city = slot.name());
    slot.answer(request).instrument(span).await
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("slots", &self.0.slots).finish_non_exhaustive()
    }
}
