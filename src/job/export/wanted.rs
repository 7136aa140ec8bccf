//! Which rows of a dataset are wanted: the same words in addresses and on the command line. What cannot be is refused; nothing is
//! quietly left unfiltered.

use chrono::NaiveDate;

use super::Dataset;
use crate::epi::{IndicatorKind, LocationId};
use crate::observation::Measure;
use crate::text::Reason;

/// The words by which rows are chosen.
pub const FILTERS: [&str; 5] = ["from", "to", "measure", "indicator", "location"];

/// Which rows are wanted; without anything all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Only these measures; all if there are none.
    pub measures: Vec<Measure>,
    /// Only these indicators; all if there are none.
    pub indicators: Vec<IndicatorKind>,
    /// Only this location.
    pub location: Option<LocationId>,
}

impl Wanted {
    /// Reads what is asked of a dataset of a city.
    ///
    /// # Errors
    /// What cannot be, by the name it was asked under.
    pub fn read(
        dataset: Dataset,
        city: &LocationId,
        asked: &dyn Fn(&'static str) -> Option<String>,
    ) -> Result<Self, Reason> {
        for name in FILTERS.into_iter().filter(|name| !dataset.filters().contains(name)) {
            if asked(name).is_some() {
                return Err(Reason::new("no-such-filter")
                    .text("dataset", dataset.name())
                    .text("name", name)
                    .text("names", dataset.filters().join(", ")));
            }
        }
        let wanted = Self {
            from: day("from", asked)?,
            to: day("to", asked)?,
            measures: list("measure", asked, || Reason::new("filter-measure"))?,
            indicators: list("indicator", asked, || Reason::new("filter-indicator"))?,
            location: asked("location").map(|code| LocationId::new(&code)),
        };
        if let (Some(from), Some(to)) = (wanted.from, wanted.to)
            && from > to
        {
            return Err(Reason::new("filter-order").text("from", from).text("to", to));
        }
        match &wanted.location {
            Some(other) if other != city => {
                Err(Reason::new("filter-location").text("asked", other).text("location", city))
            }
            _ => Ok(wanted),
        }
    }

    /// What was asked, by its names.
    #[must_use]
    pub fn asked(&self) -> Vec<(String, String)> {
        let joined = |names: Vec<&str>| (!names.is_empty()).then(|| names.join(","));
        let asked = [
            ("from", self.from.map(|day| day.to_string())),
            ("to", self.to.map(|day| day.to_string())),
            ("measure", joined(self.measures.iter().map(|measure| measure.name()).collect())),
            ("indicator", joined(self.indicators.iter().map(|kind| kind.name()).collect())),
            ("location", self.location.as_ref().map(|location| location.as_str().to_owned())),
        ];
        asked.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }

    pub(super) fn takes(&self, date: NaiveDate) -> bool {
        self.from.is_none_or(|from| date >= from) && self.to.is_none_or(|to| date <= to)
    }

    pub(super) fn counts(&self, measure: Measure) -> bool {
        self.measures.is_empty() || self.measures.contains(&measure)
    }

    /// The indicators that are wanted, in the order of columns.
    pub(super) fn kinds(&self) -> Vec<IndicatorKind> {
        let all = IndicatorKind::ALL.iter().copied();
        all.filter(|kind| self.indicators.is_empty() || self.indicators.contains(kind)).collect()
    }
}

fn day(
    name: &'static str,
    asked: &dyn Fn(&'static str) -> Option<String>,
) -> Result<Option<NaiveDate>, Reason> {
    let Some(text) = asked(name) else { return Ok(None) };
    let wrong = || Reason::new("filter-day").text("name", name).text("asked", &text);
    text.parse().map(Some).map_err(|_| wrong())
}

/// Names with commas between them, each once.
fn list<T: std::str::FromStr + PartialEq>(
    name: &'static str,
    asked: &dyn Fn(&'static str) -> Option<String>,
    wrong: fn() -> Reason,
) -> Result<Vec<T>, Reason> {
    let mut found = Vec::new();
    for one in asked(name).iter().flat_map(|text| text.split(',')).map(str::trim) {
        let read = one.parse().map_err(|_| wrong().text("asked", one))?;
        if !found.contains(&read) {
            found.push(read);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(dataset: Dataset, asked: &[(&str, &str)]) -> Result<Wanted, String> {
        let get = |name: &'static str| {
            asked.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Wanted::read(dataset, &LocationId::new("3271"), &get).map_err(|reason| reason.to_string())
    }

    #[test]
    fn what_is_asked_is_read_and_told_again() {
        let asked = [("from", "2021-06-01"), ("measure", "cases, deaths,cases"), ("location", "3271")];
        let wanted = read(Dataset::Observations, &asked).unwrap();
        assert_eq!(wanted.measures, [Measure::Cases, Measure::Deaths]);
        let told = wanted.asked().into_iter().map(|(name, value)| format!("{name}={value}"));
        assert_eq!(told.collect::<Vec<_>>(), ["from=2021-06-01", "measure=cases,deaths", "location=3271"]);
        assert_eq!(read(Dataset::Units, &[]).unwrap(), Wanted::default());
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        for (dataset, asked, said) in [
            (Dataset::Observations, ("from", "1 Juni"), "from is not a day: '1 Juni'"),
            (Dataset::Observations, ("measure", "kasus"), "'kasus' is not a measure"),
            (Dataset::Observations, ("measure", "cases,,deaths"), "'' is not a measure"),
            (Dataset::Observations, ("location", "3201"), "3201"),
            (Dataset::Indicators, ("indicator", "cases"), "'cases' is not an indicator"),
            (Dataset::Indicators, ("measure", "cases"), "from, to, indicator, location"),
            (Dataset::Units, ("from", "2021-06-01"), "units"),
        ] {
            let why = read(dataset, &[asked]).unwrap_err();
            assert!(why.contains(said), "{asked:?}: {why}");
        }
        let why = read(Dataset::Alerts, &[("from", "2021-06-02"), ("to", "2021-06-01")]).unwrap_err();
        assert!(why.contains("2021-06-02 lies after"), "{why}");
    }
}
