//! The dashboards: read the file, gather the view, put each panel on the page in the file's order.

use askama::Template;
use axum::response::Response;

use super::{Frame, html};
use crate::account::Permission;
use crate::text::{explain, figures_of};
use crate::web::door::Rule;
use crate::web::error::WebError;
use crate::web::panel::{self, Context};
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "board.html")]
struct Board {
    frame: Frame,
    /// The page's heading, where the panels bring none of their own.
    heading: Option<(String, String)>,
    /// Panels, ready.
    panels: Vec<String>,
}

#[derive(Template)]
#[template(path = "empty.html")]
struct Empty {
    frame: Frame,
    /// Whether the reader may take figures in here and now.
    may_ingest: bool,
}

/// How bad, which way, what is advised: the mayor's dashboard for those who may read it, the public one for others.
pub(in crate::web) async fn home(mut visit: Visit) -> Result<Response, WebError> {
    let may_read = visit.may_pass(Rule::May(Permission::ReadCity));
    visit.as_seen_with(Permission::ReadCity).await?;
    board(visit, if may_read { "mayor" } else { "public" }, "/").await
}

/// What anybody may see, whoever looks.
pub(in crate::web) async fn public(visit: Visit) -> Result<Response, WebError> {
    board(visit, "public", "/public").await
}

/// What was told, the units, the sources.
pub(in crate::web) async fn officials(mut visit: Visit) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadOfficials).await?;
    board(visit, "officials", "/officials").await
}

/// The figures. The last day of the table is the day shown.
pub(in crate::web) async fn analyst(mut visit: Visit) -> Result<Response, WebError> {
    if let Some(to) = visit.day("to")? {
        visit.focus.date = Some(to);
    }
    visit.as_seen_with(Permission::ReadAnalysis).await?;
    board(visit, "analyst", "/analyst").await
}

async fn board(visit: Visit, name: &'static str, path: &str) -> Result<Response, WebError> {
    let dashboard = visit.state.dashboard(name)?;
    let view = visit.view().await?;
    let (journey, t) = (visit.journey(), visit.phrases);
    let title = t.locale.of(&dashboard.title);
    let mut frame = Frame::of(&visit, &view, (title, path));
    // The officials' page shows pulls even before the first figure.
    if view.observations.is_empty() && name != "officials" {
        frame.title = t.say("empty-title");
        let may_ingest = visit.may_pass(Rule::May(Permission::Ingest));
        return html(&Empty { frame, may_ingest });
    }
    let words = explain(&view.assessment, journey.policy(), t);
    let figures = figures_of(&view.assessment).map(|date| crate::text::date_medium(date, t.locale));
    frame.announce =
        t.say_with("announce", &[("level", &words.level), ("date", figures.as_deref().unwrap_or("–"))]);
    let heading = dashboard.lead.as_ref().map(|lead| (title.to_owned(), t.locale.of(lead).to_owned()));
    if heading.is_none() {
        frame.title = t.say_with("title-level", &[("level", &words.level)]);
    }
    let context = Context { visit: &visit, view: &view, t };
    let mut panels = Vec::new();
    for (nth, panel) in dashboard.panels.iter().enumerate() {
        panels.push(panel::render(panel, nth, context).await?);
    }
    html(&Board { frame, heading, panels })
}
