//! Accounts. Whoever changes one writes its row first, so that changes to it and new sessions of it wait for one another.

use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use crate::account::{Account, NewAccount, Role};
use crate::epi::Vintage;
use crate::store::observation::from_moment;
use crate::store::{Store, StoreError};

/// What a sign-in is held against. Never shown.
#[derive(Clone)]
pub struct Credentials {
    /// The account.
    pub account: Account,
    /// Its password as argon2id; empty for none.
    pub password: String,
    /// The key of its second step in base32; empty for none.
    pub second_step: String,
    /// The last step whose code was taken.
    pub second_step_used: i64,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("account", &self.account).finish_non_exhaustive()
    }
}

/// How a change to an account ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It is made.
    Done,
    /// There is no such account.
    Missing,
    /// Another account has that name.
    NameTaken,
    /// Another account has that name at the provider.
    OidcNameTaken,
    /// No owner who can sign in would be left.
    LastOwner,
}

/// A one-time link to be kept: the hash of its token, and when it was made and expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<'a> {
    /// The hash of its token.
    pub hash: &'a str,
    /// When it was made.
    pub created_at: Vintage,
    /// When it expires.
    pub expires_at: Vintage,
}

impl Store {
    /// Adds an account without a password, and its one-time link.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn add_account(&self, new: &NewAccount, link: Link<'_>) -> Result<Changed, StoreError> {
        let mut transaction = self.begin().await?;
        pass(&mut transaction, "account").await?;
        let taken: Option<(String,)> = sqlx::query_as(
            "select name from account where name = $1 or (oidc_name = $2 and $2 <> '') limit 1",
        )
        .bind(&new.name)
        .bind(&new.oidc_name)
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some((name,)) = taken {
            return Ok(if name == new.name { Changed::NameTaken } else { Changed::OidcNameTaken });
        }
        insert(&mut transaction, new, link.created_at).await?;
        put_link(&mut transaction, &new.name, link).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }

    /// Adds the first owner and the one-time link, or another link, as long as nobody else has an account and the
    /// owner never signed in. False when somebody has.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn add_first_owner(&self, owner: &NewAccount, link: Link<'_>) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        pass(&mut transaction, "account").await?;
        let others: Option<(i64,)> = sqlx::query_as(
            "select created_at from account where name <> $1 or password <> '' or oidc_name <> '' or disabled_at > 0 \
             limit 1",
        )
        .bind(&owner.name)
        .fetch_optional(&mut *transaction)
        .await?;
        if others.is_some() {
            return Ok(false);
        }
        insert(&mut transaction, owner, link.created_at).await?;
        put_link(&mut transaction, &owner.name, link).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Adds the owner of an installation that is being set up, with a password; accounts that were added and never used
    /// go. False when somebody has an account that can be used.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn add_founder(
        &self,
        owner: &NewAccount,
        password: &str,
        now: Vintage,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        pass(&mut transaction, "account").await?;
        let usable =
            "select name from account where password <> '' or oidc_name <> '' or disabled_at > 0 limit 1";
        let others: Option<(String,)> = sqlx::query_as(usable).fetch_optional(&mut *transaction).await?;
        if others.is_some() {
            return Ok(false);
        }
        for unused in ["delete from invitation", "delete from account"] {
            sqlx::query(unused).execute(&mut *transaction).await?;
        }
        insert(&mut transaction, owner, now).await?;
        sqlx::query("update account set password = $2 where name = $1")
            .bind(&owner.name)
            .bind(password)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Every account, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = sqlx::query(
            "select name, title, role, unit_id, password, second_step, second_step_used, oidc_name, disabled_at, \
             created_at from account order by name",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| Ok(read(row)?.account)).collect()
    }

    /// What a sign-in by name is held against.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn credentials(&self, name: &str) -> Result<Option<Credentials>, StoreError> {
        let row = sqlx::query(
            "select name, title, role, unit_id, password, second_step, second_step_used, oidc_name, disabled_at, \
             created_at from account where name = $1",
        )
        .bind(name)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// The account a provider's subject is linked to.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn credentials_by_subject(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<Credentials>, StoreError> {
        let row = sqlx::query(
            "select name, title, role, unit_id, password, second_step, second_step_used, oidc_name, disabled_at, \
             created_at from account where oidc_issuer = $1 and oidc_subject = $2 and oidc_subject <> ''",
        )
        .bind(issuer)
        .bind(subject)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// Links the account of a name at the provider to a subject there, once: an account that is linked stays as it is.
    /// The name of the account that was linked now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn link_subject(
        &self,
        oidc_name: &str,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as(
            "update account set oidc_issuer = $2, oidc_subject = $3 \
             where oidc_name = $1 and oidc_name <> '' and oidc_subject = '' returning name",
        )
        .bind(oidc_name)
        .bind(issuer)
        .bind(subject)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| row.0))
    }

    /// Puts a dearer hash in the place of a cheap one of the same password.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn rehash_password(&self, name: &str, old: &str, new: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("update account set password = $3 where name = $1 and password = $2")
            .bind(name)
            .bind(old)
            .bind(new)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Takes the code of a step of the second step, if none of that step or a later one was taken before.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn use_step(&self, name: &str, step: i64) -> Result<bool, StoreError> {
        let done =
            sqlx::query("update account set second_step_used = $2 where name = $1 and second_step_used < $2")
                .bind(name)
                .bind(step)
                .execute(&self.pool)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Uses a recovery code up, if the account has it; how many are left.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn use_recovery_code(&self, name: &str, hash: &str) -> Result<Option<i64>, StoreError> {
        let done = sqlx::query("delete from recovery_code where account = $1 and hash = $2")
            .bind(name)
            .bind(hash)
            .execute(&self.pool)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(None);
        }
        let left: (i64,) = sqlx::query_as("select count(*) from recovery_code where account = $1")
            .bind(name)
            .fetch_one(&self.pool)
            .await?;
        Ok(Some(left.0))
    }

    /// Disables (at a moment) or enables (`None`) an account. Disabling ends its sessions.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn set_disabled(&self, name: &str, at: Option<Vintage>) -> Result<Changed, StoreError> {
        let mut transaction = self.begin().await?;
        pass(&mut transaction, "account").await?;
        let Some(is_owner) = is_owner(&mut transaction, name).await? else {
            return Ok(Changed::Missing);
        };
        sqlx::query("update account set disabled_at = $2 where name = $1")
            .bind(name)
            .bind(at.map_or(0, Vintage::millis))
            .execute(&mut *transaction)
            .await?;
        if at.is_some() {
            if is_owner && !has_owner(&mut transaction).await? {
                return Ok(Changed::LastOwner);
            }
            end_all(&mut transaction, name).await?;
        }
        transaction.commit().await?;
        Ok(Changed::Done)
    }

    /// Gives an account another role and ends its sessions.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn set_role(
        &self,
        name: &str,
        role: Role,
        unit_id: Option<&str>,
    ) -> Result<Changed, StoreError> {
        let mut transaction = self.begin().await?;
        pass(&mut transaction, "account").await?;
        let Some(is_owner) = is_owner(&mut transaction, name).await? else {
            return Ok(Changed::Missing);
        };
        sqlx::query("update account set role = $2, unit_id = $3 where name = $1")
            .bind(name)
            .bind(role.as_str())
            .bind(unit_id.unwrap_or_default())
            .execute(&mut *transaction)
            .await?;
        if is_owner && role != Role::Owner && !has_owner(&mut transaction).await? {
            return Ok(Changed::LastOwner);
        }
        end_all(&mut transaction, name).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }
}

