//! Charts as files: SVG for documents, PNG for mail and chat, in the reader's language and either theme.

use anyhow::Context;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::asset::is_known;
use super::error::WebError;
use super::figures::{self, Asked, Subject};
use super::visit::Visit;
use crate::account::Permission;
use crate::chart::{Theme, png};
use crate::job::{know_neighbours, off_the_runtime};

/// `/charts/epicurve.svg`, `/charts/epicurve.png`.
pub(super) async fn chart(
    (name, is_png): (&'static str, bool),
    mut visit: Visit,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadCity).await?;
    let theme = match visit.parameter("theme") {
        None | Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        Some(_) => return Err(WebError::Choice { name: "theme", allowed: "light, dark" }),
    };
    let asked = Asked::read(visit.parameter("scale"), visit.parameter("per"), visit.parameter("days"))
        .map_err(|(name, allowed)| WebError::Choice { name, allowed })?;
    let size = size(name, visit.parameter("size"))?;
    let view = visit.view().await?;
    let about = (view.version, view.date, visit.phrases.locale.tag(), visit.audience.fingerprint());
    let look = format!("{theme:?}-{}x{}-{}", size.0, size.1, asked.code());
    let tag = format!("\"{}-{}-{}-{look}-{:08x}\"", about.0, about.1, about.2, about.3);
    let about = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::VARY, "accept-language, cookie".to_owned()),
    ];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    if name == figures::OF_OTHERS {
        know_neighbours(visit.journey(), &view).await?;
    }
    let (journey, phrases) = (visit.state.journey.clone(), visit.phrases);
    let bytes = off_the_runtime(move || {
        let subject = Subject { view: &view, journey: &journey, phrases };
        let chart =
            figures::draw(name, subject, asked, theme, size).with_context(|| format!("draw {name}"))?;
        if is_png { Ok(png(&chart.svg, figures::sharpness(name))?) } else { Ok(chart.svg.into_bytes()) }
    })
    .await?;
    let content_type = if is_png { "image/png" } else { "image/svg+xml" };
    Ok((about, [(header::CONTENT_TYPE, content_type)], bytes).into_response())
}

/// Wide for a document, or narrow for a phone.
fn size(name: &str, asked: Option<&str>) -> Result<(u32, u32), WebError> {
    match asked {
        None | Some("wide") => Ok(figures::usual_size(name)),
        Some("phone") => Ok(figures::PHONE),
        Some(_) => Err(WebError::Choice { name: "size", allowed: "wide, phone" }),
    }
}
