//! The one way out: from what is known to what an audience may see. Pages, charts, files, messages and documents are
//! all made from what is left here.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::gate::{release, withheld};
use super::period::{Making, UnitPeriod, as_f64, periods};
use super::{Audience, GOVERNMENT_THRESHOLD, Reason, UnitView};
use crate::epi::{IndicatorKind, LocationId, Locations, Vintage};
use crate::observation::{Authority, Measure, Observation};

/// How much is withheld beyond the audience's threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Units with fewer staff are joined with their parent.
    pub smallest_unit: f64,
    /// Locations with fewer residents (or an unknown number) are treated like staff: every count may be one's own.
    pub smallest_population: f64,
    /// Whether more than the small counts is withheld. Never off outside a test that shows why.
    pub is_complementary: bool,
}

impl Default for Rules {
    /// 20 staff and 50,000 residents: the first is the city's own choice, the second is what the counties of
    /// California used for their pages (docs/security.md).
    fn default() -> Self {
        Self { smallest_unit: 20.0, smallest_population: 50_000.0, is_complementary: true }
    }
}

/// A work unit as far as disclosure goes.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitSize {
    /// Its id.
    pub unit_id: String,
    /// The unit it is part of.
    pub parent: Option<String>,
    /// Staff, if known.
    pub headcount: Option<f64>,
}

/// What has to be known of a city to make its figures ready for somebody.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Populations.
    pub locations: &'a Locations,
    /// Work units.
    pub units: &'a [UnitSize],
    /// Which of several sources counts.
    pub authority: &'a Authority,
    /// The city's time zone.
    pub zone: Tz,
    /// As known when.
    pub as_of: Vintage,
}

/// What an audience may see.
#[derive(Debug, Clone, PartialEq)]
pub struct Disclosed {
    /// For whom.
    pub audience: Audience,
    /// Figures, every vintage; one that is withheld has no value and its reason in the note.
    pub observations: Vec<Observation>,
    /// Units by period, where the audience sees them so.
    pub unit_periods: Vec<UnitPeriod>,
}

