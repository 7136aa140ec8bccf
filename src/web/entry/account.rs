//! One's own account: what it may do and see, the password, the second step, where one is signed in, tokens.

use askama::Template;
use axum::response::Response;

use super::field::Field;
use super::shared::{Said, said, said_as, session, unkept, with_fault};
use crate::account::{NewToken, Permission, Role, Session, SessionState, Token, Visitor};
use crate::disclosure::UnitView;
use crate::epi::Vintage;
use crate::text::Phrases;
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;
use crate::web::visitor;
use crate::web::words::{moment, moment_short};

/// How long a token lasts unless somebody says otherwise, in days.
const TOKEN_DAYS: u16 = 90;

struct SessionRow {
    id: String,
    is_own: bool,
    began: String,
    seen: String,
    address: String,
    agent: String,
}

struct TokenRow {
    id: String,
    title: String,
    scopes: String,
    expires: String,
    used: String,
    /// Why it no longer works; empty while it does.
    ended: String,
}

struct Tick {
    name: &'static str,
    label: String,
}

#[derive(Template)]
#[template(path = "entry/account.html")]
struct AccountPage {
    frame: Frame,
    name: String,
    person: String,
    role: String,
    unit: String,
    may: Vec<String>,
    sees: Vec<String>,
    has_password: bool,
    has_second_step: bool,
    needs_second_step: bool,
    password_changed: bool,
    old: Field,
    new: Field,
    repeated: Field,
    sessions: Vec<SessionRow>,
    tokens: Vec<TokenRow>,
    boxes: Vec<Tick>,
    token_title: Field,
    token_days: Field,
    token_fault: String,
    /// A token that was just made, shown once.
    made: Option<String>,
}

/// What a form of the page came to.
#[derive(Default)]
struct Outcome<'a> {
    old: Option<&'a str>,
    new: Option<&'a str>,
    repeated: Option<&'a str>,
    token: Option<&'a str>,
    made: Option<Token>,
}

/// The page.
pub(in crate::web) async fn account(visit: Visit) -> Result<Response, WebError> {
    page(&visit, Outcome::default()).await
}

async fn page(visit: &Visit, outcome: Outcome<'_>) -> Result<Response, WebError> {
    let t = visit.phrases;
    let Visitor::Account { name, role, unit_id, .. } = &visit.guest.visitor else {
        return Err(WebError::SignIn);
    };
    let access = &visit.state.access;
    let own = access.account(name).await.map_err(|error| failed(error, visit))?;
    let own = own.ok_or(WebError::SignIn)?;
    let sessions = access.sessions(name).await.map_err(|error| failed(error, visit))?;
    let tokens = access.tokens(Some(name)).await.map_err(|error| failed(error, visit))?;
    let current = session(visit, &[SessionState::Full]).map(|(_, session)| session.id.as_str());
    let is_fault = outcome.old.or(outcome.new).or(outcome.repeated).or(outcome.token).is_some();
    let title = t.say("account-title");
    let title = if is_fault { t.say_with("title-fault", &[("title", &title)]) } else { title };
    let unit = unit_id.as_deref().map_or_else(String::new, |id| unit_name(visit, id));
    html(&AccountPage {
        frame: Frame::plain(visit, (&title, "/account")),
        name: name.clone(),
        person: own.title,
        role: t.say(&format!("role-{role}")),
        may: may(*role, t),
        sees: sees(visit, &unit),
        unit,
        has_password: own.has_password,
        has_second_step: own.has_second_step,
        needs_second_step: role.needs_second_step(),
        password_changed: visit.parameter("done") == Some("password"),
        old: Field::password("old", "field-old-password", "current-password", t).fault(outcome.old),
        new: Field::password("new", "field-new-password", "new-password", t)
            .hint(t.say("password-rules"))
            .fault(outcome.new),
        repeated: Field::password("repeated", "field-repeated", "new-password", t).fault(outcome.repeated),
        sessions: sessions.iter().map(|session| session_row(visit, session, current)).collect(),
        tokens: tokens.into_iter().map(|token| token_row(visit, token)).collect(),
        boxes: scopes(*role, t),
        token_title: Field::text("title", "token-for", t)
            .extra("maxlength=\"100\"")
            .hint(t.say("token-for-hint")),
        token_days: Field::text("days", "token-days", t)
            .kind("number")
            .extra("min=\"1\" max=\"366\" inputmode=\"numeric\"")
            .value(&TOKEN_DAYS.to_string()),
        token_fault: outcome.token.unwrap_or_default().to_owned(),
        made: outcome.made.map(|token| token.reveal().to_owned()),
    })
    .map(unkept)
}

/// A list that cannot be had is no slip of the reader's.
pub(super) fn failed(error: crate::access::AccessError, visit: &Visit) -> WebError {
    match said(error, visit) {
        Ok(said) => WebError::Internal(anyhow::anyhow!(said.text)),
        Err(error) => error,
    }
}

/// A unit by its name; by its id if the list no longer has it.
pub(super) fn unit_name(visit: &Visit, unit_id: &str) -> String {
    let unit = visit.journey().city.units.iter().find(|unit| unit.unit_id == unit_id);
    let is_english = visit.phrases.locale == crate::text::Locale::En;
    unit.map_or(unit_id, |unit| if is_english { &unit.name_en } else { &unit.name }).to_owned()
}

/// What a role may do, a sentence each.
fn may(role: Role, t: Phrases) -> Vec<String> {
    role.permissions().iter().map(|permission| t.say(&format!("may-{permission}"))).collect()
}

