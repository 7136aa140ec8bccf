//! Round every request: its id, the count of those that are open, how it ended and how long it took. The id stands in the
//! answer and in whatever the log says of the request; the log knows neither its query nor who asked.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use super::Vitals;
use crate::telemetry;
use crate::web::AppState;

/// The header of a request's id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// An id that is brought is kept if it is as long as this and made of letters, digits and hyphens.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=64;

/// The id of a request.
#[derive(Debug, Clone)]
struct RequestId(HeaderValue);

/// A request whose answer has not begun.
struct Open {
    vitals: Arc<Vitals>,
    number: u64,
}

impl Open {
    fn new(vitals: &Arc<Vitals>) -> Self {
        Self { vitals: Arc::clone(vitals), number: vitals.count_in() }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.vitals.count_out();
    }
}

/// The outermost layer: gives the id, counts.
pub(in crate::web) async fn watch(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let open = Open::new(&state.vitals);
    let own = || HeaderValue::try_from(state.vitals.id(open.number)).ok();
    let id = brought(request.headers()).or_else(own);
    if let Some(id) = &id {
        request.extensions_mut().insert(RequestId(id.clone()));
    }
    // The program asks its own pages before others do; that is no request.
    let is_from_outside = request.extensions().get::<ConnectInfo<SocketAddr>>().is_some();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = named(request.method());
    let started = Instant::now();
    let mut response = next.run(request).await;
    drop(open);
    if is_from_outside {
        let route = route.as_ref().map_or("none", MatchedPath::as_str);
        telemetry::request_ended(route, method, response.status().as_u16(), started.elapsed());
    }
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The layer that has the log say which request it is. Answers that are ready never come here, and log nothing.
pub(in crate::web) async fn trace(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.0.to_str().ok()).unwrap_or_default();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let span = tracing::error_span!("request", request.id = id, method = named(request.method()), route);
    next.run(request).instrument(span).await
}

/// An id that whoever asks has given, if it looks like one: it goes into the log.
fn brought(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get(REQUEST_ID)?;
    let is_of_it = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    (LENGTH.contains(&id.len()) && id.as_bytes().iter().all(is_of_it)).then(|| id.clone())
}

/// A method by its name; what nobody serves has one name together.
fn named(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_counts_and_has_a_number_of_its_own() {
        let vitals = Arc::new(Vitals::new(crate::telemetry::Heartbeat::default()));
        let first = Open::new(&vitals);
        let second = Open::new(&vitals);
        assert_ne!(vitals.id(first.number), vitals.id(second.number));
        assert_eq!(vitals.open.load(std::sync::atomic::Ordering::SeqCst), 2);
        drop((first, second));
        assert_eq!(vitals.open.load(std::sync::atomic::Ordering::SeqCst), 0);
        assert_eq!(vitals.count_in(), 2, "numbers go on");
    }

    #[test]
    fn an_id_is_kept_only_if_it_looks_like_one() {
        let kept = |id: &str| {
            let headers = HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_str(id).unwrap())]);
            brought(&headers).is_some()
        };
        for sound in ["12345678", "f47ac10b-58cc-4372-a567-0e02b2c3d479", &"a".repeat(64)] {
            assert!(kept(sound), "{sound}");
        }
        for unsound in
            ["", "1234567", &"a".repeat(65), "sekda@example", "a b c d e f", "{\"a\": 12345}", "__________"]
        {
            assert!(!kept(unsound), "{unsound}");
        }
    }

    #[test]
    fn a_method_that_somebody_made_up_makes_no_row_of_its_own() {
        assert_eq!(named(&Method::GET), "GET");
        assert_eq!(named(&Method::from_bytes(b"BREW").unwrap()), "other");
    }
}
