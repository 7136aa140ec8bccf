//! Whose series figures that come by hand go on with. Two sources of one measure are never mixed: a day brought under a name
//! of its own would stand against the whole series it was meant to go on with.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;

use crate::job::Journey;
use crate::observation::{Measure, SeriesKey};
use crate::source::SourceSpec;

/// The source of figures that somebody brings and nobody else reports.
pub const BY_HAND: &str = "tidy";

/// The series that figures of the city go on with, for each family of measures ([`Measure::family`]). As text it is what a
/// form carries and a run keeps: `cases=dinkes-kota-bogor,beds=hospital-beds`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Continuing(BTreeMap<String, String>);

impl Continuing {
    /// The series that count, where that is another than the source's own; none for a source that goes on with nobody's.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn of(journey: &Journey, spec: &SourceSpec) -> anyhow::Result<Self> {
        let mut series = BTreeMap::new();
        if !spec.continues {
            return Ok(Self(series));
        }
        for measure in Measure::reported() {
            let family = measure.family();
            if !series.contains_key(family) {
                series.insert(family.to_owned(), continued(journey, measure).await?);
            }
        }
        series.retain(|_, source| source != spec.series());
        Ok(Self(series))
    }

    /// Whether nothing goes on with another series.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names the series that figures go on with, if they name none themselves and are the city's own.
    pub(in crate::job) fn place(&self, journey: &Journey, spec: &SourceSpec, figure: &mut SeriesKey) {
        let is_own = figure.location == journey.city.location && figure.unit_id.is_none();
        if let Some(series) = self.0.get(figure.measure.family())
            && is_own
            && figure.source == spec.series()
        {
            figure.source.clone_from(series);
        }
    }
}

/// What stands between two series, and between a family and its source.
const MARKS: [char; 2] = [',', '='];

impl fmt::Display for Continuing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (family, source)) in self.0.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            write!(f, "{comma}{family}={}", escaped(source))?;
        }
        Ok(())
    }
}

/// A text that does not say whose series figures go on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotContinuing;

impl FromStr for Continuing {
    type Err = NotContinuing;

    fn from_str(text: &str) -> Result<Self, NotContinuing> {
        let is_family = |family: &str| Measure::reported().any(|measure| measure.family() == family);
        let pair = |part: &str| {
            let (family, source) = part.split_once('=').ok_or(NotContinuing)?;
            let source = unescaped(source).filter(|source| !source.is_empty()).ok_or(NotContinuing)?;
            if is_family(family) { Ok((family.to_owned(), source)) } else { Err(NotContinuing) }
        };
        text.split(',').filter(|part| !part.is_empty()).map(pair).collect::<Result<_, _>>().map(Self)
    }
}

/// A source's name without blanks and without what separates names; a source may be any text of a file.
fn escaped(source: &str) -> String {
    let mut text = String::new();
    for c in source.chars() {
        if c.is_whitespace() || c.is_control() || c == '%' || MARKS.contains(&c) {
            text.push_str(&format!("%{:x};", u32::from(c)));
        } else {
            text.push(c);
        }
    }
    text
}

fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut source = parts.next()?.to_owned();
    for part in parts {
        let (code, rest) = part.split_once(';')?;
        source.push(char::from_u32(u32::from_str_radix(code, 16).ok()?)?);
        source.push_str(rest);
    }
    Some(source)
}

/// The source that counts for a measure of the city; where nobody reports it yet, the one of figures brought by hand.
///
/// # Errors
/// When the store does not answer.
pub async fn continued(journey: &Journey, measure: Measure) -> anyhow::Result<String> {
    let city = &journey.city.location;
    let family: Vec<Measure> =
        Measure::reported().filter(|other| other.family() == measure.family()).collect();
    let authority = journey.authority();
    let reporters = journey.store.reporters(city, &family).await?;
    let today = journey.today();
    Ok(first(reporters, &|source| authority.rank_on(source, city, today)))
}

/// The one that a snapshot takes: of the highest rank, the first by name.
fn first(mut reporters: Vec<(String, NaiveDate)>, rank: &dyn Fn(&str) -> i32) -> String {
    reporters.sort_by(|(one, _), (other, _)| rank(other).cmp(&rank(one)).then_with(|| one.cmp(other)));
    reporters.into_iter().next().map_or_else(|| BY_HAND.to_owned(), |(source, _)| source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_goes_on_with_the_series_that_counts() {
        let day: NaiveDate = "2021-06-28".parse().unwrap();
        let rank = |source: &str| if source == "dinkes" { 10 } else { 0 };
        let among =
            |names: &[&str]| first(names.iter().map(|name| ((*name).to_owned(), day)).collect(), &rank);
        assert_eq!(among(&["pikobar", "dinkes", "tidy"]), "dinkes");
        assert_eq!(among(&["tidy", "pikobar"]), "pikobar");
        assert_eq!(among(&[]), "tidy");
    }

    #[test]
    fn whose_series_it_is_reads_back_from_its_text() {
        for text in
            ["", "cases=dinkes-kota-bogor", "beds=hospital-beds,cases=dinkes", "cases=Dinkes%20;Kota%2c;%25;"]
        {
            assert_eq!(
                text.parse::<Continuing>().map(|read| read.to_string()).as_deref(),
                Ok(text),
                "{text}"
            );
        }
        let odd = Continuing(BTreeMap::from([("cases".to_owned(), "Dinkes Kota, 100%=".to_owned())]));
        assert!(!odd.to_string().contains(' '));
        assert_eq!(odd.to_string().parse(), Ok(odd));
        for wrong in ["cases", "cases=", "kasus=dinkes", "cases=a%zz;b", "cases=a%20", "=a"] {
            assert_eq!(wrong.parse::<Continuing>(), Err(NotContinuing), "{wrong}");
        }
    }
}
