//! Every path, and what stands round every answer: security headers, compression, a time limit, and the page
//! that explains an error. Layers further down stand further out.

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate};
use tower_http::compression::{CompressionLayer, DefaultPredicate};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use super::{AppState, asset, chart, error, events, export, health, locale, page};

/// Nothing from elsewhere, nothing inline: pages, styles, script, fonts and pictures are our own files.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
     img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Longest time until an answer begins; streams of live changes may go on after that.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The pages' paths.
pub fn router(state: AppState) -> Router {
    let compressible = DefaultPredicate::new().and(NotForContentType::new("font/"));
    Router::new()
        .route("/", get(page::mayor))
        .route("/officials", get(page::officials))
        .route("/analyst", get(page::analyst))
        .route("/mailbox", get(page::mailbox))
        .route("/dictionary", get(page::dictionary))
        .route("/charts/{file}", get(chart::chart))
        .route("/exports/{file}", get(export::export))
        .route("/events", get(events::events))
        .route("/assets/{*path}", get(asset::asset))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::not_allowed)
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .layer(from_fn_with_state(state.clone(), error::explain))
        .layer(axum::middleware::from_fn(locale::remember))
        .layer(CompressionLayer::new().compress_when(compressible))
        .layer(always(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "no-referrer"))
        .with_state(state)
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}
