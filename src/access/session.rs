//! Whose cookie it is: limits on age and idleness, another token every 15 minutes, and an old one that turns up late.

use chrono::Duration;

use super::shared::{What, by_session, by_visitor, later};
use super::{Access, AccessError, Client, Recognised};
use crate::account::{Permission, Session, SessionState, Token, Visitor};
use crate::audit::Action;
use crate::epi::Vintage;
use crate::store::KnownSession;

/// How long a token lasts until the session gets another.
const ROTATES_AFTER: Duration = Duration::minutes(15);
/// How long the old one works beside the new one: requests under way.
const GRACE: Duration = Duration::seconds(60);
/// How exactly it is known when a session or a token was last used.
pub(super) const SEEN_EVERY: Duration = Duration::seconds(60);

impl Access {
    /// Whose cookie this is. `None` for a cookie that is nobody's (any more). One query, as a rule.
    ///
    /// An old token that comes back after its minute of grace was copied by somebody: the session ends, whoever has it.
    ///
    /// # Errors
    /// [`AccessError::Unavailable`].
    pub async fn recognise(&self, token: &str, client: &Client) -> Result<Option<Recognised>, AccessError> {
        let Some(known) = self.known(token).await? else {
            return Ok(None);
        };
        let now = self.now();
        if let Some(reason) = self.is_over(&known, now) {
            self.end(&known.session, reason, client).await?;
            return Ok(None);
        }
        let is_old = later(known.rotated_at, ROTATES_AFTER) <= now;
        let renewed = match is_old && known.retired_at.is_none() {
            true => self.rotate(&known, token, now).await?,
            false => None,
        };
        if renewed.is_none() && later(known.session.seen_at, SEEN_EVERY) <= now {
            self.store.touch_session(&known.session.id, now).await?;
        }
        Ok(Some(Recognised { visitor: visitor(&known.session), session: known.session, renewed }))
    }

    /// The sessions of an account, the last used first.
    ///
    /// # Errors
    /// [`AccessError::Unavailable`].
    pub async fn sessions(&self, name: &str) -> Result<Vec<Session>, AccessError> {
        let now = self.now();
        Ok(self.store.sessions(Some(name), (now, later(now, -self.settings.idle))).await?)
    }

    /// Ends a session by its id: one's own, or anybody's for those who keep the accounts.
    ///
    /// # Errors
    /// [`AccessError::Forbidden`], [`AccessError::Conflict`] when there is none of that id.
    pub async fn end_session(&self, actor: &Visitor, id: &str) -> Result<(), AccessError> {
        let now = self.now();
        let all = self.store.sessions(None, (now, later(now, -self.settings.idle))).await?;
        let session = all.into_iter().find(|session| session.id == id);
        let session = session.ok_or(super::Conflict::NoSuchId)?;
        if !is_own(actor, &session.account) && !actor.may(Permission::ManageAccounts) {
            return Err(AccessError::Forbidden);
        }
        if self.store.end_session(id).await? {
            let what = What::new(Action::SessionEnded, &session.account, r#"{"reason":"by_hand"}"#);
            self.note(by_visitor(actor), what).await?;
        }
        Ok(())
    }

    /// The session one of whose tokens this is, old or new, over or not.
    pub(super) async fn known(&self, token: &str) -> Result<Option<KnownSession>, AccessError> {
        match Token::brought(token) {
            Some(token) => Ok(self.store.session_of(&token.fingerprint()).await?),
            None => Ok(None),
        }
    }

    /// The session of this token, if it is not over and has come as far as one of these states.
    pub(super) async fn live(
        &self,
        token: &str,
        states: &[SessionState],
    ) -> Result<KnownSession, AccessError> {
        let known = self.known(token).await?.ok_or(AccessError::Expired)?;
        if self.is_over(&known, self.now()).is_some() || !states.contains(&known.session.state) {
            return Err(AccessError::Expired);
        }
        Ok(known)
    }

    /// Why a session is over, if it is.
    fn is_over(&self, known: &KnownSession, now: Vintage) -> Option<&'static str> {
        let session = &known.session;
        if known.is_disabled {
            Some("disabled")
        } else if session.ends_at <= now {
            Some("absolute")
        } else if later(session.seen_at, self.settings.idle) <= now {
            Some("idle")
        } else if known.retired_at.is_some_and(|at| later(at, GRACE) <= now) {
            Some("reuse")
        } else {
            None
        }
    }

    async fn end(&self, session: &Session, reason: &str, client: &Client) -> Result<(), AccessError> {
        if self.store.end_session(&session.id).await? && session.state == SessionState::Full {
            let detail = format!(r#"{{"reason":"{reason}"}}"#);
            let what = What::new(Action::SessionEnded, &session.account, &detail);
            self.note((by_session(session), Some(client)), what).await?;
        }
        Ok(())
    }

    async fn rotate(
        &self,
        known: &KnownSession,
        old: &str,
        now: Vintage,
    ) -> Result<Option<Token>, AccessError> {
        let new = Token::random()?;
        let old = crate::account::fingerprint(old);
        let is_ours = self.store.rotate_session(known, (&old, &new.fingerprint()), now).await?;
        Ok(is_ours.then_some(new))
    }
}

/// Whether somebody signed in (not a token) asks about the own account.
pub(super) fn is_own(actor: &Visitor, account: &str) -> bool {
    matches!(actor, Visitor::Account { name, scopes: None, .. } if name == account)
}

fn visitor(session: &Session) -> Visitor {
    if session.state != SessionState::Full {
        return Visitor::Public;
    }
    Visitor::Account {
        name: session.account.clone(),
        role: session.role,
        unit_id: session.unit_id.clone(),
        scopes: None,
    }
}
