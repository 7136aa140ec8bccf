//! The reader's language: `?lang=` before the cookie, the cookie before `Accept-Language`, that before the
//! settings. A language asked for in the address is remembered in a cookie.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use super::visit::parameters;
use crate::text::Locale;

/// A year in seconds.
const REMEMBERED: u32 = 31_536_000;

/// The language of a request.
pub(super) fn of(uri: &Uri, headers: &HeaderMap, otherwise: Locale) -> Locale {
    asked(uri)
        .or_else(|| cookie(headers))
        .or_else(|| text(headers, header::ACCEPT_LANGUAGE).and_then(Locale::negotiate))
        .unwrap_or(otherwise)
}

/// The language asked for in the address, if it is one of ours.
fn asked(uri: &Uri) -> Option<Locale> {
    let parameters = parameters(uri);
    parameters.iter().find(|(name, _)| name == "lang").and_then(|(_, value)| Locale::parse(value))
}

fn cookie(headers: &HeaderMap) -> Option<Locale> {
    text(headers, header::COOKIE)?
        .split(';')
        .find_map(|pair| Locale::parse(pair.trim().strip_prefix("lang=")?))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Remembers a language asked for in the address.
pub(super) async fn remember(request: Request, next: Next) -> Response {
    let asked = asked(request.uri());
    let mut response = next.run(request).await;
    if let Some(locale) = asked {
        let cookie = format!("lang={}; Path=/; Max-Age={REMEMBERED}; SameSite=Lax; HttpOnly", locale.tag());
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_stands_over_the_cookie_and_the_cookie_over_the_browser() {
        let mut headers = HeaderMap::new();
        let read = |path: &str, headers: &HeaderMap| of(&path.parse().unwrap(), headers, Locale::Id);
        assert_eq!(read("/", &headers), Locale::Id);
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en-GB,id;q=0.5"));
        assert_eq!(read("/", &headers), Locale::En);
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; lang=id"));
        assert_eq!(read("/?lang=xx", &headers), Locale::Id);
        assert_eq!(read("/?lang=en", &headers), Locale::En);
    }
}
