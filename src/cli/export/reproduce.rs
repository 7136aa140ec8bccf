//! `reproduce`: a file that was taken away, made again from the id it bears. What cannot be made again is said in one sentence; a
//! file that only looks like the first is never written.

use std::sync::Arc;

use anyhow::anyhow;

use super::args::ReproduceArgs;
use super::take::{Who, deliver, making};
use crate::account::Visitor;
use crate::audit::Action;
use crate::cli::{Failure, document, door, output, stored, usage};
use crate::clock::SteppedClock;
use crate::config::Config;
use crate::epi::Vintage;
use crate::export::{BUILD, Recipe};
use crate::job::{
    Asking, Dataset, Ending, FILTERS, Focus, Journey, Making, Wanted, city_view, know, policy_name,
};
use crate::text::Phrases;
use crate::web::export::{EvidenceAsked, Picture, evidence, picture};
use crate::web::figures::{Subject, beyond};

/// `siaga reproduce`
pub async fn reproduce(
    config: &Config,
    args: &ReproduceArgs,
    (visitor, is_quiet): Who<'_>,
) -> Result<(), Failure> {
    let wanted: Recipe = args.id.parse().map_err(|error| usage(anyhow!("read the id: {error}")))?;
    if wanted.build != BUILD && !args.any_build {
        return Err(Failure::Failed(anyhow!(
            "make the same bytes: siaga {} made that file and this is siaga {BUILD}; --any-build makes it with this one all the same",
            wanted.build
        )));
    }
    let dataset = wanted.what.split('.').next().unwrap_or_default();
    door::audience_of(dataset, visitor, Some(&wanted.audience))?;
    let journey = then(stored::journey(config).await?, &wanted)?;
    let (made, making) = again((config, &Arc::new(journey)), &wanted, visitor).await?;
    if made.data != wanted.data {
        let why = "what is kept is not what that file was made of: figures of that time came in later, were judged since or deleted, \
                   or settings changed";
        if !args.any_build {
            return Err(Failure::Failed(anyhow!(
                "make the same bytes: {why} ({} then, {} now)",
                wanted.data,
                made.data
            )));
        }
        output::say(&format!("siaga: warning: {why}"));
    }
    deliver(&made, args.out.as_deref(), &making, is_quiet)
}

/// The journey on a day on which the policy of that file was in force.
fn then(mut journey: Journey, wanted: &Recipe) -> Result<Journey, Failure> {
    if policy_name(&journey) == wanted.policy {
        return Ok(journey);
    }
    let is_wanted =
        |policy: &&crate::assessment::Policy| format!("{}@{}", policy.id, policy.version) == wanted.policy;
    let Some(policy) = journey.policies.versions().iter().find(is_wanted) else {
        return Err(Failure::Failed(anyhow!(
            "make the same bytes: that file was made under the policy {}, and the settings name {}",
            wanted.policy,
            policy_name(&journey)
        )));
    };
    let day = policy.valid_from.max(wanted.as_of.local_date(journey.city.zone));
    let day = if journey.policies.on(day).version == policy.version { day } else { policy.valid_from };
    journey.clock = Arc::new(SteppedClock::new(Vintage::end_of(day, journey.city.zone)));
    Ok(journey)
}

/// The file, and its id as it comes out now.
async fn again(
    (config, journey): (&Config, &Arc<Journey>),
    wanted: &Recipe,
    visitor: &Visitor,
) -> Result<(Recipe, Making), Failure> {
    let what = wanted.what.as_str();
    let date = wanted.asked("date").and_then(|date| date.parse().ok());
    if let (Some(asked), Some(_)) = (Picture::of(wanted), date) {
        let focus = Focus { date, as_of: Some(wanted.as_of) };
        let view = city_view(&journey.viewing(), focus, &wanted.audience).await?;
        door::note_view(journey, visitor, &wanted.audience, what).await?;
        if let Some(beyond) = beyond(&asked.name) {
            know(&journey.viewing(), &view, beyond).await?;
        }
        let subject = Subject { view: &view, journey, phrases: Phrases::new(wanted.locale) };
        let (recipe, bytes) = picture(subject, &asked)?;
        return Ok((recipe, Making::Whole(bytes)));
    }
    if let ("briefing.pdf", Some(_)) = (what, date) {
        let focus = Focus { date, as_of: Some(wanted.as_of) };
        let view = city_view(&journey.viewing(), focus, &wanted.audience).await?;
        door::note_view(journey, visitor, &wanted.audience, what).await?;
        let subject = Subject { view: &view, journey, phrases: Phrases::new(wanted.locale) };
        let (recipe, bytes) = document::paper_of(subject, document::templates(config)?).await?;
        return Ok((recipe, Making::Whole(bytes)));
    }
    if let ("evidence.zip", Some(date)) = (what, date) {
        let (as_of, audience) = (Some(wanted.as_of), wanted.audience.clone());
        let asked = EvidenceAsked { date, as_of, audience, locale: wanted.locale };
        let (recipe, bytes) = evidence(journey, &asked).await?;
        door::note(journey, visitor, (Action::FiguresExported, what), &wanted.audience.to_string()).await?;
        return Ok((recipe, Making::Whole(bytes)));
    }
    let unknown = || usage(anyhow!("read the id: there is no file '{what}'"));
    let (name, end) = what.split_once('.').ok_or_else(unknown)?;
    let (dataset, ending): (Dataset, Ending) =
        (name.parse().map_err(|_| unknown())?, end.parse().map_err(|_| unknown())?);
    let filter = |name: &'static str| wanted.asked(name).map(str::to_owned);
    let rows = Wanted::read(dataset, &journey.city.location, &filter);
    let besides = wanted.asked.iter().filter(|(name, _)| !FILTERS.contains(&name.as_str()));
    let asking = Asking {
        dataset,
        ending,
        wanted: rows.map_err(|reason| usage(anyhow!("{reason}")))?,
        besides: besides.cloned().collect(),
        as_of: wanted.as_of,
        audience: wanted.audience.clone(),
        locale: wanted.locale,
    };
    making(journey, &asking, visitor).await
}
