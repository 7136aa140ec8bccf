//! Pages of other sites may read what anybody may read. They bring no cookie with them, and change nothing.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const RULES: [(HeaderName, &str); 4] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, if-none-match"),
    (
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        "etag, link, siaga-page-limit, siaga-id, siaga-as-of, siaga-known-at, retry-after",
    ),
];

/// How long a browser may remember the rules, in seconds.
const REMEMBERED: &str = "86400";

/// The layer: says so on every answer for programs, and answers the question that a browser asks first.
pub(in crate::web) async fn cross_origin(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_for_programs =
        ["/api/", "/exports/", "/charts/", "/feed.atom"].iter().any(|start| path.starts_with(start));
    if !is_for_programs {
        return next.run(request).await;
    }
    let is_question = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match is_question {
        true => (StatusCode::NO_CONTENT, [(header::ACCESS_CONTROL_MAX_AGE, REMEMBERED)]).into_response(),
        false => next.run(request).await,
    };
    for (name, value) in RULES {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
