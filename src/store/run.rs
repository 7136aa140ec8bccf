//! Reports of pulls: what was received and what became of it.

use std::str::FromStr;

use sqlx::Row;

use super::bulk::{Cell, Kind, Target, Writer};
use super::hold::{decide, settle};
use super::observation::{add_figures, from_moment};
use super::source::raise_revision;
use super::{HoldDecision, NewHold, ReadStore, Store, StoreError};
use crate::epi::Vintage;
use crate::observation::Figures;

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
    pub accepted: &'a Figures,
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
        let mut writer = self.begin_saving().await?;
        if !raise_revision(&mut writer, &run.source, revision).await? {
            return Ok(Saved::Overtaken);
        }
        if let Some(decision) = pull.decision
            && !decide(&mut writer, decision).await?
        {
            return Ok(Saved::Overtaken);
        }
        if add(&mut writer, run).await? {
            let mut rejections = (0..).zip(pull.rejections).map(|(place, r)| {
                let line = i64::try_from(r.line).unwrap_or(i64::MAX);
                [
                    Cell::from(&run.id),
                    Cell::Whole(place),
                    line.into(),
                    (&r.column).into(),
                    (&r.reason).into(),
                    (&r.detail).into(),
                ]
            });
            REJECTION.insert(writer.lane(), &mut rejections).await?;
            let text = "select id from payload where source = $1 and sha256 = $2";
            let payload = writer.number(text, &[(&run.source).into(), (&run.payload).into()]).await?;
            add_figures(&mut writer, pull.accepted, payload.unwrap_or(0)).await?;
            settle(&mut writer, run, pull.hold).await?;
        }
        writer.commit().await?;
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

impl ReadStore {
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
}

/// Adds the report of a pull; `false` if it is there already.
async fn add(writer: &mut Writer, run: &Run) -> Result<bool, StoreError> {
    let cells = [
        (&run.id).into(),
        (&run.source).into(),
        run.started_at.millis().into(),
        run.finished_at.millis().into(),
        run.outcome.as_str().into(),
        whole(run.received).into(),
        whole(run.accepted).into(),
        whole(run.unchanged).into(),
        whole(run.rejected).into(),
        whole(run.held).into(),
        whole(run.skipped).into(),
        (&run.payload).into(),
        (&run.shape).into(),
        (&run.spec).into(),
        (&run.released_from).into(),
        (&run.message).into(),
    ];
    let text = "insert into run (id, source, started_at, finished_at, outcome, received, accepted, unchanged, rejected, \
                held, skipped, payload, shape, spec, released_from, message) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) on conflict do nothing";
    Ok(writer.execute(text, &cells).await? == 1)
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
