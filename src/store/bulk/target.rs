//! Many rows in one statement. The only statements with two texts: SQLite takes rows of parameters, PostgreSQL takes a
//! stream of rows (`stream.rs`) or, where some may be there already, columns, each an array or, where all rows agree, one
//! value.

use std::borrow::Cow;
use std::fmt::Write;

use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Database, Encode, Type};

use super::Lane;
use super::stream::copy_in;
use super::writer::bound;
use crate::store::{Dialect, StoreError};

/// Parameters in one statement of SQLite, which refuses more than 32,766. More bring nothing.
const PARAMETERS: usize = 8_000;
/// Rows in one statement of PostgreSQL; whoever makes many rows makes them in portions of this.
pub const ROWS: usize = 5_000;

/// How a column is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// bigint
    Whole,
    /// double precision
    Real,
    /// text
    Text,
}

impl Kind {
    /// The kind of a type as a database names it.
    pub(super) fn of(type_name: &str) -> Option<Self> {
        [Self::Whole, Self::Real, Self::Text].into_iter().find(|kind| kind.type_name() == type_name)
    }

    /// The type that both databases know it by.
    fn type_name(self) -> &'static str {
        match self {
            Self::Whole => "bigint",
            Self::Real => "double precision",
            Self::Text => "text",
        }
    }
}

