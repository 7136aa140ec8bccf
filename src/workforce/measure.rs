//! What binds a unit on a day: how much of its staff may be at the office, why, until when, and what else it must do.
//!
//! In order of precedence: an order of the centre, a closure, a cluster, the cap of its category at the city's step (or of
//! the decision that exempts it), the head's own choice. Each may only be stricter than what stands before it: the lowest
//! cap counts, and of equal ones the first in that order is named. Nothing loosens what a higher reason asks.

use chrono::NaiveDate;

use super::closure::Closure;
use super::cluster::{Cluster, ClusterKind};
use super::unit::Service;
use crate::assessment::{Caps, Order};

/// What a decision asks of a unit that it exempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CapTerms {
    /// The most of its staff at the office, in percent.
    pub cap_pct: u8,
    /// How many must be there at least.
    pub minimum_presence: u32,
    /// The last day it holds, if that is known.
    pub until: Option<NaiveDate>,
}

/// What the head of a unit asks of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnChoice {
    /// The most of its staff at the office, in percent.
    pub cap_pct: u8,
    /// The last day.
    pub until: Option<NaiveDate>,
}

/// A unit on a day, and everything that may bind it.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// The day.
    pub date: NaiveDate,
    /// What the unit does for the public.
    pub service: Service,
    /// Caps at the city's step.
    pub caps: Caps,
    /// The last day of the period they hold for, if that is known.
    pub period_end: Option<NaiveDate>,
    /// What the decision in force asks of the unit, if it exempts it.
    pub terms: Option<CapTerms>,
    /// The order of the centre in force.
    pub order: Option<&'a Order>,
    /// Closures of the unit.
    pub closures: &'a [Closure],
    /// The cluster that runs in it.
    pub cluster: Option<Cluster>,
    /// Whether it had a case in the last fourteen days.
    pub has_case: bool,
    /// The head's own choice.
    pub own: Option<OwnChoice>,
}

/// Why a cap is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// An order of the centre or the province.
    Order,
    /// The unit is closed.
    Closure,
    /// A cluster in the unit.
    Cluster,
    /// The decision in force exempts the unit up to a cap.
    Exemption,
    /// Its category at the city's step.
    Category,
    /// The head's own choice.
    OwnChoice,
}

impl Ground {
    /// The code; its sentence is `ground-` and the code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Closure => "closure",
            Self::Cluster => "cluster",
            Self::Exemption => "exemption",
            Self::Category => "category",
            Self::OwnChoice => "own-choice",
        }
    }
}

/// What one reason asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The reason.
    pub ground: Ground,
    /// The most of the staff at the office, in percent; of a critical unit, in the field.
    pub cap_pct: u8,
    /// The most at the desks of a critical unit.
    pub desk_pct: Option<u8>,
    /// The last day, if that is known.
    pub until: Option<NaiveDate>,
    /// Words for the reader: an instrument's name, why a unit is closed; empty for none.
    pub words: String,
    /// Whether this is the one that counts.
    pub decides: bool,
}

/// What else a unit must do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitDuty {
    /// Officers on duty although nobody else comes.
    DutyOfficers,
    /// Its service is given elsewhere.
    MoveService,
    /// Work in teams that do not meet, replace from the reserve.
    SplitTeams,
    /// Contacts of a case stay at home until they are tested, and its room is disinfected.
    ContactsHome,
    /// Somebody must be there.
    BePresent,
}

impl UnitDuty {
    /// The code; its sentence is `unit-duty-` and the code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::DutyOfficers => "duty-officers",
            Self::MoveService => "move-service",
            Self::SplitTeams => "split-teams",
            Self::ContactsHome => "contacts-home",
            Self::BePresent => "be-present",
        }
    }
}

/// What binds a unit on a day, with everything that was weighed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// The most of the staff at the office, in percent; of a critical unit, in the field.
    pub cap_pct: u8,
    /// The most at the desks of a critical unit.
    pub desk_pct: Option<u8>,
    /// Why.
    pub ground: Ground,
    /// The last day, if that is known.
    pub until: Option<NaiveDate>,
    /// How many must be there at least.
    pub minimum_presence: u32,
    /// Where the service is meanwhile, if the unit is closed.
    pub substitute: Option<String>,
    /// What else it must do.
    pub duties: Vec<UnitDuty>,
    /// Everything that was weighed, in order of precedence.
    pub weighed: Vec<Proposal>,
}

