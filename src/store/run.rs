//! Reports of pulls: what was received and what became of it.

use std::str::FromStr;

use sqlx::{Any, Row, Transaction};

use super::bulk::{Cell, Kind, Target};
use super::hold::decide;
use super::observation::from_moment;
use super::{HoldDecision, NewHold, Store, StoreError};
use crate::epi::Vintage;
use crate::observation::Observation;

/// How a pull ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Something was new.
    Changed,
    /// Nothing was.
    Unchanged,
    /// It failed; the last good figures keep serving.
    Failed,
    /// It waits for a person's word; the last good figures keep serving.
    Held,
    /// A person refused this payload; the last good figures keep serving.
    Refused,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Changed, Self::Unchanged, Self::Failed, Self::Held, Self::Refused];

    /// The word in the store and on pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Refused => "refused",
        }
    }
}

impl Run {
    /// A pull that brought nothing, to be filled in: its id, whose, when, how it ended.
    #[must_use]
    pub fn new((id, source): (&str, &str), at: Vintage, outcome: Outcome) -> Self {
        Self {
            id: id.to_owned(),
            source: source.to_owned(),
            started_at: at,
            finished_at: at,
            outcome,
            received: 0,
            accepted: 0,
            unchanged: 0,
            rejected: 0,
            held: 0,
            skipped: 0,
            payload: String::new(),
            shape: String::new(),
            spec: String::new(),
            released_from: String::new(),
            message: String::new(),
        }
    }
}

impl FromStr for Outcome {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|known| known.as_str() == text);
        found.ok_or_else(|| "write changed, unchanged, failed, held or refused".to_owned())
    }
}

/// One refused row of a pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRejection {
    /// Line of the payload.
    pub line: u64,
    /// The column at fault.
    pub column: String,
    /// The reason's code.
    pub reason: String,
    /// The cell and what it was held against.
    pub detail: String,
}

/// One pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id: source and moment.
    pub id: String,
    /// The source.
    pub source: String,
    /// When it started.
    pub started_at: Vintage,
    /// When it ended.
    pub finished_at: Vintage,
    /// How.
    pub outcome: Outcome,
    /// Figures received.
    pub received: u64,
    /// New or changed.
    pub accepted: u64,
    /// Known already.
    pub unchanged: u64,
    /// Refused.
    pub rejected: u64,
    /// Waiting for a person's word.
    pub held: u64,
    /// Rows that the source's file says to leave out; not among those received.
    pub skipped: u64,
    /// The archived payload's hash, if there was one.
    pub payload: String,
    /// The payload's column names.
    pub shape: String,
    /// The fingerprint of the source's file.
    pub spec: String,
    /// The held run whose payload a person released with this one; empty if none.
    pub released_from: String,
    /// What went wrong, in one sentence; empty if nothing.
    pub message: String,
}

/// A pull to be saved, with all that belongs to it.
#[derive(Debug, Clone, Copy)]
pub struct Pull<'a> {
    /// The report.
    pub run: &'a Run,
    /// What was refused.
    pub rejections: &'a [RunRejection],
    /// What is taken in.
    pub accepted: &'a [Observation],
    /// Why the rest waits for a person, if it does.
    pub hold: Option<&'a NewHold>,
    /// The word of the person who let it in, if it was held before.
    pub decision: Option<&'a HoldDecision<'a>>,
}

/// What became of a pull that was to be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is saved, now or before.
    Done,
    /// Another process saved a pull of this source meanwhile: nothing was saved.
    Overtaken,
}

const REJECTION: Target<'_> = Target {
    into: "rejection (run_id, place, line, field, reason, detail)",
    kinds: &[Kind::Text, Kind::Whole, Kind::Whole, Kind::Text, Kind::Text, Kind::Text],
    on_conflict: "on conflict do nothing",
};

