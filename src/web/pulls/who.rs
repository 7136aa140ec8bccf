//! Who may decide on a held batch, for a reader who may not: the roles, who has one of them, and the way to add somebody.

use crate::access::AccessError;
use crate::account::{Permission, Role};
use crate::web::door::Rule;
use crate::web::error::WebError;
use crate::web::visit::Visit;

/// A link that adds somebody with a role.
pub(in crate::web) struct Adding {
    pub(in crate::web) href: String,
    pub(in crate::web) label: String,
}

/// Who may decide.
pub(in crate::web) struct Who {
    /// The roles that may, in a sentence.
    pub(in crate::web) roles: String,
    /// Who has one of them, for those who keep the accounts; whom to ask, for others.
    pub(in crate::web) people: String,
    /// For those who keep the accounts.
    pub(in crate::web) adding: Vec<Adding>,
}

impl Who {
    /// `None` for a reader who may decide.
    pub(in crate::web) async fn of(visit: &Visit) -> Result<Option<Self>, WebError> {
        if visit.may_pass(Rule::May(Permission::Release)) {
            return Ok(None);
        }
        let t = visit.phrases;
        let named = |role: &Role| t.say(&format!("role-{role}"));
        let may: Vec<Role> = Role::ALL.into_iter().filter(|role| role.may(Permission::Release)).collect();
        let roles = may.iter().map(named).collect::<Vec<_>>().join(&format!(" {} ", t.say("hold-or")));
        let roles = t.say_with("hold-who", &[("roles", &roles)]);
        if !visit.may_pass(Rule::May(Permission::ManageAccounts)) {
            return Ok(Some(Self { roles, people: t.say("hold-who-ask"), adding: Vec::new() }));
        }
        let accounts =
            visit.state.access.accounts().await.map_err(|error: AccessError| anyhow::anyhow!(error))?;
        let able = accounts.iter().filter(|account| account.is_usable() && may.contains(&account.role));
        let names: Vec<&str> = able.map(|account| account.name.as_str()).collect();
        let people = match names.as_slice() {
            [] => t.say("hold-who-nobody"),
            names => t.say_with("hold-who-people", &[("names", &names.join(", "))]),
        };
        let adding = |role: &Role| Adding {
            href: format!("/accounts?role={role}#add"),
            label: t.say_with("hold-who-add", &[("role", &named(role))]),
        };
        Ok(Some(Self { roles, people, adding: may.iter().map(adding).collect() }))
    }
}
