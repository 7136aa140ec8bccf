//! `siaga circular`: the draft of a circular as DOCX or PDF, or its message.

use std::path::Path;

use anyhow::{Context, anyhow};

use super::args::CircularArgs;
use crate::city::City;
use crate::cli::{Failure, output, usage};
use crate::config::Config;
use crate::decision::Decision;
use crate::document::{CircularContent, Dossier, Letterhead, MessageInput, message};
use crate::job::{DocumentFiles, load_policies};
use crate::text::{Locale, Phrases};

/// The largest file of a decision.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Runs the command.
pub fn circular(config: &Config, args: &CircularArgs, is_quiet: bool) -> Result<(), Failure> {
    let form = args.out.extension().and_then(|end| end.to_str()).unwrap_or_default().to_ascii_lowercase();
    if !["docx", "pdf", "txt"].contains(&form.as_str()) {
        let out = args.out.display();
        return Err(usage(anyhow!("--out {out}: the file must end in .docx, .pdf or .txt")));
    }
    let city = City::load(config).map_err(usage)?;
    let mut dossier = read(&args.from).map_err(usage)?;
    dossier.form = args.form.unwrap_or(dossier.form);
    for unit in &city.units {
        dossier.unit_names.entry(unit.unit_id.clone()).or_insert_with(|| unit.name.clone());
    }
    let decision = &dossier.decision;
    if decision.location != city.location.as_str() {
        return Err(usage(anyhow!(
            "{}: it decides for {}, and the settings name {} (city.location)",
            args.from.display(),
            decision.location,
            city.location
        )));
    }
    let link = format!("{}/decisions/{}", config.server.public_address(), decision.number);
    let bytes = match form.as_str() {
        "txt" => format!("{}\n", said(config, &dossier, (&city, &link))?).into_bytes(),
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
    let letterhead = letterhead(config, city, files.logo.clone()).map_err(usage)?;
    Ok((CircularContent::new(dossier, &letterhead, &files.words, link), files))
}

/// The letterhead of the settings.
pub(in crate::cli) fn letterhead(
    config: &Config,
    city: &City,
    logo: Option<Vec<u8>>,
) -> anyhow::Result<Letterhead> {
    let province = city.lineage.get(1).and_then(|place| city.locations.at(place, chrono::NaiveDate::MAX));
    let province = province.filter(|place| place.level == "province").map(|place| place.name.as_str());
    Letterhead::new(&config.documents, (&city.name, province), logo).context("documents.logo")
}

/// The message, with the level in the words of the policy that it was decided by.
fn said(config: &Config, dossier: &Dossier, (city, link): (&City, &str)) -> Result<String, Failure> {
    let decision = &dossier.decision;
    let policies = load_policies(&config.city.policy).map_err(usage)?;
    let locale = Locale::parse(&config.city.language).unwrap_or_default();
    let level = locale.of(&policies.on(decision.decided_on).step(decision.step).name);
    Ok(message(&MessageInput {
        decision,
        level,
        city: &city.name,
        unit_names: &dossier.unit_names,
        link,
        phrases: Phrases::new(locale),
    }))
}
