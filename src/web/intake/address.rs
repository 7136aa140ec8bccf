//! An address, asked at once: what it answers is looked at like a file, and the address may be kept as a source.

use axum::response::Response;

use super::figures::again;
use super::filled::Filled;
use super::preview::{Looked, look};
use crate::job::{Told, Upload, ask_address};
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::visit::Visit;

/// Asks the address and shows what would become of its answer.
pub(in crate::web) async fn try_address(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let source = fields.text("spec").to_owned();
    let like =
        visit.journey().sources.iter().find(|spec| spec.id == source).ok_or(WebError::Field("spec"))?;
    let address = fields.text("address");
    match ask_address(visit.journey(), like, address).await {
        Ok((name, body)) => {
            let upload = Upload { name, body, source, told: Told::default() };
            look(&visit, Looked { upload, address: Some(address.to_owned()), is_recognised: false }).await
        }
        Err(reason) => {
            let mut filled = Filled::of(fields.all());
            let text =
                visit.phrases.say_with("figures-address-failed", &[("reason", &reason.say(visit.phrases))]);
            filled.fault("address", text);
            again(&visit, filled).await
        }
    }
}
