//! One try over HTTP: where it leads, what the answer says of itself, and its body.

use std::time::Duration;

use chrono::DateTime;
use futures_util::StreamExt;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use reqwest::{Response, StatusCode, Url};
use tokio::time::timeout;

use super::body::{Unpacker, too_large};
use super::fault::Fault;
use super::{Fetcher, Validators};
use crate::source::Request;
use crate::source::guard::{NotPublic, PrivateHosts, check_form, check_url};
use crate::source::request::{Method, secret_in};
use crate::text::Reason;

/// Redirects followed.
const REDIRECTS: usize = 3;

/// What is asked for.
pub(super) struct Ask<'a> {
    pub(super) url: Url,
    pub(super) request: &'a Request,
    pub(super) known: &'a Validators,
    /// Largest body.
    pub(super) most: usize,
}

/// A body and what the publisher said of it.
pub(super) struct Answer {
    pub(super) body: Vec<u8>,
    pub(super) content_type: String,
    pub(super) validators: Validators,
}

/// What one try brought.
pub(super) enum Asked {
    NotModified,
    Answer(Answer),
}

/// One request and its answer, or where it leads instead.
enum Hop {
    Done(Asked),
    To(Url, Method),
}

/// Whether a text is an address that can be asked at all; what it stands for is checked when it is asked.
pub(in crate::source) fn check_address(text: &str) -> Result<(), Reason> {
    let url: Url = text.parse().map_err(|_| Reason::new("not-address"))?;
    check_form(&url)
}

/// An address as it may be shown: the query may carry a key.
pub(super) fn without_query(address: &str) -> String {
    address.split(['?', '#']).next().unwrap_or_default().to_owned()
}

impl Fetcher {
    /// One try: the request, up to three redirects, the body.
    pub(super) async fn try_once(&self, ask: &Ask<'_>) -> Result<Asked, Fault> {
        let (mut url, mut method) = (ask.url.clone(), ask.request.method);
        for _ in 0..=REDIRECTS {
            let host = url.host_str().unwrap_or_default();
            let is_own = self.limits.private.holds(&url);
            let pause = if is_own { Duration::ZERO } else { self.limits.host_pause };
            // Waiting for a place is not the publisher's time.
            let place = self.hosts.place(host, pause).await;
            let hop = timeout(self.limits.timeout, self.hop(ask, &url, method)).await;
            drop(place);
            match hop.map_err(|_| Fault::passing(slow(Reason::new("not-done"), self.limits.timeout)))?? {
                Hop::Done(asked) => return Ok(asked),
                Hop::To(next, how) => (url, method) = (next, how),
            }
        }
        Err(Fault::lasting(Reason::new("redirects").count("most", REDIRECTS)))
    }

