//! How the channels over HTTP ask: by https or on this host, without following anybody elsewhere, bounded in time and in
//! what is read. What comes back is told in one line without the secret.

use std::error::Error as _;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::{RequestBuilder, StatusCode, Url};

use super::AlertError;

/// Longest time for one delivery.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Longest time for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// As much of an answer is read.
const MOST_READ: usize = 64 * 1024;
/// As much of it is told.
const MOST_TOLD: usize = 300;

/// One address that is posted to.
#[derive(Clone)]
pub(super) struct Outlet {
    channel: &'static str,
    client: reqwest::Client,
    address: Url,
    /// What is never told.
    secrets: Vec<String>,
}

/// The secret lies in the address or beside it, so that only the host is shown.
impl fmt::Debug for Outlet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.address.host_str();
        f.debug_struct("Outlet").field("channel", &self.channel).field("host", &host).finish_non_exhaustive()
    }
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// Not before so long, by its `Retry-After`.
    pub(super) after: Option<Duration>,
    /// Its beginning.
    pub(super) body: String,
}

impl Outlet {
    /// An address with the secret that is used there: never in what this tells.
    pub(super) fn new(channel: &'static str, address: &str, secret: &str) -> Result<Self, AlertError> {
        let give_up = |reason: String| AlertError::GiveUp { channel, reason };
        let _ = rustls::crypto::ring::default_provider().install_default();
        let address: Url = address.parse().map_err(|_| give_up("it is not an address".to_owned()))?;
        let is_here = is_loopback(&address);
        if address.scheme() != "https" && !(address.scheme() == "http" && is_here) {
            return Err(give_up("its address is not https, nor http on this host".to_owned()));
        }
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none());
        // What is on this host is asked here, whatever proxy the environment names for the world.
        let client = if is_here { client.no_proxy() } else { client };
        let client = client.build().map_err(|error| give_up(error.to_string()))?;
        // What stands behind the host of a webhook is often all that keeps others from it.
        let parts = [secret, address.query().unwrap_or_default(), address.path()];
        let secrets = parts.into_iter().filter(|part| part.len() > 1).map(str::to_owned).collect();
        Ok(Self { channel, client, address, secrets })
    }

    /// A request to the address with these segments behind its path.
    pub(super) fn post(&self, segments: &[&str]) -> RequestBuilder {
        let mut address = self.address.clone();
        // Addresses of http and https have segments.
        if let Ok(mut path) = address.path_segments_mut()
            && !segments.is_empty()
        {
            path.pop_if_empty().extend(segments);
        }
        self.client.post(address)
    }

    /// As [`Outlet::post`], with a body of JSON.
    pub(super) fn post_json(&self, segments: &[&str], body: String) -> RequestBuilder {
        self.post(segments).header("content-type", "application/json").body(body)
    }

    /// Sends a request and reads the beginning of what comes back.
    pub(super) async fn ask(&self, request: RequestBuilder) -> Result<Answer, AlertError> {
        let mut answer = request.send().await.map_err(|error| self.unheard(&error))?;
        let status = answer.status();
        let seconds = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
        let mut body = Vec::new();
        while body.len() < MOST_READ {
            match answer.chunk().await {
                Ok(Some(piece)) => body.extend_from_slice(&piece[..piece.len().min(MOST_READ - body.len())]),
                // The status has said already whether it was accepted.
                Ok(None) | Err(_) => break,
            }
        }
        let body = String::from_utf8_lossy(&body).into_owned();
        Ok(Answer { status, after: seconds.map(Duration::from_secs), body })
    }

    fn unheard(&self, error: &reqwest::Error) -> AlertError {
        if error.is_timeout() {
            return self.retry(format!("no answer within {} seconds", TIMEOUT.as_secs()), None);
        }
        // The innermost cause says what happened; the outer ones name the address.
        let mut cause = error.source();
        while let Some(inner) = cause.and_then(std::error::Error::source) {
            cause = Some(inner);
        }
        let cause = cause.map_or_else(|| "the request could not be sent".to_owned(), ToString::to_string);
        self.retry(format!("no answer: {cause}"), None)
    }

    /// Accepted, to be tried again, or refused: by the status alone.
    pub(super) fn judge(&self, answer: &Answer) -> Result<(), AlertError> {
        let status = answer.status;
        if status.is_success() {
            return Ok(());
        }
        if status.is_redirection() {
            let reason =
                format!("it answered {status}: nobody is followed elsewhere, write the last address");
            return Err(self.give_up(reason));
        }
        let said = if answer.body.trim().is_empty() { String::new() } else { format!(": {}", answer.body) };
        let reason = format!("it answered {status}{said}");
        Err(if may_pass(status) { self.retry(reason, answer.after) } else { self.give_up(reason) })
    }

    /// To be tried again.
    pub(super) fn retry(&self, reason: impl AsRef<str>, after: Option<Duration>) -> AlertError {
        AlertError::Retry { channel: self.channel, reason: self.in_one_line(reason.as_ref()), after }
    }

    /// Not to be tried again.
    pub(super) fn give_up(&self, reason: impl AsRef<str>) -> AlertError {
        AlertError::GiveUp { channel: self.channel, reason: self.in_one_line(reason.as_ref()) }
    }

    /// One line that a page and a log can show, without the secret: the other side may have sent it back.
    fn in_one_line(&self, text: &str) -> String {
        let text = self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "…"));
        let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(" ").chars().take(MOST_TOLD).collect()
    }
}

/// Whether the same request may be accepted later.
pub(super) fn may_pass(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429)
}

fn is_loopback(address: &Url) -> bool {
    address.host_str().is_some_and(|host| {
        let host = host.trim_matches(['[', ']']);
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_or_this_host_is_posted_to() {
        for good in ["https://hook.example", "http://127.0.0.1:9093", "http://localhost/a", "http://[::1]:1/"]
        {
            assert!(Outlet::new("webhook", good, "").is_ok(), "{good}");
        }
        for bad in ["http://hook.example", "http://127.0.0.1.example", "ftp://127.0.0.1", "hook.example", ""]
        {
            assert!(Outlet::new("webhook", bad, "").is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_told_is_one_short_line_without_the_secret() {
        let outlet = Outlet::new("telegram", "https://api.example/s3cret", "s3cret").unwrap();
        let told = outlet.give_up(format!("no\n\u{7} chat\tfor s3cret {}", "x".repeat(900))).to_string();
        assert!(told.starts_with("deliver over telegram: no chat for … xxx"), "{told}");
        assert!(told.chars().count() <= 330, "{told}");
        assert!(!format!("{outlet:?}").contains("s3cret"));
    }

    #[test]
    fn segments_stand_behind_the_path_of_the_address() {
        let built = |address: &str, segments: &[&str]| {
            let outlet = Outlet::new("alertmanager", address, "").unwrap();
            outlet.post(segments).build().unwrap().url().to_string()
        };
        assert_eq!(built("https://a.example/am/", &["api", "v2"]), "https://a.example/am/api/v2");
        assert_eq!(
            built("https://a.example", &["bot1:x", "sendMessage"]),
            "https://a.example/bot1:x/sendMessage"
        );
        assert_eq!(built("https://a.example/hook?key=1", &[]), "https://a.example/hook?key=1");
    }
}
