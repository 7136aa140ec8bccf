//! `export` and `chart`: files that are taken away, each whole or not at all, each with its id on standard error.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use super::args::{ExportArgs, ExportFormat};
use crate::account::Visitor;
use crate::audit::Action;
use crate::cli::args::ChartArgs;
use crate::cli::{Failure, door, input, output, stateless, stored, usage};
use crate::config::Config;
use crate::export::Recipe;
use crate::job::{
    Asking, Dataset, Ending, FILTERS, Focus, Journey, Making, Wanted, city_view, know, made, take,
};
use crate::web::export::{EvidenceAsked, Picture, PictureForm, evidence, picture};
use crate::web::figures::{Asked, NAMES, Subject, beyond};

/// Who asks, and whether little is said.
pub(super) type Who<'a> = (&'a Visitor, bool);

/// `siaga export`
pub async fn export(config: &Config, args: &ExportArgs, who: Who<'_>) -> Result<(), Failure> {
    if args.dataset == "evidence" {
        return pack(config, args, who).await;
    }
    let dataset: Dataset = args
        .dataset
        .parse()
        .map_err(|error: anyhow::Error| usage(error.context("find what to export; evidence is the other")))?;
    let ending = if args.dictionary { Ending::Dictionary } else { args.format.ending() };
    check_ending(args)?;
    let mut besides = Vec::new();
    if args.excel {
        if args.format != ExportFormat::Csv {
            return Err(usage(anyhow::anyhow!(
                "--excel is a way to write CSV: leave --format out, or take --format xlsx"
            )));
        }
        besides.push(("excel".to_owned(), "1".to_owned()));
    }
    if let Some(path) = &args.path {
        if ending != Ending::Package {
            return Err(usage(anyhow::anyhow!("--path names the CSV that --format datapackage describes")));
        }
        besides.push(("path".to_owned(), path.clone()));
    }
    if args.date.is_some() {
        return Err(usage(anyhow::anyhow!(
            "--date is for evidence; a dataset is filtered by --from and --to"
        )));
    }
    let journey = stored::journey(config).await?;
    let wanted = Wanted::read(dataset, &journey.city.location, &|name| args.filter(name));
    let asking = Asking {
        dataset,
        ending,
        wanted: wanted.map_err(|reason| usage(anyhow::anyhow!("{reason}")))?,
        besides,
        as_of: input::moment(args.as_of.as_deref(), journey.city.zone)?
            .unwrap_or_else(|| journey.clock.now()),
        audience: door::audience_of(&args.dataset, who.0, args.audience.as_ref())?,
        locale: journey.locale,
    };
    let (recipe, making) = making(&journey, &asking, who.0).await?;
    deliver(&recipe, args.out.as_deref(), &making, who.1)
}

/// A dataset as a file; taking it away is noted.
pub(super) async fn making(
    journey: &Journey,
    asking: &Asking,
    visitor: &Visitor,
) -> Result<(Recipe, Making), Failure> {
    let taken = Arc::new(take(&journey.viewing(), asking).await?);
    let detail = format!("{}; as of {}; {} rows", asking.audience, asking.as_of, taken.about.rows);
    door::note(journey, visitor, (Action::FiguresExported, asking.dataset.name()), &detail).await?;
    let recipe = taken.about.recipe.clone();
    Ok((recipe, made(taken, asking.ending)?))
}

/// A file is what its name says: Excel opens no CSV that is called a workbook.
fn check_ending(args: &ExportArgs) -> Result<(), Failure> {
    let named = args.out.as_deref().and_then(Path::extension).and_then(|end| end.to_str());
    let known = ["csv", "xlsx", "parquet", "json", "jsonl", "zip", "pdf", "png", "svg"];
    let fits: &[&str] = match args.format {
        _ if args.dictionary => &["csv"],
        ExportFormat::Csv => &["csv"],
        ExportFormat::Xlsx => &["xlsx"],
        ExportFormat::Parquet => &["parquet"],
        ExportFormat::Json | ExportFormat::Datapackage => &["json"],
        ExportFormat::Jsonl => &["jsonl", "json"],
    };
    match named.filter(|end| known.contains(end) && !fits.contains(end)) {
        Some(end) => Err(usage(anyhow::anyhow!(
            "--out ends in .{end}, and what is written is .{}: choose with --format, or another name",
            fits[0]
        ))),
        None => Ok(()),
    }
}

