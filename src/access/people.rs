//! Accounts as those who keep them see and change them, and one's own password.

use super::limit::Limits;
use super::shared::{What, by_account, by_visitor};
use super::{Access, AccessError, Client, Conflict, Ticket};
use crate::account::{Account, NewAccount, Permission, Role, SessionState, Verdict, Visitor, account_name};
use crate::audit::Action;
use crate::store::{Changed, Proof};

/// Longest full name or title of a token, in characters.
const LONGEST_TITLE: usize = 100;

impl Access {
    /// Every account, by name.
    ///
    /// # Errors
    /// [`AccessError::Unavailable`].
    pub async fn accounts(&self) -> Result<Vec<Account>, AccessError> {
        Ok(self.store.accounts().await?)
    }

    /// One account.
    ///
    /// # Errors
    /// [`AccessError::Unavailable`].
    pub async fn account(&self, name: &str) -> Result<Option<Account>, AccessError> {
        let Ok(name) = account_name(name) else {
            return Ok(None);
        };
        Ok(self.store.credentials(&name).await?.map(|kept| kept.account))
    }

    /// Disables an account: its sessions end at once, its tokens and links are refused.
    ///
    /// # Errors
    /// [`AccessError::Forbidden`]; [`Conflict::LastOwner`] when nobody could keep the accounts any more.
    pub async fn disable(&self, actor: &Visitor, name: &str) -> Result<(), AccessError> {
        let account = self.to_change(actor, name).await?;
        done(self.store.set_disabled(&account.name, Some(self.now())).await?)?;
        self.note(by_visitor(actor), What::new(Action::AccountDisabled, &account.name, "")).await
    }

    /// Enables an account again, as it was.
    ///
    /// # Errors
    /// [`AccessError::Forbidden`], [`AccessError::Conflict`].
    pub async fn enable(&self, actor: &Visitor, name: &str) -> Result<(), AccessError> {
        let account = self.to_change(actor, name).await?;
        done(self.store.set_disabled(&account.name, None).await?)?;
        self.note(by_visitor(actor), What::new(Action::AccountEnabled, &account.name, "")).await
    }

    /// Gives an account another role; its sessions end at once.
    ///
    /// # Errors
    /// [`AccessError::Forbidden`]; [`AccessError::Conflict`] for a head of unit without a unit, another role with one,
    /// and for the last owner.
    pub async fn set_role(
        &self,
        actor: &Visitor,
        name: &str,
        (role, unit_id): (Role, Option<&str>),
    ) -> Result<(), AccessError> {
        let account = self.to_change(actor, name).await?;
        check_unit(role, unit_id)?;
        done(self.store.set_role(&account.name, role, unit_id).await?)?;
        let detail = format!(r#"{{"role":"{role}","was":"{}"}}"#, account.role);
        self.note(by_visitor(actor), What::new(Action::AccountChanged, &account.name, &detail)).await
    }

    /// Sets another password; every other session of the account ends. Gives a new token.
    ///
    /// # Errors
    /// [`AccessError::Refused`] for a wrong old password, counted like one at the door; [`AccessError::Weak`].
    pub async fn change_password(
        &self,
        token: &str,
        (old, new): (&str, &str),
        client: &Client,
    ) -> Result<Ticket, AccessError> {
        let known = self.live(token, &[SessionState::Full]).await?;
        let name = &known.session.account;
        let attempt = self.attempt(&Limits::sign_in(name, client)).await?;
        let kept = self.store.credentials(name).await?.ok_or(AccessError::Expired)?;
        if self.verify(old, &kept.password).await? == Verdict::Wrong {
            self.note_failure(name, "old_password", client).await?;
            return Err(AccessError::Refused);
        }
        self.was_right(attempt).await?;
        let hash = self.new_password(name, new).await?;
        let proof = Proof::NewPassword { old: &kept.password, new: &hash };
        let ticket = self.open((&kept.account, SessionState::Full), proof, client).await?;
        let who = (by_account(&kept.account), Some(client));
        self.note(who, What::new(Action::PasswordSet, name, r#"{"with":"old_password"}"#)).await?;
        Ok(ticket)
    }

    async fn to_change(&self, actor: &Visitor, name: &str) -> Result<Account, AccessError> {
        forbidden_unless(actor, Permission::ManageAccounts)?;
        Ok(self.account(name).await?.ok_or(Conflict::NoSuchAccount)?)
    }
}

pub(super) fn forbidden_unless(actor: &Visitor, permission: Permission) -> Result<(), AccessError> {
    if actor.may(permission) { Ok(()) } else { Err(AccessError::Forbidden) }
}

fn done(changed: Changed) -> Result<(), AccessError> {
    match changed {
        Changed::Done => Ok(()),
        Changed::LastOwner => Err(Conflict::LastOwner.into()),
        _ => Err(Conflict::NoSuchAccount.into()),
    }
}

/// A head of unit needs a unit; whoever sees all units has none.
fn check_unit(role: Role, unit_id: Option<&str>) -> Result<(), Conflict> {
    match (role == Role::UnitHead, unit_id.is_some_and(|unit| !unit.is_empty())) {
        (true, false) => Err(Conflict::UnitNeeded),
        (false, true) => Err(Conflict::UnitNotForRole),
        _ => Ok(()),
    }
}

/// A title without what would break a line.
pub(super) fn check_title(title: &str) -> Result<String, Conflict> {
    let title = title.trim();
    if title.chars().count() > LONGEST_TITLE || title.chars().any(char::is_control) {
        return Err(Conflict::TitleInvalid);
    }
    Ok(title.to_owned())
}

/// A new account with its parts as they are kept.
pub(super) fn check_new(new: &NewAccount) -> Result<NewAccount, Conflict> {
    check_unit(new.role, new.unit_id.as_deref())?;
    Ok(NewAccount {
        name: account_name(&new.name).map_err(|_| Conflict::NameInvalid)?,
        title: check_title(&new.title).map_err(|_| Conflict::PersonInvalid)?,
        role: new.role,
        unit_id: new.unit_id.clone().filter(|unit| !unit.is_empty()),
        oidc_name: check_title(&new.oidc_name).map_err(|_| Conflict::PersonInvalid)?.to_lowercase(),
    })
}
