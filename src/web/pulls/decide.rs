//! Releasing or refusing a held batch: by somebody who may, with a reason that stays.

use axum::extract::Path;
use axum::response::Response;

use super::run::{Reason, page};
use crate::account::Visitor;
use crate::job::{REASON_LENGTH, follow, refuse, release};
use crate::store::HoldState;
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::visit::{Visit, encoded};

/// Lets the held batch in.
pub(in crate::web) async fn release_batch(
    Path(id): Path<String>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, WebError> {
    decide(&visit, &id, (&fields, HoldState::Released)).await
}

/// Refuses the held batch for good.
pub(in crate::web) async fn refuse_batch(
    Path(id): Path<String>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, WebError> {
    decide(&visit, &id, (&fields, HoldState::Refused)).await
}

async fn decide(
    visit: &Visit,
    id: &str,
    (fields, state): (&Fields, HoldState),
) -> Result<Response, WebError> {
    let reason = match given(visit, fields) {
        Ok(reason) => reason,
        Err(fault) => return page(visit, id, fault).await,
    };
    let here = format!("/runs/{}", encoded(id));
    if !is_open(visit, id).await? {
        return Ok(see_other(&here));
    }
    if state == HoldState::Released {
        release(visit.journey(), id, &reason, by(visit)).await?;
        follow(visit.journey()).await?;
    } else {
        refuse(visit.journey(), id, &reason, by(visit)).await?;
    }
    Ok(see_other(&format!("{here}?done={}", state.as_str())))
}

/// Whether somebody has still to decide; the page says who did.
async fn is_open(visit: &Visit, id: &str) -> Result<bool, WebError> {
    let hold = visit.journey().store.hold(id).await.map_err(anyhow::Error::from)?;
    Ok(hold.ok_or(WebError::NotFound)?.state == HoldState::Open)
}

/// Who decides, and from where.
fn by(visit: &Visit) -> (&Visitor, &str) {
    (&visit.guest.visitor, &visit.guest.client.address)
}

/// The reason on one line, or what is wrong with it.
fn given(visit: &Visit, fields: &Fields) -> Result<String, Reason> {
    let text = fields.text("reason").split_whitespace().collect::<Vec<_>>().join(" ");
    if REASON_LENGTH.contains(&text.chars().count()) {
        return Ok(text);
    }
    let (least, most) = (REASON_LENGTH.start().to_string(), REASON_LENGTH.end().to_string());
    let fault = visit.phrases.say_with("hold-reason-length", &[("least", &least), ("most", &most)]);
    Err(Reason { text, fault })
}
