//! Everybody's accounts, for those who keep them: adding, changing the role, one-time links, disabling.

use askama::Template;
use axum::response::Response;

use super::account::{failed, unit_name};
use super::field::Field;
use super::shared::{Said, said, unkept, with_fault};
use crate::access::{AccessError, Conflict, Invitation};
use crate::account::{Account, NewAccount, Role};
use crate::text::{Locale, Phrases};
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;
use crate::web::words::{moment, moment_short};

/// Something to choose.
struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

struct Row {
    name: String,
    person: String,
    role: String,
    unit: String,
    state: String,
    is_disabled: bool,
    second_step: String,
    added: String,
    roles: Vec<Choice>,
    units: Vec<Choice>,
}

/// A one-time link, shown once.
struct Link {
    account: String,
    address: String,
    expires: String,
}

#[derive(Template)]
#[template(path = "entry/accounts.html")]
struct AccountsPage {
    frame: Frame,
    rows: Vec<Row>,
    link: Option<Link>,
    fault: String,
    /// Whether the fault is one of the form for a new account, which stays open then.
    is_adding: bool,
    name: Field,
    person: Field,
    unit_fault: String,
    oidc: Option<Field>,
    roles: Vec<Choice>,
    units: Vec<Choice>,
}

/// What a form of the page came to.
#[derive(Default)]
struct Outcome<'a> {
    fault: Option<&'a str>,
    /// Which field of a new account it is about.
    at: &'static str,
    /// What was filled in for a new account.
    filled: Option<&'a NewAccount>,
    invitation: Option<Invitation>,
}

/// The list.
pub(in crate::web) async fn accounts(visit: Visit) -> Result<Response, WebError> {
    page(&visit, Outcome::default()).await
}

async fn page(visit: &Visit, outcome: Outcome<'_>) -> Result<Response, WebError> {
    let t = visit.phrases;
    let accounts = visit.state.access.accounts().await.map_err(|error| failed(error, visit))?;
    let title = t.say("accounts-title");
    let title = match outcome.fault {
        Some(_) => t.say_with("title-fault", &[("title", &title)]),
        None => title,
    };
    let filled = outcome.filled;
    // A page that says who may do something leads here with the role.
    let meant = visit.parameter("role").and_then(|role| role.parse::<Role>().ok());
    let at = |field: &str| outcome.fault.filter(|_| outcome.at == field);
    let has_provider = visit.state.access.settings().oidc.is_some();
    let oidc = has_provider.then(|| {
        let field = Field::text("oidc", "accounts-oidc", t).optional().hint(t.say("accounts-oidc-hint"));
        field.value(filled.map_or("", |new| new.oidc_name.as_str())).fault(at("oidc"))
    });
    html(&AccountsPage {
        frame: Frame::plain(visit, (&title, "/accounts")),
        rows: accounts.iter().map(|account| row(visit, account)).collect(),
        link: outcome.invitation.as_ref().map(|invitation| link(visit, invitation)),
        fault: outcome.fault.unwrap_or_default().to_owned(),
        is_adding: filled.is_some() || meant.is_some(),
        name: Field::text("name", "field-name", t)
            .extra("autocapitalize=\"none\" spellcheck=\"false\" maxlength=\"40\"")
            .hint(t.say("accounts-name-hint"))
            .value(filled.map_or("", |new| new.name.as_str()))
            .fault(at("name")),
        person: Field::text("person", "accounts-person", t)
            .extra("maxlength=\"100\"")
            .optional()
            .value(filled.map_or("", |new| new.title.as_str()))
            .fault(at("person")),
        unit_fault: at("unit").unwrap_or_default().to_owned(),
        oidc,
        roles: roles(filled.map(|new| new.role).or(meant), t),
        units: units(visit, filled.and_then(|new| new.unit_id.as_deref())),
    })
    .map(unkept)
}

fn link(visit: &Visit, invitation: &Invitation) -> Link {
    let (zone, locale) = (visit.journey().city.zone, visit.phrases.locale);
    let url = &visit.state.settings.public_url;
    Link {
        account: invitation.account.clone(),
        address: format!("{url}/invitation/{}", invitation.token.reveal()),
        expires: moment(invitation.expires_at, zone, locale),
    }
}

