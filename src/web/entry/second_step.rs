//! The second step: the code of a telephone, and setting it up, with recovery codes shown once.

use askama::Template;
use axum::response::Response;

use super::field::Field;
use super::shared::{Said, arrive, said_as, session, unkept, with_fault, with_next};
use crate::access::AccessError;
use crate::account::{Enrolment, SessionState};
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::{local, see_other};
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;
use crate::web::visitor;

#[derive(Template)]
#[template(path = "entry/second_step.html")]
struct SecondStepPage {
    frame: Frame,
    account: String,
    next: String,
    code: Field,
}

#[derive(Template)]
#[template(path = "entry/enrol.html")]
struct EnrolPage {
    frame: Frame,
    account: String,
    next: String,
    /// Whether the role asks for it.
    is_needed: bool,
    /// The picture and its text, unless they cannot be had.
    enrolment: Option<Enrolment>,
    /// The key in groups of four.
    secret: String,
    again: String,
    code: Field,
}

#[derive(Template)]
#[template(path = "entry/recovery_codes.html")]
struct RecoveryPage {
    frame: Frame,
    codes: Vec<String>,
    next: String,
}

const WAITING: [SessionState; 1] = [SessionState::SecondStep];
const ENROLLING: [SessionState; 2] = [SessionState::Enrol, SessionState::Full];

fn title(visit: &Visit, key: &str, said: Option<&Said>) -> String {
    let title = visit.phrases.say(key);
    match said {
        Some(_) => visit.phrases.say_with("title-fault", &[("title", &title)]),
        None => title,
    }
}

/// Asks for the code.
pub(in crate::web) async fn ask_code(visit: Visit) -> Result<Response, WebError> {
    let next = visit.parameter("next").unwrap_or_default();
    if session(&visit, &WAITING).is_none() {
        return Ok(see_other(&with_next("/sign-in", next)));
    }
    Ok(unkept(code_page(&visit, next, None)?))
}

fn code_page(visit: &Visit, next: &str, said: Option<&Said>) -> Result<Response, WebError> {
    let t = visit.phrases;
    let account = session(visit, &WAITING).map_or_else(String::new, |(_, session)| session.account.clone());
    let fault = said.map(|said| said.text.as_str());
    html(&SecondStepPage {
        frame: Frame::plain(visit, (&title(visit, "second-step", said), "/sign-in/second-step")),
        account,
        next: local(next).unwrap_or_default().to_owned(),
        code: Field::code("field-code", t).hint(t.say("second-step-hint")).first().fault(fault),
    })
}

/// Takes the code.
pub(in crate::web) async fn check_code(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let next = fields.text("next");
    let Some((token, _)) = session(&visit, &WAITING) else {
        return Ok(see_other(&with_next("/sign-in", next)));
    };
    let access = &visit.state.access;
    match access.second_step(token.reveal(), fields.text("code"), &visit.guest.client).await {
        Ok(ticket) => Ok(arrive(&ticket, next)),
        Err(AccessError::Expired) => Ok(see_other(&with_next("/sign-in", next))),
        Err(error) => {
            let said = said_as("second-step-wrong", error, &visit)?;
            Ok(with_fault(&said, code_page(&visit, next, Some(&said))?))
        }
    }
}

/// Shows the new key until it is used.
pub(in crate::web) async fn enrol(visit: Visit) -> Result<Response, WebError> {
    let next = visit.parameter("next").unwrap_or_default();
    let Some((token, _)) = session(&visit, &ENROLLING) else {
        return Ok(see_other(&with_next("/sign-in", next)));
    };
    match visit.state.access.start_enrolment(token.reveal()).await {
        Ok(enrolment) => Ok(unkept(enrol_page(&visit, next, (Some(enrolment), None))?)),
        Err(AccessError::Expired) => Ok(see_other(&with_next("/sign-in", next))),
        Err(AccessError::Conflict(_)) => Ok(see_other("/account")),
        Err(error) => {
            let said = said_as("second-step-wrong", error, &visit)?;
            Ok(with_fault(&said, enrol_page(&visit, next, (None, Some(&said)))?))
        }
    }
}

fn enrol_page(
    visit: &Visit,
    next: &str,
    (enrolment, said): (Option<Enrolment>, Option<&Said>),
) -> Result<Response, WebError> {
    let t = visit.phrases;
    let session = session(visit, &ENROLLING).map(|(_, session)| session);
    let fault = said.map(|said| said.text.as_str());
    let secret = enrolment.as_ref().map_or_else(String::new, |enrolment| in_fours(&enrolment.secret));
    html(&EnrolPage {
        frame: Frame::plain(visit, (&title(visit, "enrol", said), "/sign-in/enrol")),
        account: session.map_or_else(String::new, |session| session.account.clone()),
        is_needed: session.is_some_and(|session| session.state == SessionState::Enrol),
        next: local(next).unwrap_or_default().to_owned(),
        secret,
        enrolment,
        again: with_next("/sign-in/enrol", next),
        code: Field::code("field-code", t)
            .extra("inputmode=\"numeric\" maxlength=\"10\"")
            .hint(t.say("enrol-code-hint"))
            .fault(fault),
    })
}

fn in_fours(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Takes the first code of the new key; shows the recovery codes, once.
pub(in crate::web) async fn finish_enrolment(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let next = fields.text("next");
    let Some((token, _)) = session(&visit, &ENROLLING) else {
        return Ok(see_other(&with_next("/sign-in", next)));
    };
    let access = &visit.state.access;
    match access.finish_enrolment(token.reveal(), fields.text("code"), &visit.guest.client).await {
        Ok((ticket, codes)) => {
            let frame = Frame::plain(&visit, (&visit.phrases.say("recovery"), "/account"));
            let frame = frame.signed_in_as(&ticket.session.account);
            let next = local(next).unwrap_or("/").to_owned();
            let mut page = html(&RecoveryPage { frame, codes, next })?;
            visitor::set(&mut page, &ticket.token);
            Ok(unkept(page))
        }
        Err(AccessError::Expired) => Ok(see_other(&with_next("/sign-in", next))),
        Err(AccessError::Conflict(_)) => Ok(see_other("/account")),
        Err(error) => {
            let said = said_as("second-step-wrong", error, &visit)?;
            // The same key as before: it is scanned already, or can still be.
            let enrolment = access.start_enrolment(token.reveal()).await.ok();
            Ok(with_fault(&said, enrol_page(&visit, next, (enrolment, Some(&said)))?))
        }
    }
}
