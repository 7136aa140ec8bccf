//! Tables whose rows are chained by hashes: appending, and walking along to see whether they are as written.
//!
//! A chained table has the columns `seq`, `previous` and `hash` besides its own. To chain another one: a [`Chain`] here,
//! a row in the table `chain`, and [`Store::append`] in the transaction that saves.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::anchor::Line;
use super::bulk::Kind;
use super::{Store, StoreError};
use crate::audit::{ChainFault, FIRST, FaultKind, Head, Link, Walk, canonical, link_hash};
use crate::epi::Vintage;

/// A table whose rows are chained. Its name is the chain's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain {
    pub name: &'static str,
    /// Its own columns, in the order in which they are hashed.
    pub columns: &'static [(&'static str, Kind)],
}

/// The audit log.
pub(super) const AUDIT: Chain = Chain {
    name: "audit",
    columns: &[
        ("at", Kind::Whole),
        ("actor", Kind::Text),
        ("role", Kind::Text),
        ("action", Kind::Text),
        ("object", Kind::Text),
        ("detail", Kind::Text),
        ("address", Kind::Text),
    ],
};

/// What the rules said.
pub(super) const RECOMMENDATION: Chain = Chain {
    name: "recommendation",
    columns: &[
        ("id", Kind::Text),
        ("location", Kind::Text),
        ("date", Kind::Whole),
        ("as_of", Kind::Whole),
        ("policy", Kind::Text),
        ("policy_version", Kind::Text),
        ("level", Kind::Text),
        ("step", Kind::Whole),
        ("mode", Kind::Text),
        ("verdict", Kind::Text),
        ("deciding_rule", Kind::Text),
        ("json", Kind::Text),
        ("standing", Kind::Text),
        ("memory", Kind::Text),
    ],
};

/// What people decided.
pub(super) const DECISION: Chain = Chain {
    name: "decision",
    columns: &[
        ("number", Kind::Whole),
        ("location", Kind::Text),
        ("kind", Kind::Text),
        ("amends", Kind::Whole),
        ("decided_on", Kind::Whole),
        ("effective_from", Kind::Whole),
        ("last_day", Kind::Whole),
        ("step", Kind::Whole),
        ("level", Kind::Text),
        ("decided_by", Kind::Text),
        ("signed_at", Kind::Whole),
        ("evidence", Kind::Text),
        ("json", Kind::Text),
    ],
};

/// Every chain, in the order in which they are verified.
pub(super) const CHAINS: [Chain; 3] = [AUDIT, RECOMMENDATION, DECISION];

impl Chain {
    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// A row's own columns as values.
    fn values(&self, row: &AnyRow) -> Result<Vec<Value>, sqlx::Error> {
        self.columns
            .iter()
            .map(|(name, kind)| {
                Ok(match kind {
                    Kind::Whole => Value::from(row.try_get::<i64, _>(*name)?),
                    Kind::Real => Value::from(row.try_get::<f64, _>(*name)?),
                    Kind::Text => Value::from(row.try_get::<String, _>(*name)?),
                })
            })
            .collect()
    }

    fn link(&self, row: &AnyRow) -> Result<Link, sqlx::Error> {
        let seq = row.try_get("seq")?;
        let text = canonical(self.name, seq, &self.values(row)?);
        Ok(Link { seq, previous: row.try_get("previous")?, hash: row.try_get("hash")?, text })
    }
}

/// How a chain was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainReport {
    /// Its name.
    pub name: String,
    /// Rows walked.
    pub rows: u64,
    /// The first row kept, if there is one.
    pub first: i64,
    /// The last row.
    pub last: i64,
    /// The last row's hash.
    pub hash: String,
    /// Whether the head is signed with the key at hand.
    pub is_signed: bool,
    /// Whether the head is signed and there is no key to check it with.
    pub is_unchecked: bool,
    /// The first fault.
    pub fault: Option<ChainFault>,
}

