//! A tidy CSV given instead of the store: the same parser and the same checks, nothing kept.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use chrono::NaiveDate;
use chrono_tz::Tz;

use super::args::InputArgs;
use super::{Failure, output, usage};
use crate::city::City;
use crate::city::parse_locations;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::epi::{LocationId, Locations, Vintage};
use crate::job::{authority, believe};
use crate::observation::{Authority, History, Observation, Snapshot};
use crate::source::{Received, SourceSpec, parse};
use crate::text::{Locale, Phrases};

/// What an input file holds.
pub struct Input {
    /// Its figures as known at the moment asked for.
    pub snapshot: Snapshot,
    /// Populations.
    pub locations: Locations,
    /// The first and the last day it has a figure for.
    pub days: (NaiveDate, NaiveDate),
    /// The locations it speaks of, in order.
    pub ids: Vec<LocationId>,
}

/// Figures that were brought, in every vintage, and what they are read with.
pub struct Brought {
    /// The figures.
    pub observations: Vec<Observation>,
    /// As known when.
    pub as_of: Option<Vintage>,
    /// Which source counts.
    pub authority: Authority,
    /// Populations.
    pub locations: Locations,
    /// The locations the figures speak of, in order.
    pub ids: Vec<LocationId>,
    /// The city's time zone.
    pub zone: Tz,
}

impl Brought {
    /// As known at the moment asked for.
    pub fn snapshot(&self) -> anyhow::Result<Snapshot> {
        Ok(Snapshot::new(&self.observations, self.as_of, &self.authority)?)
    }

    /// The moment asked for, else the last one at which something became known.
    pub fn known_until(&self) -> Vintage {
        let last = self.observations.iter().map(|o| o.as_of).max();
        self.as_of.or(last).unwrap_or_else(|| SystemClock.now())
    }

    /// The first and the last day with a figure.
    pub fn days(&self) -> (NaiveDate, NaiveDate) {
        let first = self.observations.iter().map(Observation::date_from).min().unwrap_or_default();
        (first, self.observations.iter().map(|o| o.date).max().unwrap_or_default())
    }
}

/// Reads a tidy CSV as known at the moment asked for; rows that are refused are told on standard error.
pub fn read(config: &Config, file: &Path, args: &InputArgs) -> Result<Input, Failure> {
    let brought = brought(config, file, args)?;
    let (days, snapshot) = (brought.days(), brought.snapshot()?);
    Ok(Input { snapshot, days, locations: brought.locations, ids: brought.ids })
}

/// Reads a tidy CSV in every vintage; rows that are refused are told on standard error.
pub fn brought(config: &Config, file: &Path, args: &InputArgs) -> Result<Brought, Failure> {
    let city = City::load(config).map_err(usage)?;
    let as_of = moment(args.as_of.as_deref(), city.zone)?;
    let mut observations = figures(config, file, city.zone)?;
    if let Some(source) = &args.source {
        observations.retain(|observation| observation.source == *source);
        if observations.is_empty() {
            return Err(usage(anyhow::anyhow!(
                "--source: no figure in {} is from '{source}'",
                file.display()
            )));
        }
    }
    let authority = shipped_authority(config)?;
    tell_of_several_sources(&observations);
    let mut ids: Vec<LocationId> = observations.iter().map(|o| o.location.clone()).collect();
    ids.sort();
    ids.dedup();
    let locations = populations(args, &ids, city.locations)?;
    Ok(Brought { observations, as_of, authority, locations, ids, zone: city.zone })
}

