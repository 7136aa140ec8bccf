//! Whose series a typed figure goes on with. Two sources of one measure are never mixed: a day typed under a name of its
//! own would stand against the whole series it was meant to go on with.

use chrono::NaiveDate;

use crate::job::Journey;
use crate::observation::Measure;

/// The source of figures that somebody brings and nobody else reports.
pub const BY_HAND: &str = "tidy";

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
    Ok(first(reporters, &|source| authority.rank_in(source, city)))
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
    fn a_typed_day_goes_on_with_the_series_that_counts() {
        let day: NaiveDate = "2021-06-28".parse().unwrap();
        let rank = |source: &str| if source == "dinkes" { 10 } else { 0 };
        let among =
            |names: &[&str]| first(names.iter().map(|name| ((*name).to_owned(), day)).collect(), &rank);
        assert_eq!(among(&["pikobar", "dinkes", "tidy"]), "dinkes");
        assert_eq!(among(&["tidy", "pikobar"]), "pikobar");
        assert_eq!(among(&[]), "tidy");
    }
}
