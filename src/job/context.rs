//! What every journey needs: the store, the clock, the city, its rules, its publishers, its channels.

use std::sync::Arc;

use anyhow::Context;
use chrono::NaiveDate;
use chrono_tz::Tz;
use tokio::sync::watch;

use crate::alert::Channels;
use crate::assessment::{Case, Orders, Policy};
use crate::assets;
use crate::clock::Clock;
use crate::config::Config;
use crate::epi::{LocationId, Locations, Vintage};
use crate::indicator::{IndicatorTable, MethodParameters};
use crate::observation::{Authority, Observation};
use crate::source::{Fetcher, SourceSpec, Unit, parse_locations, parse_orders, parse_units};
use crate::store::{Filter, Store};
use crate::text::{Locale, Phrases};

/// The city and its lists.
#[derive(Debug, Clone)]
pub struct City {
    /// Its code.
    pub location: LocationId,
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub zone: Tz,
    /// The city and what it is part of, nearest first.
    pub lineage: Vec<LocationId>,
    /// Places with population.
    pub locations: Locations,
    /// Work units.
    pub units: Vec<Unit>,
    /// Orders of the centre and the province.
    pub orders: Orders,
}

impl City {
    /// The city of the settings, with the shipped lists or the operator's own.
    ///
    /// # Errors
    /// When a list cannot be read, or the locations file does not have the city.
    pub fn load(config: &Config) -> anyhow::Result<Self> {
        let list = |own: &Option<std::path::PathBuf>, shipped: &str| -> anyhow::Result<(String, String)> {
            match own {
                Some(path) => {
                    let name = path.display().to_string();
                    Ok((std::fs::read_to_string(path).with_context(|| format!("read {name}"))?, name))
                }
                None => Ok((
                    assets::data(shipped).with_context(|| format!("find data/{shipped}"))?,
                    format!("data/{shipped}"),
                )),
            }
        };
        let (text, name) = list(&config.city.locations, "location/locations.csv")?;
        let locations = parse_locations(&text).with_context(|| format!("read {name}"))?;
        let (text, name) = list(&config.city.units, "unit/kota_bogor.csv")?;
        let units = parse_units(&text).with_context(|| format!("read {name}"))?;
        let (text, name) = list(&config.city.orders, "order/indonesia.csv")?;
        let orders = parse_orders(&text).with_context(|| format!("read {name}"))?;
        let location = LocationId::new(&config.city.location);
        let row = locations.at(&location, NaiveDate::MAX).with_context(|| {
            format!("city.location: '{location}' is not in the locations file; add it there")
        })?;
        Ok(Self {
            name: row.name.clone(),
            zone: row.time_zone.parse().map_err(|_| anyhow::anyhow!("{location} has no time zone"))?,
            lineage: lineage(&locations, &location),
            units: units.into_iter().filter(|unit| unit.location == location).collect(),
            location,
            locations,
            orders,
        })
    }
}

fn lineage(locations: &Locations, location: &LocationId) -> Vec<LocationId> {
    let mut lineage = vec![location.clone()];
    while let Some(parent) = lineage.last().and_then(|id| locations.at(id, NaiveDate::MAX)?.parent.clone()) {
        if lineage.contains(&parent) {
            break;
        }
        lineage.push(parent);
    }
    lineage
}

/// A policy by its shipped name or as a file.
///
/// # Errors
/// When there is none of that name, or it cannot be used: with file and line.
pub fn load_policy(name: &str) -> anyhow::Result<Policy> {
    let is_file = name.ends_with(".toml");
    let text = if is_file {
        std::fs::read_to_string(name).with_context(|| format!("read the policy {name}"))?
    } else {
        assets::data(&format!("policy/{name}.toml")).with_context(|| {
            format!(
                "find the policy '{name}': `siaga policy list` names those that ship, a file ends in .toml"
            )
        })?
    };
    let file = if is_file { name.to_owned() } else { format!("data/policy/{name}.toml") };
    Policy::parse(&text).map_err(|fault| anyhow::anyhow!("{file}, {fault}"))
}

/// Everything a journey needs.
#[derive(Debug)]
pub struct Journey {
    /// Where figures are kept.
    pub store: Store,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Who asks publishers.
    pub fetcher: Fetcher,
    /// The publishers.
    pub sources: Vec<SourceSpec>,
    /// The city.
    pub city: City,
    /// The rules in force.
    pub policy: Policy,
    /// The epidemiologist's settings.
    pub method: MethodParameters,
    /// How people are reached.
    pub channels: Channels,
    /// The first language.
    pub locale: Locale,
    /// Whether this is the demonstration.
    pub is_demo: bool,
    /// Tells pages that something is new: a number that only rises.
    pub changed: watch::Sender<i64>,
}

impl Journey {
    /// Today, in the city.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.clock.now().local_date(self.city.zone)
    }

    /// The phrases of the first language.
    #[must_use]
    pub fn phrases(&self) -> Phrases {
        Phrases::new(self.locale)
    }

    /// Which source counts, from the specs.
    #[must_use]
    pub fn authority(&self) -> Authority {
        Authority::new(self.sources.iter().map(|spec| (spec.id.clone(), spec.authority)))
    }

    /// What the rules assess.
    #[must_use]
    pub fn case<'a>(&'a self, table: &'a IndicatorTable) -> Case<'a> {
        Case { policy: &self.policy, table, orders: &self.city.orders, lineage: &self.city.lineage }
    }

    /// Every vintage known of the city by a moment.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn observations(&self, as_of: Vintage) -> anyhow::Result<Vec<Observation>> {
        let filter = Filter { location: Some(self.city.location.clone()), as_of: Some(as_of) };
        self.store.observations(&filter).await.context("read the figures")
    }

    /// Tells pages that something is new.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn announce(&self) -> anyhow::Result<()> {
        let version = self.store.data_version().await?;
        self.changed.send_if_modified(|known| {
            let is_new = *known != version;
            *known = version;
            is_new
        });
        Ok(())
    }
}