/// Passes a gate: whoever comes next waits until this transaction has ended.
pub(super) async fn pass(transaction: &mut Transaction<'_, Any>, gate: &str) -> Result<(), StoreError> {
    sqlx::query("update gate set passed = passed + 1 where name = $1")
        .bind(gate)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Whether an account is an enabled owner's; `None` if there is no such account.
async fn is_owner(transaction: &mut Transaction<'_, Any>, name: &str) -> Result<Option<bool>, StoreError> {
    let row: Option<(String, i64)> = sqlx::query_as("select role, disabled_at from account where name = $1")
        .bind(name)
        .fetch_optional(&mut **transaction)
        .await?;
    Ok(row.map(|(role, disabled_at)| role == Role::Owner.as_str() && disabled_at == 0))
}

/// Whether an owner who can sign in is left.
async fn has_owner(transaction: &mut Transaction<'_, Any>) -> Result<bool, StoreError> {
    let owner: Option<(String,)> = sqlx::query_as(
        "select name from account where role = 'owner' and disabled_at = 0 and (password <> '' or oidc_name <> '') \
         limit 1",
    )
    .fetch_optional(&mut **transaction)
    .await?;
    Ok(owner.is_some())
}

/// Ends every session of an account.
pub(super) async fn end_all(transaction: &mut Transaction<'_, Any>, name: &str) -> Result<(), StoreError> {
    sqlx::query("delete from session where account = $1").bind(name).execute(&mut **transaction).await?;
    Ok(())
}

async fn insert(
    transaction: &mut Transaction<'_, Any>,
    new: &NewAccount,
    now: Vintage,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into account (name, title, role, unit_id, password, second_step, second_step_used, oidc_name, \
         oidc_issuer, oidc_subject, disabled_at, created_at) values ($1, $2, $3, $4, '', '', 0, $5, '', '', 0, $6) \
         on conflict (name) do nothing",
    )
    .bind(&new.name)
    .bind(&new.title)
    .bind(new.role.as_str())
    .bind(new.unit_id.as_deref().unwrap_or_default())
    .bind(&new.oidc_name)
    .bind(now.millis())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Keeps a one-time link; an older one of the account is worthless then.
pub(super) async fn put_link(
    transaction: &mut Transaction<'_, Any>,
    account: &str,
    link: Link<'_>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into invitation (account, hash, created_at, expires_at) values ($1, $2, $3, $4) \
         on conflict (account) do update set hash = $2, created_at = $3, expires_at = $4",
    )
    .bind(account)
    .bind(link.hash)
    .bind(link.created_at.millis())
    .bind(link.expires_at.millis())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

pub(super) fn role(text: &str) -> Result<Role, StoreError> {
    text.parse().map_err(|_| StoreError::Corrupt { what: "an account's role", reason: text.to_owned() })
}

pub(super) fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// A moment that may be missing, kept as 0.
pub(super) fn moment(millis: i64) -> Result<Option<Vintage>, StoreError> {
    if millis > 0 { from_moment(millis).map(Some) } else { Ok(None) }
}

pub(super) fn read(row: &AnyRow) -> Result<Credentials, StoreError> {
    let (password, second_step): (String, String) = (row.try_get("password")?, row.try_get("second_step")?);
    let role_name: String = row.try_get("role")?;
    Ok(Credentials {
        account: Account {
            name: row.try_get("name")?,
            title: row.try_get("title")?,
            role: role(&role_name)?,
            unit_id: filled(row.try_get("unit_id")?),
            has_password: !password.is_empty(),
            has_second_step: !second_step.is_empty(),
            oidc_name: row.try_get("oidc_name")?,
            disabled_at: moment(row.try_get("disabled_at")?)?,
            created_at: from_moment(row.try_get("created_at")?)?,
        },
        password,
        second_step,
        second_step_used: row.try_get("second_step_used")?,
    })
}
