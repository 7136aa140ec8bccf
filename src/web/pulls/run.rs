//! One pull: its sum, what it refused row by row, its payload, and the batch it holds back if it does.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::held::{Held, held};
use super::{Counts, Refusal, Who, refusals, sees_values};
use crate::store::Outcome;
use crate::web::entry::unkept;
use crate::web::error::{WebError, told};
use crate::web::page::{Frame, html};
use crate::web::visit::{Visit, encoded};
use crate::web::words::{failure, moment, source_title};

#[derive(Template)]
#[template(path = "pulls/run.html")]
struct RunPage {
    frame: Frame,
    source: String,
    at: String,
    outcome: String,
    /// Whether somebody should look: failed, or held and not decided.
    is_open: bool,
    counts: Counts,
    failure: String,
    payload: String,
    id: String,
    here: String,
    refusals: Vec<Refusal>,
    more: Option<String>,
    held: Option<Held>,
    /// What was just done, in words.
    done: Option<String>,
    /// Whether the figures can be looked at now.
    has_new: bool,
    /// Who may decide, if the reader may not.
    who: Option<Who>,
    reason: String,
    reason_fault: String,
}

/// What was filled in under a held batch, and what is wrong with it.
#[derive(Default)]
pub(super) struct Reason {
    pub(super) text: String,
    pub(super) fault: String,
}

/// A pull by its id.
pub(in crate::web) async fn run(Path(id): Path<String>, visit: Visit) -> Result<Response, WebError> {
    page(&visit, &id, Reason::default()).await
}

pub(super) async fn page(visit: &Visit, id: &str, reason: Reason) -> Result<Response, WebError> {
    let (t, journey) = (visit.phrases, visit.journey());
    let run = journey.store.run(id).await.map_err(anyhow::Error::from)?.ok_or(WebError::NotFound)?;
    let rejections = journey.store.rejections(id).await.map_err(anyhow::Error::from)?;
    let (shown, more) = refusals(visit, &rejections);
    let title = t.say("run-title");
    let has_fault = !reason.fault.is_empty();
    let title = if has_fault { t.say_with("title-fault", &[("title", &title)]) } else { title };
    let done = visit.parameter("done").filter(|done| ["taken", "kept", "released", "refused"].contains(done));
    let is_same = run.outcome == Outcome::Unchanged;
    let done = done.map(|done| match (done, is_same) {
        ("taken", true) => t.say("run-done-same"),
        (done, _) => t.say(&format!("run-done-{done}")),
    });
    let held = held(visit, &run).await?;
    let is_failed = run.outcome == Outcome::Failed;
    let page = html(&RunPage {
        frame: Frame::plain(visit, (&title, "/runs")),
        source: source_title(journey, &run.source, t),
        at: moment(run.finished_at, journey.city.zone, t.locale),
        outcome: t.say(&format!("outcome-{}", run.outcome.as_str())),
        is_open: is_failed || held.as_ref().is_some_and(|held| held.is_open),
        counts: Counts::of(&run, t),
        held,
        here: format!("/runs/{}", encoded(&run.id)),
        failure: if is_failed { failure(&run.message, t) } else { String::new() },
        // A few small counts could be guessed until their hash fits.
        payload: if sees_values(visit) { run.payload } else { String::new() },
        id: run.id,
        refusals: shown,
        more,
        has_new: done.is_some() && run.outcome == Outcome::Changed,
        done,
        who: Who::of(visit).await?,
        reason: reason.text,
        reason_fault: reason.fault,
    })?;
    let page = unkept(page);
    Ok(if has_fault { told(StatusCode::UNPROCESSABLE_ENTITY, page) } else { page })
}
