//! API tokens, by the hash of each.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::account::{filled, moment, role};
use crate::account::{ApiToken, Permission, Role};
use crate::epi::Vintage;
use crate::store::observation::from_moment;
use crate::store::{Store, StoreError};

/// An API token found by its hash, with its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownToken {
    /// The token.
    pub token: ApiToken,
    /// What the account's work is.
    pub role: Role,
    /// The unit of a head of unit.
    pub unit_id: Option<String>,
    /// Whether the account is disabled.
    pub is_disabled: bool,
}

impl Store {
    /// Keeps an API token.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn add_token(&self, token: &ApiToken, hash: &str) -> Result<(), StoreError> {
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
        sqlx::query(
            "insert into api_token (id, hash, account, title, scopes, created_at, expires_at, last_used_at, revoked_at) \
             values ($1, $2, $3, $4, $5, $6, $7, 0, 0)",
        )
        .bind(&token.id)
        .bind(hash)
        .bind(&token.account)
        .bind(&token.title)
        .bind(scopes.join(" "))
        .bind(token.created_at.millis())
        .bind(token.expires_at.millis())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The API token of this hash, with its account: one query.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn token_of(&self, hash: &str) -> Result<Option<KnownToken>, StoreError> {
        let row = sqlx::query(
            "select t.id, t.account, t.title, t.scopes, t.created_at, t.expires_at, t.last_used_at, t.revoked_at, \
             a.role, a.unit_id, a.disabled_at from api_token t join account a on a.name = t.account where t.hash = $1",
        )
        .bind(hash)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let role_name: String = row.try_get("role")?;
        Ok(Some(KnownToken {
            token: read(&row)?,
            role: role(&role_name)?,
            unit_id: filled(row.try_get("unit_id")?),
            is_disabled: row.try_get::<i64, _>("disabled_at")? > 0,
        }))
    }

    /// Writes down that an API token is used.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn touch_token(&self, id: &str, now: Vintage) -> Result<(), StoreError> {
        sqlx::query("update api_token set last_used_at = $2 where id = $1 and last_used_at < $2")
            .bind(id)
            .bind(now.millis())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The API tokens of an account, or of all; the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tokens(&self, account: Option<&str>) -> Result<Vec<ApiToken>, StoreError> {
        let rows = sqlx::query(
            "select id, account, title, scopes, created_at, expires_at, last_used_at, revoked_at from api_token \
             where account = $1 or $1 = '' order by created_at desc, id",
        )
        .bind(account.unwrap_or_default())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Revokes an API token; true if it was not before.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn revoke_token(&self, id: &str, now: Vintage) -> Result<bool, StoreError> {
        let done = sqlx::query("update api_token set revoked_at = $2 where id = $1 and revoked_at = 0")
            .bind(id)
            .bind(now.millis())
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}

fn read(row: &AnyRow) -> Result<ApiToken, StoreError> {
    let scopes: String = row.try_get("scopes")?;
    let scope = |word: &str| {
        word.parse::<Permission>()
            .map_err(|error| StoreError::Corrupt { what: "a token's scope", reason: error.to_string() })
    };
    Ok(ApiToken {
        id: row.try_get("id")?,
        account: row.try_get("account")?,
        title: row.try_get("title")?,
        scopes: scopes.split_whitespace().map(scope).collect::<Result<_, _>>()?,
        created_at: from_moment(row.try_get("created_at")?)?,
        expires_at: from_moment(row.try_get("expires_at")?)?,
        last_used_at: moment(row.try_get("last_used_at")?)?,
        revoked_at: moment(row.try_get("revoked_at")?)?,
    })
}
