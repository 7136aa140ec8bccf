//! The second question: by which rules. Those that ship, each in one line.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::progress::{Progress, Step, frame};
use super::state::{answers, keep_answers};
use crate::assessment::Policy;
use crate::config::Answers;
use crate::job::{load_policies, shipped_policies};
use crate::text::{Phrases, date_medium};
use crate::web::entry::unkept;
use crate::web::error::WebError;
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;
use crate::web::words::count;

struct Choice {
    name: String,
    title: String,
    about: String,
    steps: Vec<String>,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "set_up/policy.html")]
struct PolicyPage {
    frame: Frame,
    progress: Progress,
    here: String,
    back: String,
    choices: Vec<Choice>,
}

/// Shows the policies that ship.
pub(in crate::web) async fn policy(Path(token): Path<String>, visit: Visit) -> Result<Response, WebError> {
    let answers = answers(&visit.journey().store).await?;
    if answers.location.is_none() {
        return Ok(see_other(&Step::City.address(&token)));
    }
    let (t, here) = (visit.phrases, Step::Policy.address(&token));
    let otherwise = visit.state.set_up.as_ref().map(|set_up| set_up.config.city.policy.clone());
    let chosen = answers.policy.clone().or(otherwise).unwrap_or_default();
    let choice = |(name, policy): (String, Policy)| Choice {
        title: t.locale.of(&policy.title).to_owned(),
        about: about(&policy, t),
        steps: policy.steps.iter().map(|step| t.locale.of(&step.name).to_owned()).collect(),
        is_chosen: name == chosen,
        name,
    };
    Ok(unkept(html(&PolicyPage {
        frame: frame(&visit, (&t.say("set-up-policy"), &here), false),
        progress: Progress::new(&token, Step::Policy, &answers, t),
        here,
        back: Step::City.address(&token),
        choices: shipped()?.into_iter().map(choice).collect(),
    })?))
}

/// "Versi 1, sejak 1 Mar 2020, 12 aturan".
fn about(policy: &Policy, t: Phrases) -> String {
    t.say_with(
        "set-up-policy-about",
        &[
            ("version", &policy.version),
            ("from", &date_medium(policy.valid_from, t.locale)),
            ("rules", &count(policy.rules.len(), t.locale)),
        ],
    )
}

/// The newest version of each policy that ships, the city's own first.
fn shipped() -> Result<Vec<(String, Policy)>, WebError> {
    let newest = |id: String| load_policies(&id).map(|book| (id, book.newest().clone()));
    let mut shipped = shipped_policies().into_iter().map(newest).collect::<anyhow::Result<Vec<_>>>()?;
    shipped.sort_by_key(|(_, policy)| !policy.heeds_orders());
    Ok(shipped)
}

/// Takes the policy.
pub(in crate::web) async fn choose_policy(
    Path(token): Path<String>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, WebError> {
    let name = fields.text("policy");
    if !shipped()?.iter().any(|(known, _)| known == name) {
        return Err(WebError::Field("policy"));
    }
    let store = &visit.journey().store;
    let answers = Answers { policy: Some(name.to_owned()), ..answers(store).await? };
    keep_answers(store, &answers).await?;
    Ok(see_other(&Step::Account.address(&token)))
}
