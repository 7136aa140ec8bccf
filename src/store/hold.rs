//! Batches that wait for a person's word, and what the person said.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::bulk::Writer;
use super::observation::from_moment;
use super::run::Run;
use super::{Outcome, Store, StoreError};
use crate::epi::Vintage;

/// A batch to be held: what was found, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHold {
    /// Codes, each with what it was held against.
    pub reasons: String,
    /// Rows before and now, figures changed, the largest movers.
    pub diff: String,
}

/// Where a held batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldState {
    /// It waits.
    Open,
    /// A person let it in.
    Released,
    /// A person refused it.
    Refused,
    /// A later batch of the source was taken in, or is held in its place.
    Superseded,
}

impl HoldState {
    const ALL: [Self; 4] = [Self::Open, Self::Released, Self::Refused, Self::Superseded];

    /// The word in the store and on pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Released => "released",
            Self::Refused => "refused",
            Self::Superseded => "superseded",
        }
    }
}

/// A held batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The run that brought it.
    pub run_id: String,
    /// Whose.
    pub source: String,
    /// Since when.
    pub at: Vintage,
    /// What was found, as JSON.
    pub reasons: String,
    /// What it would change, as JSON.
    pub diff: String,
    /// Where it stands.
    pub state: HoldState,
    /// Who decided; empty while it is open.
    pub by: String,
    /// In which role.
    pub role: String,
    /// When.
    pub decided_at: Option<Vintage>,
    /// Why, in their words.
    pub reason: String,
    /// The run that took the figures in.
    pub next_run: String,
}

/// What a person says of a held batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldDecision<'a> {
    /// The run that brought it.
    pub run_id: &'a str,
    /// Released or refused.
    pub state: HoldState,
    /// Who.
    pub by: &'a str,
    /// In which role.
    pub role: &'a str,
    /// When.
    pub at: Vintage,
    /// Why.
    pub reason: &'a str,
    /// The run that took the figures in, after a release.
    pub next_run: &'a str,
}

impl Store {
    /// Writes down what a person said of a held batch; `false` if it is no longer open.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn decide_hold(&self, decision: &HoldDecision<'_>) -> Result<bool, StoreError> {
        let mut writer = self.begin_saving().await?;
        let is_done = decide(&mut writer, decision).await?;
        writer.commit().await?;
        Ok(is_done)
    }

    /// The hold of a run, if it was held.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hold(&self, run_id: &str) -> Result<Option<Hold>, StoreError> {
        let row = sqlx::query("select * from hold where run_id = $1")
            .bind(run_id)
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Whether a person refused this payload of a source.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn is_payload_refused(&self, source: &str, sha256: &str) -> Result<bool, StoreError> {
        let row: (i64,) = sqlx::query_as(
            "select count(*) from hold h join run r on r.id = h.run_id \
             where r.source = $1 and r.payload = $2 and h.state = 'refused'",
        )
        .bind(source)
        .bind(sha256)
        .fetch_one(&self.pool)
        .await?;
        Ok(row.0 > 0)
    }

    /// The batches that wait, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_holds(&self) -> Result<Vec<Hold>, StoreError> {
        let rows = sqlx::query("select * from hold where state = 'open' order by at, run_id")
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(read).collect()
    }
}

/// Writes down a hold, and that an earlier one of this source is superseded by a batch that was judged after it.
pub(super) async fn settle(writer: &mut Writer, run: &Run, hold: Option<&NewHold>) -> Result<(), StoreError> {
    let is_judged = hold.is_some() || run.outcome == Outcome::Changed;
    if is_judged {
        let text = "update hold set state = 'superseded', next_run = $2 where source = $1 and state = 'open'";
        writer.execute(text, &[(&run.source).into(), (&run.id).into()]).await?;
    }
    if let Some(hold) = hold {
        let cells = [
            (&run.id).into(),
            (&run.source).into(),
            run.started_at.millis().into(),
            (&hold.reasons).into(),
            (&hold.diff).into(),
        ];
        let text = "insert into hold (run_id, source, at, reasons, diff, state, by_name, role, decided_at, reason, \
                    next_run) values ($1, $2, $3, $4, $5, 'open', '', '', 0, '', '')";
        writer.execute(text, &cells).await?;
    }
    Ok(())
}

/// Writes down what a person said of a held batch; `false` if it is no longer open.
pub(super) async fn decide(writer: &mut Writer, decision: &HoldDecision<'_>) -> Result<bool, StoreError> {
    let cells = [
        decision.run_id.into(),
        decision.state.as_str().into(),
        decision.by.into(),
        decision.role.into(),
        decision.at.millis().into(),
        decision.reason.into(),
        decision.next_run.into(),
    ];
    let text = "update hold set state = $2, by_name = $3, role = $4, decided_at = $5, reason = $6, next_run = $7 \
                where run_id = $1 and state = 'open'";
    Ok(writer.execute(text, &cells).await? == 1)
}

fn read(row: &AnyRow) -> Result<Hold, StoreError> {
    let (state, decided_at): (String, i64) = (row.try_get("state")?, row.try_get("decided_at")?);
    Ok(Hold {
        run_id: row.try_get("run_id")?,
        source: row.try_get("source")?,
        at: from_moment(row.try_get("at")?)?,
        reasons: row.try_get("reasons")?,
        diff: row.try_get("diff")?,
        state: HoldState::ALL
            .into_iter()
            .find(|known| known.as_str() == state)
            .ok_or(StoreError::Corrupt { what: "the state of a held batch", reason: state })?,
        by: row.try_get("by_name")?,
        role: row.try_get("role")?,
        decided_at: (decided_at != 0).then(|| from_moment(decided_at)).transpose()?,
        reason: row.try_get("reason")?,
        next_run: row.try_get("next_run")?,
    })
}
