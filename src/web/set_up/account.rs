//! The last question: who keeps the installation. What was answered is shown once more; with the owner it is in force.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use serde_json::json;

use super::progress::{Progress, Step, frame};
use super::state::{SetUp, answers, keep_answers};
use crate::access::{Access, AccessError, AccessSettings, Conflict};
use crate::account::{NewAccount, Role, account_name};
use crate::audit::{Action, Entry};
use crate::city::City;
use crate::config::{Answers, Config};
use crate::epi::LocationId;
use crate::job::load_policies;
use crate::text::number;
use crate::web::entry::{Field, Said, go_on, said, unkept, with_fault};
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;
use crate::web::words::policy_name;

/// Where somebody goes who has set everything up: to the first figures.
const NEXT: &str = "/figures";

struct Answered {
    question: String,
    answer: String,
    change: String,
}

#[derive(Template)]
#[template(path = "set_up/account.html")]
struct AccountPage {
    frame: Frame,
    progress: Progress,
    here: String,
    back: String,
    answered: Vec<Answered>,
    name: Field,
    person: Field,
    password: Field,
    repeated: Field,
}

/// What was filled in, and what is wrong with it.
#[derive(Default)]
struct Filled<'a> {
    name: &'a str,
    person: &'a str,
    name_fault: Option<String>,
    person_fault: Option<String>,
    password_fault: Option<String>,
    repeated_fault: Option<String>,
}

/// What would be in force.
struct Outlook {
    config: Config,
    city: City,
}

fn set_up(visit: &Visit) -> Result<&Arc<SetUp>, WebError> {
    visit.state.set_up.as_ref().ok_or(WebError::NotFound)
}

fn outlook(visit: &Visit, answers: &Answers) -> Result<Outlook, WebError> {
    let mut config = set_up(visit)?.config.clone();
    config.answer(answers);
    let city = City::load(&config)?;
    Ok(Outlook { config, city })
}

/// Shows the answers and asks for the owner.
pub(in crate::web) async fn account(Path(token): Path<String>, visit: Visit) -> Result<Response, WebError> {
    let answers = answers(&visit.journey().store).await?;
    if let Some(missing) = missing(&answers) {
        return Ok(see_other(&missing.address(&token)));
    }
    Ok(unkept(page(&visit, &token, (&answers, &Filled::default()))?))
}

fn missing(answers: &Answers) -> Option<Step> {
    match (&answers.location, &answers.policy) {
        (None, _) => Some(Step::City),
        (_, None) => Some(Step::Policy),
        _ => None,
    }
}

