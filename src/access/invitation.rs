//! One-time links: for a new account, for one whose password or telephone is lost, for the first owner.

use chrono::Duration;

use super::limit::Limits;
use super::people::{check_new, forbidden_unless};
use super::shared::{What, by_account, by_visitor, later};
use super::sign_in::next_state;
use super::{Access, AccessError, Client, Conflict, Invitation, Invited, SignIn};
use crate::account::{NewAccount, Permission, Role, Token, Visitor, Weakness, check_password, hash_password};
use crate::audit::Action;
use crate::store::{Changed, KnownLink, Link, Proof};

/// How long a one-time link lasts.
const LASTS: Duration = Duration::hours(72);
/// The name of the first owner.
const FIRST_OWNER: &str = "owner";

impl Access {
    /// Adds an account and makes its one-time link.
    ///
    /// # Errors
    /// [`AccessError::Forbidden`]; [`AccessError::Conflict`] for a name that is none or taken, and for a head of unit
    /// without a unit.
    pub async fn invite(&self, actor: &Visitor, new: &NewAccount) -> Result<Invitation, AccessError> {
        forbidden_unless(actor, Permission::ManageAccounts)?;
        let new = check_new(new)?;
        let invitation = self.invitation(&new.name)?;
        let hash = invitation.token.fingerprint();
        match self.store.add_account(&new, self.link(&hash, &invitation)).await? {
            Changed::Done => {}
            Changed::OidcNameTaken => return Err(Conflict::OidcNameTaken.into()),
            _ => return Err(Conflict::NameTaken.into()),
        }
        let detail = format!(r#"{{"role":"{}"}}"#, new.role);
        self.note(by_visitor(actor), What::new(Action::AccountAdded, &new.name, &detail)).await?;
        Ok(invitation)
    }

    /// Makes a one-time link for an account that lost its password or its second step. Nothing changes until the link is
    /// used; then password and second step are new, every session ends and every API token is revoked.
    ///
    /// # Errors
    /// [`AccessError::Forbidden`]; [`AccessError::Conflict`] when there is no such account or it is disabled.
    pub async fn recover(&self, actor: &Visitor, name: &str) -> Result<Invitation, AccessError> {
        forbidden_unless(actor, Permission::ManageAccounts)?;
        let account = self.account(name).await?.ok_or(Conflict::NoSuchAccount)?;
        if account.disabled_at.is_some() {
            return Err(Conflict::Disabled.into());
        }
        let invitation = self.invitation(&account.name)?;
        let hash = invitation.token.fingerprint();
        if !self.store.add_link(&account.name, self.link(&hash, &invitation)).await? {
            return Err(Conflict::NoSuchAccount.into());
        }
        self.note(by_visitor(actor), What::new(Action::AccountRecovered, &account.name, "")).await?;
        Ok(invitation)
    }

    /// The one-time link of the first owner, named `owner`: as long as nobody has ever signed in and nobody else has an
    /// account. Each call makes another and the one before worthless. `None` afterwards.
    ///
    /// # Errors
    /// [`AccessError::Unavailable`].
    pub async fn first_owner_invitation(&self) -> Result<Option<Invitation>, AccessError> {
        let owner = NewAccount {
            name: FIRST_OWNER.to_owned(),
            title: String::new(),
            role: Role::Owner,
            unit_id: None,
            oidc_name: String::new(),
        };
        let is_first = self.account(FIRST_OWNER).await?.is_none();
        let invitation = self.invitation(FIRST_OWNER)?;
        let hash = invitation.token.fingerprint();
        if !self.store.add_first_owner(&owner, self.link(&hash, &invitation)).await? {
            return Ok(None);
        }
        if is_first {
            let what = What::new(Action::AccountAdded, FIRST_OWNER, r#"{"role":"owner"}"#);
            self.note((("siaga", "system"), None), what).await?;
        }
        Ok(Some(invitation))
    }

    /// Whether somebody could be the founder: the name and the password are as they must be. Nothing is kept.
    ///
    /// # Errors
    /// [`AccessError::Conflict`] for the name, [`AccessError::Weak`] for the password.
    pub fn check_founder(&self, new: &NewAccount, password: &str) -> Result<(), AccessError> {
        let new = check_new(new)?;
        Ok(check_password(password, &[&new.name, &new.title, &self.settings.city, "siaga"])?)
    }

    /// Makes the owner of an installation that is being set up, and signs them in.
    ///
    /// # Errors
    /// [`AccessError::Conflict`] for the name, or when somebody has an account already; [`AccessError::Weak`].
    pub async fn found(
        &self,
        new: &NewAccount,
        password: &str,
        client: &Client,
    ) -> Result<SignIn, AccessError> {
        let owner = check_new(&NewAccount { role: Role::Owner, unit_id: None, ..new.clone() })?;
        self.check_founder(&owner, password)?;
        let hash = self.new_password(&owner.name, password).await?;
        if !self.store.add_founder(&owner, &hash, self.now()).await? {
            return Err(Conflict::NameTaken.into());
        }
        let account = self.account(&owner.name).await?.ok_or(AccessError::Expired)?;
        let what = What::new(Action::AccountAdded, &owner.name, r#"{"role":"owner","with":"set-up"}"#);
        self.note((by_account(&account), Some(client)), what).await?;
        let detail = r#"{"with":"set-up"}"#;
        let what = What::new(Action::PasswordSet, &owner.name, detail);
        self.note((by_account(&account), Some(client)), what).await?;
        let ticket = self.open((&account, next_state(&account)), Proof::Password(&hash), client).await?;
        self.signed_in(ticket, detail, client).await
    }

    /// What a one-time link is for, before it is used.
    ///
    /// # Errors
    /// [`AccessError::Expired`] for a link that is not known (any more); [`AccessError::TooMany`].
    pub async fn invited(&self, token: &str, client: &Client) -> Result<Invited, AccessError> {
        let known = self.known_link(token, client).await?;
        Ok(Invited { account: known.account, is_recovery: known.is_recovery, expires_at: known.expires_at })
    }

    /// Uses a one-time link: the password is set and somebody signed in with it. A password that is refused leaves the
    /// link as it is.
    ///
    /// # Errors
    /// [`AccessError::Weak`]; [`AccessError::Expired`] for a link that is not known (any more); [`AccessError::TooMany`].
    pub async fn accept(&self, token: &str, password: &str, client: &Client) -> Result<SignIn, AccessError> {
        let known = self.known_link(token, client).await?;
        let hash = self.new_password(&known.account, password).await?;
        let link = crate::account::fingerprint(token);
        if !self.store.use_link((&known.account, &link), &hash, self.now()).await? {
            return Err(AccessError::Expired);
        }
        let account = self.account(&known.account).await?.ok_or(AccessError::Expired)?;
        let detail = if known.is_recovery { r#"{"with":"recovery"}"# } else { r#"{"with":"invitation"}"# };
        let what = What::new(Action::PasswordSet, &account.name, detail);
        self.note((by_account(&account), Some(client)), what).await?;
        let ticket = self.open((&account, next_state(&account)), Proof::Password(&hash), client).await?;
        self.signed_in(ticket, detail, client).await
    }

    /// The link, if it is known; one that is not counts as a guess.
    async fn known_link(&self, token: &str, client: &Client) -> Result<KnownLink, AccessError> {
        let attempt = self.attempt(&Limits::guess("invitation", client)).await?;
        let token = Token::brought(token).ok_or(AccessError::Expired)?;
        let known = self.store.link(&token.fingerprint(), self.now()).await?;
        let known = known.ok_or(AccessError::Expired)?;
        self.was_no_guess(attempt).await?;
        Ok(known)
    }

    /// Checks a new password and hashes it, both away from the threads that answer.
    pub(super) async fn new_password(&self, name: &str, password: &str) -> Result<String, AccessError> {
        let title = self.account(name).await?.map(|account| account.title).unwrap_or_default();
        let (name, city, password) = (name.to_owned(), self.settings.city.clone(), password.to_owned());
        let hashed = self.away(move || -> Result<_, Weakness> {
            check_password(&password, &[&name, &title, &city, "siaga"])?;
            Ok(hash_password(&password))
        });
        Ok(hashed.await???)
    }

    fn invitation(&self, account: &str) -> Result<Invitation, AccessError> {
        let (token, expires_at) = (Token::random()?, later(self.now(), LASTS));
        Ok(Invitation { account: account.to_owned(), token, expires_at })
    }

    fn link<'a>(&self, hash: &'a str, invitation: &Invitation) -> Link<'a> {
        Link { hash, created_at: self.now(), expires_at: invitation.expires_at }
    }
}
