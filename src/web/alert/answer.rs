//! The forms: acknowledge, hand over, silence, lift a silence.

use axum::response::Response;

use super::page::page;
use crate::account::{Permission, Visitor};
use crate::job::{self, AnswerFault, Silencing, silence_end};
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::visit::Visit;
use crate::web::words::full_sentence;
use crate::web::workforce::Said;

/// Who answers, and from where.
fn by(visit: &Visit) -> (&Visitor, &str) {
    (&visit.guest.visitor, &visit.guest.client.address)
}

/// A note on one line, however it was typed.
fn line(fields: &Fields, name: &str) -> String {
    fields.text(name).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Back to the page, or the page with what is wrong.
async fn ended<T>(
    visit: &mut Visit,
    result: Result<T, AnswerFault>,
    (fields, done): (&Fields, &str),
) -> Result<Response, WebError> {
    let fault = match result {
        Ok(_) => return Ok(see_other(&format!("/alerts?done={done}"))),
        Err(AnswerFault::NotPermitted(_)) => return Err(WebError::Forbidden(None)),
        Err(AnswerFault::Other(error)) => return Err(WebError::Internal(error)),
        Err(AnswerFault::Store(error)) => return Err(WebError::Internal(error.into())),
        Err(fault) => fault,
    };
    visit.as_seen_with(Permission::ReadOfficials).await?;
    page(visit, Said::slip(full_sentence(&fault.say(visit.phrases)), fields)).await
}

/// Says that somebody sees to it.
pub(in crate::web) async fn acknowledge(mut visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let note = line(&fields, "note");
    let kept = job::acknowledge(visit.journey(), (fields.text("alert"), &note), by(&visit)).await;
    ended(&mut visit, kept, (&fields, "acknowledged")).await
}

/// Gives it to somebody.
pub(in crate::web) async fn hand_over(mut visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let note = line(&fields, "note");
    let asked = (fields.text("alert"), fields.text("to"), note.as_str());
    let kept = job::hand_over(visit.journey(), asked, by(&visit)).await;
    ended(&mut visit, kept, (&fields, "handed-over")).await
}

/// Keeps it back until an end.
pub(in crate::web) async fn silence(mut visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let kept = match silence_end(visit.journey(), fields.text("until")) {
        Ok(until) => {
            let silencing = Silencing {
                rule: fields.text("rule").to_owned(),
                subject: fields.text("subject").to_owned(),
                until,
                reason: line(&fields, "reason"),
            };
            job::silence(visit.journey(), &silencing, by(&visit)).await
        }
        Err(fault) => Err(fault),
    };
    ended(&mut visit, kept, (&fields, "silenced")).await
}

/// Ends a silence.
pub(in crate::web) async fn lift(mut visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let number = fields.text("silence").parse().map_err(|_| WebError::Field("silence"))?;
    let kept = job::lift(visit.journey(), number, by(&visit)).await;
    ended(&mut visit, kept, (&fields, "lifted")).await
}
