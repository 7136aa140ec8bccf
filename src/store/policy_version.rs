//! The versions of policies that were used, each as it was when it was used first.

use super::observation::from_moment;
use super::{Store, StoreError};
use crate::epi::Vintage;

/// A version of a policy that has been in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedPolicy {
    /// What its file says, as a hash.
    pub fingerprint: String,
    /// Its file.
    pub body: String,
    /// When it was used first.
    pub first_used_at: Vintage,
}

impl Store {
    /// Keeps a version of a policy at its first use; afterwards nothing changes it. Returns what is kept.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn keep_policy(
        &self,
        (policy, version): (&str, &str),
        (fingerprint, body): (&str, &str),
        at: Vintage,
    ) -> Result<UsedPolicy, StoreError> {
        sqlx::query(
            "insert into policy_version (policy, version, fingerprint, body, first_used_at) \
             values ($1, $2, $3, $4, $5) on conflict do nothing",
        )
        .bind(policy)
        .bind(version)
        .bind(fingerprint)
        .bind(body)
        .bind(at.millis())
        .execute(&self.pool)
        .await?;
        let (fingerprint, body, first): (String, String, i64) = sqlx::query_as(
            "select fingerprint, body, first_used_at from policy_version where policy = $1 and version = $2",
        )
        .bind(policy)
        .bind(version)
        .fetch_one(&self.pool)
        .await?;
        Ok(UsedPolicy { fingerprint, body, first_used_at: from_moment(first)? })
    }
}
