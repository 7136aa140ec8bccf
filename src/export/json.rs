//! JSON: an array of objects, one a row and one a line, null for missing; or the objects alone, one a line.

use std::io::Write;

use serde_json::{Map, Value};

use super::table::{Cell, Column, Table};

/// Writes a table.
///
/// # Errors
/// When the stream refuses.
pub fn write_json(table: &Table, out: impl Write) -> std::io::Result<()> {
    let rows: Vec<Value> = table.rows.iter().map(|row| object(&table.columns, row)).collect();
    serde_json::to_writer_pretty(out, &rows).map_err(std::io::Error::other)
}

/// A row as an object.
#[must_use]
pub fn object(columns: &[Column], row: &[Cell]) -> Value {
    let cells = columns.iter().zip(row).map(|(column, cell)| (column.name.clone(), value(cell)));
    Value::Object(cells.collect::<Map<_, _>>())
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Number(value) => Value::from(*value),
        Cell::Whole(value) => Value::from(*value),
        Cell::Text(text) => Value::from(text.as_str()),
        Cell::Date(date) => Value::from(date.to_string()),
        Cell::Moment(moment) => Value::from(moment.to_string()),
    }
}
