//! The cookies of a session. The prefix `__Host-` makes the browser refuse one that another host, another path or a
//! line without TLS has set.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::account::Token;

/// The session's cookie. It ends with the browser or with the session, whichever is first.
pub(super) const SESSION: &str = "__Host-siaga";
/// The cookie that binds the answer of the city's own provider to the browser that was sent there.
pub(in crate::web) const BINDING: &str = "__Host-siaga-oidc";

const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

/// The value of a cookie, if it can be one of ours.
pub(in crate::web) fn read(headers: &HeaderMap, name: &str) -> Option<Token> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).and_then(|(_, value)| Token::brought(value))
}

/// Whether a request brings a cookie that makes it somebody's, sound or not.
pub(in crate::web) fn brings_cookie(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::COOKIE).iter();
    lines.map(HeaderValue::as_bytes).any(|line| line.windows(7).any(|part| part == b"__Host-"))
}

/// Gives the browser the cookie of a session.
pub(in crate::web) fn set(response: &mut Response, token: &Token) {
    put(response, &format!("{SESSION}={}; {ATTRIBUTES}", token.reveal()));
}

/// Gives the browser a cookie that it forgets by itself.
pub(in crate::web) fn set_for_minutes(response: &mut Response, (name, token): (&str, &Token), minutes: u32) {
    put(response, &format!("{name}={}; Max-Age={}; {ATTRIBUTES}", token.reveal(), minutes * 60));
}

/// Has the browser forget a cookie: the session's, or the one named.
pub(in crate::web) fn clear(response: &mut Response, name: Option<&str>) {
    put(response, &format!("{}=; Max-Age=0; {ATTRIBUTES}", name.unwrap_or(SESSION)));
}

/// Whether the answer says something about the session's cookie already.
pub(super) fn is_set(response: &Response) -> bool {
    let mut cookies = response.headers().get_all(header::SET_COOKIE).iter();
    cookies.any(|cookie| cookie.to_str().is_ok_and(|cookie| cookie.starts_with("__Host-siaga=")))
}

fn put(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_cookie_is_read_and_only_if_it_can_be_one() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("lang=id; siaga=x; __Host-siaga-oidc=b"));
        assert_eq!(read(&headers, SESSION), None);
        assert!(read(&headers, BINDING).is_some());
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-siaga=abc-_9"));
        assert_eq!(read(&headers, SESSION).unwrap().reveal(), "abc-_9");
        headers.insert(header::COOKIE, HeaderValue::from_static("__Host-siaga=a b"));
        assert_eq!(read(&headers, SESSION), None);
    }
}
