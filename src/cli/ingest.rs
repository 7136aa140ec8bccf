//! `siaga ingest`: pulls, a file, or the archive read again; what came, what was refused, what is held.

use std::io::Read;
use std::path::Path;

use anyhow::Context;
use chrono::NaiveDate;

use super::args::IngestArgs;
use super::stored::journey;
use super::{Failure, door, output, usage};
use crate::account::Visitor;
use crate::app;
use crate::audit::Action;
use crate::config::Config;
use crate::epi::Vintage;
use crate::export::{Cell, Table};
use crate::job::{
    BY_HAND, Continuing, How, IngestReport, Journey, Told, ingest_all, ingest_source, recognise,
    replay_archive, take_in,
};
use crate::source::{DateFormat, Payload, SourceSpec};
use crate::store::{Outcome, Run};
use crate::text::{Phrases, Reason, told};

/// `siaga ingest`
pub async fn run(config: &Config, args: &IngestArgs, visitor: &Visitor) -> Result<(), Failure> {
    let journey = journey(config).await?;
    tell_unasked(config, (&journey, args));
    let reports = match &args.file {
        Some(file) => vec![from_file(&journey, (config, args), file).await?],
        None if args.replay_archive => replayed(&journey, args).await?,
        None => pulled(&journey, args).await?,
    };
    if !args.dry_run {
        for IngestReport { run, .. } in &reports {
            let detail = format!("{}: {} of {} accepted", run.outcome.as_str(), run.accepted, run.received);
            door::note(&journey, visitor, (Action::FiguresTaken, &run.source), &detail).await?;
        }
    }
    let phrases = journey.phrases();
    let table = report_table(&reports, phrases);
    let bytes = output::rendered(&table, output::format_or_default(args.format))?;
    output::print(&String::from_utf8_lossy(&bytes))?;
    for report in &reports {
        tell_rejections(report, phrases);
        tell_taken_away(report);
        tell_held(&journey, report, args.dry_run).await?;
    }
    let failed: Vec<&IngestReport> =
        reports.iter().filter(|report| report.run.outcome == Outcome::Failed).collect();
    let nothing = |run: &Run| run.rejected > 0 && run.accepted + run.unchanged + run.held == 0;
    match failed.first() {
        None => match reports.iter().find(|report| nothing(&report.run)) {
            Some(IngestReport { run, .. }) => {
                let args = [("source", run.source.as_str()), ("count", &run.rejected.to_string())];
                Err(Failure::Failed(anyhow::anyhow!(phrases.say_with("ingest-nothing", &args))))
            }
            None => Ok(()),
        },
        Some(report) => Err(Failure::Failed(anyhow::anyhow!(told(&report.run.message, phrases)))),
    }
}

/// Says for which city figures are taken in where nobody said which city this is.
fn tell_unasked(config: &Config, (journey, args): (&Journey, &IngestArgs)) {
    if app::is_unasked(config) && !args.dry_run {
        output::say(&format!(
            "siaga is not set up here: figures are taken in for {}, the city that is built in. `siaga serve` asks for city, \
             policy and owner, and keeps what came in",
            journey.city.name
        ));
    }
}

/// Takes in one file.
async fn from_file(
    journey: &Journey,
    (config, args): (&Config, &IngestArgs),
    file: &Path,
) -> Result<IngestReport, Failure> {
    let body = read_limited(file, config.fetch_max_bytes()?, journey.phrases())?;
    let payload = Payload::from_file(&file.display().to_string(), body);
    let spec = match &args.source_spec {
        Some(name) => spec(journey, name).map_err(usage)?,
        None => recognised(journey, (&payload, args.date))?,
    };
    if spec.dates == DateFormat::Received && args.date.is_none() {
        return Err(usage(anyhow::anyhow!(
            "--date: figures of {} do not say their day; tell it, as --date 2020-11-05",
            spec.id
        )));
    }
    let zone = journey.city.zone;
    let as_of = args.as_of.as_deref().map(|text| Vintage::parse_known(text, zone)).transpose();
    let as_of = as_of.map_err(|error| usage(anyhow::anyhow!("--as-of: {error}")))?;
    if as_of.is_some_and(|as_of| as_of > journey.clock.now()) {
        return Err(usage(anyhow::anyhow!("--as-of is in the future: nothing can be known since then")));
    }
    let series = Continuing::of(journey, &spec).await?;
    let told = Told { date: args.date, as_of, series };
    let how = How { is_dry: args.dry_run, ..How::told(&told) };
    Ok(take_in(journey, &spec, &payload, &how).await?)
}

/// What a file is read as of which nothing was said; one that is not recognised is read as tidy, which says what it lacks.
fn recognised(
    journey: &Journey,
    (payload, date): (&Payload, Option<NaiveDate>),
) -> Result<SourceSpec, Failure> {
    let told = Told { date, ..Told::default() };
    match recognise(journey, (&payload.address, &payload.body), &told) {
        Ok(spec) => Ok(spec.clone()),
        Err(_) => spec(journey, BY_HAND).map_err(usage),
    }
}

/// A file, unless it is larger than a payload may be.
fn read_limited(file: &Path, most: usize, phrases: Phrases) -> Result<Vec<u8>, Failure> {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut body = Vec::new();
        std::fs::File::open(file)?.take(most as u64 + 1).read_to_end(&mut body)?;
        Ok(body)
    };
    let body = read().with_context(|| format!("read {}", file.display()))?;
    if body.len() > most {
        let reason = Reason::new("too-large").count("most", most).say(phrases);
        return Err(Failure::Failed(anyhow::anyhow!("{}: {reason}", file.display())));
    }
    Ok(body)
}

