//! The register of units, their head-counts and closures.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::audit::Entry;
use crate::epi::{LocationId, Vintage};
use crate::store::observation::{from_day, from_moment, to_day};
use crate::store::{ReadStore, Store, StoreError};
use crate::workforce::{Closure, HeadCount, Tally, Unit, UnitRow};

impl Store {
    /// Adds rows of the register with their head-counts, all or nothing; what is known already is left as it is. Returns how
    /// many rows said something new.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is added then.
    pub async fn add_units(&self, rows: &[UnitRow], entry: &Entry) -> Result<usize, StoreError> {
        let mut transaction = self.begin().await?;
        let head = self.add_entry(&mut transaction, entry).await?;
        let known: BTreeMap<String, Unit> =
            read_units(&mut transaction, &LocationId::new("")).await?.into_iter().collect();
        let counts = read_counts(&mut transaction).await?;
        let (at, mut new) = (entry.at.millis(), 0);
        for row in rows {
            let unit = &row.unit;
            let is_same = known.get(&unit.unit_id).is_some_and(|known| is_same(known, unit));
            if !is_same {
                sqlx::query(
                    "insert into unit_change (unit_id, at, name, name_en, category, parent, aliases, head, superior, \
                     contact, source) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                     on conflict (unit_id, at) do nothing",
                )
                .bind(&unit.unit_id)
                .bind(at)
                .bind(&unit.name)
                .bind(&unit.name_en)
                .bind(&unit.category)
                .bind(unit.parent.as_deref().unwrap_or_default())
                .bind(&unit.aliases)
                .bind(&unit.head)
                .bind(&unit.superior)
                .bind(&unit.contact)
                .bind(&unit.source)
                .execute(&mut *transaction)
                .await?;
            }
            let last = counts.iter().rfind(|count| count.unit_id == unit.unit_id && count.date == row.date);
            let is_counted = !row.counts.is_empty() && last.is_none_or(|last| last.counts != row.counts);
            for (tally, people) in row.counts.iter().filter(|_| is_counted) {
                sqlx::query(
                    "insert into head_count (unit_id, date, at, tally, people, source) values ($1, $2, $3, $4, $5, $6)",
                )
                .bind(&unit.unit_id)
                .bind(to_day(row.date))
                .bind(at)
                .bind(tally.as_str())
                .bind(i64::from(*people))
                .bind(&unit.source)
                .execute(&mut *transaction)
                .await?;
            }
            new += usize::from(!is_same || is_counted);
        }
        self.commit(transaction, &head, entry.at).await?;
        Ok(new)
    }

    /// Adds a closure; its number.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is added then.
    pub async fn add_closure(&self, closure: &Closure, entry: &Entry) -> Result<i64, StoreError> {
        let mut transaction = self.begin().await?;
        // First, because it makes other writers wait: two closures never get one number.
        let head = self.add_entry(&mut transaction, entry).await?;
        let (id,): (i64,) = sqlx::query_as("select coalesce(max(id), 0) + 1 from unit_closure")
            .fetch_one(&mut *transaction)
            .await?;
        sqlx::query(
            "insert into unit_closure (id, unit_id, from_day, to_day, reason, substitute, at, by_name, role) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(&closure.unit_id)
        .bind(to_day(closure.from))
        .bind(closure.to.map_or(0, to_day))
        .bind(&closure.reason)
        .bind(&closure.substitute)
        .bind(entry.at.millis())
        .bind(&entry.actor)
        .bind(&entry.role)
        .execute(&mut *transaction)
        .await?;
        self.commit(transaction, &head, entry.at).await?;
        Ok(id)
    }

    /// Notes that a closed unit opened again.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody did already.
    pub async fn reopen(&self, closure: i64, day: NaiveDate, entry: &Entry) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let head = self.add_entry(&mut transaction, entry).await?;
        sqlx::query(
            "insert into unit_reopening (closure_id, day, at, by_name, role) values ($1, $2, $3, $4, $5)",
        )
        .bind(closure)
        .bind(to_day(day))
        .bind(entry.at.millis())
        .bind(&entry.actor)
        .bind(&entry.role)
        .execute(&mut *transaction)
        .await?;
        self.commit(transaction, &head, entry.at).await
    }
}