impl Store {
    /// Takes the head of a chain for this transaction alone: whoever appends next waits.
    pub(super) async fn lock_head(
        &self,
        transaction: &mut Transaction<'_, Any>,
        chain: &Chain,
    ) -> Result<Head, StoreError> {
        let row = sqlx::query(
            "update chain set seq = seq where name = $1 returning name, seq, hash, base_seq, base_hash, mac",
        )
        .bind(chain.name)
        .fetch_optional(&mut **transaction)
        .await?;
        let missing = StoreError::Corrupt { what: "the head of a chain", reason: chain.name.to_owned() };
        let head = read_head(&row.ok_or(missing)?)?;
        if self.guard.key.is_none() && !head.mac.is_empty() {
            let reason = "it is signed, and there is no SIAGA_AUDIT_KEY to sign the next with".to_owned();
            return Err(StoreError::Corrupt { what: "the head of a chain", reason });
        }
        Ok(head)
    }

    /// Appends a row to a chain. It should be the first statement of a transaction: the head is locked until its end.
    /// The head that is returned goes to [`Store::commit`].
    pub(super) async fn append(
        &self,
        transaction: &mut Transaction<'_, Any>,
        chain: &Chain,
        values: &[Value],
    ) -> Result<Head, StoreError> {
        let head = self.lock_head(transaction, chain).await?;
        let seq = head.seq + 1;
        let hash = link_hash(&head.hash, &canonical(chain.name, seq, values));
        let places: Vec<String> = (1..=values.len() + 3).map(|place| format!("${place}")).collect();
        let statement = format!(
            "insert into {} ({}, seq, previous, hash) values ({})",
            chain.name,
            chain.names(),
            places.join(", ")
        );
        let mut query = sqlx::query(AssertSqlSafe(statement));
        for value in values {
            query = match value {
                Value::Number(number) if number.is_f64() => query.bind(number.as_f64()),
                Value::Number(number) => query.bind(number.as_i64()),
                other => query.bind(other.as_str().unwrap_or_default().to_owned()),
            };
        }
        query.bind(seq).bind(&head.hash).bind(&hash).execute(&mut **transaction).await?;
        let next = Head { seq, hash, ..head.clone() };
        self.save_head(transaction, &head, next).await
    }

    /// Writes a head, signed if the one before it was: a chain that somebody without the key has been at stays unsigned.
    pub(super) async fn save_head(
        &self,
        transaction: &mut Transaction<'_, Any>,
        before: &Head,
        mut next: Head,
    ) -> Result<Head, StoreError> {
        next.mac = match &self.guard.key {
            Some(key) if before.is_new() || key.has_signed(before) => key.sign(&next),
            Some(_) => {
                tracing::error!(chain = %next.chain, "the head of a chain is not signed with the audit key");
                String::new()
            }
            None => String::new(),
        };
        sqlx::query(
            "update chain set seq = $2, hash = $3, base_seq = $4, base_hash = $5, mac = $6 where name = $1",
        )
        .bind(&next.chain)
        .bind(next.seq)
        .bind(&next.hash)
        .bind(next.base_seq)
        .bind(&next.base_hash)
        .bind(&next.mac)
        .execute(&mut **transaction)
        .await?;
        Ok(next)
    }

    /// Ends a transaction that appended, then tells the anchor file of the new head.
    pub(super) async fn commit(
        &self,
        transaction: Transaction<'_, Any>,
        head: &Head,
        at: Vintage,
    ) -> Result<(), StoreError> {
        self.commit_all(transaction, std::slice::from_ref(head), at).await
    }

    /// The same for a transaction that appended to several chains.
    pub(super) async fn commit_all(
        &self,
        transaction: Transaction<'_, Any>,
        heads: &[Head],
        at: Vintage,
    ) -> Result<(), StoreError> {
        transaction.commit().await?;
        if let Some(anchor) = &self.guard.anchor {
            for head in heads {
                anchor.remember(head, at).await;
            }
        }
        Ok(())
    }

