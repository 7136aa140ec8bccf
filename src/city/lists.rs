//! The lists a city brings: locations with population, work units, orders of the centre, holidays. CSV in, types out; pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use thiserror::Error;

use crate::assessment::{Order, Orders};
use crate::epi::{Calendar, Location, LocationId, Locations};
use crate::workforce::{Service, Unit};

/// A list that cannot be used: where and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {message}")]
pub struct ListFault {
    /// Line of the file, counted from 1.
    pub line: u64,
    /// What is wrong.
    pub message: String,
}

fn rows<T: for<'de> Deserialize<'de>>(text: &str) -> Result<Vec<(u64, T)>, ListFault> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().cloned().map_err(|error| fault(1, &error))?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|error| fault(error.position().map_or(0, csv::Position::line), &error))?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push((line, record.deserialize(Some(&header)).map_err(|error| fault(line, &error))?));
    }
    Ok(rows)
}

fn fault(line: u64, error: &dyn std::fmt::Display) -> ListFault {
    ListFault { line, message: error.to_string() }
}

#[derive(Deserialize)]
struct LocationRow {
    location: String,
    name: String,
    level: String,
    parent: Option<String>,
    population: Option<f64>,
    time_zone: String,
    valid_from: NaiveDate,
    source: String,
}

/// Reads `location,name,level,parent,population,time_zone,valid_from,source`.
///
/// # Errors
/// [`ListFault`] with the line.
pub fn parse_locations(text: &str) -> Result<Locations, ListFault> {
    let mut locations = Vec::new();
    for (line, row) in rows::<LocationRow>(text)? {
        if row.population.is_some_and(|population| population < 1.0 || !population.is_finite()) {
            return Err(ListFault { line, message: "a population is at least 1, or empty".to_owned() });
        }
        if row.time_zone.parse::<chrono_tz::Tz>().is_err() {
            return Err(ListFault { line, message: format!("'{}' is not a time zone", row.time_zone) });
        }
        locations.push(Location {
            id: LocationId::new(&row.location),
            name: row.name,
            level: row.level,
            parent: row.parent.filter(|parent| !parent.is_empty()).map(|parent| LocationId::new(&parent)),
            population: row.population,
            time_zone: row.time_zone,
            valid_from: row.valid_from,
            source: row.source,
        });
    }
    Ok(Locations::new(locations))
}

/// Reads the list of work units.
///
/// # Errors
/// [`ListFault`] with the line: an unknown category, a unit twice.
pub fn parse_units(text: &str) -> Result<Vec<Unit>, ListFault> {
    let mut seen = BTreeMap::new();
    let mut units = Vec::new();
    for (line, unit) in rows::<Unit>(text)? {
        if Service::of(&unit.category).is_none_or(|service| service.as_str() != unit.category) {
            return Err(ListFault {
                line,
                message: format!("category '{}' is not N, E or K", unit.category),
            });
        }
        if let Some(first) = seen.insert(unit.unit_id.clone(), line) {
            return Err(ListFault {
                line,
                message: format!("unit {} stands on line {first} already", unit.unit_id),
            });
        }
        units.push(Unit { parent: unit.parent.clone().filter(|parent| !parent.is_empty()), ..unit });
    }
    Ok(units)
}

#[derive(Deserialize)]
struct OrderRow {
    order_id: String,
    location: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    zone: String,
    wfo_non_service_pct: Option<u8>,
    wfo_essential_pct: Option<u8>,
    wfo_critical_pct: Option<u8>,
    instrument: String,
    source: String,
}

const ZONES: [&str; 4] = ["hijau", "kuning", "oranye", "merah"];

/// Reads the orders of the centre and the province.
///
/// # Errors
/// [`ListFault`] with the line: an unknown zone, a period that ends before it starts, a share above 100.
pub fn parse_orders(text: &str) -> Result<Orders, ListFault> {
    let mut orders = Vec::new();
    for (line, row) in rows::<OrderRow>(text)? {
        let wrong = |message: String| ListFault { line, message };
        let mut zones = Vec::new();
        for word in row.zone.split('|').map(str::trim).filter(|word| !word.is_empty()) {
            let zone = ZONES.iter().position(|zone| *zone == word);
            let zone = zone.and_then(|zone| u8::try_from(zone).ok());
            zones.push(zone.ok_or_else(|| wrong(format!("'{word}' is not a zone")))?);
        }
        if row.valid_to.is_some_and(|to| to < row.valid_from) {
            return Err(wrong("valid_to lies before valid_from".to_owned()));
        }
        let shares = [row.wfo_non_service_pct, row.wfo_essential_pct, row.wfo_critical_pct];
        if shares.into_iter().flatten().any(|pct| pct > 100) {
            return Err(wrong("a share at the office is at most 100".to_owned()));
        }
        orders.push(Order {
            id: row.order_id,
            location: LocationId::new(&row.location),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            zones,
            wfo_non_service_pct: row.wfo_non_service_pct,
            wfo_essential_pct: row.wfo_essential_pct,
            wfo_critical_pct: row.wfo_critical_pct,
            instrument: row.instrument,
            source: row.source,
        });
    }
    Ok(Orders::new(orders))
}

#[derive(Debug, Deserialize)]
struct HolidayRow {
    date: NaiveDate,
    name: String,
}

