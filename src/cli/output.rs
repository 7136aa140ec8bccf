//! Writing results: whole or not at all.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::Context;

use super::args::Format;
use crate::export::{Cell, Table, write_csv, write_json};

/// Talk, on standard error.
#[expect(clippy::print_stderr, reason = "the one place where talk is printed")]
pub fn say(text: &str) {
    eprintln!("{text}");
}

/// A result, on standard output.
///
/// # Errors
/// When the reader went away.
pub fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// The format asked for; for reading on a terminal, else CSV.
#[must_use]
pub fn format_or_default(asked: Option<Format>) -> Format {
    asked.unwrap_or(if std::io::stdout().is_terminal() { Format::Table } else { Format::Csv })
}

/// A table in a format.
///
/// # Errors
/// Never for memory; the writers' own.
pub fn rendered(table: &Table, format: Format) -> anyhow::Result<Vec<u8>> {
    let mut out = Vec::new();
    match format {
        Format::Csv => write_csv(table, &mut out)?,
        Format::Json => write_json(table, &mut out)?,
        Format::Table => out.extend(aligned(table).into_bytes()),
    }
    Ok(out)
}

/// Writes a file whole: a neighbour first, then renamed over it.
///
/// # Errors
/// When the folder cannot be written; the old file is then untouched.
pub fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let name = path.file_name().with_context(|| format!("{} is not a file", path.display()))?;
    let part = path.with_file_name(format!(".{}.part", name.to_string_lossy()));
    let written = std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written.with_context(|| format!("write {}", path.display()))
}

/// Columns under each other; columns without any value are left out.
fn aligned(table: &Table) -> String {
    let text = |cell: &Cell| match cell {
        Cell::Empty => "–".to_owned(),
        Cell::Number(value) => format!("{:.2}", value).trim_end_matches('0').trim_end_matches('.').to_owned(),
        Cell::Whole(value) => value.to_string(),
        Cell::Text(text) => text.clone(),
    };
    let used: Vec<usize> = (0..table.columns.len())
        .filter(|place| table.rows.iter().any(|row| row.get(*place).is_some_and(|cell| *cell != Cell::Empty)))
        .collect();
    let mut lines: Vec<Vec<String>> =
        vec![used.iter().map(|place| table.columns[*place].name.clone()).collect()];
    lines.extend(
        table
            .rows
            .iter()
            .map(|row| used.iter().map(|place| row.get(*place).map_or_else(String::new, text)).collect()),
    );
    let widths: Vec<usize> = (0..used.len())
        .map(|place| lines.iter().map(|line: &Vec<String>| line[place].chars().count()).max().unwrap_or(0))
        .collect();
    let padded = |line: &Vec<String>| {
        let cells: Vec<String> =
            line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    };
    lines.iter().map(padded).collect::<Vec<_>>().join("\n")
}
