//! Signatures to build against; bodies follow.
#![allow(unused_variables, clippy::unused_async, reason = "bodies follow")]

use super::{
    Access, AccessError, Client, Invitation, Invited, OidcAnswer, OidcStart, Recognised, SignIn, Ticket,
};
use crate::account::{Account, ApiToken, Enrolment, NewAccount, NewToken, Role, Session, Token, Visitor};

impl Access {
    /// Name and password. What else is needed says the answer.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn sign_in(&self, name: &str, password: &str, client: &Client) -> Result<SignIn, AccessError> {
        Err(AccessError::Refused)
    }

    /// The code of a telephone, or a recovery code. Gives a new session; the old token is worthless.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn second_step(&self, token: &str, code: &str, client: &Client) -> Result<Ticket, AccessError> {
        Err(AccessError::Refused)
    }

    /// A new key for the telephone, shown once; it counts from [`Access::finish_enrolment`] on.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn start_enrolment(&self, token: &str) -> Result<Enrolment, AccessError> {
        Err(AccessError::Refused)
    }

    /// The first code of the new key. Gives a new session and ten recovery codes, shown once.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn finish_enrolment(
        &self,
        token: &str,
        code: &str,
        client: &Client,
    ) -> Result<(Ticket, Vec<String>), AccessError> {
        Err(AccessError::Refused)
    }

    /// Whose cookie this is. `None` for a cookie that is nobody's (any more).
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn recognise(&self, token: &str, client: &Client) -> Result<Option<Recognised>, AccessError> {
        Err(AccessError::Refused)
    }

    /// Whose API token this is.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn bearer(&self, token: &str, client: &Client) -> Result<Visitor, AccessError> {
        Err(AccessError::Refused)
    }

    /// Ends the session of this cookie; nothing happens if it is nobody's.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn sign_out(&self, token: &str, client: &Client) -> Result<(), AccessError> {
        Err(AccessError::Refused)
    }

    /// Adds an account and makes its one-time link.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn invite(&self, actor: &Visitor, new: &NewAccount) -> Result<Invitation, AccessError> {
        Err(AccessError::Refused)
    }

    /// Makes a one-time link for an account that lost its password or second step.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn recover(&self, actor: &Visitor, name: &str) -> Result<Invitation, AccessError> {
        Err(AccessError::Refused)
    }

    /// What a one-time link is for.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn invited(&self, token: &str, client: &Client) -> Result<Invited, AccessError> {
        Err(AccessError::Refused)
    }

    /// Uses a one-time link: the password is set and somebody signed in with it.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn accept(&self, token: &str, password: &str, client: &Client) -> Result<SignIn, AccessError> {
        Err(AccessError::Refused)
    }

    /// Sets another password; every other session of the account ends. Gives a new token.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn change_password(
        &self,
        token: &str,
        (old, new): (&str, &str),
        client: &Client,
    ) -> Result<Ticket, AccessError> {
        Err(AccessError::Refused)
    }

    /// Every account, by name.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn accounts(&self) -> Result<Vec<Account>, AccessError> {
        Err(AccessError::Refused)
    }

    /// One account.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn account(&self, name: &str) -> Result<Option<Account>, AccessError> {
        Err(AccessError::Refused)
    }

    /// Disables an account: its sessions end at once, its tokens are refused.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn disable(&self, actor: &Visitor, name: &str) -> Result<(), AccessError> {
        Err(AccessError::Refused)
    }

    /// Enables an account again.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn enable(&self, actor: &Visitor, name: &str) -> Result<(), AccessError> {
        Err(AccessError::Refused)
    }

    /// Gives an account another role; its sessions end at once.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn set_role(
        &self,
        actor: &Visitor,
        name: &str,
        (role, unit_id): (Role, Option<&str>),
    ) -> Result<(), AccessError> {
        Err(AccessError::Refused)
    }

    /// The sessions of an account, the last used first.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn sessions(&self, name: &str) -> Result<Vec<Session>, AccessError> {
        Err(AccessError::Refused)
    }

    /// Ends a session by its id: one's own, or anybody's for those who keep the accounts.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn end_session(&self, actor: &Visitor, id: &str) -> Result<(), AccessError> {
        Err(AccessError::Refused)
    }

    /// Makes an API token: for oneself, or the operator for anybody.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn make_token(
        &self,
        actor: &Visitor,
        new: &NewToken,
    ) -> Result<(Token, ApiToken), AccessError> {
        Err(AccessError::Refused)
    }

    /// The API tokens of an account, or of all; the newest first.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn tokens(&self, account: Option<&str>) -> Result<Vec<ApiToken>, AccessError> {
        Err(AccessError::Refused)
    }

    /// Revokes an API token at once: one's own, or anybody's for those who keep the accounts.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn revoke_token(&self, actor: &Visitor, id: &str) -> Result<(), AccessError> {
        Err(AccessError::Refused)
    }

    /// The one-time link of the first owner, as long as nobody has an account.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn first_owner_invitation(&self) -> Result<Option<Invitation>, AccessError> {
        Err(AccessError::Refused)
    }

    /// Sends a browser to the city's own provider.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn oidc_start(&self) -> Result<OidcStart, AccessError> {
        Err(AccessError::Refused)
    }

    /// Takes what came back from the provider.
    ///
    /// # Errors
    /// [`AccessError`].
    pub async fn oidc_finish(&self, answer: &OidcAnswer<'_>, client: &Client) -> Result<SignIn, AccessError> {
        Err(AccessError::Refused)
    }
}
