//! Sessions and the tokens each has had. A session is opened in the transaction that locks its account, so that it cannot
//! slip in beside a change of password, role or right to sign in.

use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use super::Credentials;
use super::account::{end_all, filled, read, role};
use crate::account::{Role, Session, SessionState};
use crate::epi::Vintage;
use crate::store::observation::from_moment;
use crate::store::{Store, StoreError};

/// A session to be opened.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    /// The session. Its role is what the account must still have.
    pub session: &'a Session,
    /// The hash of its token.
    pub token: &'a str,
    /// What still has to hold.
    pub proof: Proof<'a>,
}

/// What lets a session be opened, and has to hold still when it is.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// The password's hash is this one.
    Password(&'a str),
    /// The session of this id is there; it ends.
    Session(&'a str),
    /// The account's second step becomes this key, and the session of this id, which asked for it, ends.
    Enrolled {
        /// The session's id.
        session: &'a str,
        /// The key, base32.
        key: &'a str,
        /// The step whose code was taken.
        step: i64,
        /// Hashes of recovery codes.
        codes: &'a [String],
    },
    /// The password becomes this hash where it was the other, and every session of the account ends.
    NewPassword {
        /// The hash it was.
        old: &'a str,
        /// The hash it becomes.
        new: &'a str,
    },
    /// The account is linked to this subject of this issuer.
    Provider(&'a str, &'a str),
}

impl std::fmt::Debug for Proof<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}

/// A session found by one of its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSession {
    /// The session.
    pub session: Session,
    /// When its token was changed last.
    pub rotated_at: Vintage,
    /// Since when the token that was brought is not the last any more.
    pub retired_at: Option<Vintage>,
    /// Whether the account is disabled.
    pub is_disabled: bool,
    /// The key of a second step that waits for its first code; empty for none.
    pub enrolling: String,
}

impl Store {
    /// Opens a session if its proof still holds. What is over is cleared away by the way.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn open_session(&self, new: &NewSession<'_>) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let session = new.session;
        let row = sqlx::query(
            "update account set name = name where name = $1 returning name, title, role, unit_id, password, \
             second_step, second_step_used, oidc_name, oidc_issuer, oidc_subject, disabled_at, created_at",
        )
        .bind(&session.account)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else {
            return Ok(false);
        };
        let kept = read(&row)?;
        let is_as_before = kept.account.role == session.role
            && kept.account.unit_id == session.unit_id
            && kept.account.disabled_at.is_none();
        if !is_as_before || !holds(&mut transaction, new, (&row, &kept)).await? {
            return Ok(false);
        }
        sqlx::query("delete from session where ends_at <= $1")
            .bind(session.signed_in_at.millis())
            .execute(&mut *transaction)
            .await?;
        insert(&mut transaction, session, new.token).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The session one of whose tokens has this hash, with its account: one query.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn session_of(&self, hash: &str) -> Result<Option<KnownSession>, StoreError> {
        let row = sqlx::query(
            "select s.id, s.account, s.state, s.signed_in_at, s.seen_at, s.rotated_at, s.ends_at, s.address, s.agent, \
             s.enrolling, t.retired_at, a.role, a.unit_id, a.disabled_at from session_token t \
             join session s on s.id = t.session_id join account a on a.name = s.account where t.hash = $1",
        )
        .bind(hash)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let retired_at: i64 = row.try_get("retired_at")?;
        Ok(Some(KnownSession {
            session: read_session(&row)?,
            rotated_at: from_moment(row.try_get("rotated_at")?)?,
            retired_at: if retired_at > 0 { Some(from_moment(retired_at)?) } else { None },
            is_disabled: row.try_get::<i64, _>("disabled_at")? > 0,
            enrolling: row.try_get("enrolling")?,
        }))
    }

    /// Writes down that a session is used.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn touch_session(&self, id: &str, now: Vintage) -> Result<(), StoreError> {
        sqlx::query("update session set seen_at = $2 where id = $1 and seen_at < $2")
            .bind(id)
            .bind(now.millis())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Gives a session another token, unless another request was quicker.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn rotate_session(
        &self,
        known: &KnownSession,
        (old, new): (&str, &str),
        now: Vintage,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let done =
            sqlx::query("update session set rotated_at = $3, seen_at = $3 where id = $1 and rotated_at = $2")
                .bind(&known.session.id)
                .bind(known.rotated_at.millis())
                .bind(now.millis())
                .execute(&mut *transaction)
                .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("update session_token set retired_at = $2 where hash = $1")
            .bind(old)
            .bind(now.millis())
            .execute(&mut *transaction)
            .await?;
        put_token(&mut transaction, &known.session.id, new).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Keeps the key of a second step until its first code comes.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn set_enrolling(&self, id: &str, key: &str) -> Result<(), StoreError> {
        sqlx::query("update session set enrolling = $2 where id = $1")
            .bind(id)
            .bind(key)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Ends a session; true if it was there.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn end_session(&self, id: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("delete from session where id = $1").bind(id).execute(&self.pool).await?;
        Ok(done.rows_affected() == 1)
    }

    /// The sessions of an account that have not ended, the last used first; of all accounts for `None`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sessions(
        &self,
        account: Option<&str>,
        (now, used_since): (Vintage, Vintage),
    ) -> Result<Vec<Session>, StoreError> {
        let rows = sqlx::query(
            "select s.id, s.account, s.state, s.signed_in_at, s.seen_at, s.ends_at, s.address, s.agent, a.role, \
             a.unit_id from session s join account a on a.name = s.account \
             where (s.account = $1 or $1 = '') and s.ends_at > $2 and s.seen_at > $3 order by s.seen_at desc, s.id",
        )
        .bind(account.unwrap_or_default())
        .bind(now.millis())
        .bind(used_since.millis())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_session).collect()
    }
}

