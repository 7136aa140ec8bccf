//! A one-time link: whoever holds it chooses a password and is signed in with it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::field::Field;
use super::shared::{Said, go_on, said, unkept, with_fault};
use crate::access::AccessError;
use crate::account::Token;
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;
use crate::web::words::moment;

#[derive(Template)]
#[template(path = "entry/invitation.html")]
struct InvitationPage {
    frame: Frame,
    account: String,
    is_recovery: bool,
    expires: String,
    password: Field,
    repeated: Field,
}

/// Shows whose link it is and asks for a password.
pub(in crate::web) async fn invitation(
    Path(token): Path<String>,
    visit: Visit,
) -> Result<Response, WebError> {
    Ok(unkept(page(&visit, &token, Faults::default()).await?))
}

/// What is wrong with the password, and with its repetition.
#[derive(Default, Clone, Copy)]
struct Faults<'a> {
    password: Option<&'a str>,
    repeated: Option<&'a str>,
}

async fn page(visit: &Visit, token: &str, faults: Faults<'_>) -> Result<Response, WebError> {
    let t = visit.phrases;
    let token = Token::brought(token).ok_or(WebError::Gone)?;
    let invited = match visit.state.access.invited(token.reveal(), &visit.guest.client).await {
        Ok(invited) => invited,
        Err(AccessError::Refused) => return Err(WebError::Gone),
        Err(error) => return Err(unanswered(error, visit)),
    };
    let mut title = t.say(if invited.is_recovery { "invitation-recovery" } else { "invitation" });
    if faults.password.or(faults.repeated).is_some() {
        title = t.say_with("title-fault", &[("title", &title)]);
    }
    let path = format!("/invitation/{}", token.reveal());
    let password = Field::password("password", "field-new-password", "new-password", t);
    let repeated = Field::password("repeated", "field-repeated", "new-password", t);
    html(&InvitationPage {
        frame: Frame::plain(visit, (&title, &path)),
        account: invited.account,
        is_recovery: invited.is_recovery,
        expires: moment(invited.expires_at, visit.journey().city.zone, t.locale),
        password: password.hint(t.say("password-rules")).first().fault(faults.password),
        repeated: repeated.fault(faults.repeated),
    })
}

fn unanswered(error: AccessError, visit: &Visit) -> WebError {
    match said(error, visit) {
        Err(error) => error,
        Ok(said) => said.into_error(),
    }
}

/// Takes the password.
pub(in crate::web) async fn accept(
    Path(token): Path<String>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, WebError> {
    let password = fields.exact("password");
    if password != fields.exact("repeated") {
        let text = visit.phrases.say("password-differs");
        let faults = Faults { repeated: Some(&text), ..Faults::default() };
        let page = page(&visit, &token, faults).await?;
        return Ok(with_fault(&Said::slip(String::new()), page));
    }
    let brought = Token::brought(&token).ok_or(WebError::Gone)?;
    match visit.state.access.accept(brought.reveal(), password, &visit.guest.client).await {
        Ok(sign_in) => Ok(go_on(&sign_in, "/account")),
        Err(AccessError::Refused) => Err(WebError::Gone),
        Err(error) => {
            let said = said(error, &visit)?;
            let faults = Faults { password: Some(&said.text), ..Faults::default() };
            let page = page(&visit, &token, faults).await?;
            Ok(with_fault(&said, page))
        }
    }
}
