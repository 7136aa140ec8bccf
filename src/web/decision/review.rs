//! A draft before it is signed: all that it says, and the two ways out.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::words::Body;
use crate::decision::Refusal;
use crate::job::{SignFault, deciding_of};
use crate::store::SavedDraft;
use crate::text::refusal_sentence;
use crate::web::entry::unkept;
use crate::web::error::{WebError, told};
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::page::{Frame, html};
use crate::web::visit::{Visit, encoded};
use crate::web::words::moment;

#[derive(Template)]
#[template(path = "decision/review.html")]
struct ReviewPage {
    frame: Frame,
    kind: String,
    id: String,
    edit: String,
    body: String,
    faults: Vec<String>,
    written: String,
    /// Whether it is recorded from paper, and not signed here.
    is_recorded: bool,
}

/// A draft by its id.
pub(in crate::web) async fn review(Path(id): Path<String>, visit: Visit) -> Result<Response, WebError> {
    let saved = saved(&visit, &id).await?.ok_or(WebError::NotFound)?;
    page(&visit, &saved, &[]).await
}

/// Signs it.
pub(in crate::web) async fn sign(
    Path(id): Path<String>,
    visit: Visit,
    _: Fields,
) -> Result<Response, WebError> {
    let saved = saved(&visit, &id).await?.ok_or(WebError::NotFound)?;
    let by = (&visit.guest.visitor, visit.guest.client.address.as_str());
    let t = visit.phrases;
    match crate::job::sign(visit.journey(), &id, by).await {
        Ok(decision) => {
            let done = if decision.afterwards.is_some() { "recorded" } else { "signed" };
            Ok(see_other(&format!("/decisions/{}?done={done}", decision.number)))
        }
        Err(SignFault::Refused(refused)) => {
            let lines: Vec<String> =
                refused.iter().map(|refusal: &Refusal| refusal_sentence(refusal, t)).collect();
            Ok(told(StatusCode::UNPROCESSABLE_ENTITY, page(&visit, &saved, &lines).await?))
        }
        Err(SignFault::Overtaken) => {
            Ok(told(StatusCode::CONFLICT, page(&visit, &saved, &[t.say("decision-overtaken")]).await?))
        }
        Err(SignFault::Gone(_)) => Err(WebError::NotFound),
        Err(SignFault::Failed(error)) => Err(error.into()),
    }
}

/// Throws it away.
pub(in crate::web) async fn discard(
    Path(id): Path<String>,
    visit: Visit,
    _: Fields,
) -> Result<Response, WebError> {
    crate::job::discard(visit.journey(), &id).await?;
    Ok(see_other("/decisions?done=discarded"))
}

async fn saved(visit: &Visit, id: &str) -> Result<Option<SavedDraft>, WebError> {
    let journey = visit.journey();
    let drafts = journey.store.drafts(&journey.city.location).await.map_err(anyhow::Error::from)?;
    Ok(drafts.into_iter().find(|draft| draft.id == id))
}

async fn page(visit: &Visit, saved: &SavedDraft, faults: &[String]) -> Result<Response, WebError> {
    let (t, journey) = (visit.phrases, visit.journey());
    let deciding = deciding_of(&journey.viewing(), &saved.answer).await?;
    // What was right when it was written may be wrong today.
    let (body, mut found) = match deciding.check(journey, &saved.answer) {
        Ok(draft) => (Body::of(journey, draft.content(), t).render()?, Vec::new()),
        Err(refused) => {
            (String::new(), refused.iter().map(|refusal| refusal_sentence(refusal, t)).collect::<Vec<_>>())
        }
    };
    if !faults.is_empty() {
        found = faults.to_vec();
    }
    let kind = if saved.answer.kind.is_empty() { "decision" } else { &saved.answer.kind };
    let at = moment(saved.changed_at, journey.city.zone, t.locale);
    let title = t.say("decision-review");
    let page = html(&ReviewPage {
        frame: Frame::plain(visit, (&title, "/decisions")),
        kind: t.say(&format!("decision-kind-{kind}")),
        id: encoded(&saved.id),
        edit: format!("/decisions/new?draft={}", encoded(&saved.id)),
        body,
        faults: found,
        is_recorded: !saved.answer.paper.trim().is_empty(),
        written: t.say_with("decision-written", &[("by", &saved.by), ("at", &at)]),
    })?;
    Ok(unkept(page))
}
