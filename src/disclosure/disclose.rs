//! The one way out: from what is known to what an audience may see. Pages, charts, files, messages and documents are
//! all made from what is left here.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::gate::{plain, release, withheld};
use super::week::{DAYS, UnitWeek, weeks};
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
    /// 20 staff and 50,000 residents: the first is the city's own choice, the second is where California's
    /// COVID cases by sewershed change their limit (docs/security.md).
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
    /// Figures, every vintage; one that is withheld has no value and its reason in the note.
    pub observations: Vec<Observation>,
    /// Units by week, where the audience sees them so.
    pub unit_weeks: Vec<UnitWeek>,
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
        return Disclosed { observations, unit_weeks: Vec::new() };
    };
    let (of_units, of_places): (Vec<_>, Vec<_>) =
        observations.into_iter().partition(|figure| figure.unit_id.is_some());
    let mut out = Vec::new();
    let mut unit_weeks = Vec::new();
    if audience.units == UnitView::Weekly {
        let cases: Vec<&Observation> =
            of_places.iter().chain(&of_units).filter(|figure| is_staff_cases(figure)).collect();
        unit_weeks = weeks(&cases, setting, threshold, rules);
        out.extend(as_observations(&unit_weeks, &cases));
        out.extend(of_units.iter().filter(|figure| figure.measure == Measure::StaffHeadcount).cloned());
    }
    let mut gated: BTreeMap<(LocationId, &'static str), Vec<Observation>> = BTreeMap::new();
    for figure in of_places {
        match care(&figure, setting.locations, audience, rules) {
            Care::None if is_staff_cases(&figure) => out.push(plain(figure)),
            Care::None => out.push(figure),
            Care::Gate(family) => {
                gated.entry((figure.location.clone(), family)).or_default().push(plain(figure));
            }
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
    Disclosed { observations: out, unit_weeks }
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

/// Weeks in the tidy form: a figure for seven days, without a value where it is withheld.
fn as_observations(weeks: &[UnitWeek], cases: &[&Observation]) -> Vec<Observation> {
    let Some(any) = cases.iter().find(|figure| figure.unit_id.is_some()) else { return Vec::new() };
    let listed = weeks.iter().filter(|week| !week.unit_id.is_empty());
    listed
        .map(|week| Observation {
            location: any.location.clone(),
            unit_id: Some(week.unit_id.clone()),
            measure: Measure::StaffCases,
            source: any.source.clone(),
            date: week.sunday,
            days: DAYS,
            value: week.count.figure(),
            status: week.status,
            as_of: week.as_of,
            note: week.count.reason().map_or_else(String::new, Reason::note),
            address: String::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epi::Status;
    use chrono_tz::Asia::Jakarta;

    fn figure(measure: &str, value: Option<f64>) -> Observation {
        Observation {
            location: LocationId::new("3271"),
            unit_id: None,
            measure: measure.parse().unwrap(),
            source: "bkpsdm".to_owned(),
            date: "2021-06-22".parse().unwrap(),
            days: 1,
            value,
            status: Status::Printed,
            as_of: Vintage::parse_known("2021-06-22", Jakarta).unwrap(),
            note: "20 by PCR and 7 by antigen".to_owned(),
            address: "https://example.org/20-pns-positif".to_owned(),
        }
    }

    fn shown(figures: &[Observation], population: f64, audience: &str) -> Vec<Observation> {
        let locations = Locations::single(LocationId::new("3271"), population);
        let (authority, zone) = (Authority::default(), Jakarta);
        let as_of = Vintage::parse_as_of("2021-06-28", zone).unwrap();
        let setting = Setting { locations: &locations, units: &[], authority: &authority, zone, as_of };
        disclose(figures.to_vec(), setting, &audience.parse().unwrap(), &Rules::default()).observations
    }

    #[test]
    fn remarks_and_addresses_of_staff_figures_go() {
        let staff = [figure("staff_cases_total", Some(27.0)), figure("staff_cases_total", None)];
        for audience in ["public", "government", "executive", "unit:setda"] {
            let told = shown(&staff, 1e6, audience);
            assert_eq!(told.len(), 2, "{audience}");
            assert!(told.iter().all(|o| o.note.is_empty() && o.address.is_empty()), "{audience}: {told:?}");
            assert!(told.iter().any(|o| o.value == Some(27.0)), "{audience}");
        }
        assert_eq!(shown(&staff, 1e6, "unsuppressed"), staff);
    }

    #[test]
    fn the_cases_of_a_city_are_told_as_reported_and_those_of_a_small_place_are_not() {
        let cases = [figure("cases", Some(3.0))];
        assert_eq!(shown(&cases, 1e6, "public"), cases);
        let told = shown(&cases, 20_000.0, "public");
        assert_eq!((told[0].value, told[0].note.as_str()), (None, "withheld: small_cell"));
    }
}