    async fn hop(&self, ask: &Ask<'_>, url: &Url, method: Method) -> Result<Hop, Fault> {
        let request = self.request(ask, url, method)?;
        let answer = timeout(self.limits.idle, request.send()).await;
        let response = answer
            .map_err(|_| Fault::passing(slow(Reason::new("no-answer"), self.limits.idle)))?
            .map_err(|error| broken(&error))?;
        let status = response.status();
        let is_redirect = matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308);
        if let Some(location) = response.headers().get(LOCATION).filter(|_| is_redirect) {
            let location = location.to_str().map_err(|_| Fault::lasting(Reason::new("redirects-nowhere")))?;
            let next = followed((url, method), status, location, &self.limits.private);
            return next.map(|(url, method)| Hop::To(url, method)).map_err(Fault::lasting);
        }
        if status == StatusCode::NOT_MODIFIED && !ask.known.is_empty() {
            return Ok(Hop::Done(Asked::NotModified));
        }
        check_status(status, response.headers())?;
        let said = |name: HeaderName| header(response.headers(), &name);
        let content_type = said(CONTENT_TYPE);
        let validators = Validators { etag: said(ETAG), last_modified: said(LAST_MODIFIED) };
        let body = self.body(response, ask.most).await?;
        Ok(Hop::Done(Asked::Answer(Answer { body, content_type, validators })))
    }

    fn request(&self, ask: &Ask<'_>, url: &Url, method: Method) -> Result<reqwest::RequestBuilder, Fault> {
        let mut request = match method {
            Method::Get => self.client.get(url.clone()),
            Method::Post => self.client.post(url.clone()).body(ask.request.body.clone()),
        };
        request = request.header(ACCEPT_ENCODING, "gzip");
        // What the spec says goes to the host the spec names, and to nobody that host points at.
        if url.origin() == ask.url.origin() {
            let headers = self.headers(ask.request, url)?;
            if method == Method::Post && !headers.contains_key(CONTENT_TYPE) {
                let is_json = ask.request.body.trim_start().starts_with(['{', '[']);
                let kind = if is_json { "application/json" } else { "application/x-www-form-urlencoded" };
                request = request.header(CONTENT_TYPE, kind);
            }
            request = request.headers(headers);
        }
        if !ask.known.etag.is_empty() {
            request = request.header(IF_NONE_MATCH, &ask.known.etag);
        }
        if !ask.known.last_modified.is_empty() {
            request = request.header(IF_MODIFIED_SINCE, &ask.known.last_modified);
        }
        Ok(request)
    }

    /// The headers of the spec, with secrets from the environment in their places.
    fn headers(&self, request: &Request, url: &Url) -> Result<HeaderMap, Fault> {
        let mut headers = HeaderMap::new();
        for (name, text) in &request.headers {
            let wrong = || Fault::lasting(Reason::new("header").text("name", name));
            let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
            let value = match secret_in(text) {
                None => HeaderValue::from_str(text).map_err(|_| wrong())?,
                Some((before, variable)) => {
                    let secret = self.secrets.get(variable).ok_or_else(|| {
                        Fault::lasting(
                            Reason::new("secret-unset").text("name", name).text("variable", variable),
                        )
                    })?;
                    if url.scheme() != "https" && !self.limits.private.holds(url) {
                        return Err(Fault::lasting(
                            Reason::new("secret-in-clear").text("variable", variable),
                        ));
                    }
                    let text = format!("{before}{}", secret.reveal());
                    let mut value = HeaderValue::from_str(&text).map_err(|_| wrong())?;
                    value.set_sensitive(true);
                    value
                }
            };
            headers.insert(key, value);
        }
        Ok(headers)
    }

    async fn body(&self, response: Response, most: usize) -> Result<Vec<u8>, Fault> {
        let is_longer = |length: u64| usize::try_from(length).map_or(true, |length| length > most);
        if response.content_length().is_some_and(is_longer) {
            return Err(too_large(most));
        }
        let mut unpacker = Unpacker::new(&header(response.headers(), &CONTENT_ENCODING), most)?;
        let mut pieces = response.bytes_stream();
        loop {
            let piece = timeout(self.limits.idle, pieces.next())
                .await
                .map_err(|_| Fault::passing(slow(Reason::new("stopped"), self.limits.idle)))?;
            let Some(piece) = piece else {
                return unpacker.finish();
            };
            unpacker.push(&piece.map_err(|error| broken(&error))?)?;
        }
    }
}

/// Whether an answer has what was asked for.
fn check_status(status: StatusCode, headers: &HeaderMap) -> Result<(), Fault> {
    let reason = match status.as_u16() {
        200 | 203 => return Ok(()),
        202 => Reason::new("answered-not-ready"),
        204 | 205 => Reason::new("answered-nothing"),
        206 => Reason::new("answered-part"),
        304 => Reason::new("answered-not-kept"),
        _ => Reason::new("answered"),
    };
    let reason = reason.text("status", status);
    let may_pass = status.is_server_error() || matches!(status.as_u16(), 202 | 408 | 425 | 429);
    let after = retry_after(headers).filter(|_| may_pass);
    let reason = match after {
        Some(after) => {
            Reason::new("asks-for-quiet").count("seconds", after.as_secs()).because("reason", reason)
        }
        None => reason,
    };
    Err(Fault { reason, may_pass, after })
}

/// How long `Retry-After` asks to wait: seconds, or a moment held against the publisher's own clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = header(headers, &RETRY_AFTER);
    if let Ok(seconds) = text.trim().parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let moment = |text: &str| DateTime::parse_from_rfc2822(text.trim()).ok();
    let wait = moment(&text)? - moment(&header(headers, &DATE))?;
    Some(wait.to_std().unwrap_or_default())
}

/// What took longer than it may.
fn slow(reason: Reason, limit: Duration) -> Reason {
    reason.text("limit", format!("{limit:?}"))
}

/// Where a redirect leads, if it may be followed.
fn followed(
    (from, method): (&Url, Method),
    status: StatusCode,
    location: &str,
    private: &PrivateHosts,
) -> Result<(Url, Method), Reason> {
    let to = from.join(location).map_err(|_| Reason::new("redirects-nowhere"))?;
    let shown = without_query(to.as_str());
    check_url(&to, private)
        .map_err(|reason| Reason::new("redirects-to").text("address", &shown).because("reason", reason))?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(Reason::new("redirects-to-http").text("address", shown));
    }
    match (method, status.as_u16()) {
        (Method::Get, _) | (_, 303) => Ok((to, Method::Get)),
        (Method::Post, 307 | 308) if from.origin() == to.origin() => Ok((to, Method::Post)),
        (Method::Post, _) => Err(Reason::new("redirects-post").text("address", shown)),
    }
}