    /// Walks every chain and holds it against its head, the key and the anchor file.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer; what is wrong with a chain is in its report.
    pub async fn verify_chains(&self) -> Result<Vec<ChainReport>, StoreError> {
        // Lines first: each was written after its row was there.
        let lines = match &self.guard.anchor {
            Some(anchor) => Some(anchor.lines().await),
            None => None,
        };
        let mut reports = Vec::new();
        for chain in &CHAINS {
            let mut report = self.walk(chain, lines.as_ref().and_then(|lines| lines.as_deref().ok())).await?;
            if let (None, Some(anchor)) = (&report.fault, &self.guard.anchor)
                && !anchor.holds(&report).await
            {
                let (chain, seq) = (report.name.clone(), report.last);
                report.fault = Some(ChainFault { chain, seq, kind: FaultKind::Unanchored });
            }
            reports.push(report);
        }
        Ok(reports)
    }

    /// One snapshot of the database: rows that are appended meanwhile are not seen.
    async fn walk(&self, chain: &Chain, lines: Option<&[Line]>) -> Result<ChainReport, StoreError> {
        let mut transaction = self.begin_snapshot().await?;
        let statement = "select name, seq, hash, base_seq, base_hash, mac from chain where name = $1";
        let row = sqlx::query(statement).bind(chain.name).fetch_optional(&mut *transaction).await?;
        let Some(Ok(head)) = row.as_ref().map(read_head) else {
            return Ok(without_head(chain));
        };
        let key = self.guard.key.as_ref();
        let is_unchecked = key.is_none() && !head.mac.is_empty();
        let is_signed = key.is_some_and(|key| key.has_signed(&head));
        let mut walk = Walk::new(head.clone());
        let mut fault = if key.is_some() && !is_signed && !head.is_new() {
            Some(walk.fault(head.seq, FaultKind::Unsigned))
        } else {
            None
        };
        let statement =
            format!("select {}, seq, previous, hash from {} order by seq", chain.names(), chain.name);
        let found = {
            let mut rows = sqlx::query(AssertSqlSafe(statement)).fetch(&mut *transaction);
            along(chain, &mut walk, &mut rows, lines).await?
        };
        // What is wrong with a row tells more than that its head is not signed.
        fault = found.or(fault);
        transaction.rollback().await?;
        Ok(ChainReport {
            name: chain.name.to_owned(),
            rows: walk.rows(),
            first: if walk.rows() > 0 { head.base_seq + 1 } else { 0 },
            last: head.seq,
            hash: head.hash,
            is_signed,
            is_unchecked,
            fault,
        })
    }

    /// Chains what was saved before there were chains, once: in the process that finds it undone and takes its row.
    /// An audit log that was written to already means that somebody else set the chain back; it is left for
    /// [`Store::verify_chains`] to tell of.
    pub(super) async fn chain_older_rows(&self) -> Result<(), StoreError> {
        let chain = &RECOMMENDATION;
        let (undone,): (i64,) = sqlx::query_as("select count(*) from chain where name = $1 and seq = -1")
            .bind(chain.name)
            .fetch_one(&self.pool)
            .await?;
        if undone == 0 {
            return Ok(());
        }
        let mut transaction = self.begin().await?;
        let taken = sqlx::query(
            "update chain set seq = 0 where name = $1 and seq = -1 and not exists (select 1 from audit)",
        )
        .bind(chain.name)
        .execute(&mut *transaction)
        .await?;
        if taken.rows_affected() == 0 {
            return Ok(());
        }
        let before = self.lock_head(&mut transaction, chain).await?;
        let statement = format!("select {} from {} order by as_of, id", chain.names(), chain.name);
        let rows = sqlx::query(AssertSqlSafe(statement)).fetch_all(&mut *transaction).await?;
        let mut head = before.clone();
        for row in rows {
            let (seq, previous) = (head.seq + 1, head.hash);
            let hash = link_hash(&previous, &canonical(chain.name, seq, &chain.values(&row)?));
            sqlx::query("update recommendation set seq = $2, previous = $3, hash = $4 where id = $1")
                .bind(row.try_get::<String, _>("id")?)
                .bind(seq)
                .bind(&previous)
                .bind(&hash)
                .execute(&mut *transaction)
                .await?;
            head = Head { seq, hash, ..before.clone() };
        }
        self.save_head(&mut transaction, &before, head).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Signs heads that are whole but not signed with the key at hand (the key is new, or was changed), and tells the
    /// anchor file of every head; returns the chains that were signed.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] naming the fault when a chain is not whole; nothing is signed then.
    pub async fn seal(&self, now: Vintage) -> Result<Vec<String>, StoreError> {
        let mut sealed = Vec::new();
        for report in self.verify_chains().await? {
            let may = [FaultKind::Unsigned, FaultKind::Unanchored];
            if let Some(fault) = report.fault.filter(|fault| !may.contains(&fault.kind)) {
                return Err(StoreError::Corrupt { what: "a chain", reason: fault.to_string() });
            }
        }
        for chain in &CHAINS {
            let mut transaction = self.begin().await?;
            let head = self.lock_head(&mut transaction, chain).await?;
            let unsigned = Head { mac: String::new(), ..head.clone() };
            let mut next = head.clone();
            if let Some(key) = self.guard.key.as_ref().filter(|key| !key.has_signed(&head)) {
                next.mac = key.sign(&unsigned);
                sqlx::query("update chain set mac = $2 where name = $1")
                    .bind(chain.name)
                    .bind(&next.mac)
                    .execute(&mut *transaction)
                    .await?;
                sealed.push(chain.name.to_owned());
            }
            self.commit(transaction, &next, now).await?;
        }
        Ok(sealed)
    }

    /// Tells the anchor file of every head it does not hold yet: at the start, when it may be new.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn anchor_heads(&self, now: Vintage) -> Result<(), StoreError> {
        let Some(anchor) = &self.guard.anchor else {
            return Ok(());
        };
        let statement =
            "select name, seq, hash, base_seq, base_hash, mac from chain where seq > 0 order by name";
        for row in sqlx::query(statement).fetch_all(&self.pool).await? {
            anchor.remember(&read_head(&row)?, now).await;
        }
        Ok(())
    }
}

