//! Name and password, then the second step. Every step gives a fresh token, so that one planted before is worth nothing.

use super::limit::Limits;
use super::shared::{NOBODY, What, by_account, by_session};
use super::{Access, AccessError, Client, SignIn, Ticket};
use crate::account::{
    Account, SessionState, TotpKey, Verdict, account_name, dummy_hash, fingerprint, hash_password,
    normal_recovery_code, verify_password,
};
use crate::audit::Action;
use crate::store::{Credentials, Proof};

impl Access {
    /// Name and password. What else is needed says the answer.
    ///
    /// Counted first, then hashed; a name that is nobody's takes as long as one that is somebody's.
    ///
    /// # Errors
    /// [`AccessError::Refused`] for a wrong name or password and for a disabled account; [`AccessError::Locked`] and
    /// [`AccessError::TooMany`] after too many, also for the right password.
    pub async fn sign_in(&self, name: &str, password: &str, client: &Client) -> Result<SignIn, AccessError> {
        let name = account_name(name).unwrap_or_default();
        let attempt = self.attempt(&Limits::sign_in(&name, client)).await?;
        let kept = self.store.credentials(&name).await?;
        let hash = kept.as_ref().map_or("", |kept| &kept.password);
        let verdict = self.verify(password, hash).await?;
        let Some(kept) = kept.filter(|kept| is_right(verdict) && kept.account.disabled_at.is_none()) else {
            self.note_failure(&name, "password", client).await?;
            return Err(AccessError::Refused);
        };
        let hash = match verdict {
            Verdict::RightButCheap => self.rehash(&kept, password).await?,
            _ => kept.password.clone(),
        };
        let state = next_state(&kept.account);
        let ticket = self.open((&kept.account, state), Proof::Password(&hash), client).await;
        let ticket = ticket.map_err(|error| match error {
            AccessError::Expired => AccessError::Refused,
            error => error,
        })?;
        self.was_right(attempt).await?;
        self.signed_in(ticket, r#"{"with":"password"}"#, client).await
    }

    /// The code of a telephone, or a recovery code. Gives a new session; the old token is worthless.
    ///
    /// # Errors
    /// [`AccessError::Refused`] for a wrong code or one that was used; [`AccessError::Locked`] after too many;
    /// [`AccessError::Expired`] when the first step is too long ago.
    pub async fn second_step(&self, token: &str, code: &str, client: &Client) -> Result<Ticket, AccessError> {
        let known = self.live(token, &[SessionState::SecondStep]).await?;
        let name = &known.session.account;
        let attempt = self.attempt(&Limits::second_step(name)).await?;
        let kept = self.store.credentials(name).await?.ok_or(AccessError::Expired)?;
        let Some(with) = self.take_code(&kept, code).await? else {
            self.note_failure(name, "second_step", client).await?;
            return Err(AccessError::Refused);
        };
        let proof = Proof::Session(&known.session.id);
        let ticket = self.open((&kept.account, SessionState::Full), proof, client).await?;
        self.was_right(attempt).await?;
        let who = (by_account(&kept.account), Some(client));
        self.note(who, What::new(Action::SignIn, name, &with)).await?;
        Ok(ticket)
    }

    /// Ends the session of this cookie; nothing happens if it is nobody's.
    ///
    /// # Errors
    /// [`AccessError::Unavailable`].
    pub async fn sign_out(&self, token: &str, client: &Client) -> Result<(), AccessError> {
        let Some(known) = self.known(token).await? else {
            return Ok(());
        };
        if self.store.end_session(&known.session.id).await? && known.session.state == SessionState::Full {
            let who = (by_session(&known.session), Some(client));
            self.note(who, What::new(Action::SignOut, &known.session.account, "")).await?;
        }
        Ok(())
    }

    /// Compares away from the threads that answer; without a hash, with a dummy that nothing is equal to.
    pub(super) async fn verify(&self, password: &str, hash: &str) -> Result<Verdict, AccessError> {
        let (password, hash) = (password.to_owned(), hash.to_owned());
        self.away(move || {
            let dummy = dummy_hash(); // made by whoever comes first, whatever the name
            let verdict = verify_password(&password, if hash.is_empty() { dummy } else { &hash });
            if hash.is_empty() { Verdict::Wrong } else { verdict }
        })
        .await
    }

    async fn rehash(&self, kept: &Credentials, password: &str) -> Result<String, AccessError> {
        let password = password.to_owned();
        let dear = self.away(move || hash_password(&password)).await??;
        self.store.rehash_password(&kept.account.name, &kept.password, &dear).await?;
        Ok(dear)
    }

    /// The answer to a right password or a provider's word; the log has it once the session is full.
    pub(super) async fn signed_in(
        &self,
        ticket: Ticket,
        with: &str,
        client: &Client,
    ) -> Result<SignIn, AccessError> {
        Ok(match ticket.session.state {
            SessionState::SecondStep => SignIn::SecondStep(ticket),
            SessionState::Enrol => SignIn::Enrol(ticket),
            SessionState::Full => {
                let who = (by_session(&ticket.session), Some(client));
                self.note(who, What::new(Action::SignIn, &ticket.session.account, with)).await?;
                SignIn::Done(ticket)
            }
        })
    }

    /// Names only accounts that exist: what was typed into the name's field may be a password.
    pub(super) async fn note_failure(
        &self,
        name: &str,
        step: &str,
        client: &Client,
    ) -> Result<(), AccessError> {
        let is_known = self.store.credentials(name).await?.is_some();
        let object = if is_known { name } else { "unknown" };
        let detail = format!(r#"{{"step":"{step}"}}"#);
        self.note((NOBODY, Some(client)), What::new(Action::SignInFailed, object, &detail)).await
    }

    /// Takes a code if it is right and was not taken before; says what it was, for the log.
    async fn take_code(&self, kept: &Credentials, code: &str) -> Result<Option<String>, AccessError> {
        let name = &kept.account.name;
        let seconds = self.now().millis() / 1000;
        let key = TotpKey::kept(&kept.second_step, &self.settings.city, name);
        if let Some(step) = key.and_then(|key| key.step_of(code, seconds, kept.second_step_used)) {
            let is_first = self.store.use_step(name, step).await?;
            return Ok(is_first.then(|| r#"{"with":"second_step"}"#.to_owned()));
        }
        let Some(code) = normal_recovery_code(code) else {
            return Ok(None);
        };
        let left = self.store.use_recovery_code(name, &fingerprint(&code)).await?;
        Ok(left.map(|left| format!(r#"{{"with":"recovery_code","left":{left}}}"#)))
    }
}

fn is_right(verdict: Verdict) -> bool {
    verdict != Verdict::Wrong
}

/// What is missing after the first step.
pub(super) fn next_state(account: &Account) -> SessionState {
    if account.has_second_step {
        SessionState::SecondStep
    } else if account.role.needs_second_step() {
        SessionState::Enrol
    } else {
        SessionState::Full
    }
}
