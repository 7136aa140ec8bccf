//! Signing in with name and password or through the city's own provider, and signing out.

use askama::Template;
use axum::response::Response;

use super::field::Field;
use super::shared::{Said, go_on, said, said_as, unkept, with_fault, with_next};
use crate::access::OidcAnswer;
use crate::account::Visitor;
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::{local, see_other};
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;
use crate::web::visitor;

/// How long the city's own provider has to answer, in minutes.
const PROVIDER_MINUTES: u32 = 10;

#[derive(Template)]
#[template(path = "entry/sign_in.html")]
struct SignInPage {
    frame: Frame,
    next: String,
    name: Field,
    password: Field,
    fault: String,
    /// What the button of the city's own provider says.
    provider: Option<String>,
}

/// The form. Who has signed in already goes on.
pub(in crate::web) async fn sign_in(visit: Visit) -> Result<Response, WebError> {
    let next = visit.parameter("next").unwrap_or_default();
    if matches!(visit.guest.visitor, Visitor::Account { .. }) {
        return Ok(see_other(local(next).unwrap_or("/")));
    }
    Ok(unkept(page(&visit, (next, ""), None)?))
}

fn page(visit: &Visit, (next, name): (&str, &str), said: Option<&Said>) -> Result<Response, WebError> {
    let t = visit.phrases;
    let fault = said.map(|said| said.text.as_str()).unwrap_or_default();
    let mut title = t.say("sign-in");
    if !fault.is_empty() {
        title = t.say_with("title-fault", &[("title", &title)]);
    }
    let frame = Frame::plain(visit, (&title, "/sign-in"));
    let mut password = Field::password("password", "field-password", "current-password", t);
    let mut name_field = Field::account_name(name, t);
    match name {
        "" => name_field = name_field.first(),
        _ => password = password.first(),
    }
    let oidc = visit.state.access.settings().oidc.as_ref();
    html(&SignInPage {
        frame,
        next: local(next).unwrap_or_default().to_owned(),
        name: name_field,
        password,
        fault: fault.to_owned(),
        provider: oidc.map(|oidc| t.say_with("sign-in-provider", &[("title", &oidc.title)])),
    })
}

/// Takes name and password.
pub(in crate::web) async fn try_sign_in(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let (name, next) = (fields.text("name"), fields.text("next"));
    let access = &visit.state.access;
    match access.sign_in(name, fields.exact("password"), &visit.guest.client).await {
        Ok(sign_in) => Ok(go_on(&sign_in, next)),
        Err(error) => {
            let said = said_as("sign-in-wrong", error, &visit)?;
            Ok(with_fault(&said, page(&visit, (next, name), Some(&said))?))
        }
    }
}

/// Ends the session and has the browser forget it.
pub(in crate::web) async fn leave(visit: Visit) -> Result<Response, WebError> {
    if let Some((token, _)) = &visit.guest.session {
        let left = visit.state.access.sign_out(token.reveal(), &visit.guest.client).await;
        if let Err(error) = left {
            said(error, &visit)?;
        }
    }
    let mut response = see_other("/");
    visitor::clear(&mut response, None);
    Ok(unkept(response))
}

/// Sends the browser to the city's own provider.
pub(in crate::web) async fn oidc_start(visit: Visit) -> Result<Response, WebError> {
    if visit.state.access.settings().oidc.is_none() {
        return Err(WebError::NotFound);
    }
    match visit.state.access.oidc_start(&visit.guest.client).await {
        Ok(start) => {
            let mut response = see_other(&start.redirect);
            let cookie = (visitor::BINDING, &start.binding);
            visitor::set_for_minutes(&mut response, cookie, PROVIDER_MINUTES);
            Ok(unkept(response))
        }
        Err(error) => {
            let said = said(error, &visit)?;
            Ok(with_fault(&said, page(&visit, ("", ""), Some(&said))?))
        }
    }
}

/// Takes what the provider says. It may also say that somebody turned back.
pub(in crate::web) async fn oidc_callback(
    visit: Visit,
    headers: axum::http::HeaderMap,
) -> Result<Response, WebError> {
    if visit.state.access.settings().oidc.is_none() {
        return Err(WebError::NotFound);
    }
    let binding = visitor::read(&headers, visitor::BINDING);
    let (Some(binding), Some(code), Some(state)) =
        (binding, visit.parameter("code"), visit.parameter("state"))
    else {
        return Ok(see_other(&with_next("/sign-in", "")));
    };
    let answer = OidcAnswer { binding: binding.reveal(), code, state };
    let mut response = match visit.state.access.oidc_finish(&answer, &visit.guest.client).await {
        Ok(sign_in) => go_on(&sign_in, "/"),
        Err(error) => {
            let said = said(error, &visit)?;
            with_fault(&said, page(&visit, ("", ""), Some(&said))?)
        }
    };
    visitor::clear(&mut response, Some(visitor::BINDING));
    Ok(response)
}
