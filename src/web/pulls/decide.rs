//! Releasing or refusing a held batch: by somebody who may, with a reason that stays.

use axum::extract::Path;
use axum::response::Response;

use super::run::{Reason, page};
use crate::job::{refuse, release};
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::visit::{Visit, encoded};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// Lets the held batch in.
pub(in crate::web) async fn release_batch(
    Path(id): Path<String>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, WebError> {
    let reason = match given(&visit, &fields) {
        Ok(reason) => reason,
        Err(fault) => return page(&visit, &id, fault).await,
    };
    known(&visit, &id).await?;
    release(visit.journey(), &id, &reason, &visit.guest.visitor).await?;
    Ok(see_other(&format!("/runs/{}?done=released", encoded(&id))))
}

/// Refuses the held batch for good.
pub(in crate::web) async fn refuse_batch(
    Path(id): Path<String>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, WebError> {
    let reason = match given(&visit, &fields) {
        Ok(reason) => reason,
        Err(fault) => return page(&visit, &id, fault).await,
    };
    known(&visit, &id).await?;
    refuse(visit.journey(), &id, &reason, &visit.guest.visitor).await?;
    Ok(see_other(&format!("/runs/{}?done=refused", encoded(&id))))
}

/// A pull that there is.
async fn known(visit: &Visit, id: &str) -> Result<(), WebError> {
    let run = visit.journey().store.run(id).await.map_err(anyhow::Error::from)?;
    run.map(drop).ok_or(WebError::NotFound)
}

/// The reason, or what is wrong with it.
fn given(visit: &Visit, fields: &Fields) -> Result<String, Reason> {
    let text = fields.text("reason").to_owned();
    let key = match text.chars().count() {
        0 => "hold-reason-empty",
        length if length > LONGEST_REASON => "hold-reason-long",
        _ => return Ok(text),
    };
    Err(Reason { text, fault: visit.phrases.say(key) })
}
