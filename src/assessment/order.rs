//! Orders of the centre and the province: dated ceilings that bind the city and replace its own rule.

use chrono::NaiveDate;

use super::level::{Caps, Step};
use super::policy::Policy;
use crate::epi::LocationId;

/// One order, or the part of it that binds one kind of zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Its id.
    pub id: String,
    /// Where it binds.
    pub location: LocationId,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; `None` until revoked.
    pub valid_to: Option<NaiveDate>,
    /// Official zones it binds (0 hijau to 3 merah); empty means any.
    pub zones: Vec<u8>,
    /// The most staff at the office in non-service units, in percent, if it says so.
    pub wfo_non_service_pct: Option<u8>,
    /// The most staff at the office in essential services, in percent, if it says so.
    pub wfo_essential_pct: Option<u8>,
    /// The most staff at the office in critical services, in percent, if it says so.
    pub wfo_critical_pct: Option<u8>,
    /// The instrument: "Inmendagri 15/2021".
    pub instrument: String,
    /// Where the text was read.
    pub source: String,
}

impl Order {
    /// A step's caps under the order: of each category the lower one.
    #[must_use]
    pub fn capped(&self, caps: Caps) -> Caps {
        let lower = |own: u8, ordered: Option<u8>| ordered.map_or(own, |ordered| ordered.min(own));
        Caps {
            non_service: lower(caps.non_service, self.wfo_non_service_pct),
            essential: lower(caps.essential, self.wfo_essential_pct),
            critical: lower(caps.critical, self.wfo_critical_pct),
            critical_desk: lower(caps.critical_desk, self.wfo_critical_pct),
        }
    }

    /// The step of a policy that the order forces at least.
    #[must_use]
    pub fn step(&self, policy: &Policy) -> Option<Step> {
        self.wfo_non_service_pct.map(|pct| policy.step_for_cap(pct))
    }
}

/// The orders known to a city.
#[derive(Debug, Clone, Default)]
pub struct Orders(Vec<Order>);

impl Orders {
    /// Takes all orders.
    #[must_use]
    pub fn new(orders: Vec<Order>) -> Self {
        Self(orders)
    }

    /// The same with others beside them.
    #[must_use]
    pub fn and(mut self, others: impl IntoIterator<Item = Order>) -> Self {
        self.0.extend(others);
        self
    }

    /// Every order.
    #[must_use]
    pub fn all(&self) -> &[Order] {
        &self.0
    }

    /// The strictest order in force on a day for any of `locations` (the city and what it is part of).
    ///
    /// Where an order depends on the zone and the zone is unknown, its strictest part counts: missing data is
    /// never good news.
    #[must_use]
    pub fn in_force(&self, locations: &[LocationId], date: NaiveDate, zone: Option<f64>) -> Option<&Order> {
        self.0
            .iter()
            .filter(|order| locations.contains(&order.location))
            .filter(|order| order.valid_from <= date && order.valid_to.is_none_or(|to| date <= to))
            .filter(|order| {
                order.zones.is_empty()
                    || zone.is_none_or(|zone| order.zones.iter().any(|z| (f64::from(*z) - zone).abs() < 0.5))
            })
            .filter(|order| order.wfo_non_service_pct.is_some())
            .min_by_key(|order| order.wfo_non_service_pct)
    }
}
