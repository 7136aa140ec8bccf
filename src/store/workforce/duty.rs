//! Turns on duty: plans, changes of people, holes, and what officers did and owed before.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use sqlx::Row;

use super::unit::{moment, whole};
use crate::audit::Entry;
use crate::epi::{Vintage, Window};
use crate::store::observation::{from_day, to_day};
use crate::store::{ReadStore, Store, StoreError};
use crate::workforce::{Change, Duty, Gap, Hole, Past, Turns, UnitRoster, applied};

/// A unit's days that were laid out, to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlan {
    /// The unit.
    pub unit_id: String,
    /// The days.
    pub days: Window,
    /// Officers on a day.
    pub required: u32,
    /// The seed.
    pub seed: u64,
    /// Who takes turns: classes of positions with `,` between them, or empty.
    pub positions: String,
    /// The turns.
    pub roster: UnitRoster,
}

/// A plan that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPlan {
    /// The unit.
    pub unit_id: String,
    /// The days.
    pub days: Window,
    /// Officers on a day.
    pub required: u32,
    /// Who made it.
    pub by: String,
}

impl Store {
    /// Keeps plans with their turns, all or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody planned a unit's days meanwhile; nothing is kept then.
    pub async fn save_plans(&self, plans: &[NewPlan], entry: &Entry) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let head = self.add_entry(&mut transaction, entry).await?;
        for plan in plans {
            let overlap: (i64,) = sqlx::query_as(
                "select count(*) from duty_plan where unit_id = $1 and from_day <= $3 and to_day >= $2",
            )
            .bind(&plan.unit_id)
            .bind(to_day(plan.days.from))
            .bind(to_day(plan.days.to))
            .fetch_one(&mut *transaction)
            .await?;
            if overlap.0 > 0 {
                return Err(StoreError::Conflict { what: format!("the roster of {}", plan.unit_id) });
            }
            save_plan(&mut transaction, plan, entry).await?;
        }
        self.commit(transaction, &head, entry.at).await
    }

    /// Every plan that touches some days, in order of units and days.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer or holds what it should not.
    pub async fn plans(&self, days: Window) -> Result<Vec<KnownPlan>, StoreError> {
        let rows = sqlx::query(
            "select unit_id, from_day, to_day, required, by_name from duty_plan where from_day <= $2 and to_day >= $1 \
             order by unit_id, from_day",
        )
        .bind(to_day(days.from))
        .bind(to_day(days.to))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let (from, to) = (from_day(row.try_get("from_day")?)?, from_day(row.try_get("to_day")?)?);
                Ok(KnownPlan {
                    unit_id: row.try_get("unit_id")?,
                    days: Window { from, to },
                    required: whole(row, "required")?,
                    by: row.try_get("by_name")?,
                })
            })
            .collect()
    }

    /// Turns after every change, of one unit or of all, in some days.
    ///
    /// # Errors
    /// As [`Store::plans`].
    pub async fn duties(&self, days: Window, unit: Option<&str>) -> Result<Vec<Duty>, StoreError> {
        self.turns(days, unit, None).await
    }

    /// Holes as they were planned, of one unit or of all, in order of days and units.
    ///
    /// # Errors
    /// As [`Store::plans`].
    pub async fn duty_holes(&self, days: Window, unit: Option<&str>) -> Result<Vec<Hole>, StoreError> {
        let rows = sqlx::query(
            "select date, unit_id, required, found, officers, away, resting from duty_hole \
             where date >= $1 and date <= $2 and ($3 = '' or unit_id = $3) order by date, unit_id",
        )
        .bind(to_day(days.from))
        .bind(to_day(days.to))
        .bind(unit.unwrap_or_default())
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let gap = Gap {
                    officers: whole(row, "officers")?,
                    away: whole(row, "away")?,
                    resting: whole(row, "resting")?,
                };
                Ok(Hole {
                    date: from_day(row.try_get("date")?)?,
                    unit_id: row.try_get("unit_id")?,
                    required: whole(row, "required")?,
                    found: whole(row, "found")?,
                    gap,
                })
            })
            .collect()
    }

    /// Keeps a change; its number. The plan stays as it was.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is kept then.
    pub async fn add_duty_change(&self, change: &Change, entry: &Entry) -> Result<i64, StoreError> {
        let mut transaction = self.begin().await?;
        // First, because it makes other writers wait: two changes never get one number.
        let head = self.add_entry(&mut transaction, entry).await?;
        let (id,): (i64,) = sqlx::query_as("select coalesce(max(id), 0) + 1 from duty_change")
            .fetch_one(&mut *transaction)
            .await?;
        sqlx::query(
            "insert into duty_change (id, at, by_name, role, reason, unit_id, date, relieved, comes) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(entry.at.millis())
        .bind(&entry.actor)
        .bind(&entry.role)
        .bind(&change.reason)
        .bind(&change.unit_id)
        .bind(to_day(change.date))
        .bind(change.relieved.as_deref().unwrap_or_default())
        .bind(&change.comes)
        .execute(&mut *transaction)
        .await?;
        self.commit(transaction, &head, entry.at).await?;
        Ok(id)
    }

    /// What happened in every unit before a day: turns done and owed, and who was on duty on the last two days on which
    /// anybody was. `last` are the two working days before it, the nearest first.
    ///
    /// # Errors
    /// As [`Store::plans`].
    pub async fn past_turns(
        &self,
        before: NaiveDate,
        last: [NaiveDate; 2],
    ) -> Result<BTreeMap<String, Past>, StoreError> {
        let Some(yesterday) = before.pred_opt() else { return Ok(BTreeMap::new()) };
        let days = Window { from: NaiveDate::from_ymd_opt(1970, 1, 2).unwrap_or(yesterday), to: yesterday };
        let mut past: BTreeMap<String, Past> = BTreeMap::new();
        for duty in self.duties(days, None).await? {
            let unit = past.entry(duty.unit_id).or_default();
            for (place, day) in last.iter().enumerate() {
                if duty.date == *day {
                    unit.last[place].push(duty.officer_id.clone());
                }
            }
            let turns = unit.turns.entry(duty.officer_id).or_default();
            turns.done += 1;
            turns.weekdays[duty.date.weekday().num_days_from_monday() as usize] += 1;
        }
        let owed = sqlx::query(
            "select o.unit_id, o.officer_id, o.owed from duty_owed o join (select unit_id, officer_id, max(to_day) as to_day \
             from duty_owed where to_day < $1 group by unit_id, officer_id) n \
             on n.unit_id = o.unit_id and n.officer_id = o.officer_id and n.to_day = o.to_day",
        )
        .bind(to_day(before))
        .fetch_all(&self.pool)
        .await?;
        for row in owed {
            let unit = past.entry(row.try_get("unit_id")?).or_default();
            let turns: &mut Turns = unit.turns.entry(row.try_get("officer_id")?).or_default();
            turns.owed = row.try_get("owed")?;
        }
        Ok(past)
    }
}

