//! What somebody filled in and sent. A field that stands there twice, or holds what no keyboard writes, is refused.

use std::fmt;

use axum::Form;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::AppState;
use super::error::WebError;
use super::visit::{is_odd, twice};

/// The fields of a form. They may hold passwords: never in `Debug`.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field as it was filled in; a field that is not there is empty.
    pub(super) fn exact(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A field without blanks around it.
    pub(super) fn text(&self, name: &str) -> &str {
        self.exact(name).trim()
    }

    /// Every field, to fill in a form again; passwords are in none that is.
    pub(super) fn all(&self) -> Vec<(String, String)> {
        self.0.clone()
    }

    /// The names of the fields that begin so, without that beginning: ticked boxes.
    pub(super) fn ticked<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter_map(move |(name, _)| name.strip_prefix(start))
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl FromRequest<AppState> for Fields {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Self::Rejection> {
        let read = Form::<Vec<(String, String)>>::from_request(request, state).await;
        let Form(fields) = read.map_err(|rejection| match rejection.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => WebError::TooLarge,
            // The limit on its time ends a body like a line that breaks.
            StatusCode::BAD_REQUEST => WebError::Slow,
            _ => WebError::NoForm,
        })?;
        Self::checked(fields)
    }
}

impl Fields {
    /// Fields that stand there once and hold what a keyboard writes.
    pub(super) fn checked(fields: Vec<(String, String)>) -> Result<Self, WebError> {
        if let Some(name) = twice(&fields) {
            return Err(WebError::Twice { name: name.to_owned() });
        }
        if fields.iter().any(|(name, value)| is_odd(name) || is_odd(value)) {
            return Err(WebError::NoForm);
        }
        Ok(Self(fields))
    }
}