fn row(visit: &Visit, account: &Account) -> Row {
    let (t, zone) = (visit.phrases, visit.journey().city.zone);
    let state = match account {
        Account { disabled_at: Some(at), .. } => {
            t.say_with("accounts-disabled", &[("at", &moment_short(*at, zone, t.locale))])
        }
        account if account.is_usable() => t.say("accounts-usable"),
        _ => t.say("accounts-invited"),
    };
    Row {
        name: account.name.clone(),
        person: account.title.clone(),
        role: t.say(&format!("role-{}", account.role)),
        unit: account.unit_id.as_deref().map_or_else(String::new, |id| unit_name(visit, id)),
        state,
        is_disabled: account.disabled_at.is_some(),
        second_step: t.say(if account.has_second_step { "accounts-yes" } else { "accounts-no" }),
        added: moment_short(account.created_at, zone, t.locale),
        roles: roles(Some(account.role), t),
        units: units(visit, account.unit_id.as_deref()),
    }
}

fn roles(chosen: Option<Role>, t: Phrases) -> Vec<Choice> {
    let choice = |role: Role| Choice {
        value: role.to_string(),
        label: t.say(&format!("role-{role}")),
        is_chosen: chosen == Some(role),
    };
    Role::ALL.into_iter().map(choice).collect()
}

fn units(visit: &Visit, chosen: Option<&str>) -> Vec<Choice> {
    let is_english = visit.phrases.locale == Locale::En;
    let choice = |unit: &crate::city::Unit| Choice {
        value: unit.unit_id.clone(),
        label: if is_english { unit.name_en.clone() } else { unit.name.clone() },
        is_chosen: chosen == Some(&*unit.unit_id),
    };
    visit.journey().city.units.iter().map(choice).collect()
}

fn optional(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The unit of a form, if the city has it.
fn unit_of(visit: &Visit, fields: &Fields) -> Result<Option<String>, WebError> {
    let unit = optional(fields.text("unit"));
    let is_ours = |id: &String| visit.journey().city.units.iter().any(|unit| unit.unit_id == *id);
    if unit.as_ref().is_some_and(|id| !is_ours(id)) { Err(WebError::Field("unit")) } else { Ok(unit) }
}

/// Adds an account; its one-time link is shown once.
pub(in crate::web) async fn add_account(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let new = NewAccount {
        name: fields.text("name").to_owned(),
        title: fields.text("person").to_owned(),
        role: fields.text("role").parse().map_err(|_| WebError::Field("role"))?,
        unit_id: unit_of(&visit, &fields)?,
        oidc_name: fields.text("oidc").to_owned(),
    };
    match visit.state.access.invite(&visit.guest.visitor, &new).await {
        Ok(invitation) => page(&visit, Outcome { invitation: Some(invitation), ..Outcome::default() }).await,
        Err(error) => {
            let at = field_of(&error);
            let said = said(error, &visit)?;
            let outcome = Outcome { fault: Some(&said.text), at, filled: Some(&new), invitation: None };
            Ok(with_fault(&said, page(&visit, outcome).await?))
        }
    }
}

/// The field that a refusal is about.
fn field_of(error: &AccessError) -> &'static str {
    match error {
        AccessError::Conflict(Conflict::UnitNeeded | Conflict::UnitNotForRole) => "unit",
        AccessError::Conflict(Conflict::TitleInvalid) => "person",
        AccessError::Conflict(Conflict::OidcNameTaken) => "oidc",
        _ => "name",
    }
}

/// Changes an account: `do` says what.
pub(in crate::web) async fn change_account(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let (access, actor, name) = (&visit.state.access, &visit.guest.visitor, fields.text("name"));
    let changed: Result<(), AccessError> = match fields.text("do") {
        "recover" => match access.recover(actor, name).await {
            Ok(invitation) => {
                return page(&visit, Outcome { invitation: Some(invitation), ..Outcome::default() }).await;
            }
            Err(error) => Err(error),
        },
        "disable" => access.disable(actor, name).await,
        "enable" => access.enable(actor, name).await,
        "role" => {
            let role: Role = fields.text("role").parse().map_err(|_| WebError::Field("role"))?;
            let unit = unit_of(&visit, &fields)?;
            access.set_role(actor, name, (role, unit.as_deref())).await
        }
        _ => return Err(WebError::Field("do")),
    };
    match changed {
        Ok(()) => Ok(see_other("/accounts")),
        Err(error) => refused(&visit, said(error, &visit)?).await,
    }
}

async fn refused(visit: &Visit, said: Said) -> Result<Response, WebError> {
    let page = page(visit, Outcome { fault: Some(&said.text), ..Outcome::default() }).await?;
    Ok(with_fault(&said, page))
}
