//! A rendered page as an answer.

use askama::Template;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};

use crate::web::error::WebError;

/// A page as an answer; it is asked for again each time, because figures may have come.
pub(in crate::web) fn html(page: &impl Template) -> Result<Response, WebError> {
    let about = [(header::CACHE_CONTROL, "no-cache"), (header::VARY, "accept-language, cookie")];
    Ok((about, Html(page.render()?)).into_response())
}
