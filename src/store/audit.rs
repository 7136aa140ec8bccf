//! The audit log: appending, and reading it a page at a time.

use serde_json::Value;
use sqlx::{Any, Row, Transaction};

use super::chain::AUDIT;
use super::observation::from_moment;
use super::{Store, StoreError};
use crate::audit::{Action, Entry, Head};
use crate::epi::Vintage;

/// Which rows of the audit log; the default is the newest of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only this actor's.
    pub actor: Option<String>,
    /// Only this action.
    pub action: Option<Action>,
    /// Not before.
    pub from: Option<Vintage>,
    /// Not after.
    pub to: Option<Vintage>,
    /// Only rows with this text in actor, object, detail or address, in capitals or not.
    pub text: Option<String>,
    /// Only rows before this sequence number: the `next` of the page before.
    pub before_seq: Option<i64>,
    /// How many at most.
    pub limit: u32,
}

impl Default for AuditFilter {
    fn default() -> Self {
        Self { actor: None, action: None, from: None, to: None, text: None, before_seq: None, limit: 50 }
    }
}

/// One row of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its sequence number.
    pub seq: i64,
    /// What it says.
    pub entry: Entry,
    /// Its hash.
    pub hash: String,
}

/// Some rows, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// The rows.
    pub rows: Vec<AuditRow>,
    /// Where the next page goes on (`before_seq`); `None` at the end.
    pub next: Option<i64>,
}

impl Store {
    /// Appends an entry to the audit log. What it tells of may go on only if this succeeds.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses, or the chain is signed and there is no key.
    pub async fn record(&self, entry: &Entry) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let head = self.add_entry(&mut transaction, entry).await?;
        self.commit(transaction, &head, entry.at).await
    }

    /// Appends an entry in a transaction that does what it tells of; the head goes to [`Store::commit`].
    pub(super) async fn add_entry(
        &self,
        transaction: &mut Transaction<'_, Any>,
        entry: &Entry,
    ) -> Result<Head, StoreError> {
        let values = [
            Value::from(entry.at.millis()),
            Value::from(entry.actor.as_str()),
            Value::from(entry.role.as_str()),
            Value::from(entry.action.as_str()),
            Value::from(entry.object.as_str()),
            Value::from(entry.detail.as_str()),
            Value::from(entry.address.as_str()),
        ];
        self.append(transaction, &AUDIT, &values).await
    }

    /// Rows of the audit log, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit(&self, filter: &AuditFilter) -> Result<AuditPage, StoreError> {
        let limit = filter.limit.max(1);
        let rows = sqlx::query(
            "select seq, at, actor, role, action, object, detail, address, hash from audit \
             where ($1 = '' or actor = $1) and ($2 = '' or action = $2) and at >= $3 and at <= $4 and seq < $5 \
             and ($6 = '' or lower(actor) like $6 escape '!' or lower(object) like $6 escape '!' \
                  or lower(detail) like $6 escape '!' or lower(address) like $6 escape '!') \
             order by seq desc limit $7",
        )
        .bind(filter.actor.as_deref().unwrap_or_default())
        .bind(filter.action.map_or("", Action::as_str))
        .bind(filter.from.map_or(i64::MIN, Vintage::millis))
        .bind(filter.to.map_or(i64::MAX, Vintage::millis))
        .bind(filter.before_seq.unwrap_or(i64::MAX))
        .bind(filter.text.as_deref().map_or_else(String::new, pattern))
        .bind(i64::from(limit) + 1)
        .fetch_all(&self.pool)
        .await?;
        let mut rows: Vec<AuditRow> = rows.iter().map(read).collect::<Result<_, _>>()?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > most;
        rows.truncate(most);
        let next = rows.last().filter(|_| has_more).map(|row| row.seq);
        Ok(AuditPage { rows, next })
    }
}

/// What is looked for anywhere in a text; `%`, `_` and `!` stand for themselves.
fn pattern(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 2);
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '!') {
            escaped.push('!');
        }
        escaped.push(letter);
    }
    if escaped.is_empty() { escaped } else { format!("%{escaped}%") }
}

fn read(row: &sqlx::any::AnyRow) -> Result<AuditRow, StoreError> {
    let action: String = row.try_get("action")?;
    Ok(AuditRow {
        seq: row.try_get("seq")?,
        entry: Entry {
            at: from_moment(row.try_get("at")?)?,
            actor: row.try_get("actor")?,
            role: row.try_get("role")?,
            action: action
                .parse()
                .map_err(|_| StoreError::Corrupt { what: "an action of the audit log", reason: action })?,
            object: row.try_get("object")?,
            detail: row.try_get("detail")?,
            address: row.try_get("address")?,
        },
        hash: row.try_get("hash")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_themselves() {
        assert_eq!(pattern("100%_Wow!"), "%100!%!_wow!!%");
        assert_eq!(pattern(""), "");
    }
}