impl ReadStore {
    /// Turns as they were known at a moment: of plans made by then, after the changes made by then.
    ///
    /// # Errors
    /// As [`Store::plans`].
    pub async fn duties_known(
        &self,
        days: Window,
        unit: Option<&str>,
        as_of: Vintage,
    ) -> Result<Vec<Duty>, StoreError> {
        self.turns(days, unit, Some(as_of)).await
    }

    async fn turns(
        &self,
        days: Window,
        unit: Option<&str>,
        as_of: Option<Vintage>,
    ) -> Result<Vec<Duty>, StoreError> {
        let rows = sqlx::query(
            "select d.date, d.unit_id, d.officer_id, d.substitute from duty d join duty_plan p \
             on p.unit_id = d.unit_id and p.from_day <= d.date and p.to_day >= d.date \
             where d.date >= $1 and d.date <= $2 and ($3 = '' or d.unit_id = $3) and p.at <= $4",
        )
        .bind(to_day(days.from))
        .bind(to_day(days.to))
        .bind(unit.unwrap_or_default())
        .bind(as_of.map_or(i64::MAX, Vintage::millis))
        .fetch_all(&self.pool)
        .await?;
        let mut planned = Vec::with_capacity(rows.len());
        for row in rows {
            let substitute: String = row.try_get("substitute")?;
            planned.push(Duty {
                date: from_day(row.try_get("date")?)?,
                unit_id: row.try_get("unit_id")?,
                officer_id: row.try_get("officer_id")?,
                substitute: Some(substitute).filter(|id| !id.is_empty()),
            });
        }
        let mut changes = self.duty_changes(days, unit).await?;
        changes.retain(|change| as_of.is_none_or(|as_of| change.at <= as_of));
        Ok(applied(&planned, &changes))
    }