fn page(
    visit: &Visit,
    token: &str,
    (answers, filled): (&Answers, &Filled<'_>),
) -> Result<Response, WebError> {
    let t = visit.phrases;
    let Outlook { config, city } = outlook(visit, answers)?;
    let policies = load_policies(&config.city.policy)?;
    let policy = policies.on(visit.journey().today());
    let row = city.locations.at(&city.location, visit.journey().today());
    let residents = row.and_then(|row| row.population).map(|count| number(count, t.locale));
    let zone = visit.journey().clock.now().moment().with_timezone(&city.zone).format("%Z").to_string();
    let answered = |key: &str, answer: String, step: Step| Answered {
        question: t.say(key),
        answer,
        change: step.address(token),
    };
    let faults = [&filled.name_fault, &filled.person_fault, &filled.password_fault, &filled.repeated_fault];
    let has_fault = faults.into_iter().any(Option::is_some);
    let here = Step::Account.address(token);
    let name = Field::account_name(filled.name, t).hint(t.say("accounts-name-hint"));
    let name = if has_fault { name } else { name.first() };
    html(&AccountPage {
        frame: frame(visit, (&t.say("set-up-account"), &here), has_fault),
        progress: Progress::new(token, Step::Account, answers, t),
        here,
        back: Step::Policy.address(token),
        answered: vec![
            answered("set-up-step-city", city.name.clone(), Step::City),
            answered("set-up-population", residents.unwrap_or_else(|| "–".to_owned()), Step::City),
            answered("set-up-zone", zone, Step::City),
            answered("set-up-step-policy", policy_name(policy, t), Step::Policy),
        ],
        name: name.fault(filled.name_fault.as_deref()),
        person: Field::text("person", "set-up-person", t)
            .optional()
            .autocomplete("name")
            .extra("maxlength=\"100\"")
            .value(filled.person)
            .fault(filled.person_fault.as_deref()),
        password: Field::password("password", "field-password", "new-password", t)
            .hint(t.say("password-rules"))
            .fault(filled.password_fault.as_deref()),
        repeated: Field::password("repeated", "set-up-repeated", "new-password", t)
            .fault(filled.repeated_fault.as_deref()),
    })
}

/// Makes the owner, puts the answers in force and signs the owner in. The server goes on by itself.
pub(in crate::web) async fn finish(
    Path(token): Path<String>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, WebError> {
    let store = &visit.journey().store;
    let answers = answers(store).await?;
    if let Some(missing) = missing(&answers) {
        return Ok(see_other(&missing.address(&token)));
    }
    let (name, person, password) = (fields.text("name"), fields.text("person"), fields.exact("password"));
    let mut filled = Filled { name, person, ..Filled::default() };
    let Outlook { config, city } = outlook(&visit, &answers)?;
    load_policies(&config.city.policy)?;
    let settings = AccessSettings { city: city.name.clone(), ..visit.state.access.settings().clone() };
    let access = Access::new(store.clone(), Arc::clone(&visit.journey().clock), settings);
    let owner = NewAccount {
        name: name.to_owned(),
        title: person.to_owned(),
        role: Role::Owner,
        unit_id: None,
        oidc_name: String::new(),
    };
    if let Err(error) = access.check_founder(&owner, password) {
        refused(&mut filled, error, &visit)?;
    } else if password != fields.exact("repeated") {
        filled.repeated_fault = Some(visit.phrases.say("password-differs"));
    } else {
        let answers = in_force(&visit, answers, &owner.name);
        // First the answers: cut off here, the next start has them and prints a link for the owner.
        keep_answers(store, &answers).await?;
        match access.found(&owner, password, &visit.guest.client).await {
            Ok(sign_in) => {
                note(&visit, &owner.name, &answers).await?;
                set_up(&visit)?.finish();
                visit.state.followed().await;
                return Ok(go_on(&sign_in, NEXT));
            }
            Err(error) => {
                keep_answers(store, &Answers { is_done: false, ..answers.clone() }).await?;
                refused(&mut filled, error, &visit)?;
            }
        }
        return again(&visit, &token, (&answers, &filled));
    }
    again(&visit, &token, (&answers, &filled))
}

fn again(visit: &Visit, token: &str, parts: (&Answers, &Filled<'_>)) -> Result<Response, WebError> {
    Ok(with_fault(&Said::slip(String::new()), page(visit, token, parts)?))
}

/// Puts a refusal beside the field it is about.
fn refused(filled: &mut Filled<'_>, error: AccessError, visit: &Visit) -> Result<(), WebError> {
    let is_name = matches!(error, AccessError::Conflict(Conflict::NameInvalid | Conflict::NameTaken));
    let is_person = matches!(error, AccessError::Conflict(_)) && !is_name;
    let text = Some(said(error, visit)?.text);
    match (is_name, is_person) {
        (true, _) => filled.name_fault = text,
        (_, true) => filled.person_fault = text,
        _ => filled.password_fault = text,
    }
    Ok(())
}

/// The answers as they count: a number of residents that was typed says by whom and when.
fn in_force(visit: &Visit, answers: Answers, name: &str) -> Answers {
    let name = account_name(name).unwrap_or_default();
    let today = visit.journey().today();
    let source = answers.population.map(|_| format!("typed at set-up on {today} by {name}"));
    Answers { population_source: source, is_done: true, ..answers }
}

/// What was answered, in the audit log, by the one who answered.
async fn note(visit: &Visit, name: &str, answers: &Answers) -> Result<(), WebError> {
    let name = account_name(name).unwrap_or_default();
    let role = Role::Owner;
    let detail = json!({
        "location": answers.location.as_deref().map(LocationId::new),
        "population": answers.population,
        "time_zone": answers.time_zone,
        "language": answers.language,
        "policy": answers.policy,
    });
    let entry =
        Entry::new(visit.journey().clock.now(), (&name, role.as_str()), Action::SettingsChanged, "set-up")
            .detail(detail.to_string())
            .address(&visit.guest.client.address);
    Ok(visit.journey().store.record(&entry).await.map_err(anyhow::Error::from)?)
}
