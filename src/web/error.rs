//! What can go wrong with a request, mapped once to a page: what happened, what is kept, what to do.
//!
//! A handler returns [`WebError`]; the layer [`explain`] knows the reader's language and writes the page. The cause
//! goes to the log under the reference number that the page shows.

use std::any::Any;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use super::page::Frame;
use super::visitor::Guest;
use super::words::sentence;
use super::{AppState, guard, locale};
use crate::account::{Permission, Role};
use crate::store::StoreError;
use crate::text::{Phrases, Reason, date_medium};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum WebError {
    /// There is nothing at this address.
    #[error("nothing is here")]
    NotFound,
    /// A parameter is not a day, or not one of those that can be shown.
    #[error("{name} is not a day between {first} and {last}")]
    Day { name: &'static str, first: NaiveDate, last: NaiveDate },
    /// `as_of` is not a moment of the past.
    #[error("as_of is not a moment up to {last}")]
    AsOf { last: NaiveDate },
    /// A parameter has another value than those it may have.
    #[error("{name} is not one of {allowed}")]
    Choice { name: &'static str, allowed: &'static str },
    /// What is asked for cannot be.
    #[error("{0}")]
    Refused(Reason),
    /// A parameter cannot be read.
    #[error("{name} cannot be read")]
    Parameter { name: &'static str },
    /// A parameter stands there more than once.
    #[error("{name} stands there twice")]
    Twice { name: String },
    /// A parameter holds what no keyboard writes.
    #[error("a parameter holds control characters")]
    Odd,
    /// Nobody has signed in, or the token is not one of ours.
    #[error("signing in is needed")]
    SignIn,
    /// Whoever asks is not permitted this.
    #[error("not permitted")]
    Forbidden(Option<Permission>),
    /// Another site made this request.
    #[error("another site made this request")]
    Foreign,
    /// The body is no form.
    #[error("the body is no form")]
    NoForm,
    /// The body did not come in time.
    #[error("the body did not come in time")]
    Slow,
    /// The body is too large.
    #[error("the body is too large")]
    TooLarge,
    /// Too much was tried; again in so many seconds.
    #[error("too many tries")]
    TooMany { seconds: u64 },
    /// All places are taken; again in so many seconds.
    #[error("all places are taken")]
    Busy { seconds: u64 },
    /// A link that was used or is too old.
    #[error("the link is used or too old")]
    Gone,
    /// What was sent is not among what may be sent: a form of ours never does.
    #[error("{0} has a value that no form of ours sends")]
    Field(&'static str),
    /// The installation is being set up, and whoever asks does not hold the link.
    #[error("the installation is being set up")]
    BeingSetUp,
    /// Something of ours failed.
    #[error("{0:#}")]
    Internal(#[from] anyhow::Error),
}

impl WebError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Day { .. }
            | Self::AsOf { .. }
            | Self::Choice { .. }
            | Self::Refused(_)
            | Self::Parameter { .. }
            | Self::Twice { .. }
            | Self::Odd
            | Self::NoForm
            | Self::Field(_) => StatusCode::BAD_REQUEST,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) | Self::Foreign => StatusCode::FORBIDDEN,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy { .. } | Self::BeingSetUp => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(error) if passing(error).is_some() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Gone => StatusCode::GONE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// When to try again, in seconds.
    fn again(&self) -> Option<u64> {
        match self {
            Self::TooMany { seconds } | Self::Busy { seconds } => Some(*seconds),
            Self::Internal(error) if passing(error).is_some() => Some(BACK_IN),
            _ => None,
        }
    }
}

/// Seconds after which a database that is away may be back.
const BACK_IN: u64 = 10;

/// The words for what passes by itself: the database is restarted or cannot be reached, its disk is full, or it has too much to do.
fn passing(error: &anyhow::Error) -> Option<&'static str> {
    let fault = error.chain().find_map(|cause| cause.downcast_ref::<StoreError>())?;
    match fault {
        away if away.is_away() => Some("error-away"),
        slow if slow.is_slow() => Some("error-slow"),
        full => full.is_passing().then_some("error-full"),
    }
}

impl From<askama::Error> for WebError {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// The error travels with the response to [`explain`].
#[derive(Clone)]
struct Cause(Arc<WebError>);

/// An answer that is an error and has its page already.
#[derive(Clone, Copy)]
struct Told;

/// Marks a page that says itself what is wrong, such as a form with a fault in it.
pub(super) fn told(status: StatusCode, mut page: Response) -> Response {
    *page.status_mut() = status;
    page.extensions_mut().insert(Told);
    page
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(seconds) = self.again() {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if matches!(self, Self::SignIn) {
            let how = HeaderValue::from_static("Bearer realm=\"siaga\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
        }
        response.extensions_mut().insert(Cause(Arc::new(self)));
        response
    }
}

/// Any path and method that nobody serves.
pub(super) async fn not_found() -> WebError {
    WebError::NotFound
}

/// A path that is served, asked in another way than by reading it.
pub(super) async fn not_allowed() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}

/// A panic in one request is that request's error.
pub(super) fn panicked(payload: Box<dyn Any + Send + 'static>) -> Response {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("without words");
    WebError::Internal(anyhow::anyhow!("a page panicked: {text}")).into_response()
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    title: String,
    paragraphs: Vec<String>,
    status: u16,
    /// The number under which the log has it.
    reference: Option<String>,
    /// Where the same can be tried again.
    again: Option<String>,
    /// Whether signing in may help.
    sign_in: Option<String>,
}

/// What of the first answer stays in the one that explains it.
const KEPT: [HeaderName; 3] = [header::ALLOW, header::RETRY_AFTER, header::WWW_AUTHENTICATE];

/// What is wrong, in the reader's words.
struct Explained {
    status: StatusCode,
    title: String,
    paragraphs: Vec<String>,
    reference: Option<String>,
}

/// Writes the page of every error that leaves a handler; a program gets JSON (RFC 9457).
pub(super) async fn explain(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let locale = locale::of(request.uri(), request.headers(), state.journey.locale);
    let is_data = guard::wants_data(request.uri().path(), request.headers());
    let again = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let path = logged(request.uri().path());
    let response = next.run(request).await;
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || response.extensions().get::<Told>().is_some() {
        return response;
    }
    let cause = response.extensions().get::<Cause>().map(|cause| Arc::clone(&cause.0));
    let is_set_up = matches!(cause.as_deref(), Some(WebError::BeingSetUp));
    let reference = (has_reference(status) && !is_set_up).then(|| state.next_reference());
    if let Some(reference) = &reference {
        log(status, reference, &path, cause.as_deref());
    }
    let phrases = Phrases::new(locale);
    let (title, paragraphs) = words(status, cause.as_deref(), phrases);
    let explained = Explained { status, title, paragraphs, reference };
    let mut answer = if is_data {
        problem(explained)
    } else {
        let guest = response.extensions().get::<Guest>();
        let frame = Frame::bare(&state, phrases, guest, "");
        page(explained, if state.set_up.is_some() { frame.setting_up() } else { frame }, &again)
    };
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for name in KEPT {
        if let Some(value) = response.headers().get(&name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

/// A refusal is looked for in the log like a failure; a slip in the address is not.
fn has_reference(status: StatusCode) -> bool {
    let refusals = [
        StatusCode::UNAUTHORIZED,
        StatusCode::FORBIDDEN,
        StatusCode::PAYLOAD_TOO_LARGE,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    status.is_server_error() || refusals.contains(&status)
}

fn log(status: StatusCode, reference: &str, path: &str, cause: Option<&WebError>) {
    let error = cause.map_or_else(|| "no answer in time".to_owned(), ToString::to_string);
    let status = status.as_u16();
    match cause {
        Some(WebError::Internal(_)) | None if status >= 500 => {
            tracing::error!(reference, path, status, error, "a request failed");
        }
        // Somebody known, or somebody who tries: whoever is called about the number finds it.
        _ if [403, 413, 429].contains(&status) => {
            tracing::warn!(reference, path, status, error, "a request was refused");
        }
        _ => tracing::info!(reference, path, status, error, "a request was refused"),
    }
}

/// The path without the secret of a one-time link.
fn logged(path: &str) -> String {
    let secret = ["/invitation/", "/set-up/"].into_iter().find(|start| path.starts_with(start));
    secret.map_or_else(|| path.to_owned(), |start| format!("{start}…"))
}

fn problem(explained: Explained) -> Response {
    let mut problem = serde_json::json!({
        "type": "about:blank",
        "title": explained.title,
        "status": explained.status.as_u16(),
        "detail": explained.paragraphs.join(" "),
    });
    if let Some(reference) = explained.reference {
        problem["reference"] = reference.into();
    }
    ([(header::CONTENT_TYPE, "application/problem+json")], problem.to_string()).into_response()
}

fn page(explained: Explained, mut frame: Frame, again: &str) -> Response {
    let Explained { status, title, paragraphs, reference } = explained;
    frame.title.clone_from(&title);
    let may_help = [StatusCode::SERVICE_UNAVAILABLE, StatusCode::INTERNAL_SERVER_ERROR].contains(&status);
    let sign_in = (status == StatusCode::UNAUTHORIZED).then(|| "/sign-in".to_owned());
    let again = may_help.then(|| again.to_owned());
    let page = ErrorPage { frame, title, paragraphs, status: status.as_u16(), reference, again, sign_in };
    match page.render() {
        Ok(html) => axum::response::Html(html).into_response(),
        Err(_) => "\n".into_response(),
    }
}

fn words(status: StatusCode, cause: Option<&WebError>, phrases: Phrases) -> (String, Vec<String>) {
    let date = |date: NaiveDate| date_medium(date, phrases.locale);
    let key = match (status, cause) {
        (_, Some(WebError::Foreign)) => "error-foreign",
        (_, Some(WebError::BeingSetUp)) => "error-set-up",
        (_, Some(WebError::Internal(error))) if passing(error).is_some() => {
            passing(error).unwrap_or_default()
        }
        (_, Some(WebError::NoForm | WebError::Field(_))) => "error-form",
        _ => key(status),
    };
    let title = phrases.say(&format!("{key}-title"));
    let what = match cause {
        Some(WebError::Day { name, first, last }) => phrases.say_with(
            "error-parameter-day",
            &[("name", name), ("first", &date(*first)), ("last", &date(*last))],
        ),
        Some(WebError::AsOf { last }) => phrases.say_with("error-parameter-as-of", &[("last", &date(*last))]),
        Some(WebError::Choice { name, allowed }) => {
            phrases.say_with("error-parameter-choice", &[("name", name), ("allowed", allowed)])
        }
        Some(WebError::Refused(reason)) => format!("{}.", sentence(&reason.say(phrases))),
        Some(WebError::Parameter { name }) => phrases.say_with("error-parameter", &[("name", name)]),
        Some(WebError::Twice { name }) => {
            let short: String = name.chars().take(40).collect();
            phrases.say_with("error-parameter-twice", &[("name", &short)])
        }
        Some(WebError::Forbidden(Some(permission))) => roles_that_may(*permission, phrases),
        _ => phrases.say(&format!("{key}-what")),
    };
    let mut rest: Vec<String> = ["kept", "do"]
        .map(|part| format!("{key}-{part}"))
        .iter()
        .filter(|key| phrases.has(key))
        .map(|key| phrases.say(key))
        .collect();
    if let Some(seconds) = cause.and_then(WebError::again) {
        let minutes = seconds.div_ceil(60).to_string();
        rest.push(phrases.say_with("error-again-in", &[("minutes", &minutes)]));
    }
    (title, [what].into_iter().chain(rest).collect())
}

fn key(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "error-400",
        StatusCode::UNAUTHORIZED => "error-401",
        StatusCode::FORBIDDEN => "error-403",
        StatusCode::METHOD_NOT_ALLOWED => "error-405",
        StatusCode::REQUEST_TIMEOUT => "error-408",
        StatusCode::GONE => "error-410",
        StatusCode::PAYLOAD_TOO_LARGE => "error-413",
        StatusCode::TOO_MANY_REQUESTS => "error-429",
        StatusCode::SERVICE_UNAVAILABLE => "error-503",
        status if status.is_server_error() => "error-500",
        _ => "error-404",
    }
}

/// "Open to: mayor, analyst."
pub(super) fn roles_that_may(permission: Permission, phrases: Phrases) -> String {
    let roles: Vec<String> = Role::ALL
        .into_iter()
        .filter(|role| role.may(permission))
        .map(|role| phrases.say(&format!("role-{role}")))
        .collect();
    phrases.say_with("error-403-roles", &[("roles", &roles.join(", "))])
}
