//! What can go wrong with a request, mapped once to a page: what happened, what is kept, what to do.
//!
//! A handler returns [`WebError`]; the layer [`explain`] knows the reader's language and writes the page. The cause
//! goes to the log under the reference number that the page shows.

use std::any::Any;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use super::AppState;
use super::locale;
use super::page::Frame;
use crate::text::{Phrases, date_medium};

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
    /// Something of ours failed.
    #[error("{0:#}")]
    Internal(#[from] anyhow::Error),
}

impl From<askama::Error> for WebError {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// The error travels with the response to [`explain`].
#[derive(Clone)]
struct Cause(Arc<WebError>);

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Day { .. } | Self::AsOf { .. } | Self::Choice { .. } => StatusCode::BAD_REQUEST,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut response = status.into_response();
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
    reference: String,
    again: String,
}

/// Writes the page of every error that leaves a handler.
pub(super) async fn explain(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let locale = locale::of(request.uri(), request.headers(), state.journey.locale);
    let again = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let cause = response.extensions().get::<Cause>().cloned();
    let reference = state.next_reference();
    if status.is_server_error() {
        let error =
            cause.as_ref().map_or_else(|| "no answer in time".to_owned(), |cause| cause.0.to_string());
        tracing::error!(reference, path, error, "a request failed");
    }
    let phrases = Phrases::new(locale);
    let (title, paragraphs) = words(status, cause.as_ref().map(|cause| &*cause.0), phrases);
    let frame = Frame::bare(&state.journey, phrases, &title);
    let page = ErrorPage { frame, title, paragraphs, status: status.as_u16(), reference, again };
    let mut answer = match page.render() {
        Ok(html) => axum::response::Html(html).into_response(),
        Err(error) => error.to_string().into_response(),
    };
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

fn words(status: StatusCode, cause: Option<&WebError>, phrases: Phrases) -> (String, Vec<String>) {
    let date = |date: NaiveDate| date_medium(date, phrases.locale);
    let key = match status {
        _ if status.is_server_error() => "error-500",
        StatusCode::BAD_REQUEST => "error-400",
        _ => "error-404",
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
        _ => phrases.say(&format!("{key}-what")),
    };
    let rest = ["kept", "do"].map(|part| format!("{key}-{part}"));
    let rest = rest.iter().filter(|key| phrases.has(key)).map(|key| phrases.say(key));
    (title, [what].into_iter().chain(rest).collect())
}