/// Reads the public holidays of a place: `date,name` and whatever else the list keeps.
///
/// # Errors
/// [`ListFault`] with the line: something that is no date, a day twice, a day without a name.
pub fn parse_holidays(text: &str) -> Result<Calendar, ListFault> {
    let mut days: Vec<NaiveDate> = Vec::new();
    for (line, row) in rows::<HolidayRow>(text)? {
        if row.name.trim().is_empty() {
            return Err(ListFault { line, message: format!("{} has no name", row.date) });
        }
        if days.contains(&row.date) {
            return Err(ListFault { line, message: format!("{} is written twice", row.date) });
        }
        days.push(row.date);
    }
    Ok(Calendar::new(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_lists_are_read() {
        let locations = parse_locations(include_str!("../../data/location/locations.csv")).unwrap();
        let bogor = LocationId::new("3271");
        let date = "2021-06-28".parse().unwrap();
        assert_eq!(locations.population(&bogor, date), Some(1_043_070.0));
        let units = parse_units(include_str!("../../data/unit/kota_bogor.csv")).unwrap();
        let staff: f64 = units.iter().filter_map(|unit| unit.headcount).sum();
        assert!((staff - 6_365.0).abs() < 0.5);
        let orders = parse_orders(include_str!("../../data/order/indonesia.csv")).unwrap();
        let order = orders.in_force(&[bogor], date, Some(2.0)).unwrap();
        assert_eq!(order.wfo_non_service_pct, Some(50));
    }

    #[test]
    fn every_province_regency_and_city_is_in_the_list() {
        let list = parse_locations(include_str!("../../data/location/indonesia.csv")).unwrap();
        let count = |level: &str| list.newest().filter(|location| location.level == level).count();
        assert_eq!((count("province"), count("regency"), count("city")), (34, 416, 98));
        let names: std::collections::BTreeSet<&str> = list.newest().map(|l| l.name.as_str()).collect();
        assert_eq!(names.len(), 548, "no two are called the same");
        for location in list.newest().filter(|location| location.level != "province") {
            let (id, parent) = (location.id.as_str(), location.parent.as_ref().unwrap());
            assert!(id.starts_with(parent.as_str()) && id.len() == 4 && list.contains(parent), "{id}");
            let kind = if location.level == "city" { "Kota " } else { "Kabupaten " };
            assert!(location.name.starts_with(kind), "{}", location.name);
        }
        let zone = |id: &str| {
            list.at(&LocationId::new(id), NaiveDate::MAX).map(|location| location.time_zone.as_str())
        };
        for (id, expected) in
            [("6101", "Jakarta"), ("6271", "Jakarta"), ("6371", "Makassar"), ("6474", "Makassar")]
        {
            assert_eq!(zone(id), Some(format!("Asia/{expected}").as_str()), "{id}");
        }
        assert_eq!(
            (zone("5171"), zone("8171"), zone("9471")),
            (Some("Asia/Makassar"), Some("Asia/Jayapura"), None)
        );
        // The cities carried in detail are the same places here.
        let carried = parse_locations(include_str!("../../data/location/locations.csv")).unwrap();
        for known in carried.newest().filter(|known| list.contains(&known.id)) {
            let here = list.at(&known.id, NaiveDate::MAX).unwrap();
            assert_eq!(
                (&here.name, &here.parent, &here.time_zone),
                (&known.name, &known.parent, &known.time_zone)
            );
        }
        let bontang = LocationId::new("6474");
        assert_eq!(list.population(&bontang, NaiveDate::MAX), Some(181_618.0));
    }

    #[test]
    fn faults_name_their_line() {
        let orders = "order_id,location,valid_from,valid_to,zone,wfo_non_service_pct,instrument,source\n\
            a,3271,2021-07-03,2021-07-01,,0,x,y\n";
        assert_eq!(parse_orders(orders).map(|_| ()).unwrap_err().line, 2);
        let zone = orders.replace("2021-07-01,,", "2021-07-20,ungu,");
        assert!(parse_orders(&zone).map(|_| ()).unwrap_err().message.contains("ungu"));
        let locations = "location,name,level,parent,population,time_zone,valid_from,source\n\
            3271,Kota Bogor,city,,0,Asia/Jakarta,2020-01-01,x\n";
        assert_eq!(parse_locations(locations).unwrap_err().line, 2);
        let units = "unit_id,location,name,name_en,category,parent,headcount,headcount_date,headcount_status,source\n\
            a,3271,A,A,X,,,,,\n";
        assert!(parse_units(units).unwrap_err().message.contains("category"));
    }

    #[test]
    fn shipped_holidays_are_read_and_broken_ones_are_refused() {
        let shipped = parse_holidays(include_str!("../../data/holiday/indonesia.csv")).unwrap();
        assert!(shipped.is_holiday("2021-07-20".parse().unwrap()), "Idul Adha 1442 H");
        assert!(!shipped.is_holiday("2021-06-29".parse().unwrap()));
        for (text, line) in [
            ("date,name\n2021-13-01,Natal\n", 2),
            ("date,name\n2021-12-25,Natal\n2021-12-25,Natal\n", 3),
            ("date,name\n2021-12-25,\n", 2),
        ] {
            assert_eq!(parse_holidays(text).unwrap_err().line, line, "{text}");
        }
    }
}