/// What a visitor sees of the figures.
fn sees(visit: &Visit, unit: &str) -> Vec<String> {
    let (audience, t) = (visit.guest.visitor.audience(), visit.phrases);
    let units = match audience.units {
        UnitView::None => t.say("sees-no-units"),
        UnitView::Weekly => t.say("sees-units-weekly"),
        UnitView::Own(_) => t.say_with("sees-own-unit", &[("unit", unit)]),
        UnitView::AsReported => t.say("sees-units-as-reported"),
    };
    let small = match audience.threshold {
        Some(threshold) if audience.sees_staff() => {
            t.say_with("sees-from-in-units", &[("threshold", &threshold.to_string())])
        }
        Some(threshold) => t.say_with("sees-from", &[("threshold", &threshold.to_string())]),
        None => t.say("sees-everything"),
    };
    let mut sentences = vec![units, small];
    if audience.is_recorded() {
        sentences.push(t.say("sees-recorded"));
    }
    sentences
}

/// What a token of a role may be limited to; keeping accounts is a person's.
fn scopes(role: Role, t: Phrases) -> Vec<Tick> {
    let tick = |may: &Permission| Tick { name: may.as_str(), label: t.say(&format!("may-{may}")) };
    role.permissions().iter().filter(|may| **may != Permission::ManageAccounts).map(tick).collect()
}

fn session_row(visit: &Visit, session: &Session, current: Option<&str>) -> SessionRow {
    let (t, zone) = (visit.phrases, visit.journey().city.zone);
    SessionRow {
        is_own: current == Some(&*session.id),
        id: session.id.clone(),
        began: moment_short(session.signed_in_at, zone, t.locale),
        seen: moment_short(session.seen_at, zone, t.locale),
        address: session.address.clone(),
        agent: browser(&session.agent),
    }
}

/// What a browser calls itself, in few words: "Firefox, Linux".
fn browser(agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let program =
        first(&[("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Macintosh", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program}, {system}"),
        _ => agent.chars().take(60).collect(),
    }
}

fn token_row(visit: &Visit, token: crate::account::ApiToken) -> TokenRow {
    let (t, zone) = (visit.phrases, visit.journey().city.zone);
    let now = visit.journey().clock.now();
    let short = |at: Vintage| moment_short(at, zone, t.locale);
    let ended = match token.revoked_at {
        Some(at) => t.say_with("token-revoked", &[("at", &short(at))]),
        None if token.expires_at <= now => t.say("token-expired"),
        None => String::new(),
    };
    TokenRow {
        id: token.id,
        title: token.title,
        scopes: token.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", "),
        expires: moment(token.expires_at, zone, t.locale),
        used: token.last_used_at.map_or_else(|| "–".to_owned(), short),
        ended,
    }
}

/// Sets another password. This session goes on under a new cookie, every other ends.
pub(in crate::web) async fn change_password(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let (old, new) = (fields.exact("old"), fields.exact("new"));
    if new != fields.exact("repeated") {
        let text = visit.phrases.say("password-differs");
        let page = page(&visit, Outcome { repeated: Some(&text), ..Outcome::default() }).await?;
        return Ok(with_fault(&Said::slip(String::new()), page));
    }
    let (token, _) = session(&visit, &[SessionState::Full]).ok_or(WebError::SignIn)?;
    match visit.state.access.change_password(token.reveal(), (old, new), &visit.guest.client).await {
        Ok(ticket) => {
            let mut response = see_other("/account?done=password");
            visitor::set(&mut response, &ticket.token);
            Ok(response)
        }
        Err(error) => {
            let is_new = matches!(error, crate::access::AccessError::Weak(_));
            let said = said_as("password-wrong", error, &visit)?;
            let text = Some(said.text.as_str());
            let outcome = match is_new {
                true => Outcome { new: text, ..Outcome::default() },
                false => Outcome { old: text, ..Outcome::default() },
            };
            Ok(with_fault(&said, page(&visit, outcome).await?))
        }
    }
}

/// Ends one of one's own sessions; ending this one is signing out.
pub(in crate::web) async fn end_session(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let ended = visit.state.access.end_session(&visit.guest.visitor, fields.text("id")).await;
    match ended.map_err(|error| said(error, &visit)) {
        Ok(()) => Ok(see_other("/account#sessions")),
        // Somebody else ended it first, or it ended by itself: it is gone all the same.
        Err(Ok(_)) => Ok(see_other("/account#sessions")),
        Err(Err(error)) => Err(error),
    }
}

/// Makes a token and shows it, once.
pub(in crate::web) async fn make_token(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let scopes: Result<Vec<Permission>, _> = fields.ticked("may-").map(str::parse).collect();
    let new = NewToken {
        account: visit.guest.visitor.name().to_owned(),
        title: fields.text("title").to_owned(),
        scopes: scopes.map_err(|_| WebError::Field("may-"))?,
        days: fields.text("days").parse().unwrap_or(0),
    };
    match visit.state.access.make_token(&visit.guest.visitor, &new).await {
        Ok((token, _)) => page(&visit, Outcome { made: Some(token), ..Outcome::default() }).await,
        Err(error) => {
            let said = said(error, &visit)?;
            let page = page(&visit, Outcome { token: Some(&said.text), ..Outcome::default() }).await?;
            Ok(with_fault(&said, page))
        }
    }
}

/// Revokes one of one's own tokens.
pub(in crate::web) async fn revoke_token(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let revoked = visit.state.access.revoke_token(&visit.guest.visitor, fields.text("id")).await;
    match revoked.map_err(|error| said(error, &visit)) {
        Ok(()) | Err(Ok(_)) => Ok(see_other("/account#tokens")),
        Err(Err(error)) => Err(error),
    }
}
