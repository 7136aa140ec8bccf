//! Found out once for each request, before its door: a person with a session's cookie, a program with a token, anybody.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{client, cookie};
use crate::access::{AccessError, Client};
use crate::account::{Session, Token, Visitor};
use crate::web::AppState;
use crate::web::error::WebError;

/// Paths that are the same for everybody and need no look at who asks.
const IMPERSONAL: [&str; 3] = ["/assets/", "/healthz", "/readyz"];

/// Who asks, and from where.
#[derive(Debug, Clone)]
pub(in crate::web) struct Guest {
    pub(in crate::web) visitor: Visitor,
    pub(in crate::web) client: Client,
    /// The session of the cookie, however far signing in has come, and the cookie's value.
    pub(in crate::web) session: Option<(Token, Session)>,
}

impl Guest {
    /// Whom open lines are counted for.
    pub(in crate::web) fn counted_as(&self) -> String {
        match &self.visitor {
            Visitor::Account { name, .. } => format!("account {name}"),
            _ => self.client.address.clone(),
        }
    }
}

/// The layer that finds out who asks. What is made for somebody is kept by no cache.
pub(in crate::web) async fn recognise(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    if IMPERSONAL.iter().any(|start| request.uri().path().starts_with(start)) {
        return next.run(request).await;
    }
    let address = client::address(&request, &state.settings.proxies);
    let address = address.map_or_else(|| "unknown".to_owned(), |address| address.to_string());
    let client = Client::new(&address, &client::agent(request.headers()));
    let brought = Brought::by(request.headers());
    let (guest, renewed) = match guest(&state, client, brought).await {
        Ok(found) => found,
        Err(error) => return error.into_response(),
    };
    let is_known = guest.session.is_some() || matches!(guest.visitor, Visitor::Account { .. });
    request.extensions_mut().insert(guest.clone());
    let mut response = next.run(request).await;
    if is_known {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Some(token) = renewed.filter(|_| !cookie::is_set(&response)) {
        cookie::set(&mut response, &token);
    }
    response.extensions_mut().insert(guest);
    response
}

/// What the request brought to be recognised by.
enum Brought {
    Nothing,
    Cookie(Token),
    Bearer(Token),
    /// An authorization that is none of ours.
    Nonsense,
}

impl Brought {
    /// A token stands over a cookie.
    fn by(headers: &HeaderMap) -> Self {
        if let Some(authorization) = headers.get(header::AUTHORIZATION) {
            let words = authorization.to_str().ok().and_then(|text| text.split_once(' '));
            let token = words.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
            let token = token.and_then(|(_, token)| Token::brought(token.trim()));
            return token.map_or(Self::Nonsense, Self::Bearer);
        }
        cookie::read(headers, cookie::SESSION).map_or(Self::Nothing, Self::Cookie)
    }
}

async fn guest(
    state: &AppState,
    client: Client,
    brought: Brought,
) -> Result<(Guest, Option<Token>), WebError> {
    let anybody = || if state.journey.is_demo { Visitor::Demo } else { Visitor::Public };
    match brought {
        Brought::Nothing => Ok((Guest { visitor: anybody(), client, session: None }, None)),
        Brought::Nonsense => Err(WebError::SignIn),
        Brought::Bearer(token) => match state.access.bearer(token.reveal(), &client).await {
            Ok(visitor) => Ok((Guest { visitor, client, session: None }, None)),
            Err(AccessError::Unavailable(error)) => Err(WebError::Internal(error)),
            Err(AccessError::TooMany { until } | AccessError::Locked { until }) => {
                Err(WebError::TooMany { seconds: state.seconds_until(until) })
            }
            Err(_) => Err(WebError::SignIn),
        },
        Brought::Cookie(token) => {
            let found = match state.access.recognise(token.reveal(), &client).await {
                Ok(found) => found,
                Err(AccessError::Unavailable(error)) => return Err(WebError::Internal(error)),
                Err(_) => None,
            };
            let Some(found) = found else {
                return Ok((Guest { visitor: anybody(), client, session: None }, None));
            };
            let visitor = if found.visitor == Visitor::Public { anybody() } else { found.visitor };
            let token = found.renewed.clone().unwrap_or(token);
            Ok((Guest { visitor, client, session: Some((token, found.session)) }, found.renewed))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brought(authorization: &'static str) -> Brought {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("__Host-siaga=abc"));
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static(authorization));
        Brought::by(&headers)
    }

    #[test]
    fn a_token_stands_over_a_cookie_and_nonsense_is_not_taken_for_nobody() {
        assert!(matches!(brought("Bearer siaga_x"), Brought::Bearer(token) if token.reveal() == "siaga_x"));
        assert!(matches!(brought("bearer siaga_x"), Brought::Bearer(_)));
        assert!(matches!(brought("Basic c2k6YQ=="), Brought::Nonsense));
        assert!(matches!(brought("Bearer "), Brought::Nonsense));
        assert!(matches!(brought("siaga_x"), Brought::Nonsense));
    }
}
