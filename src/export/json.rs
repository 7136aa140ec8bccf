//! JSON: an array of objects, one a row and one a line, null for missing; or the objects alone, one a line.

use std::io::Write;

use serde::ser::{Serialize, Serializer};

use super::table::{Cell, Column, Table};

/// Writes a table.
///
/// # Errors
/// When the stream refuses.
pub fn write_json(table: &Table, out: impl Write) -> std::io::Result<()> {
    serde_json::to_writer_pretty(out, &objects(table)).map_err(std::io::Error::other)
}

/// A table's rows as objects.
#[must_use]
pub fn objects(table: &Table) -> Vec<Object<'_>> {
    table.rows.iter().map(|row| Object { columns: &table.columns, row }).collect()
}

/// A row that is written as an object: a member a column. Nothing is copied for it.
#[derive(Debug)]
pub struct Object<'t> {
    /// What the members are called.
    pub columns: &'t [Column],
    /// Their values.
    pub row: &'t [Cell],
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names = self.columns.iter().map(|column| &column.name);
        serializer.collect_map(names.zip(self.row.iter().map(Value)))
    }
}

/// A cell that is written as a member's value.
struct Value<'t>(&'t Cell);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Cell::Empty => serializer.serialize_none(),
            Cell::Number(value) => serializer.serialize_f64(*value),
            Cell::Whole(value) => serializer.serialize_i64(*value),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Date(date) => serializer.collect_str(date),
            Cell::Moment(moment) => serializer.collect_str(moment),
        }
    }
}
