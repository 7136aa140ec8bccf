//! `siaga backup` and `siaga restore`: the store as one file while the program runs, and such a file in an empty database.

use std::path::{Path, PathBuf};

use super::{BackupArgs, RestoreArgs};
use crate::account::Visitor;
use crate::app;
use crate::audit::{Action, Entry};
use crate::cli::args::Format;
use crate::cli::{Failure, output, usage};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::epi::Vintage;
use crate::export::{Cell, Table};
use crate::store::{Backup, OpenBackup, Stamp, Store, StoreError, file_sha256};

/// Digits of a SHA-256.
const DIGITS: usize = 64;

/// `siaga backup`
pub async fn back_up(config: &Config, args: &BackupArgs, visitor: &Visitor) -> Result<(), Failure> {
    let now = SystemClock.now();
    let to = named(&args.to, now)?;
    refuse_none(config)?;
    let store = app::open_store(config).await?;
    let made = store.back_up(&to, (args.replace, now)).await.map_err(|error| match error {
        StoreError::Conflict { what } => {
            usage(anyhow::anyhow!("--to: {what} is there already; name another file, or add --replace"))
        }
        error => Failure::Failed(error.into()),
    })?;
    let Backup { file, bytes, sha256, stamp, chains } = &made;
    let detail = format!("data version {}, {} rows, SHA-256 {sha256}", stamp.data_version, stamp.all_rows());
    note(&store, visitor, (Action::BackupMade, &file_name(file)), &detail).await?;
    write(&table(file, stamp, Some((*bytes, sha256))), args.format)?;
    if let Some(anchor) = &config.audit.anchor {
        output::say(&format!("the anchor file is not in it: keep {} as well, elsewhere", anchor.display()));
    }
    let faults: Vec<String> =
        chains.iter().filter_map(|chain| chain.fault.as_ref()).map(ToString::to_string).collect();
    if !faults.is_empty() {
        let faults = faults.join("\n       ");
        return Err(Failure::Failed(anyhow::anyhow!(
            "{} holds the store as it is, but its chains are not whole, and it will not be restored: {faults}",
            file.display()
        )));
    }
    Ok(())
}

/// `siaga restore`
pub async fn restore(config: &Config, args: &RestoreArgs, visitor: &Visitor) -> Result<(), Failure> {
    if let Some(expected) = &args.sha256 {
        let is_hex = expected.len() == DIGITS && expected.chars().all(|digit| digit.is_ascii_hexdigit());
        if !is_hex {
            return Err(usage(anyhow::anyhow!("--sha256 {expected}: write {DIGITS} hexadecimal digits")));
        }
        let found = file_sha256(&args.from).map_err(anyhow::Error::from)?;
        if !found.eq_ignore_ascii_case(expected) {
            return Err(usage(anyhow::anyhow!(
                "--from {}: its SHA-256 is {found}; nothing was written",
                args.from.display()
            )));
        }
    }
    let guard = app::guard(config)?;
    let backup = OpenBackup::open(&args.from, &guard).await.map_err(|error| match error {
        StoreError::Backup { file, reason } => usage(anyhow::anyhow!("--from {file}: {reason}")),
        error => Failure::Failed(error.into()),
    })?;
    // The anchor file may remember rows that were never in this backup.
    let store = app::open_store(config).await?.unanchored();
    backup.restore_to(&store).await.map_err(|error| match error {
        StoreError::Filled { table, rows } => usage(anyhow::anyhow!(
            "restore into {}: it is not empty, its table {table} has {rows} rows; set database.url to a new database",
            config.database.shown()
        )),
        error => Failure::Failed(error.into()),
    })?;
    let stamp = backup.stamp();
    let detail =
        format!("data version {} of {}, {} rows", stamp.data_version, stamp.made_at, stamp.all_rows());
    note(&store, visitor, (Action::StoreRestored, &file_name(&args.from)), &detail).await?;
    write(&table(&args.from, stamp, None), args.format)?;
    if let Some(anchor) = &config.audit.anchor {
        output::say(&format!(
            "move the anchor file {} aside if it is there, then run siaga audit seal: it tells of what came after the backup",
            anchor.display()
        ));
    }
    Ok(())
}

/// The file: as it was named, or in the folder by the moment.
fn named(to: &Path, now: Vintage) -> Result<PathBuf, Failure> {
    if to.is_dir() {
        return Ok(to.join(format!("siaga-{}.sqlite", now.moment().format("%Y-%m-%dT%H%M%SZ"))));
    }
    if to.to_string_lossy().ends_with(std::path::is_separator) {
        return Err(usage(anyhow::anyhow!("--to {}: there is no such folder", to.display())));
    }
    Ok(to.to_owned())
}

/// A database that is not there would be made: a backup of nothing that looks like one.
fn refuse_none(config: &Config) -> Result<(), Failure> {
    match config.database.url.strip_prefix("sqlite://").map(Path::new) {
        Some(path) if !path.exists() => {
            Err(usage(anyhow::anyhow!("back up {}: there is no such file; set database.url", path.display())))
        }
        _ => Ok(()),
    }
}

fn file_name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whoever has a backup has everything: that it was taken, and put back, stands in the audit log.
async fn note(
    store: &Store,
    visitor: &Visitor,
    (action, object): (Action, &str),
    detail: &str,
) -> Result<(), Failure> {
    let who = (visitor.name(), visitor.role());
    let entry = Entry::new(SystemClock.now(), who, action, object).detail(detail);
    Ok(store.record(&entry).await.map_err(anyhow::Error::from)?)
}

fn write(table: &Table, format: Option<Format>) -> Result<(), Failure> {
    let bytes = output::rendered(table, output::format_or_default(format))?;
    Ok(output::print(&String::from_utf8_lossy(&bytes))?)
}

fn table(file: &Path, stamp: &Stamp, written: Option<(u64, &String)>) -> Table {
    let mut table = Table::new(&[
        ("file", "the backup"),
        ("made_at", "as of when"),
        ("data_version", "version of the data"),
        ("rows", "rows of all tables"),
        ("bytes", "length of the file"),
        ("sha256", "SHA-256 of the file"),
        ("tables", "version of the tables"),
        ("program", "version of siaga that made it"),
    ]);
    let (bytes, sha256) = match written {
        Some((bytes, sha256)) => (whole(i64::try_from(bytes).ok()), sha256.as_str().into()),
        None => (Cell::Empty, Cell::Empty),
    };
    let shown = file.display().to_string();
    table.rows.push(vec![
        shown.as_str().into(),
        Cell::Moment(stamp.made_at),
        Cell::Whole(stamp.data_version),
        Cell::Whole(stamp.all_rows()),
        bytes,
        sha256,
        Cell::Whole(stamp.schema),
        stamp.program.as_str().into(),
    ]);
    table
}

fn whole(number: Option<i64>) -> Cell {
    number.map_or(Cell::Empty, Cell::Whole)
}
