//! What the pages of the way in share: where signing in goes on, and why not, in the reader's words.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::access::{AccessError, SignIn, Ticket};
use crate::account::{Session, SessionState, Token};
use crate::web::error::{WebError, told};
use crate::web::guard::{local, see_other};
use crate::web::visit::{Visit, encoded};
use crate::web::visitor;

/// Why something was not done, to stand beside the form.
pub(in crate::web) struct Said {
    status: StatusCode,
    pub(in crate::web) text: String,
    /// Seconds until it may be tried again.
    wait: Option<u64>,
}

impl Said {
    /// A slip in a form.
    pub(in crate::web) fn slip(text: String) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, text, wait: None }
    }

    /// The same where there is no form for it to stand beside.
    pub(in crate::web) fn into_error(self) -> WebError {
        self.wait.map_or(WebError::Gone, |seconds| WebError::TooMany { seconds })
    }
}

/// As [`said`], with the form's own words for what was wrong in it.
pub(in crate::web) fn said_as(wrong: &str, error: AccessError, visit: &Visit) -> Result<Said, WebError> {
    match error {
        AccessError::Refused => Ok(Said::slip(visit.phrases.say(wrong))),
        error => said(error, visit),
    }
}

/// Puts a refusal into words; what is nobody's slip becomes a page of its own.
pub(in crate::web) fn said(error: AccessError, visit: &Visit) -> Result<Said, WebError> {
    let t = visit.phrases;
    match error {
        AccessError::Locked { until } | AccessError::TooMany { until } => {
            let seconds = visit.state.seconds_until(until);
            let minutes = seconds.div_ceil(60).to_string();
            let text = t.say_with("sign-in-wait", &[("minutes", &minutes)]);
            Ok(Said { status: StatusCode::TOO_MANY_REQUESTS, text, wait: Some(seconds) })
        }
        AccessError::Expired => Err(WebError::Gone),
        AccessError::Forbidden => Err(WebError::Forbidden(None)),
        AccessError::Unavailable(error) => Err(WebError::Internal(error)),
        error @ (AccessError::Refused | AccessError::Weak(_) | AccessError::Conflict(_)) => {
            Ok(Said::slip(t.say(error.key())))
        }
    }
}

/// A page with a fault in its form.
pub(in crate::web) fn with_fault(said: &Said, page: Response) -> Response {
    let mut page = told(said.status, page);
    if let Some(seconds) = said.wait {
        page.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    unkept(page)
}

/// A page that no cache keeps: it holds a secret, or belongs to somebody.
pub(in crate::web) fn unkept(mut page: Response) -> Response {
    page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    page
}

/// The session of the cookie and its value, if it is in one of these states.
pub(in crate::web) fn session<'a>(
    visit: &'a Visit,
    states: &[SessionState],
) -> Option<(&'a Token, &'a Session)> {
    let session = visit.guest.session.as_ref().map(|(token, session)| (token, session));
    session.filter(|(_, session)| states.contains(&session.state))
}

/// Gives the browser its cookie and sends it to what is missing, or on to what it asked for.
pub(in crate::web) fn go_on(sign_in: &SignIn, next: &str) -> Response {
    let there = match sign_in {
        SignIn::Done(_) => return arrive(sign_in.ticket(), next),
        SignIn::SecondStep(_) => with_next("/sign-in/second-step", next),
        SignIn::Enrol(_) => with_next("/sign-in/enrol", next),
    };
    with_cookie(&there, sign_in.ticket())
}

/// Signed in: to what was asked for.
pub(in crate::web) fn arrive(ticket: &Ticket, next: &str) -> Response {
    with_cookie(local(next).unwrap_or("/"), ticket)
}

fn with_cookie(there: &str, ticket: &Ticket) -> Response {
    let mut response = see_other(there);
    visitor::set(&mut response, &ticket.token);
    unkept(response)
}

/// An address with where to go afterwards.
pub(in crate::web) fn with_next(path: &str, next: &str) -> String {
    match local(next) {
        None | Some("/") => path.to_owned(),
        Some(next) => format!("{path}?next={}", encoded(next)),
    }
}