async fn replayed(journey: &Journey, args: &IngestArgs) -> Result<Vec<IngestReport>, Failure> {
    let mut reports = Vec::new();
    for spec in named(journey, &args.source)? {
        reports.extend(replay_archive(journey, spec, args.dry_run).await?);
    }
    Ok(reports)
}

/// The sources of these names; all of them if none is named.
fn named<'a>(journey: &'a Journey, names: &[String]) -> Result<Vec<&'a SourceSpec>, Failure> {
    let find = |name: &String| {
        let found = journey.sources.iter().find(|spec| spec.id == *name);
        found.ok_or_else(|| usage(anyhow::anyhow!("--source {name}: there is no source of that name")))
    };
    if names.is_empty() { Ok(journey.sources.iter().collect()) } else { names.iter().map(find).collect() }
}

async fn pulled(journey: &Journey, args: &IngestArgs) -> Result<Vec<IngestReport>, Failure> {
    if args.source.is_empty() && !args.dry_run {
        if !journey.sources.iter().any(SourceSpec::is_pulled) {
            return Err(usage(anyhow::anyhow!(
                "no source has an address or a path yet: give one its own in source.folder, or take in a file with --file F"
            )));
        }
        return Ok(ingest_all(journey).await?);
    }
    let mut reports = Vec::new();
    let mut named = named(journey, &args.source)?;
    if args.source.is_empty() {
        named.retain(|spec| spec.is_pulled());
    }
    for spec in named {
        reports.push(ingest_source(journey, spec, args.dry_run).await?);
    }
    Ok(reports)
}

fn spec(journey: &Journey, name: &str) -> anyhow::Result<SourceSpec> {
    if name.ends_with(".toml") {
        let text = std::fs::read_to_string(name).with_context(|| format!("--source-spec: read {name}"))?;
        let spec = SourceSpec::parse(&text).map_err(|fault| anyhow::anyhow!("{name}, {fault}"))?;
        return Ok(spec.in_city(&journey.city.location));
    }
    let found = journey.sources.iter().find(|spec| spec.id == name).cloned();
    found.with_context(|| {
        format!("--source-spec {name}: there is no source of that name; a file ends in .toml")
    })
}

fn report_table(reports: &[IngestReport], phrases: Phrases) -> Table {
    let mut table = Table::new(&[
        ("source", ""),
        ("outcome", ""),
        ("received", ""),
        ("accepted", ""),
        ("unchanged", ""),
        ("rejected", ""),
        ("held", ""),
        ("message", ""),
    ]);
    let whole = |count: u64| Cell::Whole(i64::try_from(count).unwrap_or(i64::MAX));
    for IngestReport { run, .. } in reports {
        table.rows.push(vec![
            run.source.as_str().into(),
            run.outcome.as_str().into(),
            whole(run.received),
            whole(run.accepted),
            whole(run.unchanged),
            whole(run.rejected),
            whole(run.held),
            told(&run.message, phrases).into(),
        ]);
    }
    table
}

/// So many refusals are printed; `siaga runs show` has them all.
const TOLD: usize = 50;

fn tell_rejections(report: &IngestReport, phrases: Phrases) {
    let run = &report.run;
    for rejection in report.rejections.iter().take(TOLD) {
        let reason = phrases.say(&format!("reject-{}", rejection.reason));
        let column =
            if rejection.column.is_empty() { String::new() } else { format!("{}: ", rejection.column) };
        output::say(&format!("{}:{}: {column}{reason} ({})", run.source, rejection.line, rejection.detail));
    }
    let more = report.rejections.len().saturating_sub(TOLD);
    if more > 0 {
        output::say(&phrases.say_with(
            "ingest-refused-more",
            &[("source", &run.source), ("count", &more.to_string()), ("run", &run.id)],
        ));
    }
}

/// So many figures that are taken away are named.
const NAMED: usize = 10;

/// Says which known figures the payload reports as missing.
fn tell_taken_away(report: &IngestReport) {
    let (source, changes) = (&report.run.source, &report.changes);
    if changes.taken_away == 0 {
        return;
    }
    output::say(&format!("{source}: known figures reported as missing: {}", changes.taken_away));
    for figure in changes.taken.iter().take(NAMED) {
        let place = figure.series.unit_id.as_deref().unwrap_or(figure.series.location.as_str());
        output::say(&format!(
            "{source}: {place} {} {}: {} becomes missing",
            figure.series.measure, figure.date, figure.before
        ));
    }
}

/// Names the run that is held, and the command that shows it; of a payload that came before, the run that held it then.
async fn tell_held(journey: &Journey, report: &IngestReport, is_dry: bool) -> anyhow::Result<()> {
    let run = &report.run;
    if run.outcome != Outcome::Held {
        return Ok(());
    }
    if is_dry {
        output::say(&format!(
            "{}: it would be held; without --dry-run it is kept and can be shown",
            run.source
        ));
        return Ok(());
    }
    let open = journey.store.open_holds().await?;
    if let Some(hold) = open.iter().find(|hold| hold.source == run.source) {
        output::say(&format!(
            "{}: held as {id}; `siaga runs show {id}` tells what it would change, `siaga runs release {id}` lets it in",
            run.source,
            id = hold.run_id
        ));
    }
    Ok(())
}
