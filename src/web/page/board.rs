//! The dashboards: read the file, gather the view, put each panel on the page in the file's order.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::{Frame, html};
use crate::account::Permission;
use crate::job::CityView;
use crate::text::{explain, figures_of};
use crate::web::dashboard::{Board, Dashboard};
use crate::web::door::Rule;
use crate::web::error::WebError;
use crate::web::panel::{self, Context};
use crate::web::visit::Visit;

/// Panels that stand side by side.
pub(in crate::web) struct Row {
    /// Ready panels with something to say.
    pub(in crate::web) panels: Vec<String>,
}

#[derive(Template)]
#[template(path = "board.html")]
pub(in crate::web) struct BoardPage {
    pub(in crate::web) frame: Frame,
    /// The page's heading, where the panels bring none of their own.
    pub(in crate::web) heading: Option<(String, String)>,
    pub(in crate::web) rows: Vec<Row>,
    /// Why the dashboard's file cannot be used as it is now, for those who can have it mended.
    pub(in crate::web) fault: Option<String>,
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

/// The figures.
pub(in crate::web) async fn analyst(mut visit: Visit) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadAnalysis).await?;
    board(visit, "analyst", "/analyst").await
}

/// What hangs on a wall.
pub(in crate::web) async fn wall(visit: Visit) -> Result<Response, WebError> {
    as_its_file_says(visit, "wall", "/wall").await
}

/// One of the operator's own.
pub(in crate::web) async fn own(Path(name): Path<String>, visit: Visit) -> Result<Response, WebError> {
    // The door's rule was read off the address as it stands: another way of writing the same name is no address of ours. The
    // shipped ones have addresses of their own.
    if !visit.is_at(&format!("/dashboard/{name}"))
        || !visit.state.shelf().added().any(|(known, _)| known == name)
    {
        return Err(WebError::NotFound);
    }
    as_its_file_says(visit, &name, &format!("/dashboard/{name}")).await
}

/// For whom the file says; the figures are those that these may see.
async fn as_its_file_says(mut visit: Visit, name: &str, path: &str) -> Result<Response, WebError> {
    if let Some(permission) = visit.state.board(name)?.dashboard.opens.permission() {
        visit.as_seen_with(permission).await?;
    }
    board(visit, name, path).await
}

async fn board(mut visit: Visit, name: &str, path: &str) -> Result<Response, WebError> {
    let Board { dashboard, fault, .. } = visit.state.board(name)?;
    // The last day of a table of days is the day shown.
    if let Some(to) = visit.day("to")? {
        visit.focus.date = Some(to);
    }
    let view = visit.view().await?;
    let frame = Frame::of(&visit, &view, (visit.phrases.locale.of(&dashboard.title), path));
    // The officials' page shows pulls even before the first figure.
    if view.observations.is_empty() && name != "officials" {
        let may_ingest = visit.may_pass(Rule::May(Permission::Ingest));
        let title = visit.phrases.say("empty-title");
        return html(&Empty { frame: Frame { title, is_wall: dashboard.is_wall, ..frame }, may_ingest });
    }
    let mut page = filled(&visit, &view, frame, &dashboard).await?;
    let may_mend = visit.may_pass(Rule::May(Permission::ReadOfficials));
    page.fault = fault.filter(|_| may_mend).map(|fault| fault.to_string());
    html(&page)
}

/// A dashboard's panels in its frame.
pub(in crate::web) async fn filled(
    visit: &Visit,
    view: &CityView,
    mut frame: Frame,
    dashboard: &Dashboard,
) -> Result<BoardPage, WebError> {
    let (journey, t) = (visit.journey(), visit.phrases);
    let title = t.locale.of(&dashboard.title);
    let words = explain(&view.assessment, journey.policy(), t);
    let figures = figures_of(&view.assessment).map(|date| crate::text::date_medium(date, t.locale));
    frame.announce =
        t.say_with("announce", &[("level", &words.level), ("date", figures.as_deref().unwrap_or("–"))]);
    if dashboard.is_wall {
        // Nobody stands before a wall to choose from a menu.
        (frame.menu, frame.sign_in, frame.signed_in) = (Vec::new(), None, None);
        (frame.when, frame.looks, frame.is_wall) = (None, Vec::new(), true);
    }
    let heading = dashboard.lead.as_ref().map(|lead| (title.to_owned(), t.locale.of(lead).to_owned()));
    if heading.is_none() {
        frame.title = t.say_with("title-level", &[("level", &words.level)]);
    }
    let context = Context { visit, view, t, is_wall: dashboard.is_wall };
    let (mut rows, mut nth) = (Vec::new(), 0);
    for width in &dashboard.rows {
        let mut row = Row { panels: Vec::new() };
        for panel in dashboard.panels.iter().skip(nth).take(*width) {
            let ready = panel::render(panel, nth, context).await?;
            row.panels.extend(Some(ready).filter(|ready| !ready.is_empty()));
            nth += 1;
        }
        rows.push(row);
    }
    Ok(BoardPage { frame, heading, rows, fault: None })
}
