//! Charts as files: SVG for documents, PNG for mail and chat, what they show as CSV and XLSX, in the reader's language and either
//! theme.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::asset::is_known;
use super::error::WebError;
use super::export::{ID, Picture, PictureForm, picture};
use super::figures::{self, Asked, Subject};
use super::visit::Visit;
use crate::account::Permission;
use crate::audit::Action;
use crate::export::{BUILD, fingerprint};
use crate::job::{off_the_runtime, policy_name};

/// `/charts/epicurve.svg`, `/charts/epicurve.png`, `/charts/epicurve.csv`, `/charts/epicurve.xlsx`.
pub(super) async fn chart(
    (name, form): (&'static str, PictureForm),
    mut visit: Visit,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    // A picture is looked at, a table is taken away.
    let is_table = matches!(form, PictureForm::Csv | PictureForm::Xlsx);
    visit.as_seen_with(if is_table { Permission::Export } else { Permission::ReadCity }).await?;
    let is_dark = match visit.parameter("theme") {
        None | Some("light") => false,
        Some("dark") => true,
        Some(_) => return Err(WebError::Choice { name: "theme", allowed: "light, dark" }),
    };
    let asked = Asked::read(visit.parameter("scale"), visit.parameter("per"), visit.parameter("days"))
        .map_err(|(name, allowed)| WebError::Choice { name, allowed })?;
    let is_narrow = match visit.parameter("size") {
        None | Some("wide") => false,
        Some("phone") => true,
        Some(_) => return Err(WebError::Choice { name: "size", allowed: "wide, phone" }),
    };
    let view = visit.view().await?;
    let about = (view.version, view.date, visit.phrases.locale.tag(), visit.audience.fingerprint());
    let made = fingerprint(format!("{BUILD} {} {name}.{form}", policy_name(visit.journey())).as_bytes());
    let look = format!("{is_dark}-{is_narrow}-{}-{made}", asked.code());
    let tag = format!("\"{}-{}-{}-{look}-{:08x}\"", about.0, about.1, about.2, about.3);
    let about = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::VARY, "accept-language, cookie".to_owned()),
    ];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    if let Some(beyond) = figures::beyond(name) {
        visit.state.know(&view, beyond).await?;
    }
    if is_table {
        let what = format!("{}; as of {}", visit.audience, view.as_of);
        visit.note(Action::FiguresExported, &format!("charts/{name}.{form}"), &what).await?;
    }
    let _place = visit.state.place().await?;
    let (journey, phrases) = (visit.state.journey.clone(), visit.phrases);
    let asked = Picture { name: name.to_owned(), form, is_dark, is_narrow, asked };
    let drawn = off_the_runtime(move || picture(Subject { view: &view, journey: &journey, phrases }, &asked));
    let (recipe, bytes) = drawn.await?;
    let kind = [(header::CONTENT_TYPE, form.content_type().to_owned()), (ID, recipe.to_string())];
    let mut answer = (about, kind, bytes).into_response();
    if is_table {
        let date = recipe.asked("date").unwrap_or_default();
        let saved_as = format!("attachment; filename=\"siaga_{name}_{date}.{form}\"");
        answer.headers_mut().extend(saved_as.parse().map(|saved_as| (header::CONTENT_DISPOSITION, saved_as)));
    }
    Ok(answer)
}
