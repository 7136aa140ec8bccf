//! Officers who take turns on duty, and the days on which they are not available. The only rows about people that are changed
//! and deleted: whoever leaves is forgotten.

use sqlx::Row;

use crate::audit::Entry;
use crate::epi::Window;
use crate::store::observation::{from_day, to_day};
use crate::store::{ReadStore, Store, StoreError};
use crate::workforce::{Away, Officer};

impl Store {
    /// Adds officers, or brings what is known of them up to date; all or nothing. Returns how many were new.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses; nothing is changed then.
    pub async fn save_officers(&self, officers: &[Officer], entry: &Entry) -> Result<usize, StoreError> {
        let mut transaction = self.begin().await?;
        let head = self.add_entry(&mut transaction, entry).await?;
        let known: Vec<(String,)> =
            sqlx::query_as("select id from officer").fetch_all(&mut *transaction).await?;
        for officer in officers {
            sqlx::query(
                "insert into officer (id, unit_id, name, title, position, phone) values ($1, $2, $3, $4, $5, $6) \
                 on conflict (id) do update set unit_id = $2, name = $3, title = $4, position = $5, phone = $6",
            )
            .bind(&officer.id)
            .bind(&officer.unit_id)
            .bind(&officer.name)
            .bind(&officer.title)
            .bind(officer.position.as_str())
            .bind(&officer.phone)
            .execute(&mut *transaction)
            .await?;
        }
        self.commit(transaction, &head, entry.at).await?;
        let is_new = |officer: &&Officer| !known.iter().any(|(id,)| *id == officer.id);
        Ok(officers.iter().filter(is_new).count())
    }

    /// Forgets an officer: name, telephone and days away. Turns stay under the id. `false` if there was none.
    ///
    /// # Errors
    /// As [`Store::save_officers`].
    pub async fn forget_officer(&self, id: &str, entry: &Entry) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let head = self.add_entry(&mut transaction, entry).await?;
        sqlx::query("delete from officer_away where officer_id = $1")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        let gone =
            sqlx::query("delete from officer where id = $1").bind(id).execute(&mut *transaction).await?;
        if gone.rows_affected() == 0 {
            return Ok(false);
        }
        self.commit(transaction, &head, entry.at).await?;
        Ok(true)
    }

    /// Adds days on which officers are not available; what is known already stays.
    ///
    /// # Errors
    /// As [`Store::save_officers`].
    pub async fn save_away(&self, away: &[Away], entry: &Entry) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let head = self.add_entry(&mut transaction, entry).await?;
        for Away { officer_id, days } in away {
            sqlx::query(
                "insert into officer_away (officer_id, from_day, to_day) values ($1, $2, $3) \
                 on conflict (officer_id, from_day, to_day) do nothing",
            )
            .bind(officer_id)
            .bind(to_day(days.from))
            .bind(to_day(days.to))
            .execute(&mut *transaction)
            .await?;
        }
        self.commit(transaction, &head, entry.at).await
    }
}

impl ReadStore {
    /// Officers, of one unit or of all, with their days away, in order of ids.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer or holds what it should not.
    pub async fn officers(&self, unit: Option<&str>) -> Result<Vec<Officer>, StoreError> {
        let rows = sqlx::query(
            "select id, unit_id, name, title, position, phone from officer where ($1 = '' or unit_id = $1) order by id",
        )
        .bind(unit.unwrap_or_default())
        .fetch_all(&self.pool)
        .await?;
        let away = sqlx::query(
            "select a.officer_id, a.from_day, a.to_day from officer_away a join officer o on o.id = a.officer_id \
             where ($1 = '' or o.unit_id = $1) order by a.officer_id, a.from_day",
        )
        .bind(unit.unwrap_or_default())
        .fetch_all(&self.pool)
        .await?;
        let mut officers = Vec::with_capacity(rows.len());
        for row in rows {
            let position: String = row.try_get("position")?;
            officers.push(Officer {
                id: row.try_get("id")?,
                unit_id: row.try_get("unit_id")?,
                name: row.try_get("name")?,
                title: row.try_get("title")?,
                position: position
                    .parse()
                    .map_err(|_| StoreError::Corrupt { what: "a position", reason: position })?,
                phone: row.try_get("phone")?,
                away: Vec::new(),
            });
        }
        // Databases sort texts each in their own way.
        officers.sort_by(|one, other| one.id.cmp(&other.id));
        for row in away {
            let id: String = row.try_get("officer_id")?;
            let days =
                Window { from: from_day(row.try_get("from_day")?)?, to: from_day(row.try_get("to_day")?)? };
            if let Ok(place) = officers.binary_search_by(|officer| officer.id.cmp(&id)) {
                officers[place].away.push(days);
            }
        }
        Ok(officers)
    }
}