impl ReadStore {
    /// The register: the newest row of each unit, in the city of `location`.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer or holds what it should not.
    pub async fn registered_units(&self, location: &LocationId) -> Result<Vec<(String, Unit)>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        read_units(&mut connection, location).await
    }

    /// Every head-count, in order of unit, day and moment.
    ///
    /// # Errors
    /// As [`ReadStore::registered_units`].
    pub async fn head_counts(&self) -> Result<Vec<HeadCount>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        read_counts(&mut connection).await
    }

    /// Every closure, in order of days.
    ///
    /// # Errors
    /// As [`ReadStore::registered_units`].
    pub async fn closures(&self) -> Result<Vec<Closure>, StoreError> {
        let rows = sqlx::query(
            "select c.id, c.unit_id, c.from_day, c.to_day, c.reason, c.substitute, c.by_name, coalesce(r.day, 0) as day \
             from unit_closure c left join unit_reopening r on r.closure_id = c.id order by c.from_day, c.id",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(closure).collect()
    }
}

/// Whether two rows of the register say the same.
fn is_same(one: &Unit, other: &Unit) -> bool {
    let words = |unit: &Unit| {
        let parent = unit.parent.clone().unwrap_or_default();
        [
            &unit.name,
            &unit.name_en,
            &unit.category,
            &parent,
            &unit.aliases,
            &unit.head,
            &unit.superior,
            &unit.contact,
        ]
        .map(Clone::clone)
    };
    words(one) == words(other)
}

async fn read_units(
    connection: &mut sqlx::AnyConnection,
    location: &LocationId,
) -> Result<Vec<(String, Unit)>, StoreError> {
    let rows = sqlx::query(
        "select u.unit_id, name, name_en, category, parent, aliases, head, superior, contact, source from unit_change u \
         join (select unit_id, max(at) as at from unit_change group by unit_id) n on n.unit_id = u.unit_id and n.at = u.at \
         order by u.unit_id",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let unit_id: String = row.try_get("unit_id")?;
            let unit = Unit {
                unit_id: unit_id.clone(),
                location: location.clone(),
                name: row.try_get("name")?,
                name_en: row.try_get("name_en")?,
                category: row.try_get("category")?,
                parent: Some(row.try_get::<String, _>("parent")?).filter(|parent| !parent.is_empty()),
                headcount: None,
                headcount_date: None,
                headcount_status: String::new(),
                source: row.try_get("source")?,
                aliases: row.try_get("aliases")?,
                head: row.try_get("head")?,
                superior: row.try_get("superior")?,
                contact: row.try_get("contact")?,
            };
            Ok((unit_id, unit))
        })
        .collect()
}

async fn read_counts(connection: &mut sqlx::AnyConnection) -> Result<Vec<HeadCount>, StoreError> {
    let rows = sqlx::query(
        "select unit_id, date, at, tally, people, source from head_count order by unit_id, date, at, tally",
    )
    .fetch_all(connection)
    .await?;
    let mut counts: Vec<HeadCount> = Vec::new();
    for row in rows {
        let unit_id: String = row.try_get("unit_id")?;
        let (date, at) = (from_day(row.try_get("date")?)?, from_moment(row.try_get("at")?)?);
        let name: String = row.try_get("tally")?;
        let tally = Tally::of(&name).ok_or(StoreError::Corrupt { what: "a class of staff", reason: name })?;
        let people = whole(&row, "people")?;
        match counts.last_mut().filter(|last| last.unit_id == unit_id && (last.date, last.at) == (date, at)) {
            Some(last) => {
                last.counts.insert(tally, people);
            }
            None => counts.push(HeadCount {
                unit_id,
                date,
                at,
                counts: BTreeMap::from([(tally, people)]),
                source: row.try_get("source")?,
            }),
        }
    }
    Ok(counts)
}

/// A number of people read back.
pub(super) fn whole(row: &AnyRow, column: &str) -> Result<u32, StoreError> {
    let number: i64 = row.try_get(column)?;
    u32::try_from(number)
        .map_err(|_| StoreError::Corrupt { what: "a number of people", reason: number.to_string() })
}

/// A day that may be none.
pub(super) fn some_day(row: &AnyRow, column: &str) -> Result<Option<NaiveDate>, StoreError> {
    let day: i64 = row.try_get(column)?;
    (day != 0).then(|| from_day(day)).transpose()
}

/// A moment read back.
pub(super) fn moment(row: &AnyRow, column: &str) -> Result<Vintage, StoreError> {
    from_moment(row.try_get(column)?)
}

fn closure(row: &AnyRow) -> Result<Closure, StoreError> {
    Ok(Closure {
        id: row.try_get("id")?,
        unit_id: row.try_get("unit_id")?,
        from: from_day(row.try_get("from_day")?)?,
        to: some_day(row, "to_day")?,
        reopened: some_day(row, "day")?,
        reason: row.try_get("reason")?,
        substitute: row.try_get("substitute")?,
        by: row.try_get("by_name")?,
    })
}