fn header(headers: &HeaderMap, name: &HeaderName) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// The innermost cause: the outer ones repeat the address, which may carry a key.
fn broken(error: &reqwest::Error) -> Fault {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        if let Some(refused) = cause.downcast_ref::<NotPublic>() {
            return Fault::lasting(refused.reason());
        }
        cause = inner;
    }
    if let Some(refused) = cause.downcast_ref::<NotPublic>() {
        return Fault::lasting(refused.reason());
    }
    let reason = if error.is_connect() { Reason::new("no-connection") } else { Reason::new("broke-off") };
    Fault::passing(reason.text("detail", cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(from: &str, status: u16, location: &str, method: Method) -> Result<(String, Method), String> {
        let status = StatusCode::from_u16(status).unwrap();
        let from: Url = from.parse().unwrap();
        followed((&from, method), status, location, &PrivateHosts::default())
            .map(|(url, method)| (url.to_string(), method))
            .map_err(|reason| reason.to_string())
    }

    #[test]
    fn a_redirect_is_checked_like_an_address() {
        let get = |from: &str, to: &str| lead(from, 302, to, Method::Get);
        let home = "https://example.org/a?key=secret";
        assert_eq!(get(home, "/b"), Ok(("https://example.org/b".to_owned(), Method::Get)));
        assert!(get(home, "https://example.net/b").is_ok());
        assert!(get("http://example.org/", "https://example.org/").is_ok());
        for (to, says) in [
            ("http://example.org/b?key=secret", "from https to http"),
            ("http://10.0.0.1/", "inside the network"),
            ("//169.254.169.254/latest", "inside the network"),
            ("file:///etc/passwd", "not http"),
            ("https://user:secret@example.org/", "name or password"),
            ("http://[", "no address"),
        ] {
            let said = get(home, to).unwrap_err();
            assert!(said.contains(says), "{to}: {said}");
        }
        assert!(!get(home, "http://example.org/b?key=secret").unwrap_err().contains("secret"));
    }

    #[test]
    fn a_body_is_sent_again_to_the_same_host_only() {
        let post = |status: u16, to: &str| lead("https://example.org/q", status, to, Method::Post);
        assert_eq!(post(303, "/answer").unwrap().1, Method::Get);
        assert_eq!(post(307, "/q2").unwrap().1, Method::Post);
        assert!(post(307, "https://example.net/q").is_err());
        assert!(post(302, "/q2").is_err());
    }

    #[test]
    fn a_publisher_says_how_long_it_wants_to_be_left_alone() {
        let wait = |pairs: &[(HeaderName, &str)]| {
            let headers: HeaderMap = pairs
                .iter()
                .map(|(name, text)| (name.clone(), HeaderValue::from_str(text).unwrap()))
                .collect();
            retry_after(&headers).map(|wait| wait.as_secs())
        };
        let (now, later) = ("Mon, 28 Jun 2021 10:00:00 GMT", "Mon, 28 Jun 2021 10:02:00 GMT");
        assert_eq!(wait(&[(RETRY_AFTER, "30")]), Some(30));
        assert_eq!(wait(&[(RETRY_AFTER, later), (DATE, now)]), Some(120));
        assert_eq!(wait(&[(RETRY_AFTER, now), (DATE, later)]), Some(0));
        assert_eq!(
            (wait(&[(RETRY_AFTER, later)]), wait(&[(RETRY_AFTER, "soon")]), wait(&[])),
            (None, None, None)
        );
    }

    #[test]
    fn only_a_whole_answer_is_taken() {
        let told = |status: u16| {
            check_status(StatusCode::from_u16(status).unwrap(), &HeaderMap::new())
                .map_err(|fault| fault.may_pass)
        };
        assert_eq!((told(200), told(203)), (Ok(()), Ok(())));
        for status in [204, 205, 206, 300, 302, 304, 400, 401, 403, 404, 410, 418] {
            assert_eq!(told(status), Err(false), "{status}");
        }
        for status in [202, 408, 425, 429, 500, 502, 503, 504] {
            assert_eq!(told(status), Err(true), "{status}");
        }
    }
}
