//! The pages: three dashboards out of files, the mailbox of the demonstration, the dictionary of the datasets.

mod board;
mod dictionary;
mod frame;
mod mailbox;

use askama::Template;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};

use super::error::WebError;

pub(super) use board::{analyst, mayor, officials};
pub(super) use dictionary::dictionary;
pub(super) use frame::Frame;
pub(super) use mailbox::mailbox;

/// A page as an answer; it is asked for again each time, because figures may have come.
fn html(page: &impl Template) -> Result<Response, WebError> {
    let about = [(header::CACHE_CONTROL, "no-cache"), (header::VARY, "accept-language, cookie")];
    Ok((about, Html(page.render()?)).into_response())
}
