//! `siaga circular`: the draft of a circular as DOCX or PDF, or its message.

use std::path::Path;

use anyhow::{Context, anyhow};

use super::args::CircularArgs;
use crate::city::City;
use crate::cli::{Failure, output, stored, usage};
use crate::config::Config;
use crate::decision::Decision;
use crate::document::{CircularContent, Dossier, Form};
use crate::job::{DocumentFiles, dossier, letterhead, load_policies, said};
use crate::text::Locale;

/// The largest file of a decision.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Runs the command.
pub async fn circular(config: &Config, args: &CircularArgs, is_quiet: bool) -> Result<(), Failure> {
    let form = args.out.extension().and_then(|end| end.to_str()).unwrap_or_default().to_ascii_lowercase();
    if !["docx", "pdf", "txt"].contains(&form.as_str()) {
        let out = args.out.display();
        return Err(usage(anyhow!("--out {out}: the file must end in .docx, .pdf or .txt")));
    }
    let (city, policies, dossier) = match (&args.from, args.decision) {
        // A file needs no store, and none is made for it.
        (Some(file), _) => {
            let city = City::load(config).map_err(usage)?;
            let dossier = filed(&city, file, args.form)?;
            (city, load_policies(&config.city.policy).map_err(usage)?, dossier)
        }
        (None, number) => {
            let (journey, number) = (stored::journey(config).await?, number.unwrap_or_default());
            let found = dossier(&journey, number, args.form.unwrap_or_default()).await?;
            let found = found.with_context(|| {
                format!("there is no decision {number}: `siaga decision list` names those that are signed")
            })?;
            (journey.gear.city, journey.gear.policies, found)
        }
    };
    let decision = &dossier.decision;
    let link = format!("{}/decisions/{}", config.server.public_address(), decision.number);
    let bytes = match form.as_str() {
        "txt" => {
            let locale = Locale::parse(&config.city.language).unwrap_or_default();
            format!("{}\n", said((&city.name, &policies), &dossier, (&link, locale))).into_bytes()
        }
        form => {
            let (content, files) = content(config, &dossier, (&city, &link))?;
            let made = if form == "pdf" { content.pdf(&files.templates) } else { content.docx() };
            made.with_context(|| format!("make {}", args.out.display()))?
        }
    };
    output::write_whole(&args.out, |out| out.write_all(&bytes))?;
    if !is_quiet {
        output::say(&format!("{}: a draft; number, day and signature are people's", args.out.display()));
    }
    Ok(())
}

/// The decision of a file, with the names of the city's units.
fn filed(city: &City, file: &Path, form: Option<Form>) -> Result<Dossier, Failure> {
    let mut dossier = read(file).map_err(usage)?;
    dossier.form = form.unwrap_or(dossier.form);
    for unit in &city.units {
        dossier.unit_names.entry(unit.unit_id.clone()).or_insert_with(|| unit.name.clone());
    }
    let decision = &dossier.decision;
    if decision.location != city.location.as_str() {
        return Err(usage(anyhow!(
            "{}: it decides for {}, and the settings name {} (city.location)",
            file.display(),
            decision.location,
            city.location
        )));
    }
    Ok(dossier)
}

/// A decision with what belongs to it, or a decision alone.
fn read(path: &Path) -> anyhow::Result<Dossier> {
    let named = || path.display().to_string();
    let size = std::fs::metadata(path).with_context(|| format!("read {}", path.display()))?.len();
    if size > LARGEST {
        return Err(anyhow!("{}: {size} bytes are too many for a decision", path.display()));
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let value: serde_json::Value = serde_json::from_str(&text).with_context(named)?;
    if value.get("decision").is_some() {
        return serde_json::from_value(value).with_context(named);
    }
    let decision: Decision = serde_json::from_value(value).with_context(named)?;
    Ok(decision.into())
}

/// The circular as data, and what it is set with.
fn content(
    config: &Config,
    dossier: &Dossier,
    (city, link): (&City, &str),
) -> Result<(CircularContent, DocumentFiles), Failure> {
    let settings = &config.documents;
    let files = DocumentFiles::read(settings.folder.as_deref(), settings.logo.as_deref()).map_err(usage)?;
    let letterhead = letterhead(&config.documents, city, files.logo.clone()).map_err(usage)?;
    Ok((CircularContent::new(dossier, &letterhead, &files.words, link), files))
}