/// What stands in one column of one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// A whole number.
    Whole(i64),
    /// A number, or nothing.
    Real(Option<f64>),
    /// A text.
    Text(Cow<'a, str>),
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<Option<f64>> for Cell<'_> {
    fn from(number: Option<f64>) -> Self {
        Self::Real(number)
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

/// A table to fill: its name, its columns, and what happens on a conflict.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Table and columns: `series (id, location)`.
    pub into: &'a str,
    /// The columns' kinds, in order.
    pub kinds: &'a [Kind],
    /// `on conflict do nothing`, or nothing.
    pub on_conflict: &'static str,
}

impl Target<'_> {
    /// Inserts rows, each with a cell for every column; returns how many were new.
    ///
    /// # Errors
    /// [`StoreError`] when the database refuses.
    pub async fn insert<'c, R: AsRef<[Cell<'c>]> + Send + Sync>(
        self,
        lane: Lane<'_>,
        rows: &mut (dyn Iterator<Item = R> + Send),
    ) -> Result<u64, StoreError> {
        let most = match lane {
            Lane::Postgres(connection) if self.on_conflict.is_empty() => {
                return copy_in(self.into, connection, rows).await;
            }
            Lane::Any(_, Dialect::Sqlite) | Lane::Sqlite(_) => (PARAMETERS / self.kinds.len().max(1)).max(1),
            Lane::Any(_, Dialect::Postgres) | Lane::Postgres(_) => ROWS,
        };
        let mut lane = lane;
        let (mut part, mut inserted) = (Vec::new(), 0);
        loop {
            part.clear();
            part.extend((&mut *rows).take(most));
            if part.is_empty() {
                return Ok(inserted);
            }
            // The last part is shorter: a text that is not worth being remembered by the connection.
            let is_whole = part.len() == most;
            inserted += match &mut lane {
                Lane::Sqlite(connection) => {
                    let query = self.parameters(&part).persistent(is_whole);
                    query.execute(&mut **connection).await?.rows_affected()
                }
                Lane::Any(connection, Dialect::Sqlite) => {
                    let query = self.parameters(&part).persistent(is_whole);
                    query.execute(&mut **connection).await?.rows_affected()
                }
                Lane::Any(connection, Dialect::Postgres) => {
                    self.arrays(&part).execute(&mut **connection).await?.rows_affected()
                }
                Lane::Postgres(connection) => {
                    self.arrays(&part).execute(&mut **connection).await?.rows_affected()
                }
            };
        }
    }

    /// A statement for SQLite, with its parameters.
    fn parameters<'c, D, R>(self, rows: &[R]) -> Query<'static, D, D::Arguments>
    where
        D: Database,
        R: AsRef<[Cell<'c>]>,
        i64: Encode<'static, D> + Type<D>,
        Option<f64>: Encode<'static, D> + Type<D>,
        String: Encode<'static, D> + Type<D>,
    {
        let query = sqlx::query(AssertSqlSafe(self.rows_of_parameters(rows.len())));
        rows.iter().flat_map(AsRef::as_ref).fold(query, bound)
    }

    /// A statement for PostgreSQL, with its parameters.
    fn arrays<'c, D, R>(self, rows: &[R]) -> Query<'static, D, D::Arguments>
    where
        D: Database,
        R: AsRef<[Cell<'c>]>,
        Option<String>: Encode<'static, D> + Type<D>,
    {
        let columns: Vec<Column> = (0..self.kinds.len()).map(|place| Column::of(rows, place)).collect();
        let query = sqlx::query(AssertSqlSafe(self.columns_of_arrays(&columns)));
        columns.into_iter().fold(query, |query, column| query.bind(column.text))
    }

    // Names of tables and columns are constants of this folder or come from the database: nothing that a person typed
    // gets into a text.

    fn rows_of_parameters(self, rows: usize) -> String {
        let row = format!("({})", vec!["?"; self.kinds.len()].join(","));
        format!("insert into {} values {} {}", self.into, vec![row; rows].join(","), self.on_conflict)
    }

    fn columns_of_arrays(self, columns: &[Column]) -> String {
        let (mut chosen, mut arrays, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for (place, (kind, column)) in self.kinds.iter().zip(columns).enumerate() {
            let (parameter, type_name) = (place + 1, kind.type_name());
            if column.is_array {
                arrays.push(format!("${parameter}::{type_name}[]"));
                names.push(format!("c{parameter}"));
                chosen.push(format!("c{parameter}"));
            } else {
                chosen.push(format!("${parameter}::{type_name}"));
            }
        }
        format!(
            "insert into {} select {} from unnest({}) as row ({}) {}",
            self.into,
            chosen.join(", "),
            arrays.join(", "),
            names.join(", "),
            self.on_conflict
        )
    }
}

/// A column of several rows as a text that PostgreSQL reads.
struct Column {
    /// `{1,2,NULL}`, `{"a","say \"b\""}`; or the one value that stands in every row.
    text: Option<String>,
    is_array: bool,
}

impl Column {
    /// The first column is always an array: it says how many rows there are.
    fn of<'c, R: AsRef<[Cell<'c>]>>(rows: &[R], place: usize) -> Self {
        let cell = |row: &R| row.as_ref().get(place).cloned().unwrap_or(Cell::Real(None));
        let first = rows.first().map_or(Cell::Real(None), cell);
        if place > 0 && rows.iter().all(|row| row.as_ref().get(place) == Some(&first)) {
            let text = match first {
                Cell::Whole(number) => Some(number.to_string()),
                Cell::Real(number) => number.map(|number| number.to_string()),
                Cell::Text(text) => Some(text.into_owned()),
            };
            return Self { text, is_array: false };
        }
        let mut text = String::with_capacity(rows.len() * 12);
        for row in rows {
            text.push(if text.is_empty() { '{' } else { ',' });
            // Writing to a text does not fail.
            let _ = match row.as_ref().get(place) {
                Some(Cell::Whole(number)) => write!(text, "{number}"),
                Some(Cell::Real(Some(number))) => write!(text, "{number}"),
                Some(Cell::Real(None)) | None => write!(text, "NULL"),
                Some(Cell::Text(own)) => {
                    quote(&mut text, own);
                    Ok(())
                }
            };
        }
        text.push('}');
        Self { text: Some(text), is_array: true }
    }
}

fn quote(text: &mut String, own: &str) {
    text.push('"');
    for character in own.chars() {
        if matches!(character, '"' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_written_as_postgresql_reads_them() {
        let rows = [
            [Cell::Whole(-1), Cell::Real(Some(0.1 + 0.2)), Cell::from("a \"b\" \\ {c,d}"), Cell::Whole(7)],
            [Cell::Whole(-1), Cell::Real(None), Cell::from("NULL"), Cell::Whole(7)],
        ];
        let columns: Vec<Column> = (0..4).map(|place| Column::of(&rows, place)).collect();
        let texts: Vec<_> = columns.iter().map(|column| column.text.as_deref().unwrap()).collect();
        let quoted = r#"{"a \"b\" \\ {c,d}","NULL"}"#;
        assert_eq!(texts, ["{-1,-1}", "{0.30000000000000004,NULL}", quoted, "7"]);
        let kinds = &[Kind::Whole, Kind::Real, Kind::Text, Kind::Whole];
        let target = Target { into: "t (a, b, c, d)", kinds, on_conflict: "" };
        assert_eq!(
            target.columns_of_arrays(&columns).trim_end(),
            "insert into t (a, b, c, d) select c1, c2, c3, $4::bigint \
             from unnest($1::bigint[], $2::double precision[], $3::text[]) as row (c1, c2, c3)"
        );
        assert_eq!(
            target.rows_of_parameters(2).trim_end(),
            "insert into t (a, b, c, d) values (?,?,?,?),(?,?,?,?)"
        );
    }
}
