//! Who asks: a person with a session's cookie, a program with a token, anybody. Found out once for each request,
//! before its door.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::AppState;
use super::client;
use super::error::WebError;
use crate::account::Visitor;

/// Paths that are the same for everybody and need no look at who asks.
const IMPERSONAL: [&str; 3] = ["/assets/", "/healthz", "/readyz"];

/// Who asks, and from where.
#[derive(Debug, Clone)]
pub(super) struct Guest {
    pub(super) visitor: Visitor,
    pub(super) address: String,
}

impl Guest {
    /// Whom open lines are counted for.
    pub(super) fn counted_as(&self) -> String {
        match &self.visitor {
            Visitor::Account { name, .. } => format!("account {name}"),
            _ => self.address.clone(),
        }
    }

    /// Whether a person has signed in.
    pub(super) fn is_person(&self) -> bool {
        matches!(self.visitor, Visitor::Account { scopes: None, .. })
    }
}

/// The layer that finds out who asks. What is made for somebody is kept by nobody.
pub(super) async fn recognise(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if IMPERSONAL.iter().any(|start| request.uri().path().starts_with(start)) {
        return next.run(request).await;
    }
    let guest = match guest(&state, &request).await {
        Ok(guest) => guest,
        Err(error) => return error.into_response(),
    };
    let is_known = matches!(guest.visitor, Visitor::Account { .. });
    request.extensions_mut().insert(guest.clone());
    let mut response = next.run(request).await;
    if is_known {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response.extensions_mut().insert(guest);
    response
}

async fn guest(state: &AppState, request: &Request) -> Result<Guest, WebError> {
    let address = client::address(request, &state.settings.proxies);
    let address = address.map_or_else(|| "unknown".to_owned(), |address| address.to_string());
    let visitor = if state.journey.is_demo { Visitor::Demo } else { Visitor::Public };
    Ok(Guest { visitor, address })
}
