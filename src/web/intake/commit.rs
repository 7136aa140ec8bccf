//! Takes in what was looked at. The form carries the payload's hash: sent twice, it is taken in once.

use std::time::Duration;

use axum::http::{HeaderValue, header};
use axum::response::Response;
use chrono::NaiveDate;

use crate::audit::Action;
use crate::epi::Vintage;
use crate::job::{NotContinuing, Told, commit, follow, keep_address};
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::visit::{Visit, encoded};

/// So long a server that ends may take to say so.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(2);

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
    let by = (&visit.guest.visitor, visit.guest.client.address.as_str());
    let report = commit(journey, (source, sha256), &told, by).await?;
    follow(journey).await?;
    let address = fields.text("address");
    if !address.is_empty() && !fields.text("keep").is_empty() {
        let kept = keep_address(journey, source, address).await?;
        visit.note(Action::SettingsChanged, &format!("source {kept}"), "kept").await?;
        // The next question is for the server that follows; without one, it is for this one.
        let _ = tokio::time::timeout(FOLLOWS_WITHIN, visit.state.stopping.cancelled()).await;
    }
    let mut response = see_other(&format!("/runs/{}?done=taken", encoded(&report.run.id)));
    // After a source was kept the next question is for the server that follows.
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    Ok(response)
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
