//! Signing in through the city's own provider: who the provider's person is to siaga. An account must be there; the
//! provider gives nobody a role.

use chrono::Duration;

use super::limit::Limits;
use super::provider::{Identity, ProviderError, Secrets};
use super::shared::{NOBODY, What, later};
use super::sign_in::next_state;
use super::{Access, AccessError, Client, Conflict, OidcAnswer, OidcStart, SignIn};
use crate::account::{Account, SessionState, Token, fingerprint};
use crate::audit::Action;
use crate::store::Proof;

/// How long somebody may take at the provider.
const LASTS: Duration = Duration::minutes(10);

impl Access {
    /// Sends a browser to the city's own provider. State, nonce and the PKCE verifier are made from the cookie's value,
    /// of which only a hash is kept: the answer is good in this browser, once, for 10 minutes.
    ///
    /// # Errors
    /// [`Conflict::NoProvider`]; [`AccessError::Unavailable`] when the provider does not answer; [`AccessError::TooMany`].
    pub async fn oidc_start(&self, client: &Client) -> Result<OidcStart, AccessError> {
        if !self.provider.is_there() {
            return Err(Conflict::NoProvider.into());
        }
        self.attempt(&Limits::provider(client)).await?;
        let binding = Token::random()?;
        let redirect = self.provider.address(&secrets(&binding)).await.map_err(refusal)?;
        let now = self.now();
        self.store.add_oidc_start(&binding.fingerprint(), (now, later(now, -LASTS))).await?;
        Ok(OidcStart { redirect, binding })
    }

    /// Takes what came back from the provider.
    ///
    /// # Errors
    /// [`AccessError::Expired`] for an answer that this browser did not ask for, a second time, or too late;
    /// [`AccessError::Refused`] when the provider's word does not hold or the person has no account here;
    /// [`AccessError::Unavailable`] when the provider does not answer.
    pub async fn oidc_finish(&self, answer: &OidcAnswer<'_>, client: &Client) -> Result<SignIn, AccessError> {
        let binding = Token::brought(answer.binding).ok_or(AccessError::Expired)?;
        let not_before = later(self.now(), -LASTS);
        if !self.store.take_oidc_start(&binding.fingerprint(), not_before).await? {
            return Err(AccessError::Expired);
        }
        let secrets = secrets(&binding);
        // Compared as hashes: how long it takes tells nothing of the state.
        if fingerprint(&secrets.state) != fingerprint(answer.state) {
            return Err(AccessError::Expired);
        }
        let identity = match self.provider.identity(answer.code, &secrets).await {
            Ok(identity) => identity,
            Err(error) => return self.not_believed(error, client).await,
        };
        let account = self.account_of(&identity).await?;
        let Some(account) = account.filter(|account| account.disabled_at.is_none()) else {
            self.note_failure("", "provider", client).await?;
            return Err(AccessError::Refused);
        };
        let state = if identity.is_strong { SessionState::Full } else { next_state(&account) };
        let proof = Proof::Provider(&identity.issuer, &identity.subject);
        let ticket = self.open((&account, state), proof, client).await?;
        self.signed_in(ticket, r#"{"with":"provider"}"#, client).await
    }

    /// The account linked to this subject; else the one whose name at the provider the owner wrote down, linked now.
    async fn account_of(&self, identity: &Identity) -> Result<Option<Account>, AccessError> {
        let (issuer, subject) = (identity.issuer.as_str(), identity.subject.as_str());
        if let Some(kept) = self.store.credentials_by_subject(issuer, subject).await? {
            return Ok(Some(kept.account));
        }
        for name in &identity.names {
            if let Some(account) = self.store.link_subject(name, issuer, subject).await? {
                let what = What::new(Action::AccountChanged, &account, r#"{"linked":"provider"}"#);
                self.note((NOBODY, None), what).await?;
                return self.account(&account).await;
            }
        }
        Ok(None)
    }

    async fn not_believed(&self, error: ProviderError, client: &Client) -> Result<SignIn, AccessError> {
        if let ProviderError::Refused(reason) = &error {
            tracing::warn!(reason, "the provider's word is not taken");
            self.note_failure("", "provider", client).await?;
        }
        Err(refusal(error))
    }
}

fn refusal(error: ProviderError) -> AccessError {
    match error {
        ProviderError::Refused(_) => AccessError::Refused,
        ProviderError::Unavailable(error) => AccessError::Unavailable(error),
    }
}

fn secrets(binding: &Token) -> Secrets {
    Secrets {
        state: binding.derived("state"),
        nonce: binding.derived("nonce"),
        verifier: binding.derived("verifier"),
    }
}
