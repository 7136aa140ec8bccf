//! What stands round every answer: who asks, protection against requests that another site makes, limits, security
//! headers, compression, and the page that explains an error. Layers further down stand further out. The doors
//! themselves are in `door.rs`.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate};
use tower_http::compression::{CompressionLayer, DefaultPredicate};
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use super::{AppState, api, door, error, gathered, health, locale, ready, visitor};

/// Nothing from elsewhere, nothing inline: pages, styles, script, fonts and pictures are our own files; no page in a frame.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
     img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The same for a page that these sites may show in a frame. Browsers that read this leave `X-Frame-Options` alone.
pub(super) fn policy_with_frames(origins: &[String]) -> String {
    if origins.is_empty() {
        return CONTENT_SECURITY_POLICY.to_owned();
    }
    let sites = format!("frame-ancestors {}", origins.join(" "));
    CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", &sites)
}

/// Nothing of what a browser could lend a page is used.
const PERMISSIONS_POLICY: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

/// A year: browsers then come over TLS only.
const STRICT_TRANSPORT: &str = "max-age=31536000";

/// The pages with everything round them.
pub fn router(state: AppState) -> Router {
    let limits = &state.settings.limits;
    let doors = match &state.set_up {
        Some(set_up) if set_up.is_beside() => door::hung_with_set_up(&state),
        Some(_) => door::hung_for_set_up(&state),
        None => door::hung(&state),
    };
    let app = doors
        .layer(from_fn_with_state(state.clone(), visitor::recognise))
        .layer(same_site(&state.settings.public_url))
        .layer(CatchPanicLayer::custom(error::panicked))
        // Each door has a shorter time of its own; this one is for finding out who asks.
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            limits.file.max(limits.answer),
        ))
        .layer(from_fn_with_state(state.clone(), error::explain))
        .layer(from_fn(locale::remember));
    let app = guarded(app.layer(from_fn(health::trace)), state.settings.is_secure());
    app.layer(ready::Aside)
        .layer(from_fn_with_state(state.clone(), ready::serve))
        .layer(from_fn_with_state(state.clone(), gathered::tell))
        .layer(from_fn(api::cross_origin))
        .layer(from_fn_with_state(state.clone(), health::watch))
        .with_state(state)
}

/// Compression and the headers that every answer has.
pub(super) fn guarded<S: Clone + Send + Sync + 'static>(app: Router<S>, is_secure: bool) -> Router<S> {
    // Fonts, workbooks, Parquet and packs are compressed already.
    let compressible = DefaultPredicate::new()
        .and(NotForContentType::new("font/"))
        .and(NotForContentType::new("application/vnd."))
        .and(NotForContentType::new("application/zip"));
    let app = app
        .layer(CompressionLayer::new().compress_when(compressible))
        // A page that may be shown in a frame says so itself.
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(CONTENT_SECURITY_POLICY),
        ))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::X_FRAME_OPTIONS, "DENY"))
        .layer(always(header::REFERRER_POLICY, "same-origin"))
        .layer(always(HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY))
        .layer(always(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(always(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"));
    if is_secure { app.layer(always(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT)) } else { app }
}

type Refusal = fn(ProtectionError) -> Response<axum::body::Body>;

/// Changes only by our own pages (`Sec-Fetch-Site`, `Origin`). A proxy may have changed the host's name, so that the
/// public address counts as our own too.
fn same_site(public_url: &str) -> CsrfLayer<Refusal> {
    let layer = CsrfLayer::new();
    let layer = layer.clone().add_trusted_origin(public_url).unwrap_or(layer);
    layer.with_rejection_response(|_| error::WebError::Foreign.into_response())
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_in_a_frame_is_a_matter_of_named_sites_and_of_nothing_else() {
        assert_eq!(policy_with_frames(&[]), CONTENT_SECURITY_POLICY);
        let sites = ["https://kotabogor.example".to_owned(), "https://news.example:8443".to_owned()];
        let policy = policy_with_frames(&sites);
        assert!(
            policy
                .contains("; frame-ancestors https://kotabogor.example https://news.example:8443; base-uri")
        );
        let rest = |policy: &str| policy.split("; ").filter(|part| !part.starts_with("frame-")).count();
        assert_eq!(rest(&policy), rest(CONTENT_SECURITY_POLICY));
        assert!(policy.contains("script-src 'self'"));
    }
}
