//! Something to choose on the page of figures: how a file is read, which series figures go on with.

use crate::job::{BY_HAND, FORM, SourceSpec};
use crate::observation::Measure;
use crate::text::Locale;
use crate::web::error::WebError;
use crate::web::visit::Visit;
use crate::web::words::source_title;

/// The source of typed figures.
pub(super) const TYPED: &str = "entry";
/// The forms that no publisher has, first of all forms.
const OWN: [&str; 3] = [BY_HAND, FORM, "tidy-table"];

/// Something to choose.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) is_chosen: bool,
}

/// The ways of reading a file: recognised, or chosen.
pub(super) fn file_forms(visit: &Visit, chosen: &str) -> Vec<Choice> {
    let label = visit.phrases.say("figures-spec-recognised");
    let recognised = Choice { value: String::new(), label, is_chosen: chosen.is_empty() };
    std::iter::once(recognised).chain(forms(visit, chosen)).collect()
}

/// Every way of reading a payload, those of no publisher first; typed figures are no file.
pub(super) fn forms(visit: &Visit, chosen: &str) -> Vec<Choice> {
    let (t, city) = (visit.phrases, &visit.journey().city.location);
    let speaks_of_city = |spec: &&SourceSpec| spec.locations.is_empty() || spec.locations.contains(city);
    let mut specs: Vec<_> = visit.journey().sources.iter().filter(speaks_of_city).collect();
    specs.retain(|spec| spec.id != TYPED);
    let label = |spec: &SourceSpec| spec.title_in(t.locale == Locale::En).to_owned();
    let rank = |spec: &SourceSpec| OWN.iter().position(|id| *id == spec.id).unwrap_or(OWN.len());
    specs.sort_by_key(|spec| (rank(spec), label(spec)));
    let choice = |spec: &SourceSpec| Choice {
        value: spec.id.clone(),
        label: label(spec),
        is_chosen: spec.id == chosen,
    };
    specs.into_iter().map(choice).collect()
}

/// The series that typed figures may go on with: of each measure the one that counts, one of those there are, or one of
/// their own.
pub(super) async fn series(visit: &Visit, chosen: &str) -> Result<Vec<Choice>, WebError> {
    let t = visit.phrases;
    let choice =
        |value: &str, label: String| Choice { value: value.to_owned(), label, is_chosen: value == chosen };
    let mut choices = vec![choice("", t.say("figures-series-counting"))];
    for source in reported(visit).await? {
        choices.push(choice(&source, source_title(visit.journey(), &source, t)));
    }
    choices.push(choice(TYPED, t.say("figures-series-own")));
    Ok(choices)
}

/// Who reports anything of the city, but for what was typed as a series of its own.
async fn reported(visit: &Visit) -> Result<Vec<String>, WebError> {
    let journey = visit.journey();
    let measures: Vec<Measure> = Measure::reported().collect();
    let found = journey.store.reporters(&journey.city.location, &measures).await;
    let mut names: Vec<String> =
        found.map_err(anyhow::Error::from)?.into_iter().map(|(source, _)| source).collect();
    names.retain(|source| source != TYPED);
    Ok(names)
}

/// The series that was chosen, if it may be; nothing for the one that counts.
pub(super) async fn chosen_series(visit: &Visit, chosen: &str) -> Result<Option<String>, WebError> {
    if chosen.is_empty() {
        return Ok(None);
    }
    let is_there = chosen == TYPED || reported(visit).await?.iter().any(|source| source == chosen);
    if is_there { Ok(Some(chosen.to_owned())) } else { Err(WebError::Field("series")) }
}
