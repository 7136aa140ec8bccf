//! Every pull that is kept, newest first; by source and by outcome.

use askama::Template;
use axum::response::Response;

use super::Counts;
use crate::store::{Hold, Outcome, Run, RunFilter};
use crate::web::error::WebError;
use crate::web::page::{Frame, html};
use crate::web::visit::{Visit, encoded};
use crate::web::words::{failure, moment_short, source_title};

/// Rows of a page.
const PAGE: u32 = 50;

struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

struct Row {
    href: String,
    source: String,
    at: String,
    outcome: String,
    /// Whether somebody should look: failed, or held and not decided.
    is_open: bool,
    counts: Counts,
    failure: String,
}

#[derive(Template)]
#[template(path = "pulls/runs.html")]
struct RunsPage {
    frame: Frame,
    sources: Vec<Choice>,
    outcomes: Vec<Choice>,
    is_filtered: bool,
    rows: Vec<Row>,
    older: Option<String>,
    newest: Option<String>,
}

/// A page of pulls.
pub(in crate::web) async fn runs(visit: Visit) -> Result<Response, WebError> {
    let (t, journey) = (visit.phrases, visit.journey());
    let source = visit.parameter("source");
    let outcome = match visit.parameter("outcome") {
        None => None,
        Some(word) => {
            let known = Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == word);
            Some(known.ok_or(WebError::Parameter { name: "outcome" })?)
        }
    };
    let before = visit.parameter("before").map(str::to_owned);
    let filter =
        RunFilter { source: source.map(str::to_owned), outcome, before, limit: PAGE, ..RunFilter::default() };
    let found = journey.store.run_page(&filter).await.map_err(anyhow::Error::from)?;
    let holds = journey.store.open_holds().await.map_err(anyhow::Error::from)?;
    let mut ids: Vec<String> = journey.sources.iter().map(|spec| spec.id.clone()).collect();
    ids.extend(source.filter(|id| !journey.sources.iter().any(|spec| spec.id == **id)).map(str::to_owned));
    let choice = |id: String| Choice {
        label: source_title(journey, &id, t),
        is_chosen: source == Some(id.as_str()),
        value: id,
    };
    let outcomes = Outcome::ALL.into_iter().map(|known| Choice {
        value: known.as_str().to_owned(),
        label: t.say(&format!("outcome-{}", known.as_str())),
        is_chosen: outcome == Some(known),
    });
    html(&RunsPage {
        frame: Frame::plain(&visit, (&t.say("runs-title"), "/runs")),
        sources: ids.into_iter().map(choice).collect(),
        outcomes: outcomes.collect(),
        is_filtered: source.is_some() || outcome.is_some(),
        older: found.next.map(|id| visit.with("before", &id)),
        newest: filter.before.as_ref().map(|_| visit.without("before")),
        rows: found.rows.iter().map(|run| row(&visit, run, &holds)).collect(),
    })
}

fn row(visit: &Visit, run: &Run, holds: &[Hold]) -> Row {
    let (t, journey) = (visit.phrases, visit.journey());
    let is_failed = run.outcome == Outcome::Failed;
    Row {
        href: format!("/runs/{}", encoded(&run.id)),
        source: source_title(journey, &run.source, t),
        at: moment_short(run.finished_at, journey.city.zone, t.locale),
        outcome: t.say(&format!("outcome-{}", run.outcome.as_str())),
        is_open: is_failed || holds.iter().any(|hold| hold.run_id == run.id),
        counts: Counts::of(run, t),
        failure: if is_failed { failure(&run.message, t) } else { String::new() },
    }
}
