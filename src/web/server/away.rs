//! What is answered for a city whose pages are not there: in one sentence, with when to come again.

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};

use crate::text::{Locale, Phrases};
use crate::web::page::{Frame, html};
use crate::web::router::guarded;
use crate::web::{asset, health, locale};

/// Seconds until it is worth asking again.
const AGAIN: HeaderValue = HeaderValue::from_static("10");

/// Of a city; what it or its installation is called, if that is known, and the language of those who say none.
#[expect(clippy::disallowed_methods, reason = "one page at every address, for everybody")]
pub(in crate::web) fn away((title, language): (&str, Locale), is_secure: bool) -> Router {
    let title = title.to_owned();
    let page = move |uri: Uri, headers: HeaderMap| answer((title.clone(), language), (uri, headers));
    guarded(Router::new().fallback(page).layer(from_fn(locale::remember)), is_secure)
}

#[derive(Template)]
#[template(path = "away.html")]
struct AwayPage {
    frame: Frame,
    title: String,
}

/// What is answered without any pages: the parts that all pages have, and whether the process is alive.
pub(super) fn is_of_the_process(path: &str) -> bool {
    path == "/healthz" || path.starts_with("/assets/")
}

async fn answer((called, language): (String, Locale), (uri, headers): (Uri, HeaderMap)) -> Response {
    if let Some(asset) = uri.path().strip_prefix("/assets/") {
        let asset = Path(asset.to_owned());
        return asset::asset(asset, uri, headers).await.into_response();
    }
    if uri.path() == "/healthz" {
        // The process is well, whatever keeps its pages away.
        return health::all_alive(&[], &headers);
    }
    let t = Phrases::new(locale::of(&uri, &headers, language));
    let title = t.say("error-none-title");
    let mut response = html(&AwayPage { frame: Frame::apart(t, &called, &title), title }).into_response();
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    let about = response.headers_mut();
    about.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    about.insert(header::RETRY_AFTER, AGAIN);
    response
}
