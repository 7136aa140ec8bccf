//! One chart alone, for another site's page: what anybody may see, whoever asks. Which sites may show it in a frame is a setting;
//! without one, none.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::frame::known_at;
use super::html;
use crate::web::asset;
use crate::web::error::WebError;
use crate::web::panel::{Context, chart_panel};
use crate::web::router::policy_with_frames;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "embed.html")]
struct Embed {
    lang: &'static str,
    title: String,
    city: String,
    /// The chart, ready.
    figure: String,
    home: String,
    open: String,
    demo: Option<String>,
    known_at: Option<String>,
    style: String,
    script: String,
}

/// `/embed/epicurve`
pub(in crate::web) async fn embed(name: &'static str, visit: Visit) -> Result<Response, WebError> {
    let view = visit.view().await?;
    let (journey, t) = (visit.journey(), visit.phrases);
    let context = Context { visit: &visit, view: &view, t, is_wall: false };
    let (title, figure) = chart_panel(context, name).await?.ok_or(WebError::NotFound)?;
    let settings = &visit.state.settings;
    let page = html(&Embed {
        lang: t.locale.tag(),
        title,
        city: journey.city.name.clone(),
        figure,
        home: visit.to("/public"),
        open: t.say_with("embed-open", &[("city", &journey.city.name)]),
        demo: journey.is_demo.then(|| t.say("demo")),
        known_at: known_at(&visit.state, t),
        style: asset::address("siaga.css"),
        script: asset::address("siaga.js"),
    })?;
    // Origins were checked when the settings were read.
    let policy = HeaderValue::from_str(&policy_with_frames(&settings.embed_origins));
    let policy = policy.map_err(anyhow::Error::from)?;
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], page).into_response())
}
