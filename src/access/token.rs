//! API tokens: for programs. A token may do a part of what its account may, for a time, until it is revoked.

use chrono::Duration;

use super::limit::Limits;
use super::people::check_title;
use super::session::{SEEN_EVERY, is_own};
use super::shared::{What, by_visitor, later};
use super::{Access, AccessError, Client, Conflict};
use crate::account::{ApiToken, NewToken, Permission, Token, Visitor};
use crate::audit::Action;
use crate::store::KnownToken;

impl Access {
    /// Whose API token this is. A token that is known is not held up by wrong ones from the same address: it cannot be
    /// guessed, and programs share addresses.
    ///
    /// # Errors
    /// [`AccessError::Refused`] for a token that is not known, expired, revoked, or of a disabled account;
    /// [`AccessError::TooMany`] after too many of these from one address.
    pub async fn bearer(&self, token: &str, client: &Client) -> Result<Visitor, AccessError> {
        let now = self.now();
        let known = match Token::brought(token) {
            Some(token) => self.store.token_of(&token.fingerprint()).await?,
            None => None,
        };
        let is_good = |known: &KnownToken| {
            !known.is_disabled && known.token.revoked_at.is_none() && known.token.expires_at > now
        };
        let Some(known) = known.filter(is_good) else {
            self.attempt(&Limits::guess("bearer", client)).await?;
            return Err(AccessError::Refused);
        };
        if known.token.last_used_at.is_none_or(|at| later(at, SEEN_EVERY) <= now) {
            self.store.touch_token(&known.token.id, now).await?;
        }
        Ok(Visitor::Account {
            name: known.token.account,
            role: known.role,
            unit_id: known.unit_id,
            scopes: Some(known.token.scopes),
        })
    }

    /// Makes an API token, for oneself; the operator makes one for anybody. The token is shown once.
    ///
    /// # Errors
    /// [`AccessError::Forbidden`]; [`AccessError::Conflict`] for scopes the role does not have (and for keeping accounts,
    /// which is a person's), a title that is none, and a time outside 1 to 366 days.
    pub async fn make_token(
        &self,
        actor: &Visitor,
        new: &NewToken,
    ) -> Result<(Token, ApiToken), AccessError> {
        let account = self.account(&new.account).await?.ok_or(Conflict::NoSuchAccount)?;
        if !is_own(actor, &account.name) && !actor.may(Permission::Operate) {
            return Err(AccessError::Forbidden);
        }
        if account.disabled_at.is_some() {
            return Err(Conflict::Disabled.into());
        }
        let title = check_title(&new.title)?;
        if title.is_empty() {
            return Err(Conflict::TitleInvalid.into());
        }
        if !(1..=366).contains(&new.days) {
            return Err(Conflict::DaysOutOfRange.into());
        }
        let is_within = |scope: &Permission| account.role.may(*scope) && *scope != Permission::ManageAccounts;
        if new.scopes.is_empty() || !new.scopes.iter().all(is_within) {
            return Err(Conflict::ScopesTooWide.into());
        }
        let (token, now) = (Token::api()?, self.now());
        let mut scopes = new.scopes.clone();
        scopes.sort_unstable();
        scopes.dedup();
        let kept = ApiToken {
            id: Token::random()?.derived("id").chars().take(12).collect(),
            account: account.name,
            title,
            scopes,
            created_at: now,
            expires_at: later(now, Duration::days(i64::from(new.days))),
            last_used_at: None,
            revoked_at: None,
        };
        self.store.add_token(&kept, &token.fingerprint()).await?;
        let words: Vec<&str> = kept.scopes.iter().map(|scope| scope.as_str()).collect();
        let detail = format!(r#"{{"token":"{}","scopes":"{}"}}"#, kept.id, words.join(" "));
        self.note(by_visitor(actor), What::new(Action::TokenMade, &kept.account, &detail)).await?;
        Ok((token, kept))
    }

    /// The API tokens of an account, or of all; the newest first.
    ///
    /// # Errors
    /// [`AccessError::Unavailable`].
    pub async fn tokens(&self, account: Option<&str>) -> Result<Vec<ApiToken>, AccessError> {
        Ok(self.store.tokens(account).await?)
    }

    /// Revokes an API token at once: one's own, or anybody's for those who keep the accounts.
    ///
    /// # Errors
    /// [`AccessError::Forbidden`]; [`AccessError::Conflict`] when there is none of that id, or it is revoked already.
    pub async fn revoke_token(&self, actor: &Visitor, id: &str) -> Result<(), AccessError> {
        let all = self.store.tokens(None).await?;
        let token = all.into_iter().find(|token| token.id == id).ok_or(Conflict::NoSuchId)?;
        if !is_own(actor, &token.account) && !actor.may(Permission::ManageAccounts) {
            return Err(AccessError::Forbidden);
        }
        if !self.store.revoke_token(id, self.now()).await? {
            return Err(Conflict::NoSuchId.into());
        }
        let detail = format!(r#"{{"token":"{id}"}}"#);
        self.note(by_visitor(actor), What::new(Action::TokenRevoked, &token.account, &detail)).await
    }
}
