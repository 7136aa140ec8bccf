//! Keeps a door's rule: lets pass, asks to sign in, or refuses. Stands round each handler; handlers do not ask again.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::AppState;
use super::door::Rule;
use super::error::WebError;
use super::visit::encoded;
use super::visitor::{Guest, is_here};
use crate::account::Visitor;

/// What a rule says of a visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Pass,
    /// Signing in may help.
    SignIn,
    Refused,
}

impl Rule {
    fn answer(self, visitor: &Visitor) -> Answer {
        let is_known = matches!(visitor, Visitor::Account { .. } | Visitor::Operator { .. });
        let is_person = matches!(visitor, Visitor::Account { scopes: None, .. });
        let is_program = matches!(visitor, Visitor::Account { scopes: Some(_), .. });
        let may_pass = match self {
            Self::Open => true,
            // What stands round all of them lets nobody pass without the link (`set_up::keep`).
            Self::Link => true,
            Self::SignedIn => is_person,
            Self::May(permission) => visitor.may(permission),
            // Nobody, until its file has been asked.
            Self::Board => false,
            Self::Near => is_program || matches!(visitor, Visitor::Demo | Visitor::Operator { .. }),
        };
        match (may_pass, is_known) {
            (true, _) => Answer::Pass,
            (false, true) => Answer::Refused,
            (false, false) => Answer::SignIn,
        }
    }
}

/// The layer round a handler.
pub(super) async fn keep(
    State((rule, state)): State<(Rule, AppState)>,
    request: Request,
    next: Next,
) -> Response {
    let rule = if rule == Rule::Board { of_board(&state, request.uri().path()) } else { rule };
    let guest = request.extensions().get::<Guest>();
    let answer = match rule {
        Rule::Near if is_here(&request) => Answer::Pass,
        rule => rule.answer(guest.map_or(&Visitor::Public, |guest| &guest.visitor)),
    };
    let is_page = !wants_data(request.uri().path(), request.headers());
    let is_reading = request.method() == Method::GET || request.method() == Method::HEAD;
    match answer {
        Answer::Pass => next.run(request).await,
        Answer::SignIn if is_page && is_reading => {
            let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
            to_sign_in(asked)
        }
        Answer::SignIn => WebError::SignIn.into_response(),
        Answer::Refused => WebError::Forbidden(rule.permission()).into_response(),
    }
}

/// The rule in a dashboard's file; one that is not there is told so by its handler.
pub(super) fn of_board(state: &AppState, path: &str) -> Rule {
    let shelf = state.shelf();
    let board = match path.strip_prefix("/dashboard/") {
        // The shipped ones have doors of their own.
        Some(name) => shelf.added().find(|(known, _)| *known == name).map(|(_, board)| board),
        None => shelf.get(path.trim_start_matches('/')),
    };
    let opens = board.and_then(|board| board.dashboard.opens.permission());
    opens.map_or(Rule::Open, Rule::May)
}

impl Rule {
    /// Whether a visitor may pass.
    pub(super) fn lets_pass(self, visitor: &Visitor) -> bool {
        self.answer(visitor) == Answer::Pass
    }

    fn permission(self) -> Option<crate::account::Permission> {
        match self {
            Self::May(permission) => Some(permission),
            Self::Open | Self::SignedIn | Self::Link | Self::Board | Self::Near => None,
        }
    }
}

/// Whether the answer is for a program: it has a token, asks for JSON, or takes a dataset.
pub(super) fn wants_data(path: &str, headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    headers.contains_key(header::AUTHORIZATION)
        || path.starts_with("/exports/")
        || path.starts_with("/api/")
        || path == "/metrics"
        || (accepts.contains("json") && !accepts.contains("text/html"))
}

/// The way to the page where one signs in, and back to what was asked for.
fn to_sign_in(asked: &str) -> Response {
    see_other(&sign_in_for(asked))
}

/// The address of the page where one signs in, to come back here.
pub(super) fn sign_in_for(here: &str) -> String {
    match here {
        "/" => "/sign-in".to_owned(),
        here => format!("/sign-in?next={}", encoded(here)),
    }
}

/// 303: look there, whatever the method was.
pub(super) fn see_other(there: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, there.to_owned()), (header::VARY, "cookie".to_owned())])
        .into_response()
}

/// An address of our own to go to after signing in; everything else is none.
///
/// A browser reads `//host` and `/\host` as another host, and drops tabs and line ends before it reads.
pub(super) fn local(next: &str) -> Option<&str> {
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_ours = next.starts_with('/') && !next.starts_with("//");
    let is_way_in =
        next.starts_with("/sign-") || next.starts_with("/invitation/") || next.starts_with("/set-up/");
    (is_plain && is_ours && !is_way_in && next.len() <= 500).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Permission, Role};

    #[test]
    fn only_an_address_of_our_own_is_gone_to() {
        for sound in ["/", "/analyst?from=2021-05-01", "/exports/alerts.csv", "/x%0d%0ay"] {
            assert_eq!(local(sound), Some(sound));
        }
        for foreign in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "evil.example",
            "",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x=y",
            "/sign-out",
            "/sign-in?next=/",
        ] {
            assert_eq!(local(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_token_is_no_person() {
        let visitor =
            |scopes| Visitor::Account { name: "a".to_owned(), role: Role::Analyst, unit_id: None, scopes };
        let token = visitor(Some(vec![Permission::Export]));
        assert_eq!(Rule::SignedIn.answer(&token), Answer::Refused);
        assert_eq!(Rule::May(Permission::Export).answer(&token), Answer::Pass);
        assert_eq!(Rule::May(Permission::ReadAnalysis).answer(&token), Answer::Refused);
        assert_eq!(Rule::SignedIn.answer(&visitor(None)), Answer::Pass);
        assert_eq!(Rule::SignedIn.answer(&Visitor::Demo), Answer::SignIn);
        assert_eq!(Rule::Near.answer(&token), Answer::Pass);
        assert_eq!(Rule::Near.answer(&visitor(None)), Answer::Refused, "a person's browser is no monitor");
        assert_eq!(Rule::Near.answer(&Visitor::Public), Answer::SignIn);
    }
}
