//! Charts as files: SVG for documents, PNG for mail and chat, in the reader's language and either theme.

use anyhow::Context;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::asset::is_known;
use super::error::WebError;
use super::figures::{self, Subject};
use super::visit::Visit;
use crate::chart::{Theme, png};
use crate::job::off_the_runtime;

/// CSS pixels of a chart in a file.
const SIZE: (u32, u32) = (960, 420);
/// Picture pixels per CSS pixel.
const SCALE: f32 = 2.0;

/// `/charts/epicurve.svg`, `/charts/epicurve.png`.
pub(super) async fn chart(
    (name, is_png): (&'static str, bool),
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let theme = match visit.parameter("theme") {
        None | Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        Some(_) => return Err(WebError::Choice { name: "theme", allowed: "light, dark" }),
    };
    let view = visit.view().await?;
    let tag = format!(
        "\"{}-{}-{}-{theme:?}-{}\"",
        view.version,
        view.date,
        visit.phrases.locale.tag(),
        visit.seen_as()
    );
    let about = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::VARY, "accept-language, cookie".to_owned()),
    ];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let (journey, phrases) = (visit.state.journey.clone(), visit.phrases);
    let bytes = off_the_runtime(move || {
        let subject = Subject { view: &view, journey: &journey, phrases };
        let chart = figures::draw(name, subject, theme, SIZE).with_context(|| format!("draw {name}"))?;
        if is_png { Ok(png(&chart.svg, SCALE)?) } else { Ok(chart.svg.into_bytes()) }
    })
    .await?;
    let content_type = if is_png { "image/png" } else { "image/svg+xml" };
    Ok((about, [(header::CONTENT_TYPE, content_type)], bytes).into_response())
}
