//! `siaga brief`: the one-page briefing of a day.

use anyhow::anyhow;

use super::args::BriefArgs;
use crate::account::Visitor;
use crate::cli::{Failure, door, input, output, stateless, stored, usage};
use crate::config::Config;
use crate::document::Templates;
use crate::export::Recipe;
use crate::job::{DocumentFiles, Focus, city_view, off_the_runtime};
use crate::web::export::{BriefingBesides, briefing};
use crate::web::figures::Subject;

/// Runs the command.
pub async fn brief(
    config: &Config,
    args: &BriefArgs,
    (visitor, is_quiet): (&Visitor, bool),
) -> Result<(), Failure> {
    if args.out.extension().is_none_or(|end| !end.eq_ignore_ascii_case("pdf")) {
        return Err(usage(anyhow!("--out {}: the file must end in .pdf", args.out.display())));
    }
    let templates = templates(config)?;
    let journey = stored::journey(config).await?;
    let as_of = input::moment(args.as_of.as_deref(), journey.city.zone)?;
    stateless::check_stored_day(&journey, args.date).await?;
    let audience = door::audience(visitor, args.audience.as_ref())?;
    let view = city_view(&journey.viewing(), Focus { date: args.date, as_of }, &audience).await?;
    door::note_view(&journey, visitor, &audience, "briefing").await?;
    if view.observations.is_empty() {
        return Err(Failure::Failed(anyhow!("the store has no figure that a briefing could tell of")));
    }
    let subject = Subject { view: &view, journey: &journey, phrases: journey.phrases() };
    let (recipe, bytes) = paper_of(subject, templates).await?;
    output::write_whole(&args.out, |out| out.write_all(&bytes))?;
    if !is_quiet {
        output::say(&format!("id: {recipe}"));
    }
    Ok(())
}

/// The templates of the settings.
pub fn templates(config: &Config) -> Result<Templates, Failure> {
    let files = DocumentFiles::read(config.documents.folder.as_deref(), None).map_err(usage)?;
    Ok(files.templates)
}

/// The briefing of a view as paper, and its id.
pub async fn paper_of(subject: Subject<'_>, templates: Templates) -> Result<(Recipe, Vec<u8>), Failure> {
    let (recipe, told) = briefing(subject, &BriefingBesides::of(subject).await?)?;
    let bytes = off_the_runtime(move || Ok(told.pdf(&templates)?)).await?;
    Ok((recipe, bytes))
}