fn figures(config: &Config, file: &Path, zone: Tz) -> Result<Vec<Observation>, Failure> {
    let bytes = std::fs::read(file).with_context(|| format!("read {}", file.display()))?;
    let tidy = SourceSpec::parse("id = \"tidy\"\ntitle = \"tidy\"").map_err(anyhow::Error::from)?;
    let now = SystemClock.now();
    let received = Received {
        at: now,
        zone,
        name: &file.display().to_string(),
        date: None,
        locations: &Locations::default(),
        units: &BTreeMap::new(),
    };
    let phrases = Phrases::new(Locale::parse(&config.city.language).unwrap_or_default());
    let parsed = parse(&bytes, &tidy, &received)
        .map_err(|error| anyhow::anyhow!("{}: {}", file.display(), error.reason().say(phrases)))?;
    let received = parsed.received();
    let validated = believe(&tidy, parsed, &mut History::default(), (now, zone));
    for rejection in validated.rejected.iter().take(20) {
        let reason = phrases.say(&format!("reject-{}", rejection.reason.code()));
        let (line, column, detail) = (rejection.row, &rejection.column, &rejection.detail);
        output::say(&format!("{}:{line}: {column}: {reason} ({detail})", file.display()));
    }
    if validated.rejected.len() > 20 {
        output::say(&format!("siaga: and {} more refused", validated.rejected.len() - 20));
    }
    if validated.accepted.is_empty() {
        return Err(Failure::Failed(anyhow::anyhow!(
            "{} holds no figure that can be used ({received} read, {} refused)",
            file.display(),
            validated.rejected.len()
        )));
    }
    Ok(validated.accepted.iter().collect())
}

fn shipped_authority(config: &Config) -> Result<Authority, Failure> {
    let specs = crate::app::source_specs(config).map_err(usage)?;
    Ok(authority(&specs))
}

/// Where one measure comes from several sources, says which one counts.
fn tell_of_several_sources(observations: &[Observation]) {
    let mut sources: Vec<&str> = observations
        .iter()
        .filter(|o| o.unit_id.is_none() && o.measure.family() == "cases")
        .map(|o| o.source.as_str())
        .collect();
    sources.sort_unstable();
    sources.dedup();
    if sources.len() > 1 {
        output::say(&format!(
            "siaga: several sources of cases ({}); one is used, never a mixture (--source NAME chooses)",
            sources.join(", ")
        ));
    }
}

fn populations(args: &InputArgs, ids: &[LocationId], shipped: Locations) -> Result<Locations, Failure> {
    match (args.population, &args.locations) {
        (Some(population), _) if population >= 1.0 && population.is_finite() => {
            let rows = ids
                .iter()
                .filter_map(|id| Locations::single(id.clone(), population).at(id, NaiveDate::MIN).cloned());
            Ok(Locations::new(rows.collect()))
        }
        (Some(population), _) => {
            Err(usage(anyhow::anyhow!("--population {population}: write a number of residents, at least 1")))
        }
        (None, Some(file)) => {
            let text = std::fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
            Ok(parse_locations(&text).with_context(|| file.display().to_string())?)
        }
        (None, None) => Ok(shipped),
    }
}

/// `--from` may not lie after `--to`.
pub fn in_order(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<(), Failure> {
    match (from, to) {
        (Some(from), Some(to)) if from > to => {
            Err(usage(anyhow::anyhow!("--from {from} lies after --to {to}")))
        }
        _ => Ok(()),
    }
}

/// A moment of the command line.
pub fn moment(text: Option<&str>, zone: Tz) -> Result<Option<Vintage>, Failure> {
    text.map(|text| Vintage::parse_as_of(text, zone))
        .transpose()
        .map_err(|error| usage(anyhow::anyhow!("--as-of: {error}")))
}

/// The one location meant.
pub fn location(input: &Input, asked: Option<&str>, city: &str) -> anyhow::Result<LocationId> {
    let asked = asked.map(LocationId::new);
    let city = LocationId::new(city);
    match (asked, input.ids.as_slice()) {
        (Some(id), ids) if ids.contains(&id) => Ok(id),
        (Some(id), _) => bail!("--location: the input has no figure of {id}"),
        (None, [only]) => Ok(only.clone()),
        (None, ids) if ids.contains(&city) => Ok(city),
        (None, _) => bail!("the input has several locations: say which with --location CODE"),
    }
}
