//! The ledger of recommendations: one row an evaluation.

use serde::de::{DeserializeOwned, IntoDeserializer, value};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Row};

use super::bulk::places;
use super::chain::RECOMMENDATION;
use super::observation::{from_day, from_moment, to_day};
use super::{ReadStore, Store, StoreError};
use crate::assessment::{Assessment, Evaluation, PolicyId, Standing};
use crate::epi::{LocationId, Vintage};

/// So many are asked for by name in one question.
const NAMED_AT_ONCE: usize = 500;

/// One evaluation as kept.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedAssessment {
    /// Its id: location and moment.
    pub id: String,
    /// As known when.
    pub as_of: Vintage,
    /// What the rules said.
    pub assessment: Assessment,
    /// What stands after it.
    pub standing: Standing,
    /// What alerts remembered after it, as JSON, when they remembered it here; `{}` since they have rules of their own.
    pub memory: String,
}

impl Store {
    /// Saves an evaluation. One that is there already (the program was stopped after saving it) is left as it is; returns
    /// whether it was new.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is saved then.
    pub async fn save_assessment(&self, saved: &SavedAssessment) -> Result<bool, StoreError> {
        let encode = |what: &'static str, json: serde_json::Result<String>| {
            json.map_err(|error| StoreError::Corrupt { what, reason: error.to_string() })
        };
        let a = &saved.assessment;
        let values = [
            Value::from(saved.id.as_str()),
            Value::from(a.location.as_str()),
            Value::from(to_day(a.date)),
            Value::from(saved.as_of.millis()),
            Value::from(a.policy.id.as_str()),
            Value::from(a.policy.version.as_str()),
            Value::from(a.level.as_str()),
            Value::from(a.step.number()),
            Value::from(a.mode.as_str()),
            Value::from(a.verdict.as_str()),
            Value::from(a.deciding_rule.as_deref().unwrap_or_default()),
            Value::from(encode("an assessment", serde_json::to_string(a))?),
            Value::from(encode("a standing", serde_json::to_string(&saved.standing))?),
            Value::from(saved.memory.as_str()),
        ];
        let mut transaction = self.begin().await?;
        self.lock_head(&mut transaction, &RECOMMENDATION).await?;
        let (known,): (i64,) = sqlx::query_as(
            "select count(*) from recommendation where id = $1 or (location = $2 and as_of = $3)",
        )
        .bind(&saved.id)
        .bind(&a.location)
        .bind(saved.as_of.millis())
        .fetch_one(&mut *transaction)
        .await?;
        if known > 0 {
            return Ok(false);
        }
        let head = self.append(&mut transaction, &RECOMMENDATION, &values).await?;
        self.commit(transaction, &head, saved.as_of).await?;
        Ok(true)
    }

    /// Whether a pull brought something new after the last evaluation.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn has_unassessed_figures(&self, location: &LocationId) -> Result<bool, StoreError> {
        let row: (i64,) = sqlx::query_as(
            "select count(*) from run where outcome = 'changed' and started_at > \
             (select coalesce(max(as_of), 0) from recommendation where location = $1)",
        )
        .bind(location.as_str())
        .fetch_one(&self.pool)
        .await?;
        Ok(row.0 > 0)
    }
}

impl ReadStore {
    /// The evaluations of a location, oldest first; `as_of` leaves out later ones.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn assessments(
        &self,
        location: &LocationId,
        as_of: Option<Vintage>,
    ) -> Result<Vec<SavedAssessment>, StoreError> {
        let rows = sqlx::query(
            "select id, as_of, json, standing, memory from recommendation \
             where location = $1 and as_of <= $2 order by as_of",
        )
        .bind(location.as_str())
        .bind(as_of.map_or(i64::MAX, Vintage::millis))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Every evaluation of a location, oldest first, without its reasons: those are dear to read, and most who look at the ledger
    /// want to know what was said, not why.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn evaluations(&self, location: &LocationId) -> Result<Vec<Evaluation>, StoreError> {
        let rows = sqlx::query(
            "select id, date, as_of, policy, policy_version, step, mode, verdict from recommendation \
             where location = $1 order by as_of",
        )
        .bind(location.as_str())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read_evaluation).collect()
    }

    /// Evaluations with their reasons, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Corrupt`] when one is not there, as on a standby that does not have it yet.
    pub async fn assessments_of(
        &self,
        evaluations: &[&Evaluation],
    ) -> Result<Vec<SavedAssessment>, StoreError> {
        let mut found = Vec::with_capacity(evaluations.len());
        for part in evaluations.chunks(NAMED_AT_ONCE) {
            let text = format!(
                "select id, as_of, json, standing, memory from recommendation where id in ({})",
                places(1, part.len())
            );
            let query = part.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, one| query.bind(&one.id));
            for row in &query.fetch_all(&self.pool).await? {
                found.push(read(row)?);
            }
        }
        if found.len() != evaluations.len() {
            let reason = format!("{} of {} are there", found.len(), evaluations.len());
            return Err(StoreError::Corrupt { what: "evaluations of the ledger", reason });
        }
        found.sort_by_key(|saved| saved.as_of);
        Ok(found)
    }

    /// The last evaluation of a location, up to a moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn last_assessment(
        &self,
        location: &LocationId,
        as_of: Option<Vintage>,
    ) -> Result<Option<SavedAssessment>, StoreError> {
        let row = sqlx::query(
            "select id, as_of, json, standing, memory from recommendation \
             where location = $1 and as_of <= $2 order by as_of desc limit 1",
        )
        .bind(location.as_str())
        .bind(as_of.map_or(i64::MAX, Vintage::millis))
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(read).transpose()
    }
}

fn read_evaluation(row: &sqlx::any::AnyRow) -> Result<Evaluation, StoreError> {
    let step: i64 = row.try_get("step")?;
    let step = u8::try_from(step).ok().and_then(|number| number.try_into().ok());
    let no_step = StoreError::Corrupt { what: "an evaluation", reason: "its step is none".to_owned() };
    Ok(Evaluation {
        id: row.try_get("id")?,
        date: from_day(row.try_get("date")?)?,
        as_of: from_moment(row.try_get("as_of")?)?,
        policy: PolicyId { id: row.try_get("policy")?, version: row.try_get("policy_version")? },
        step: step.ok_or(no_step)?,
        mode: by_name(row.try_get("mode")?)?,
        verdict: by_name(row.try_get("verdict")?)?,
    })
}

/// What has a name in files and JSON.
fn by_name<T: DeserializeOwned>(name: &str) -> Result<T, StoreError> {
    let named = T::deserialize(IntoDeserializer::<value::Error>::into_deserializer(name));
    named.map_err(|error| StoreError::Corrupt { what: "an evaluation", reason: error.to_string() })
}

fn read(row: &sqlx::any::AnyRow) -> Result<SavedAssessment, StoreError> {
    let corrupt = |what: &'static str| {
        move |error: serde_json::Error| StoreError::Corrupt { what, reason: error.to_string() }
    };
    let (json, standing): (String, String) = (row.try_get("json")?, row.try_get("standing")?);
    Ok(SavedAssessment {
        id: row.try_get("id")?,
        as_of: from_moment(row.try_get("as_of")?)?,
        assessment: serde_json::from_str(&json).map_err(corrupt("an assessment"))?,
        standing: serde_json::from_str(&standing).map_err(corrupt("a standing"))?,
        memory: row.try_get("memory")?,
    })
}