/// What binds a unit: the lowest cap of all reasons, and of equal ones the first in order of precedence.
#[must_use]
pub fn measure(situation: &Situation<'_>) -> Measure {
    let closure = situation.closures.iter().find(|closure| closure.holds_on(situation.date));
    let closure = closure.filter(|_| situation.service != Service::Critical);
    let mut weighed: Vec<Proposal> = [
        situation.order.and_then(|order| ordered(order, situation.service)),
        closure.map(|closure| asks(Ground::Closure, 0, closure.last(), &closure.reason)),
        situation.cluster.map(|cluster| clustered(cluster, situation)),
        Some(of_category(situation)),
        situation.own.map(|own| asks(Ground::OwnChoice, own.cap_pct, own.until, "")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let lowest = |of: &dyn Fn(&Proposal) -> Option<u8>| weighed.iter().filter_map(of).min();
    let cap_pct = lowest(&|proposal| Some(proposal.cap_pct)).unwrap_or(100);
    let desk_pct = match situation.service {
        Service::Critical => lowest(&|proposal| Some(proposal.desk_pct.unwrap_or(proposal.cap_pct))),
        _ => None,
    };
    // Of a critical unit the desks say which reason is the strictest: its field goes on.
    let strictness =
        |proposal: &Proposal| proposal.desk_pct.filter(|_| desk_pct.is_some()).unwrap_or(proposal.cap_pct);
    let decides = (0..weighed.len()).min_by_key(|place| (strictness(&weighed[*place]), *place)).unwrap_or(0);
    weighed[decides].decides = true;
    let (ground, until) = (weighed[decides].ground, weighed[decides].until);
    let minimum_presence = situation.terms.map_or(0, |terms| terms.minimum_presence);
    Measure {
        cap_pct,
        desk_pct,
        ground,
        until,
        minimum_presence,
        substitute: closure.map(|closure| closure.substitute.clone()),
        duties: duties(situation, (cap_pct, minimum_presence), closure.is_some()),
        weighed,
    }
}

fn asks(ground: Ground, cap_pct: u8, until: Option<NaiveDate>, words: &str) -> Proposal {
    Proposal { ground, cap_pct, desk_pct: None, until, words: words.to_owned(), decides: false }
}

/// The order's own cap for the category, if it says one.
fn ordered(order: &Order, service: Service) -> Option<Proposal> {
    let cap = match service {
        Service::NonService => order.wfo_non_service_pct,
        Service::Essential => order.wfo_essential_pct,
        Service::Critical => order.wfo_critical_pct,
    }?;
    Some(asks(Ground::Order, cap, order.valid_to, &order.instrument))
}

/// A cluster sends a unit home; of a critical one only the desks.
fn clustered(cluster: Cluster, situation: &Situation<'_>) -> Proposal {
    let base = asks(Ground::Cluster, 0, Some(cluster.until), "");
    match situation.service {
        Service::Critical => Proposal { cap_pct: situation.caps.critical, desk_pct: Some(0), ..base },
        _ => base,
    }
}

/// The cap of the decision that exempts the unit, else that of its category.
fn of_category(situation: &Situation<'_>) -> Proposal {
    if let Some(terms) = situation.terms {
        return asks(Ground::Exemption, terms.cap_pct, terms.until.or(situation.period_end), "");
    }
    let (caps, until) = (situation.caps, situation.period_end);
    match situation.service {
        Service::NonService => asks(Ground::Category, caps.non_service, until, ""),
        Service::Essential => asks(Ground::Category, caps.essential, until, ""),
        Service::Critical => Proposal {
            desk_pct: Some(caps.critical_desk),
            ..asks(Ground::Category, caps.critical, until, "")
        },
    }
}

fn duties(situation: &Situation<'_>, (cap, least): (u8, u32), is_closed: bool) -> Vec<UnitDuty> {
    let is_critical = situation.service == Service::Critical;
    let closes = situation.cluster.is_some_and(|cluster| cluster.kind == ClusterKind::Closing);
    let has_cluster = situation.cluster.is_some();
    [
        (cap == 0, UnitDuty::DutyOfficers),
        (is_closed || ((has_cluster || closes) && !is_critical), UnitDuty::MoveService),
        (has_cluster && is_critical, UnitDuty::SplitTeams),
        (situation.has_case, UnitDuty::ContactsHome),
        (least > 0, UnitDuty::BePresent),
    ]
    .into_iter()
    .filter_map(|(holds, duty)| holds.then_some(duty))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::closure::tests::closed;
    use super::*;
    use crate::epi::LocationId;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(service: Service, step: u8) -> Situation<'static> {
        Situation {
            date: day("2021-06-29"),
            service,
            caps: Caps::of(step.try_into().unwrap()),
            period_end: Some(day("2021-07-05")),
            terms: None,
            order: None,
            closures: &[],
            cluster: None,
            has_case: false,
            own: None,
        }
    }

    fn order(non_service: u8, essential: Option<u8>, critical: Option<u8>) -> Order {
        Order {
            id: "a".to_owned(),
            location: LocationId::new("3271"),
            valid_from: day("2021-07-03"),
            valid_to: Some(day("2021-07-20")),
            zones: Vec::new(),
            wfo_non_service_pct: Some(non_service),
            wfo_essential_pct: essential,
            wfo_critical_pct: critical,
            instrument: "Inmendagri 15/2021".to_owned(),
            source: String::new(),
        }
    }

    const CLUSTER: fn() -> Option<Cluster> =
        || Some(Cluster { kind: ClusterKind::Cluster, from: day("2021-06-28"), until: day("2021-07-02") });

    #[test]
    fn the_category_at_the_citys_step_binds_where_nothing_else_does() {
        let office = measure(&at(Service::NonService, 4));
        assert_eq!(
            (office.cap_pct, office.ground, office.until),
            (0, Ground::Category, Some(day("2021-07-05")))
        );
        assert_eq!(office.duties, [UnitDuty::DutyOfficers], "0% and officers on duty");
        assert_eq!(measure(&at(Service::Essential, 4)).cap_pct, 25);
        let field = measure(&at(Service::Critical, 4));
        assert_eq!((field.cap_pct, field.desk_pct), (100, Some(25)));
        let one_case = measure(&Situation { has_case: true, ..at(Service::NonService, 2) });
        assert_eq!(
            (one_case.cap_pct, &one_case.duties[..]),
            (50, &[UnitDuty::ContactsHome][..]),
            "cap unchanged"
        );
    }

    #[test]
    fn an_exempt_unit_has_the_decisions_cap_and_must_be_represented() {
        let terms = CapTerms { cap_pct: 25, minimum_presence: 2, until: None };
        let exempt = measure(&Situation { terms: Some(terms), ..at(Service::NonService, 4) });
        assert_eq!((exempt.cap_pct, exempt.ground, exempt.minimum_presence), (25, Ground::Exemption, 2));
        assert_eq!(exempt.duties, [UnitDuty::BePresent]);
        let health = measure(&Situation { terms: Some(terms), ..at(Service::Critical, 4) });
        assert_eq!(
            (health.cap_pct, health.desk_pct),
            (25, Some(25)),
            "the decision of June 2021 capped health too"
        );
    }

    #[test]
    fn of_several_reasons_the_strictest_counts_and_of_equal_ones_the_higher_is_named() {
        let closures = [closed("dpmptsp", "2021-06-28", Some("2021-06-30"), "online")];
        let strict = order(0, Some(0), None);
        let all = Situation {
            closures: &closures,
            cluster: CLUSTER(),
            order: Some(&strict),
            own: Some(OwnChoice { cap_pct: 0, until: None }),
            ..at(Service::Essential, 4)
        };
        let named = |situation: &Situation<'_>| measure(situation).ground;
        assert_eq!(named(&all), Ground::Order);
        let loose = order(50, Some(50), None);
        assert_eq!(named(&Situation { order: Some(&loose), ..all }), Ground::Closure);
        assert_eq!(named(&Situation { order: Some(&loose), closures: &[], ..all }), Ground::Cluster);
        let own = Situation { order: None, closures: &[], cluster: None, ..all };
        assert_eq!(named(&own), Ground::OwnChoice);
        let laxer = Situation { own: Some(OwnChoice { cap_pct: 75, until: None }), ..own };
        assert_eq!((named(&laxer), measure(&laxer).cap_pct), (Ground::Category, 25), "a head cannot loosen");
        let weighed: Vec<Ground> = measure(&all).weighed.iter().map(|proposal| proposal.ground).collect();
        let order_of = [Ground::Order, Ground::Closure, Ground::Cluster, Ground::Category, Ground::OwnChoice];
        assert_eq!(weighed, order_of);
        assert_eq!(measure(&all).weighed.iter().filter(|proposal| proposal.decides).count(), 1);
    }

    #[test]
    fn a_closed_unit_says_where_its_service_is_and_until_when() {
        let closures = [closed("disdukcapil", "2021-06-22", Some("2021-06-29"), "kecamatan")];
        let shut = measure(&Situation { closures: &closures, ..at(Service::Essential, 3) });
        assert_eq!((shut.cap_pct, shut.ground), (0, Ground::Closure));
        assert_eq!((shut.substitute.as_deref(), shut.until), (Some("kecamatan"), Some(day("2021-06-29"))));
        assert!(shut.duties.contains(&UnitDuty::MoveService));
        let open = Situation { date: day("2021-06-30"), closures: &closures, ..at(Service::Essential, 3) };
        assert_eq!(measure(&open).ground, Ground::Category);
    }

    #[test]
    fn a_critical_unit_with_a_cluster_goes_on_in_split_teams() {
        let closures = [closed("dinkes", "2021-06-22", None, "nobody")];
        let cluster = Situation { cluster: CLUSTER(), closures: &closures, ..at(Service::Critical, 2) };
        let health = measure(&cluster);
        assert_eq!((health.cap_pct, health.desk_pct, health.ground), (100, Some(0), Ground::Cluster));
        assert_eq!(health.duties, [UnitDuty::SplitTeams]);
        assert_eq!(health.substitute, None, "it is never closed");
        let office = measure(&Situation { cluster: CLUSTER(), ..at(Service::NonService, 2) });
        assert_eq!((office.cap_pct, office.until), (0, Some(day("2021-07-02"))));
        assert_eq!(office.duties, [UnitDuty::DutyOfficers, UnitDuty::MoveService]);
    }

    #[test]
    fn an_order_that_says_nothing_of_a_category_does_not_bind_it() {
        let only_offices = order(0, None, None);
        let essential = measure(&Situation { order: Some(&only_offices), ..at(Service::Essential, 3) });
        assert_eq!((essential.cap_pct, essential.ground), (50, Ground::Category));
    }
}
