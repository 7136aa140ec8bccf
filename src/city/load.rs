//! The city of the settings, with the shipped lists or its own.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use chrono::NaiveDate;
use chrono_tz::Tz;

use super::lists::{parse_holidays, parse_locations, parse_orders, parse_units};
use crate::assessment::Orders;
use crate::assets;
use crate::config::Config;
use crate::decision::{ExemptionList, StatusRegister, parse_exemption_list, parse_statuses};
use crate::epi::{Calendar, LocationId, Locations};
use crate::workforce::Unit;

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
    /// Its public holidays.
    pub calendar: Calendar,
    /// What it was declared to be, by dates: outbreak, restrictions, levels.
    pub statuses: StatusRegister,
    /// Lists of units that were exempt in a document.
    pub exemption_lists: Vec<ExemptionList>,
}

impl City {
    /// Names of the work units by id.
    #[must_use]
    pub fn unit_names(&self) -> BTreeMap<String, String> {
        self.units.iter().map(|unit| (unit.unit_id.clone(), unit.name.clone())).collect()
    }

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
        let (text, name) = list(&None, "location/indonesia.csv")?;
        let country = parse_locations(&text).with_context(|| format!("read {name}"))?;
        let locations = locations.and_others(country);
        let (text, name) = list(&config.city.units, "unit/kota_bogor.csv")?;
        let units = parse_units(&text).with_context(|| format!("read {name}"))?;
        let (text, name) = list(&config.city.orders, "order/indonesia.csv")?;
        let orders = parse_orders(&text).with_context(|| format!("read {name}"))?;
        let (text, name) = list(&config.city.holidays, "holiday/indonesia.csv")?;
        let calendar = parse_holidays(&text).with_context(|| format!("read {name}"))?;
        let (text, name) = list(&config.city.statuses, "status/indonesia.csv")?;
        let statuses = parse_statuses(&text).with_context(|| format!("read {name}"))?;
        let location = LocationId::new(&config.city.location);
        let exemption_lists = exemption_lists(config.city.exemptions.as_deref(), &location)?;
        let locations = typed_over(config, locations, &location)?;
        let row = locations.at(&location, NaiveDate::MAX).with_context(|| {
            format!("city.location: '{location}' is neither in the locations file nor a city or regency of Indonesia; add it to the file")
        })?;
        Ok(Self {
            name: row.name.clone(),
            zone: row.time_zone.parse().map_err(|_| anyhow::anyhow!("{location} has no time zone"))?,
            lineage: locations.lineage(&location),
            units: units.into_iter().filter(|unit| unit.location == location).collect(),
            location,
            locations,
            orders,
            calendar,
            statuses,
            exemption_lists,
        })
    }
}

/// The city's lists of exempt units: those that ship, and the operator's own; an own one of the same id stands over a shipped one.
fn exemption_lists(own: Option<&Path>, location: &LocationId) -> anyhow::Result<Vec<ExemptionList>> {
    let mut lists: BTreeMap<String, ExemptionList> = BTreeMap::new();
    let mut take = |name: &str, text: &str| -> anyhow::Result<()> {
        let list = parse_exemption_list(text).map_err(|fault| anyhow::anyhow!("read {name}: {fault}"))?;
        if list.location == location.as_str() {
            lists.insert(list.id.clone(), list);
        }
        Ok(())
    };
    for name in assets::data_files("exemption/") {
        take(&format!("data/{name}"), &assets::data(&name).unwrap_or_default())?;
    }
    if let Some(folder) = own {
        let shown = folder.display();
        let entries = std::fs::read_dir(folder).with_context(|| format!("read the folder {shown}"))?;
        let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.retain(|file| file.extension().is_some_and(|end| end == "toml"));
        files.sort();
        for file in files {
            let name = file.display().to_string();
            take(&name, &std::fs::read_to_string(&file).with_context(|| format!("read {name}"))?)?;
        }
    }
    Ok(lists.into_values().collect())
}

/// The list with what the settings say of the city's residents and time zone instead of its own row.
fn typed_over(config: &Config, locations: Locations, location: &LocationId) -> anyhow::Result<Locations> {
    let own = &config.city;
    let Some(row) = locations
        .at(location, NaiveDate::MAX)
        .filter(|_| own.population.is_some() || own.time_zone.is_some())
    else {
        return Ok(locations);
    };
    let mut row = row.clone();
    if let Some(zone) = &own.time_zone {
        zone.parse::<Tz>().map_err(|_| anyhow::anyhow!("city.time_zone: '{zone}' is not a time zone"))?;
        row.time_zone.clone_from(zone);
    }
    let Some(population) = own.population else {
        return Ok(
            match row.time_zone == locations.at(location, NaiveDate::MAX).map_or("", |row| &row.time_zone) {
                true => locations,
                false => locations.with(row),
            },
        );
    };
    row.population = u32::try_from(population).ok().map(f64::from);
    row.valid_from = NaiveDate::MIN;
    row.source =
        own.population_source.clone().unwrap_or_else(|| "city.population of the settings".to_owned());
    Ok(locations.with(row))
}
