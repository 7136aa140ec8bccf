//! Takes in what was looked at. The form carries the payload's hash: sent twice, it is taken in once.

use axum::response::Response;
use chrono::NaiveDate;

use crate::audit::Action;
use crate::epi::Vintage;
use crate::job::{Keeping, NoHour, NotContinuing, Told, commit, follow, keep_address, renew_if_kept};
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::visit::{Visit, encoded};

/// Takes in the payload of this hash.
pub(in crate::web) async fn take_in(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let (source, sha256) = (fields.text("source"), fields.text("sha256"));
    let journey = visit.journey();
    if !journey.sources.iter().any(|spec| spec.id == source) {
        return Err(WebError::Field("source"));
    }
    let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    let archived = journey.store.archived(source, sha256).await.map_err(anyhow::Error::from)?;
    if !is_hash || archived.is_none() {
        return Err(WebError::Field("sha256"));
    }
    let series = fields.text("series").parse().map_err(|NotContinuing| WebError::Field("series"))?;
    let told = Told { date: date(fields.text("date"))?, as_of: as_of(&visit, fields.text("as_of"))?, series };
    let keeping = keeping(&fields)?;
    let by = (&visit.guest.visitor, visit.guest.client.address.as_str());
    let kept = match keeping {
        Some((address, keeping)) => Some(keep_address(journey, (source, address), keeping).await?),
        None => None,
    };
    let report = commit(journey, (source, sha256), &told, kept.as_ref(), by).await?;
    follow(journey).await?;
    if let Some(kept) = &kept {
        visit.note(Action::SettingsChanged, &format!("source {}", kept.id), "kept").await?;
        renew_if_kept(journey).await?;
        visit.state.followed().await;
    }
    let done = if kept.is_some() { "kept" } else { "taken" };
    Ok(see_other(&format!("/runs/{}?done={done}", encoded(&report.run.id))))
}

/// The address that is to be kept, and how; nothing if none is.
fn keeping(fields: &Fields) -> Result<Option<(&str, Keeping)>, WebError> {
    let address = fields.text("address");
    if address.is_empty() || fields.text("keep").is_empty() {
        return Ok(None);
    }
    let by = match fields.text("by") {
        "" => None,
        hour => Some(hour.parse().map_err(|NoHour| WebError::Field("by"))?),
    };
    Ok(Some((address, Keeping { by, is_own_series: !fields.text("own").is_empty() })))
}

fn date(text: &str) -> Result<Option<NaiveDate>, WebError> {
    match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| WebError::Field("date")),
    }
}

fn as_of(visit: &Visit, text: &str) -> Result<Option<Vintage>, WebError> {
    match text {
        "" => Ok(None),
        text => {
            let as_of = Vintage::parse_known(text, visit.journey().city.zone);
            as_of.map(Some).map_err(|_| WebError::Field("as_of"))
        }
    }
}
