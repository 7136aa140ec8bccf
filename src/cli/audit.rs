//! `siaga audit`: the audit log, what retention deleted, and whether every chain of hashes is as it was written.

use super::args::{AuditCommand, AuditListArgs, Format};
use super::{Failure, output, usage};
use crate::account::Visitor;
use crate::app;
use crate::audit::{Action, Entry};
use crate::city::City;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::epi::Vintage;
use crate::export::{Cell, Table};
use crate::store::{AuditFilter, AuditPage, ChainReport, Deletion, Store};

/// Runs an audit command.
pub async fn run(config: &Config, command: &AuditCommand, visitor: &Visitor) -> Result<(), Failure> {
    match command {
        AuditCommand::Verify => verify(&app::open_store(config).await?).await,
        AuditCommand::List(args) => list(config, args, visitor).await,
        AuditCommand::Deletions { format } => {
            let deletions = app::open_store(config).await?.deletions().await.map_err(anyhow::Error::from)?;
            write(&deletion_table(&deletions), *format)
        }
        AuditCommand::Seal => seal(config).await,
    }
}

async fn verify(store: &Store) -> Result<(), Failure> {
    let reports = store.verify_chains().await.map_err(anyhow::Error::from)?;
    let unchecked = reports.iter().filter(|report| report.is_unchecked).map(|report| report.name.as_str());
    let unchecked: Vec<&str> = unchecked.collect();
    if !unchecked.is_empty() {
        let chains = unchecked.join(", ");
        output::say(&format!("siaga: signatures were not checked: {chains}; set SIAGA_AUDIT_KEY"));
    }
    let faults: Vec<String> =
        reports.iter().filter_map(|report| report.fault.as_ref()).map(ToString::to_string).collect();
    if !faults.is_empty() {
        return Err(Failure::Failed(anyhow::anyhow!(faults.join("\n       "))));
    }
    let lines: Vec<String> = reports.iter().map(line).collect();
    Ok(output::print(&lines.join("\n"))?)
}

fn line(report: &ChainReport) -> String {
    let ChainReport { name, rows, last, hash, .. } = report;
    let first = if *rows == 0 { "-".to_owned() } else { report.first.to_string() };
    let signed = if report.is_signed { "  signed" } else { "" };
    format!("{name}: rows {rows}  first {first}  last {last}  hash {hash}{signed}")
}

async fn list(config: &Config, args: &AuditListArgs, visitor: &Visitor) -> Result<(), Failure> {
    let zone = City::load(config).map_err(usage)?.zone;
    let from = args.from.as_deref().map(|text| Vintage::parse_known(text, zone)).transpose();
    let to = args.to.as_deref().map(|text| Vintage::parse_as_of(text, zone)).transpose();
    let filter = AuditFilter {
        actor: args.actor.clone(),
        action: args.action,
        from: from.map_err(|error| usage(anyhow::anyhow!("--from: {error}")))?,
        to: to.map_err(|error| usage(anyhow::anyhow!("--to: {error}")))?,
        text: args.text.clone(),
        before_seq: args.before,
        limit: args.limit,
    };
    if filter.from.zip(filter.to).is_some_and(|(from, to)| from > to) {
        return Err(usage(anyhow::anyhow!("--from is after --to")));
    }
    let store = app::open_store(config).await?;
    let page = store.audit(&filter).await.map_err(anyhow::Error::from)?;
    let who = (visitor.name(), visitor.role());
    let entry = Entry::new(SystemClock.now(), who, Action::AuditRead, "audit")
        .detail(format!("{} rows by command", page.rows.len()));
    store.record(&entry).await.map_err(anyhow::Error::from)?;
    write(&page_table(&page), args.format)?;
    if let Some(next) = page.next {
        output::say(&format!("siaga: there are more; go on with --before {next}"));
    }
    Ok(())
}

async fn seal(config: &Config) -> Result<(), Failure> {
    if config.audit.key.is_empty() && config.audit.anchor.is_none() {
        return Err(usage(anyhow::anyhow!(
            "there is nothing to seal with: set SIAGA_AUDIT_KEY or audit.anchor"
        )));
    }
    let (store, now) = (app::open_store(config).await?, SystemClock.now());
    let sealed = store.seal(now).await.map_err(anyhow::Error::from)?;
    let entry = Entry::system(now, Action::SettingsChanged, "audit.key").detail(sealed.join(" "));
    store.record(&entry).await.map_err(anyhow::Error::from)?;
    verify(&store).await
}

fn write(table: &Table, format: Option<Format>) -> Result<(), Failure> {
    let bytes = output::rendered(table, output::format_or_default(format))?;
    Ok(output::print(&String::from_utf8_lossy(&bytes))?)
}

fn page_table(page: &AuditPage) -> Table {
    let mut table = Table::new(&[
        ("seq", "sequence number"),
        ("at", "when, RFC 3339"),
        ("actor", "who"),
        ("role", "as what"),
        ("action", "what was done"),
        ("object", "to what"),
        ("detail", "more about it"),
        ("address", "from which network address"),
    ]);
    for row in &page.rows {
        let entry = &row.entry;
        table.rows.push(vec![
            Cell::Whole(row.seq),
            entry.at.to_string().into(),
            entry.actor.as_str().into(),
            entry.role.as_str().into(),
            entry.action.as_str().into(),
            entry.object.as_str().into(),
            entry.detail.as_str().into(),
            entry.address.as_str().into(),
        ]);
    }
    table
}

fn deletion_table(deletions: &[Deletion]) -> Table {
    let mut table = Table::new(&[
        ("at", "when, RFC 3339"),
        ("what", "from which table"),
        ("before", "rows from before then, RFC 3339"),
        ("rows", "how many"),
    ]);
    for deletion in deletions {
        table.rows.push(vec![
            deletion.at.to_string().into(),
            deletion.what.as_str().into(),
            deletion.before.to_string().into(),
            Cell::Whole(i64::try_from(deletion.rows).unwrap_or(i64::MAX)),
        ]);
    }
    table
}