    /// Changes that people made, in the order in which they did.
    ///
    /// # Errors
    /// As [`Store::plans`].
    pub async fn duty_changes(&self, days: Window, unit: Option<&str>) -> Result<Vec<Change>, StoreError> {
        let rows = sqlx::query(
            "select id, at, by_name, role, reason, unit_id, date, relieved, comes from duty_change \
             where date >= $1 and date <= $2 and ($3 = '' or unit_id = $3) order by id",
        )
        .bind(to_day(days.from))
        .bind(to_day(days.to))
        .bind(unit.unwrap_or_default())
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Change {
                    id: row.try_get("id")?,
                    at: moment(row, "at")?,
                    by: row.try_get("by_name")?,
                    role: row.try_get("role")?,
                    reason: row.try_get("reason")?,
                    unit_id: row.try_get("unit_id")?,
                    date: from_day(row.try_get("date")?)?,
                    relieved: Some(row.try_get::<String, _>("relieved")?).filter(|id| !id.is_empty()),
                    comes: row.try_get("comes")?,
                })
            })
            .collect()
    }
}

async fn save_plan(
    transaction: &mut sqlx::Transaction<'_, sqlx::Any>,
    plan: &NewPlan,
    entry: &Entry,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into duty_plan (unit_id, from_day, to_day, required, seed, positions, at, by_name, role) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&plan.unit_id)
    .bind(to_day(plan.days.from))
    .bind(to_day(plan.days.to))
    .bind(i64::from(plan.required))
    .bind(plan.seed.to_string())
    .bind(&plan.positions)
    .bind(entry.at.millis())
    .bind(&entry.actor)
    .bind(&entry.role)
    .execute(&mut **transaction)
    .await?;
    for duty in &plan.roster.duties {
        sqlx::query("insert into duty (date, unit_id, officer_id, substitute) values ($1, $2, $3, $4)")
            .bind(to_day(duty.date))
            .bind(&duty.unit_id)
            .bind(&duty.officer_id)
            .bind(duty.substitute.as_deref().unwrap_or_default())
            .execute(&mut **transaction)
            .await?;
    }
    for hole in &plan.roster.holes {
        sqlx::query(
            "insert into duty_hole (date, unit_id, required, found, officers, away, resting) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(to_day(hole.date))
        .bind(&hole.unit_id)
        .bind(i64::from(hole.required))
        .bind(i64::from(hole.found))
        .bind(i64::from(hole.gap.officers))
        .bind(i64::from(hole.gap.away))
        .bind(i64::from(hole.gap.resting))
        .execute(&mut **transaction)
        .await?;
    }
    for (officer, turns) in &plan.roster.turns {
        sqlx::query("insert into duty_owed (unit_id, officer_id, to_day, owed) values ($1, $2, $3, $4)")
            .bind(&plan.unit_id)
            .bind(officer)
            .bind(to_day(plan.days.to))
            .bind(turns.owed)
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}
