//! `siaga source check`: what a spec makes of a payload, before anybody trusts it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::NaiveDate;
use clap::Args;

use crate::assets;
use crate::city::City;
use crate::cli::args::Format;
use crate::cli::{Failure, output, usage};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::export::{Cell, Table};
use crate::job::unit_names;
use crate::observation::{Figure, Rejection, SeriesKey};
use crate::source::{Parsed, Received, SourceSpec, parse};
use crate::text::{Locale, Phrases};

/// `siaga source check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The source file, or a shipped name
    pub file: PathBuf,
    /// A payload of that publisher
    #[arg(long, value_name = "PAYLOAD")]
    pub sample: PathBuf,
    /// The day of its figures, where the payload does not say
    #[arg(long, value_name = "DATE")]
    pub date: Option<NaiveDate>,
    /// How to write it
    #[arg(long, value_enum)]
    pub format: Option<Format>,
}

/// So many refusals of each reason are shown.
const REFUSALS: usize = 3;
/// So many figures are shown.
const EXAMPLES: usize = 10;

/// Tells what a source file makes of a payload.
pub fn check(config: &Config, args: &CheckArgs) -> Result<(), Failure> {
    let CheckArgs { file, sample, date, format } = args;
    let city = City::load(config).map_err(usage)?;
    let spec = spec(file)?.in_city(&city.location);
    let name = sample.display().to_string();
    let bytes = std::fs::read(sample).with_context(|| format!("read {name}"))?;
    let received = Received {
        at: SystemClock.now(),
        zone: city.zone,
        name: &name,
        date: *date,
        locations: &city.locations,
        units: &unit_names(&city),
    };
    let phrases = Phrases::new(Locale::parse(&config.city.language).unwrap_or_default());
    let parsed = parse(&bytes, &spec, &received)
        .map_err(|error| anyhow::anyhow!("{name}: {}", error.reason().say(phrases)))?;
    let table = told(&parsed, phrases);
    output::print(&String::from_utf8_lossy(&output::rendered(&table, format.unwrap_or(Format::Table))?))?;
    if parsed.rows.is_empty() {
        return Err(Failure::Failed(anyhow::anyhow!(
            "{name} holds no figure that {} can read",
            file.display()
        )));
    }
    Ok(())
}

fn spec(file: &Path) -> Result<SourceSpec, Failure> {
    let name = file.display().to_string();
    let shipped = assets::data(&format!("source/{name}.toml")).filter(|_| !file.exists());
    let text = match shipped {
        Some(text) => text,
        None => std::fs::read_to_string(file)
            .with_context(|| format!("read the source file {name} (a shipped name does too)"))
            .map_err(usage)?,
    };
    SourceSpec::parse(&text).map_err(|fault| usage(anyhow::anyhow!("{name}, {fault}")))
}

const COLUMNS: [(&str, &str); 10] = [
    ("part", "total, column, refused, location, measure or figure"),
    ("name", "what the line is about"),
    ("count", "how many figures"),
    ("row", "line of the payload"),
    ("column", "column of the payload"),
    ("detail", "the cell and what it was held against"),
    ("least", "smallest figure"),
    ("most", "largest figure"),
    ("first", "first day"),
    ("last", "last day"),
];

/// A line, with what it says beside its part and name.
#[derive(Default)]
struct Line {
    count: Option<usize>,
    row: Option<u64>,
    column: String,
    detail: String,
    range: Option<(f64, f64)>,
    days: Option<(NaiveDate, NaiveDate)>,
}

fn add(table: &mut Table, part: &str, name: &str, line: Line) {
    let whole = |number: Option<i64>| number.map_or(Cell::Empty, Cell::Whole);
    table.rows.push(vec![
        part.into(),
        name.into(),
        whole(line.count.and_then(|count| i64::try_from(count).ok())),
        whole(line.row.and_then(|row| i64::try_from(row).ok())),
        line.column.into(),
        line.detail.into(),
        line.range.map(|(least, _)| least).into(),
        line.range.map(|(_, most)| most).into(),
        line.days.map_or(Cell::Empty, |(first, _)| first.into()),
        line.days.map_or(Cell::Empty, |(_, last)| last.into()),
    ]);
}

fn told(parsed: &Parsed, phrases: Phrases) -> Table {
    let mut table = Table::new(&COLUMNS);
    let skipped = usize::try_from(parsed.skipped).unwrap_or(usize::MAX);
    for (name, count) in
        [("figures", parsed.rows.len()), ("refused", parsed.rejected.len()), ("rows left out", skipped)]
    {
        add(&mut table, "total", name, Line { count: Some(count), ..Line::default() });
    }
    for column in &parsed.columns {
        add(&mut table, "column", column, Line::default());
    }
    refused(&mut table, &parsed.rejected, phrases);
    let named = |name: fn(&SeriesKey) -> String| {
        parsed.rows.rows().iter().map(move |figure| (name(parsed.rows.key(figure)), figure))
    };
    grouped(&mut table, "location", named(|key| key.location.to_string()));
    grouped(&mut table, "measure", named(|key| key.measure.to_string()));
    // Some of many, from the whole length.
    for raw in parsed.rows.raw().step_by(parsed.rows.len().div_ceil(EXAMPLES).max(1)) {
        let figure = &raw.observation;
        let said = format!("{} {}", figure.location, figure.measure);
        let line = Line {
            row: Some(raw.row),
            detail: format!("{}, {}", figure.source, figure.as_of),
            range: figure.value.map(|value| (value, value)),
            days: Some((figure.date_from(), figure.date)),
            ..Line::default()
        };
        add(&mut table, "figure", &said, line);
    }
    table
}

fn refused(table: &mut Table, rejections: &[Rejection], phrases: Phrases) {
    let mut reasons: BTreeMap<&str, Vec<&Rejection>> = BTreeMap::new();
    for rejection in rejections {
        reasons.entry(rejection.reason.code()).or_default().push(rejection);
    }
    for (code, rejections) in reasons {
        let said = phrases.say(&format!("reject-{code}"));
        add(table, "refused", code, Line { count: Some(rejections.len()), detail: said, ..Line::default() });
        for rejection in rejections.into_iter().take(REFUSALS) {
            let line = Line {
                row: Some(rejection.row),
                column: rejection.column.clone(),
                detail: rejection.detail.clone(),
                ..Line::default()
            };
            add(table, "refused", code, line);
        }
    }
}

/// What is known of all figures with the same name.
fn grouped<'a>(table: &mut Table, part: &str, figures: impl Iterator<Item = (String, &'a Figure)>) {
    let mut groups: BTreeMap<String, Line> = BTreeMap::new();
    for (name, figure) in figures {
        let line = groups.entry(name).or_default();
        line.count = Some(line.count.unwrap_or(0) + 1);
        let day = figure.date;
        line.days = Some(line.days.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
        if let Some(value) = figure.value {
            let range =
                line.range.map_or((value, value), |(least, most)| (least.min(value), most.max(value)));
            line.range = Some(range);
        }
    }
    for (name, line) in groups {
        // The smallest and largest of all measures together say nothing.
        let range = line.range.filter(|_| part == "measure");
        add(table, part, &name, Line { range, ..line });
    }
}
