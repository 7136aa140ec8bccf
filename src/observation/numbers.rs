//! What figures are of, by number: where, whose, what, by whom. A number stands in every row of a frame instead of four texts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Measure, Observation, SeriesKey};

/// The series of some figures by number, in the order of place, unit, measure and source, and what they have in common with others.
#[derive(Debug, Clone)]
pub(super) struct Numbers(Vec<Series>);

#[derive(Debug, Clone)]
struct Series {
    key: SeriesKey,
    family: &'static str,
    place: u32,
    line: u32,
    family_number: u32,
    voice: u32,
}

/// Place, unit (empty: none), measure's name, source.
type Named<'o> = (&'o str, &'o str, &'static str, &'o str);

impl Numbers {
    /// Numbers the series of figures; of each figure the number of its series.
    pub(super) fn of(observations: &[Observation]) -> (Self, Vec<u32>) {
        let mut first_seen: HashMap<(&str, &str, Measure, &str), u32> = HashMap::new();
        let mut keys: Vec<&Observation> = Vec::new();
        let mut own = Vec::with_capacity(observations.len());
        let mut last = None;
        for o in observations {
            let unit = o.unit_id.as_deref().unwrap_or_default();
            let key = (o.location.as_str(), unit, o.measure, o.source.as_str());
            // Figures of a series mostly come one after the other.
            let number = match last {
                Some((known, number)) if known == key => number,
                _ => *first_seen.entry(key).or_insert_with(|| {
                    keys.push(o);
                    number(keys.len() - 1)
                }),
            };
            last = Some((key, number));
            own.push(number);
        }
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by_cached_key(|index| named(keys[*index]));
        let mut place_of = vec![0; order.len()];
        for (place, index) in order.iter().enumerate() {
            place_of[*index] = number(place);
        }
        own.iter_mut().for_each(|own| *own = place_of[*own as usize]);
        (Self(with_others(order.into_iter().map(|index| keys[index]).collect())), own)
    }

    /// How many series there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The numbers of all series.
    pub(super) fn all(&self) -> impl Iterator<Item = u32> {
        0..number(self.0.len())
    }

    fn at(&self, series: u32) -> &Series {
        &self.0[series as usize]
    }

    /// What a series is of.
    pub(super) fn key(&self, series: u32) -> &SeriesKey {
        &self.at(series).key
    }

    /// The family of its measure.
    pub(super) fn family(&self, series: u32) -> &'static str {
        self.at(series).family
    }

    /// Its place.
    pub(super) fn place(&self, series: u32) -> u32 {
        self.at(series).place
    }

    /// What is counted of a place or a unit, whoever reports it.
    pub(super) fn line(&self, series: u32) -> u32 {
        self.at(series).line
    }

    /// The family of measures of a place or a unit: of it one source counts.
    pub(super) fn family_number(&self, series: u32) -> u32 {
        self.at(series).family_number
    }

    /// The same of one source; within a family in the order of the sources' names.
    pub(super) fn voice(&self, series: u32) -> u32 {
        self.at(series).voice
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).expect("there are fewer than 2^32 series")
}

fn named(o: &Observation) -> Named<'_> {
    (o.location.as_str(), o.unit_id.as_deref().unwrap_or_default(), o.measure.name(), &o.source)
}

/// Series in their order with what they have in common.
fn with_others<'o>(ordered: Vec<&'o Observation>) -> Vec<Series> {
    let of_family = |o: &Observation| (named(o).0.to_owned(), named(o).1.to_owned(), o.measure.family());
    let voices: BTreeSet<_> = ordered.iter().map(|o| (of_family(o), o.source.as_str())).collect();
    let mut families = BTreeMap::new();
    let mut numbers = BTreeMap::new();
    for voice in voices {
        let next = number(families.len());
        families.entry(voice.0.clone()).or_insert(next);
        numbers.insert(voice, number(numbers.len()));
    }
    let (mut place, mut line) = (0, 0);
    let mut before: Option<&'o Observation> = None;
    let of = |o: &'o Observation| {
        if let Some(before) = before.replace(o) {
            place += u32::from(before.location != o.location);
            let is_same =
                (named(before).0, named(before).1, before.measure) == (named(o).0, named(o).1, o.measure);
            line += u32::from(!is_same);
        }
        let family = of_family(o);
        let mut key = SeriesKey::of(o);
        key.unit_id.take_if(|unit| unit.is_empty());
        let family_number = families[&family];
        let voice = numbers[&(family, o.source.as_str())];
        Series { key, family: o.measure.family(), place, line, family_number, voice }
    };
    ordered.into_iter().map(of).collect()
}