/// Whether the proof still holds; what it brings with it is written.
async fn holds(
    transaction: &mut Transaction<'_, Any>,
    new: &NewSession<'_>,
    (row, kept): (&AnyRow, &Credentials),
) -> Result<bool, StoreError> {
    let name = &new.session.account;
    match new.proof {
        Proof::Password(hash) => Ok(!hash.is_empty() && kept.password == hash),
        Proof::Session(id) => end_one(transaction, id).await,
        Proof::Enrolled { session, key, step, codes } => {
            if !end_one(transaction, session).await? || !kept.second_step.is_empty() {
                return Ok(false);
            }
            sqlx::query("update account set second_step = $2, second_step_used = $3 where name = $1")
                .bind(name)
                .bind(key)
                .bind(step)
                .execute(&mut **transaction)
                .await?;
            put_codes(transaction, name, codes).await?;
            Ok(true)
        }
        Proof::NewPassword { old, new } => {
            if kept.password != old {
                return Ok(false);
            }
            sqlx::query("update account set password = $2 where name = $1")
                .bind(name)
                .bind(new)
                .execute(&mut **transaction)
                .await?;
            end_all(transaction, name).await?;
            Ok(true)
        }
        Proof::Provider(issuer, subject) => {
            let linked: (String, String) = (row.try_get("oidc_issuer")?, row.try_get("oidc_subject")?);
            Ok(!subject.is_empty() && linked == (issuer.to_owned(), subject.to_owned()))
        }
    }
}

async fn end_one(transaction: &mut Transaction<'_, Any>, id: &str) -> Result<bool, StoreError> {
    let done = sqlx::query("delete from session where id = $1").bind(id).execute(&mut **transaction).await?;
    Ok(done.rows_affected() == 1)
}

async fn put_codes(
    transaction: &mut Transaction<'_, Any>,
    name: &str,
    codes: &[String],
) -> Result<(), StoreError> {
    sqlx::query("delete from recovery_code where account = $1")
        .bind(name)
        .execute(&mut **transaction)
        .await?;
    for hash in codes {
        sqlx::query("insert into recovery_code (account, hash) values ($1, $2)")
            .bind(name)
            .bind(hash)
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}

async fn insert(
    transaction: &mut Transaction<'_, Any>,
    session: &Session,
    token: &str,
) -> Result<(), StoreError> {
    let now = session.signed_in_at.millis();
    sqlx::query(
        "insert into session (id, account, state, signed_in_at, seen_at, rotated_at, ends_at, address, agent, \
         enrolling) values ($1, $2, $3, $4, $5, $5, $6, $7, $8, '')",
    )
    .bind(&session.id)
    .bind(&session.account)
    .bind(session.state.as_str())
    .bind(now)
    .bind(session.seen_at.millis())
    .bind(session.ends_at.millis())
    .bind(&session.address)
    .bind(&session.agent)
    .execute(&mut **transaction)
    .await?;
    put_token(transaction, &session.id, token).await
}

async fn put_token(transaction: &mut Transaction<'_, Any>, id: &str, hash: &str) -> Result<(), StoreError> {
    sqlx::query("insert into session_token (hash, session_id, retired_at) values ($1, $2, 0)")
        .bind(hash)
        .bind(id)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

fn read_session(row: &AnyRow) -> Result<Session, StoreError> {
    let (role_name, state): (String, String) = (row.try_get("role")?, row.try_get("state")?);
    let known_role: Role = role(&role_name)?;
    Ok(Session {
        id: row.try_get("id")?,
        account: row.try_get("account")?,
        role: known_role,
        unit_id: filled(row.try_get("unit_id")?),
        state: SessionState::parse(&state)
            .ok_or(StoreError::Corrupt { what: "a session's state", reason: state })?,
        signed_in_at: from_moment(row.try_get("signed_in_at")?)?,
        seen_at: from_moment(row.try_get("seen_at")?)?,
        ends_at: from_moment(row.try_get("ends_at")?)?,
        address: row.try_get("address")?,
        agent: row.try_get("agent")?,
    })
}
