//! Orders of the centre and the province that a person adds here: each is kept as it was typed, counts like those of the shipped
//! list, and can only be given a last day.

use anyhow::Context;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::account::Visitor;
use crate::assessment::Order;
use crate::audit::{Action, Entry};
use crate::decision::{one_line, read_day, read_share};
use crate::epi::LocationId;
use crate::job::Journey;
use crate::source::sha256_hex;

/// Under which names they are kept.
pub(in crate::job) const ORDERS: &str = "order:";
/// The longest instrument or source.
const LONGEST: usize = 300;
const ZONES: [&str; 4] = ["hijau", "kuning", "oranye", "merah"];

/// An order as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderAnswer {
    /// Its instrument: "Inmendagri 15/2021".
    pub instrument: String,
    /// Where its text was read.
    pub source: String,
    /// First day.
    pub valid_from: String,
    /// Last day; empty: until revoked.
    pub valid_to: String,
    /// Where it binds; empty: the city.
    pub location: String,
    /// Official zones it binds, with commas; empty: any.
    pub zones: String,
    /// The most staff at the office in non-service units, in percent.
    pub non_service_pct: String,
    /// In essential services; empty where it does not say.
    pub essential_pct: String,
    /// In critical services; empty where it does not say.
    pub critical_pct: String,
}

/// What is wrong with one: the field, and the phrase after `order-refused-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRefusal {
    /// The field.
    pub field: &'static str,
    /// The phrase.
    pub code: &'static str,
}

/// An order that is kept here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptOrder {
    /// Its id.
    pub id: String,
    /// Where it binds.
    pub location: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
    /// Official zones it binds; empty: any.
    pub zones: Vec<u8>,
    /// Ceiling for non-service units.
    pub non_service_pct: u8,
    /// Ceiling for essential services.
    pub essential_pct: Option<u8>,
    /// Ceiling for critical services.
    pub critical_pct: Option<u8>,
    /// Its instrument.
    pub instrument: String,
    /// Where its text was read.
    pub source: String,
    /// Who added it.
    pub by: String,
    /// When, UTC.
    pub at: String,
}

impl From<&KeptOrder> for Order {
    fn from(kept: &KeptOrder) -> Self {
        Self {
            id: kept.id.clone(),
            location: LocationId::new(&kept.location),
            valid_from: kept.valid_from,
            valid_to: kept.valid_to,
            zones: kept.zones.clone(),
            wfo_non_service_pct: Some(kept.non_service_pct),
            wfo_essential_pct: kept.essential_pct,
            wfo_critical_pct: kept.critical_pct,
            instrument: kept.instrument.clone(),
            source: kept.source.clone(),
        }
    }
}

/// Keeps an order. The rules heed it from the next evaluation on.
///
/// # Errors
/// Everything that is wrong with it, or that the store does not answer.
pub async fn keep_order(
    journey: &Journey,
    answer: &OrderAnswer,
    (visitor, address): (&Visitor, &str),
) -> anyhow::Result<Result<KeptOrder, Vec<OrderRefusal>>> {
    let mut order = match checked(answer, &journey.city.lineage) {
        Ok(order) => order,
        Err(refused) => return Ok(Err(refused)),
    };
    let now = journey.clock.now();
    (order.by, order.at) = (visitor.name().to_owned(), now.to_string());
    let told = serde_json::to_string(&order)?;
    order.id = format!("kept-{}", &sha256_hex(told.as_bytes())[..8]);
    save(journey, &order, ("added", visitor, address)).await?;
    Ok(Ok(order))
}

/// Gives a kept order its last day.
///
/// # Errors
/// When there is none of that id, or the day lies before its first.
pub async fn end_order(
    journey: &Journey,
    id: &str,
    last_day: NaiveDate,
    (visitor, address): (&Visitor, &str),
) -> anyhow::Result<KeptOrder> {
    let mut order = kept_orders(journey)
        .await?
        .into_iter()
        .find(|order| order.id == id)
        .with_context(|| format!("there is no order {id} that was added here"))?;
    if last_day < order.valid_from {
        anyhow::bail!("{last_day} lies before the order's first day, {}", order.valid_from);
    }
    order.valid_to = Some(last_day);
    save(journey, &order, ("ended", visitor, address)).await?;
    Ok(order)
}

async fn save(
    journey: &Journey,
    order: &KeptOrder,
    (what, visitor, address): (&str, &Visitor, &str),
) -> anyhow::Result<()> {
    let text = serde_json::to_string(order)?;
    let object = format!("order {}", order.id);
    let entry = Entry::new(journey.clock.now(), (visitor.name(), visitor.role()), Action::OrderKept, &object)
        .detail(format!("{what}: {text}"))
        .address(address);
    let name = format!("{ORDERS}{}", order.id);
    journey.store.keep_order(&name, &text, &entry).await.context("keep the order")
}

/// The orders that were added here, by first day.
///
/// # Errors
/// When the store does not answer.
pub async fn kept_orders(journey: &Journey) -> anyhow::Result<Vec<KeptOrder>> {
    let kept = journey.store.metas(ORDERS).await?;
    let mut orders: Vec<KeptOrder> = kept
        .iter()
        .map(|(name, text)| serde_json::from_str(text).with_context(|| format!("read {name} in the store")))
        .collect::<Result<_, _>>()?;
    orders.sort_by(|one, other| (one.valid_from, &one.id).cmp(&(other.valid_from, &other.id)));
    Ok(orders)
}