/// Makes figures ready for an audience. `observations` are all that is known of one location by `setting.as_of`.
#[must_use]
pub fn disclose(
    observations: Vec<Observation>,
    setting: Setting<'_>,
    audience: &Audience,
    rules: &Rules,
) -> Disclosed {
    let Some(threshold) = audience.threshold else {
        return Disclosed { audience: audience.clone(), observations, unit_periods: Vec::new() };
    };
    let (of_units, of_places): (Vec<_>, Vec<_>) =
        observations.into_iter().partition(|figure| figure.unit_id.is_some());
    let mut out = Vec::new();
    let mut unit_periods = Vec::new();
    let mut gated: BTreeMap<(LocationId, &'static str), Vec<Observation>> = BTreeMap::new();
    for figure in &of_places {
        if let Care::Gate(family) = care(figure, setting.locations, audience, rules) {
            gated.entry((figure.location.clone(), family)).or_default().push(figure.clone());
        }
    }
    if audience.units == UnitView::Weekly {
        let cases: Vec<&Observation> =
            of_places.iter().chain(&of_units).filter(|figure| is_staff_cases(figure)).collect();
        let Setting { units, as_of, zone, authority, .. } = setting;
        unit_periods = periods(&cases, Making { units, as_of, zone, threshold, authority, rules });
        out.extend(as_observations(&unit_periods, &cases));
        out.extend(of_units.iter().filter(|figure| figure.measure == Measure::StaffHeadcount).cloned());
    }
    for figure in of_places {
        match care(&figure, setting.locations, audience, rules) {
            Care::None => out.push(figure),
            Care::Gate(_) => {}
            Care::Withhold => out.push(withheld(figure, Reason::SmallCell)),
        }
    }
    out.extend(gated.into_values().flat_map(|figures| let_out(figures, threshold)));
    match &audience.units {
        UnitView::None | UnitView::Weekly => {}
        UnitView::AsReported => out.extend(of_units),
        UnitView::Own(unit_id) => out.extend(of_units.into_iter().filter(|figure| {
            figure.unit_id.as_deref().is_some_and(|unit| is_within(unit, unit_id, setting.units))
        })),
    }
    Disclosed { audience: audience.clone(), observations: out, unit_periods }
}

/// Through the gate, and for the public through a second one after it: whoever is inside sees what the public sees
/// beside the own figures, so that the public's have to be among these.
fn let_out(mut figures: Vec<Observation>, threshold: u32) -> Vec<Observation> {
    figures.sort_by(|one, other| {
        (one.as_of, one.date, &one.source).cmp(&(other.as_of, other.date, &other.source))
    });
    let inside = release(figures, threshold.min(GOVERNMENT_THRESHOLD));
    if threshold <= GOVERNMENT_THRESHOLD { inside } else { release(inside, threshold) }
}

fn is_staff_cases(figure: &Observation) -> bool {
    matches!(figure.measure, Measure::StaffCases | Measure::StaffCasesTotal)
}

enum Care {
    None,
    Gate(&'static str),
    Withhold,
}

/// How carefully a figure of a whole location is let out.
fn care(figure: &Observation, locations: &Locations, audience: &Audience, rules: &Rules) -> Care {
    use Measure as M;
    let measure = figure.measure;
    match measure {
        M::StaffCases | M::StaffCasesTotal if audience.has_staff_totals => return Care::None,
        M::StaffCases | M::StaffCasesTotal => return Care::Gate(measure.family()),
        M::Published(kind) if is_about_staff(kind) => {
            return if audience.has_staff_totals { Care::None } else { Care::Withhold };
        }
        // Not counts of people who are ill.
        M::StaffHeadcount | M::Tests | M::TestsTotal | M::BedsAvailable | M::IcuAvailable | M::Mobility => {
            return Care::None;
        }
        M::Published(IndicatorKind::Zone) => return Care::None,
        _ => {}
    }
    let population = locations.at(&figure.location, figure.date).and_then(|location| location.population);
    match (population.is_some_and(|population| population >= rules.smallest_population), measure) {
        (true, _) => Care::None,
        (false, M::Published(_)) => Care::Withhold,
        (false, _) => Care::Gate(measure.name().strip_suffix("_total").unwrap_or(measure.name())),
    }
}

/// Whether an indicator is made from staff figures.
#[must_use]
pub fn is_about_staff(kind: IndicatorKind) -> bool {
    kind.name().starts_with("staff_") || kind == IndicatorKind::UnitClusters
}

fn is_within(unit: &str, head_of: &str, units: &[UnitSize]) -> bool {
    let mut at = Some(unit);
    // No chain of parents is longer than the list.
    for _ in 0..=units.len() {
        match at {
            Some(unit) if unit == head_of => return true,
            Some(unit) => {
                at = units.iter().find(|known| known.unit_id == unit).and_then(|it| it.parent.as_deref())
            }
            None => return false,
        }
    }
    false
}

/// Periods in the tidy form: a figure for seven days or more, without a value where it is withheld.
fn as_observations(periods: &[UnitPeriod], cases: &[&Observation]) -> Vec<Observation> {
    let Some(any) = cases.iter().find(|figure| figure.unit_id.is_some()) else { return Vec::new() };
    let listed = periods.iter().filter(|period| !period.unit_id.is_empty());
    listed
        .map(|period| Observation {
            location: any.location.clone(),
            unit_id: Some(period.unit_id.clone()),
            measure: Measure::StaffCases,
            source: any.source.clone(),
            date: period.to,
            days: u32::try_from((period.to - period.from).num_days() + 1).unwrap_or(7),
            value: period.count.value().map(as_f64),
            status: period.status,
            as_of: period.as_of,
            note: period.count.reason().map_or_else(String::new, Reason::note),
            address: String::new(),
        })
        .collect()
}