/// Writes a file, and says its id.
pub(super) fn deliver(
    recipe: &Recipe,
    out: Option<&Path>,
    making: &Making,
    is_quiet: bool,
) -> Result<(), Failure> {
    match out {
        Some(path) => output::write_whole(path, |out| making.write(out))?,
        None if is_binary(&recipe.what) && std::io::stdout().is_terminal() => {
            return Err(usage(anyhow::anyhow!(
                "{} is not for a terminal: --out FILE says where to",
                recipe.what
            )));
        }
        None => output::print_with(|out| making.write(out))?,
    }
    if !is_quiet {
        output::say(&format!("id: {recipe}"));
    }
    Ok(())
}

fn is_binary(what: &str) -> bool {
    [".xlsx", ".parquet", ".zip", ".png", ".pdf"].iter().any(|end| what.ends_with(end))
}

/// `siaga export evidence`
async fn pack(config: &Config, args: &ExportArgs, (visitor, is_quiet): Who<'_>) -> Result<(), Failure> {
    let Some(date) = args.date else {
        return Err(usage(anyhow::anyhow!("evidence is for a day: --date 2021-06-28")));
    };
    let is_filtered = FILTERS.iter().any(|name| args.filter(name).is_some());
    if is_filtered || args.excel || args.dictionary || args.path.is_some() || args.format != ExportFormat::Csv
    {
        return Err(usage(anyhow::anyhow!("evidence takes only --date, --as-of, --audience and --out")));
    }
    let journey = Arc::new(stored::journey(config).await?);
    stateless::check_stored_day(&journey, Some(date)).await?;
    let asked = EvidenceAsked {
        date,
        as_of: input::moment(args.as_of.as_deref(), journey.city.zone)?,
        audience: door::audience(visitor, args.audience.as_ref())?,
        locale: journey.locale,
    };
    let (recipe, bytes) = evidence(&journey, &asked).await?;
    let detail = format!("{}; as of {}", asked.audience, recipe.as_of);
    door::note(&journey, visitor, (Action::FiguresExported, &format!("evidence {date}")), &detail).await?;
    deliver(&recipe, args.out.as_deref(), &Making::Whole(bytes), is_quiet)
}

/// `siaga chart`
pub async fn chart(config: &Config, args: &ChartArgs, (visitor, is_quiet): Who<'_>) -> Result<(), Failure> {
    let kind = args.out.extension().and_then(|end| end.to_str()).unwrap_or_default();
    let Ok(form) = kind.parse::<PictureForm>() else {
        let out = args.out.display();
        return Err(usage(anyhow::anyhow!(
            "--out {out}: the file must end in .svg or .png, or in .csv or .xlsx for what it shows"
        )));
    };
    if !NAMES.contains(&args.name.as_str()) {
        return Err(usage(anyhow::anyhow!("there is no chart '{}': {}", args.name, NAMES.join(", "))));
    }
    if !Picture::has(&args.name, form) {
        return Err(usage(anyhow::anyhow!("{} has no table of its own: .svg or .png", args.name)));
    }
    let asked = Asked::read(args.scale.as_deref(), args.per.as_deref(), args.days.as_deref())
        .map_err(|(name, allowed)| usage(anyhow::anyhow!("--{name}: write one of {allowed}")))?;
    let journey = stored::journey(config).await?;
    let as_of = input::moment(args.as_of.as_deref(), journey.city.zone)?;
    stateless::check_stored_day(&journey, args.date).await?;
    let audience = door::audience(visitor, args.audience.as_ref())?;
    let view = city_view(&journey.viewing(), Focus { date: args.date, as_of }, &audience).await?;
    if matches!(form, PictureForm::Csv | PictureForm::Xlsx) {
        let detail = format!("{audience}; as of {}", view.as_of);
        door::note(
            &journey,
            visitor,
            (Action::FiguresExported, &format!("charts/{}.{form}", args.name)),
            &detail,
        )
        .await?;
    } else {
        door::note_view(&journey, visitor, &audience, &format!("chart {}", args.name)).await?;
    }
    if view.observations.is_empty() {
        return Err(Failure::Failed(anyhow::anyhow!("the store has no figure that a chart could show")));
    }
    let subject = Subject { view: &view, journey: &journey, phrases: journey.phrases() };
    if let Some(beyond) = beyond(&args.name) {
        know(&journey.viewing(), &view, beyond).await?;
    }
    let asked = Picture { name: args.name.clone(), form, is_dark: args.dark, is_narrow: args.phone, asked };
    let (recipe, bytes) = picture(subject, &asked)?;
    deliver(&recipe, Some(&args.out), &Making::Whole(bytes), is_quiet)
}
