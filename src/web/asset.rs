//! Style sheet, script and fonts out of the binary, with what browsers need to keep them.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::error::WebError;
use crate::assets;
use crate::export::hex;

/// An address with the file's fingerprint in it never changes its content.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Fonts are named in the style sheet without a fingerprint and change with a release at most.
const WEEK: &str = "public, max-age=604800";

/// A file below `dashboards/assets/`.
pub(super) async fn asset(
    Path(path): Path<String>,
    uri: axum::http::Uri,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    if path.split('/').any(|part| part == ".." || part.is_empty()) {
        return Err(WebError::NotFound);
    }
    let file = assets::dashboard_file(&format!("assets/{path}")).ok_or(WebError::NotFound)?;
    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()));
    let keep = match uri.query() {
        Some(query) if query.starts_with("v=") => FOREVER,
        _ if path.starts_with("font/") => WEEK,
        _ => "no-cache",
    };
    let about = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, keep.to_owned())];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let kind = [(header::CONTENT_TYPE, content_type(&path))];
    Ok((about, kind, file.data.into_owned()).into_response())
}

/// The address of an asset with its fingerprint.
pub(super) fn address(path: &str) -> String {
    let print =
        assets::dashboard_file(&format!("assets/{path}")).map(|file| hex(&file.metadata.sha256_hash()[..6]));
    print.map_or_else(|| format!("/assets/{path}"), |print| format!("/assets/{path}?v={print}"))
}

/// Whether the reader has this version already.
pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    // A compressed answer may come back with a weak tag.
    known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("ttf") => "font/ttf",
        _ => "text/plain; charset=utf-8",
    }
}
