//! What is used once: one-time links, and what was sent to the provider.

use super::account::{Link, end_all, put_link};
use crate::epi::Vintage;
use crate::store::observation::from_moment;
use crate::store::{Store, StoreError};

/// A one-time link that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLink {
    /// The account.
    pub account: String,
    /// Whether the account had a password before.
    pub is_recovery: bool,
    /// When it expires.
    pub expires_at: Vintage,
}

impl Store {
    /// Keeps a one-time link of an account that is there; false if it is not. An older link is worthless then.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn add_link(&self, account: &str, link: Link<'_>) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let known: Option<(String,)> =
            sqlx::query_as("update account set name = name where name = $1 returning name")
                .bind(account)
                .fetch_optional(&mut *transaction)
                .await?;
        if known.is_none() {
            return Ok(false);
        }
        put_link(&mut transaction, account, link).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The one-time link of this hash, if it has not expired and its account is enabled.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn link(&self, hash: &str, now: Vintage) -> Result<Option<KnownLink>, StoreError> {
        let row: Option<(String, i64, String)> = sqlx::query_as(
            "select i.account, i.expires_at, a.password from invitation i join account a on a.name = i.account \
             where i.hash = $1 and i.expires_at > $2 and a.disabled_at = 0",
        )
        .bind(hash)
        .bind(now.millis())
        .fetch_optional(&self.pool)
        .await?;
        row.map(|(account, expires_at, password)| {
            let expires_at = from_moment(expires_at)?;
            Ok(KnownLink { account, is_recovery: !password.is_empty(), expires_at })
        })
        .transpose()
    }

    /// Uses a one-time link: its account gets this password and loses its second step, its sessions and its API tokens.
    /// False if the link is not there any more.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn use_link(
        &self,
        (account, hash): (&str, &str),
        password: &str,
        now: Vintage,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let enabled: Option<(String,)> = sqlx::query_as(
            "update account set password = $2, second_step = '', second_step_used = 0 \
             where name = $1 and disabled_at = 0 returning name",
        )
        .bind(account)
        .bind(password)
        .fetch_optional(&mut *transaction)
        .await?;
        let used = sqlx::query("delete from invitation where account = $1 and hash = $2 and expires_at > $3")
            .bind(account)
            .bind(hash)
            .bind(now.millis())
            .execute(&mut *transaction)
            .await?;
        if enabled.is_none() || used.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("delete from recovery_code where account = $1")
            .bind(account)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("update api_token set revoked_at = $2 where account = $1 and revoked_at = 0")
            .bind(account)
            .bind(now.millis())
            .execute(&mut *transaction)
            .await?;
        end_all(&mut transaction, account).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Remembers that a browser was sent to the provider; forgets those from before `not_before`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn add_oidc_start(
        &self,
        hash: &str,
        (now, not_before): (Vintage, Vintage),
    ) -> Result<(), StoreError> {
        sqlx::query("delete from oidc_start where created_at < $1")
            .bind(not_before.millis())
            .execute(&self.pool)
            .await?;
        sqlx::query("insert into oidc_start (hash, created_at) values ($1, $2)")
            .bind(hash)
            .bind(now.millis())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Takes what a browser was sent with, once.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn take_oidc_start(&self, hash: &str, not_before: Vintage) -> Result<bool, StoreError> {
        let done = sqlx::query("delete from oidc_start where hash = $1 and created_at >= $2")
            .bind(hash)
            .bind(not_before.millis())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}
