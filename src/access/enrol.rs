//! Setting up a second step: a key for the telephone, its first code, ten recovery codes.

use super::limit::Limits;
use super::shared::{What, by_account};
use super::{Access, AccessError, Client, Conflict, Ticket};
use crate::account::{Enrolment, SessionState, TotpKey, fingerprint, normal_recovery_code, recovery_codes};
use crate::audit::Action;
use crate::store::Proof;

const STATES: [SessionState; 2] = [SessionState::Enrol, SessionState::Full];

impl Access {
    /// A new key for the telephone, the same until it is used; it counts from [`Access::finish_enrolment`] on.
    ///
    /// # Errors
    /// [`AccessError::Expired`]; [`Conflict::SecondStepThere`] when the account has one already.
    pub async fn start_enrolment(&self, token: &str) -> Result<Enrolment, AccessError> {
        let known = self.live(token, &STATES).await?;
        let name = &known.session.account;
        let kept = self.store.credentials(name).await?.ok_or(AccessError::Expired)?;
        if kept.account.has_second_step {
            return Err(Conflict::SecondStepThere.into());
        }
        if let Some(key) = TotpKey::kept(&known.enrolling, &self.issuer(), name) {
            return Ok(key.enrolment());
        }
        let key = TotpKey::random(&self.issuer(), name)?;
        self.store.set_enrolling(&known.session.id, &key.base32()).await?;
        Ok(key.enrolment())
    }

    /// The first code of the new key. Gives a new session and ten recovery codes, shown once.
    ///
    /// # Errors
    /// [`AccessError::Refused`] for a wrong code, [`AccessError::Locked`] after too many.
    pub async fn finish_enrolment(
        &self,
        token: &str,
        code: &str,
        client: &Client,
    ) -> Result<(Ticket, Vec<String>), AccessError> {
        let known = self.live(token, &STATES).await?;
        let name = &known.session.account;
        let key = TotpKey::kept(&known.enrolling, &self.issuer(), name).ok_or(AccessError::Expired)?;
        let attempt = self.attempt(&Limits::second_step(name)).await?;
        let Some(step) = key.step_of(code, self.now().millis() / 1000, 0) else {
            self.note_failure(name, "enrolment", client).await?;
            return Err(AccessError::Refused);
        };
        let kept = self.store.credentials(name).await?.ok_or(AccessError::Expired)?;
        let codes = recovery_codes()?;
        let hashes: Vec<String> = codes
            .iter()
            .filter_map(|code| normal_recovery_code(code))
            .map(|code| fingerprint(&code))
            .collect();
        let key = key.base32();
        let proof = Proof::Enrolled { session: &known.session.id, key: &key, step, codes: &hashes };
        let ticket = self.open((&kept.account, SessionState::Full), proof, client).await?;
        self.was_right(attempt).await?;
        let who = (by_account(&kept.account), Some(client));
        self.note(who, What::new(Action::SecondStepSet, name, "")).await?;
        if known.session.state == SessionState::Enrol {
            self.note(who, What::new(Action::SignIn, name, r#"{"with":"enrolment"}"#)).await?;
        }
        Ok((ticket, codes))
    }

    /// What a telephone shows above the account.
    fn issuer(&self) -> String {
        format!("siaga {}", self.settings.city).trim().to_owned()
    }
}
