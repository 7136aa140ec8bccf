//! JSON: an array of objects, one a row, null for missing.

use std::io::Write;

use serde_json::{Map, Value};

use super::table::{Cell, Table};

/// Writes a table.
///
/// # Errors
/// When the stream refuses.
pub fn write_json(table: &Table, out: impl Write) -> std::io::Result<()> {
    let rows: Vec<Value> = table
        .rows
        .iter()
        .map(|row| {
            let cells =
                table.columns.iter().zip(row).map(|(column, cell)| (column.name.clone(), value(cell)));
            Value::Object(cells.collect::<Map<_, _>>())
        })
        .collect();
    serde_json::to_writer_pretty(out, &rows).map_err(std::io::Error::other)
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Number(value) => Value::from(*value),
        Cell::Whole(value) => Value::from(*value),
        Cell::Text(text) => Value::from(text.as_str()),
    }
}