/// Walks to the first fault of rows, anchor lines or head.
async fn along(
    chain: &Chain,
    walk: &mut Walk,
    rows: &mut (impl futures_util::Stream<Item = Result<AnyRow, sqlx::Error>> + Unpin),
    lines: Option<&[Line]>,
) -> Result<Option<ChainFault>, StoreError> {
    let mut remembered: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for (_, seq, hash) in lines.unwrap_or_default().iter().filter(|(name, ..)| name == chain.name) {
        remembered.entry(*seq).or_default().push(hash);
    }
    loop {
        let link = match rows.try_next().await {
            Ok(None) => break,
            Ok(Some(row)) => chain.link(&row),
            Err(error) => Err(error),
        };
        let link = match link {
            Ok(link) => link,
            // A cell that is not of its column's kind: somebody else put it there.
            Err(
                sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::AnyDriverError(_),
            ) => {
                return Ok(Some(walk.unreadable()));
            }
            Err(error) => return Err(error.into()),
        };
        if let Err(fault) = walk.step(&link) {
            return Ok(Some(fault));
        }
        let is_known = |hashes: &Vec<&str>| hashes.iter().all(|hash| *hash == link.hash);
        if !remembered.get(&link.seq).is_none_or(is_known) {
            return Ok(Some(walk.fault(link.seq, FaultKind::Rewritten)));
        }
    }
    if let Err(fault) = walk.finish() {
        return Ok(Some(fault));
    }
    let later = remembered.range(walk.seq() + 1..).next();
    Ok(later.map(|(seq, _)| walk.fault(*seq, FaultKind::Cut)))
}

fn without_head(chain: &Chain) -> ChainReport {
    let name = chain.name.to_owned();
    let fault = Some(ChainFault { chain: name.clone(), seq: 0, kind: FaultKind::ForgedHead });
    let hash = FIRST.to_owned();
    ChainReport { name, rows: 0, first: 0, last: 0, hash, is_signed: false, is_unchecked: false, fault }
}

fn read_head(row: &AnyRow) -> Result<Head, StoreError> {
    Ok(Head {
        chain: row.try_get("name")?,
        seq: row.try_get("seq")?,
        hash: row.try_get("hash")?,
        base_seq: row.try_get("base_seq")?,
        base_hash: row.try_get("base_hash")?,
        mac: row.try_get("mac")?,
    })
}