/// The journey with the orders that were added here beside those of the list.
///
/// # Errors
/// When the store does not answer.
pub async fn with_kept_orders(mut journey: Journey) -> anyhow::Result<Journey> {
    let kept = kept_orders(&journey).await?;
    journey.city.orders = journey.city.orders.clone().and(kept.iter().map(Order::from));
    Ok(journey)
}

/// Zones by their names; `None` where one is no zone.
fn zones(text: &str) -> Option<Vec<u8>> {
    let words = text.split([',', '|', ' ']).map(str::trim).filter(|word| !word.is_empty());
    let zone = |word: &str| ZONES.iter().position(|zone| *zone == word.to_lowercase());
    words.map(|word| zone(word).and_then(|zone| u8::try_from(zone).ok())).collect()
}

fn checked(answer: &OrderAnswer, lineage: &[LocationId]) -> Result<KeptOrder, Vec<OrderRefusal>> {
    let mut refused = Vec::new();
    let mut refuse = |field, code| refused.push(OrderRefusal { field, code });
    let (instrument, source) = (one_line(&answer.instrument), one_line(&answer.source));
    for (field, text) in [("instrument", &instrument), ("source", &source)] {
        if text.is_empty() || text.chars().count() > LONGEST {
            refuse(field, "line");
        }
    }
    let (valid_from, valid_to) = (read_day(&answer.valid_from).ok(), read_day(&answer.valid_to).ok());
    if valid_from.is_none() {
        refuse("valid_from", "day");
    }
    if !answer.valid_to.trim().is_empty() && valid_to.is_none() {
        refuse("valid_to", "day");
    }
    if valid_from.zip(valid_to).is_some_and(|(from, to)| to < from) {
        refuse("valid_to", "order");
    }
    let own = lineage.first().map_or("", LocationId::as_str);
    let location = Some(answer.location.trim()).filter(|text| !text.is_empty()).unwrap_or(own).to_owned();
    if lineage.iter().all(|place| place.as_str() != location) {
        refuse("location", "location");
    }
    let zones = zones(&answer.zones);
    if zones.is_none() {
        refuse("zones", "zone");
    }
    let non_service_pct = read_share(&answer.non_service_pct);
    if non_service_pct.is_none() {
        refuse("non_service_pct", "share");
    }
    let (essential_pct, critical_pct) = (read_share(&answer.essential_pct), read_share(&answer.critical_pct));
    for (field, text, read) in [
        ("essential_pct", &answer.essential_pct, essential_pct),
        ("critical_pct", &answer.critical_pct, critical_pct),
    ] {
        if !text.trim().is_empty() && read.is_none() {
            refuse(field, "share");
        }
    }
    match (valid_from, non_service_pct) {
        (Some(valid_from), Some(non_service_pct)) if refused.is_empty() => Ok(KeptOrder {
            id: String::new(),
            location,
            valid_from,
            valid_to,
            zones: zones.unwrap_or_default(),
            non_service_pct,
            essential_pct,
            critical_pct,
            instrument,
            source,
            by: String::new(),
            at: String::new(),
        }),
        _ => Err(refused),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_that_cannot_be_is_refused_at_its_field() {
        let good = OrderAnswer {
            instrument: "Inmendagri 15/2021".to_owned(),
            source: "kemendagri.go.id".to_owned(),
            valid_from: "Sabtu, 3 Juli 2021".to_owned(),
            valid_to: "2021-07-20".to_owned(),
            non_service_pct: "0".to_owned(),
            ..OrderAnswer::default()
        };
        let lineage = [LocationId::new("3271"), LocationId::new("32")];
        let order = checked(&good, &lineage).unwrap();
        assert_eq!((order.location.as_str(), order.non_service_pct), ("3271", 0));
        let refused = |change: &dyn Fn(&mut OrderAnswer)| {
            let mut answer = good.clone();
            change(&mut answer);
            checked(&answer, &lineage).unwrap_err().into_iter().map(|r| (r.field, r.code)).collect::<Vec<_>>()
        };
        assert_eq!(refused(&|order| order.instrument.clear()), [("instrument", "line")]);
        assert_eq!(refused(&|order| order.source = "x".repeat(301)), [("source", "line")]);
        assert_eq!(refused(&|order| order.valid_from = "Senin, 3 Juli 2021".into()), [("valid_from", "day")]);
        assert_eq!(refused(&|order| order.valid_to = "2021-07-02".into()), [("valid_to", "order")]);
        assert_eq!(refused(&|order| order.location = "3273".into()), [("location", "location")]);
        assert_eq!(refused(&|order| order.zones = "ungu".into()), [("zones", "zone")]);
        assert_eq!(refused(&|order| order.non_service_pct = "101".into()), [("non_service_pct", "share")]);
        assert_eq!(refused(&|order| order.critical_pct = "alle".into()), [("critical_pct", "share")]);
    }
}
