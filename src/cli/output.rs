//! Writing results: whole or not at all.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::Context;

use super::args::Format;
use crate::clock::{Clock, SystemClock};
use crate::export::{Cell, Column, CsvRows, Dialect, Table, write_csv, write_json};
use crate::telemetry::is_json;

/// Talk, on standard error.
pub fn say(text: &str) {
    talk("INFO", text);
}

/// Why the program ends without its result, on standard error.
pub fn complain(text: &str) {
    talk("ERROR", text);
}

/// A link that lets in whoever holds it. Where standard error is gathered as a log it goes to standard output instead: a
/// log is kept, and read by others than who stands here.
pub fn hand_over(link: &str) {
    if is_json() {
        // Nobody there to take it: `siaga user recover` makes another.
        let _ = print(link);
    } else {
        say(link);
    }
}

/// A line as it is, or an object where the log is made of objects.
fn talk(level: &str, text: &str) {
    let mut err = std::io::stderr().lock();
    // Whoever listened may have gone (`2>&1 | head`): what is done is done, told or not.
    let _ = if is_json() {
        let at = SystemClock.now().to_string();
        let line = serde_json::json!({ "timestamp": at, "level": level, "message": text });
        writeln!(err, "{line}")
    } else {
        writeln!(err, "{text}")
    };
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

/// A file as the result, on standard output.
///
/// # Errors
/// When the reader went away.
pub fn print_with(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    write(&mut out)?;
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

/// A result on standard output that is written row by row where the format can be.
pub enum Rows {
    /// CSV, as the rows come.
    Streamed(Box<CsvRows<std::io::BufWriter<std::io::StdoutLock<'static>>>>),
    /// Everything else, at the end.
    Gathered(Table, Format),
}

impl Rows {
    /// Begins a result.
    ///
    /// # Errors
    /// When the reader went away.
    pub fn open(columns: Vec<Column>, format: Format) -> anyhow::Result<Self> {
        Ok(match format {
            Format::Csv => {
                let out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
                Self::Streamed(Box::new(CsvRows::open(&columns, Dialect::Tidy, out)?))
            }
            format => Self::Gathered(Table { columns, rows: Vec::new() }, format),
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When the reader went away.
    pub fn push(&mut self, row: Vec<Cell>) -> anyhow::Result<()> {
        match self {
            Self::Streamed(rows) => rows.push(&row)?,
            Self::Gathered(table, _) => table.rows.push(row),
        }
        Ok(())
    }

    /// Ends the result.
    ///
    /// # Errors
    /// When the reader went away.
    pub fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Streamed(rows) => Ok(rows.finish()?),
            Self::Gathered(table, format) => {
                let bytes = rendered(&table, format)?;
                print(&String::from_utf8_lossy(&bytes))
            }
        }
    }
}

/// Writes a file whole, piece by piece: a neighbour first, then renamed over it.
///
/// # Errors
/// When the folder cannot be written, or a piece cannot be made; the old file is then untouched.
pub fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> anyhow::Result<()> {
    let name = path.file_name().with_context(|| format!("{} is not a file", path.display()))?;
    let part = path.with_file_name(format!(".{}.part", name.to_string_lossy()));
    let piecewise = || {
        let mut out = std::io::BufWriter::new(std::fs::File::create(&part)?);
        write(&mut out)?;
        out.into_inner()?.sync_all()?;
        std::fs::rename(&part, path)
    };
    let written = piecewise();
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written.with_context(|| format!("write {}", path.display()))
}

/// Writes a folder whole: a neighbour first, then put in its place. One that is there gives way if it is empty or holds this
/// file, which says that it was written by the same command before. A file that is as it was stays the same file, with its time.
///
/// # Errors
/// When the folder holds something else or cannot be written; what was there is then untouched.
pub fn write_folder(path: &Path, files: &[(String, Vec<u8>)], mark: &str) -> anyhow::Result<()> {
    let name = path.file_name().with_context(|| format!("{} is not a folder's name", path.display()))?;
    let beside = |end: &str| path.with_file_name(format!(".{}.{end}", name.to_string_lossy()));
    let is_there = path.symlink_metadata().is_ok();
    if is_there {
        let mut held = std::fs::read_dir(path).with_context(|| format!("write {}", path.display()))?;
        if held.next().is_some() && !path.join(mark).is_file() {
            anyhow::bail!(
                "write {}: it holds files that are not this command's; choose an empty or a new folder",
                path.display()
            );
        }
    }
    let (part, old) = (beside("part"), beside("old"));
    let put = || -> std::io::Result<()> {
        let _ = std::fs::remove_dir_all(&part);
        for (file, bytes) in files {
            let before = path.join(file);
            let file = part.join(file);
            std::fs::create_dir_all(file.parent().unwrap_or(&part))?;
            let is_as_before = std::fs::read(&before).is_ok_and(|held| held == *bytes);
            // Not every file system knows a second name.
            if !is_as_before || std::fs::hard_link(&before, &file).is_err() {
                std::fs::write(file, bytes)?;
            }
        }
        if !is_there {
            return std::fs::rename(&part, path);
        }
        let _ = std::fs::remove_dir_all(&old);
        std::fs::rename(path, &old)?;
        // What was there comes back if the new one cannot be put in its place.
        std::fs::rename(&part, path).inspect_err(|_| drop(std::fs::rename(&old, path)))?;
        std::fs::remove_dir_all(&old)
    };
    let written = put();
    if written.is_err() {
        let _ = std::fs::remove_dir_all(&part);
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
        Cell::Date(date) => date.to_string(),
        Cell::Moment(moment) => moment.to_string(),
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