impl Store {
    /// Saves a pull, what it refused, what it brought and whether it is held, all or nothing. A run that is there
    /// already (the program was stopped after saving it) is left as it is.
    ///
    /// `revision` is the source's as read before what was known of it was read. If another process saved a pull of
    /// this source since, nothing is saved: what was judged may be old, the caller judges anew.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is saved then.
    pub async fn save_run(&self, pull: &Pull<'_>, revision: i64) -> Result<Saved, StoreError> {
        let run = pull.run;
        let mut transaction = self.begin().await?;
        if !self.raise_revision(&mut transaction, &run.source, revision).await? {
            return Ok(Saved::Overtaken);
        }
        if let Some(decision) = pull.decision
            && !decide(&mut transaction, decision).await?
        {
            return Ok(Saved::Overtaken);
        }
        let inserted = sqlx::query(
            "insert into run (id, source, started_at, finished_at, outcome, received, accepted, unchanged, rejected, \
             held, skipped, payload, shape, spec, released_from, message) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) on conflict do nothing",
        )
        .bind(&run.id)
        .bind(&run.source)
        .bind(run.started_at.millis())
        .bind(run.finished_at.millis())
        .bind(run.outcome.as_str())
        .bind(whole(run.received))
        .bind(whole(run.accepted))
        .bind(whole(run.unchanged))
        .bind(whole(run.rejected))
        .bind(whole(run.held))
        .bind(whole(run.skipped))
        .bind(&run.payload)
        .bind(&run.shape)
        .bind(&run.spec)
        .bind(&run.released_from)
        .bind(&run.message)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        if inserted == 1 {
            let mut rows: Vec<[Cell<'_>; 6]> = Vec::with_capacity(pull.rejections.len());
            for (place, r) in (0..).zip(pull.rejections) {
                let line = i64::try_from(r.line).unwrap_or(i64::MAX);
                rows.push([
                    (&run.id).into(),
                    Cell::Whole(place),
                    line.into(),
                    (&r.column).into(),
                    (&r.reason).into(),
                    (&r.detail).into(),
                ]);
            }
            REJECTION.insert(&mut transaction, self.dialect, &rows).await?;
            let payload_id = payload_id(&mut transaction, &run.source, &run.payload).await?;
            self.add_observations(&mut transaction, pull.accepted, payload_id).await?;
            self.settle_holds(&mut transaction, run, pull.hold).await?;
        }
        transaction.commit().await?;
        Ok(Saved::Done)
    }

    /// The newest pull of a source with an outcome among these; with a payload if `payload` is given, that one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn last_run(
        &self,
        source: &str,
        outcomes: &[Outcome],
        payload: Option<&str>,
    ) -> Result<Option<Run>, StoreError> {
        let words = outcomes.iter().map(|outcome| outcome.as_str()).collect::<Vec<_>>().join(" ");
        let row = sqlx::query(
            "select * from run where source = $1 and (' ' || $2 || ' ') like ('% ' || outcome || ' %') \
             and payload <> '' and ($3 = '' or payload = $3) order by started_at desc, id desc limit 1",
        )
        .bind(source)
        .bind(words)
        .bind(payload.unwrap_or_default())
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// A pull by its id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn run(&self, id: &str) -> Result<Option<Run>, StoreError> {
        let row = sqlx::query("select * from run where id = $1").bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(read).transpose()
    }

    /// The last pulls, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn runs(&self, most: u32) -> Result<Vec<Run>, StoreError> {
        let rows = sqlx::query("select * from run order by started_at desc, source limit $1")
            .bind(i64::from(most))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(read).collect()
    }

    /// How many different figures were ever refused, by reason. A publisher that keeps printing a wrong figure has
    /// it refused at every pull; it counts once here.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn rejected_figures(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "select reason, count(*) from (select distinct u.source, r.field, r.reason, r.detail \
             from rejection r join run u on u.id = r.run_id) as figure group by reason order by reason",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows)
    }

    /// What a pull refused.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rejections(&self, run_id: &str) -> Result<Vec<RunRejection>, StoreError> {
        let rows =
            sqlx::query("select line, field, reason, detail from rejection where run_id = $1 order by place")
                .bind(run_id)
                .fetch_all(&self.pool)
                .await?;
        rows.iter()
            .map(|row| {
                Ok(RunRejection {
                    line: u64::try_from(row.try_get::<i64, _>("line")?).unwrap_or(0),
                    column: row.try_get("field")?,
                    reason: row.try_get("reason")?,
                    detail: row.try_get("detail")?,
                })
            })
            .collect()
    }
}

async fn payload_id(
    transaction: &mut Transaction<'_, Any>,
    source: &str,
    sha256: &str,
) -> Result<i64, StoreError> {
    let row: Option<(i64,)> = sqlx::query_as("select id from payload where source = $1 and sha256 = $2")
        .bind(source)
        .bind(sha256)
        .fetch_optional(&mut **transaction)
        .await?;
    Ok(row.map_or(0, |row| row.0))
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn read(row: &sqlx::any::AnyRow) -> Result<Run, StoreError> {
    let outcome: String = row.try_get("outcome")?;
    let count = |name: &str| row.try_get::<i64, _>(name).map(|count| u64::try_from(count).unwrap_or(0));
    Ok(Run {
        id: row.try_get("id")?,
        source: row.try_get("source")?,
        started_at: from_moment(row.try_get("started_at")?)?,
        finished_at: from_moment(row.try_get("finished_at")?)?,
        outcome: outcome.parse().map_err(|_| StoreError::Corrupt { what: "an outcome", reason: outcome })?,
        received: count("received")?,
        accepted: count("accepted")?,
        unchanged: count("unchanged")?,
        rejected: count("rejected")?,
        held: count("held")?,
        skipped: count("skipped")?,
        payload: row.try_get("payload")?,
        shape: row.try_get("shape")?,
        spec: row.try_get("spec")?,
        released_from: row.try_get("released_from")?,
        message: row.try_get("message")?,
    })
}
