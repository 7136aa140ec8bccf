//! The evidence for a day: everything that the recommendation of that day rested on, as known at a moment, in one file for council,
//! inspectorate and press. Figures and indicators with their dictionaries, the charts, the policy in force, the assessment with
//! its explanation in both languages, and a list of hashes. The same question gives the same bytes.

use std::sync::Arc;

use anyhow::Context;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use super::dataset::ID;
use super::{Picture, PictureForm, picture};
use crate::account::Permission;
use crate::assessment::Assessment;
use crate::audit::Action;
use crate::disclosure::{Audience, disclose_assessment};
use crate::epi::Vintage;
use crate::export::{BUILD, PackFile, Recipe, fingerprint_of, pack, write_csv};
use crate::job::{
    Asking, Beyond, CityView, Dataset, Ending, Focus, Journey, Wanted, circular_numbers, city_view,
    decision_table, evidence_of, know, made, off_the_runtime, policy_name, take,
};
use crate::text::{Locale, Phrases, Reason, assessment_text, date_long};
use crate::web::error::WebError;
use crate::web::figures::{Asked, Subject, beyond, embedded_names};
use crate::web::visit::Visit;

/// What evidence is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceAsked {
    /// The day of the recommendation.
    pub date: NaiveDate,
    /// As known when; at the end of the day if `None`, or now if that is earlier.
    pub as_of: Option<Vintage>,
    /// For whom.
    pub audience: Audience,
    /// In whose words charts and the pack's own texts are.
    pub locale: Locale,
}

/// Gathers the evidence, and tells how it is gathered again.
///
/// # Errors
/// When nothing is known of the city at that moment, or the store does not answer.
pub async fn evidence(journey: &Arc<Journey>, asked: &EvidenceAsked) -> anyhow::Result<(Recipe, Vec<u8>)> {
    let end = Vintage::end_of(asked.date, journey.city.zone);
    let as_of = asked.as_of.unwrap_or_else(|| end.min(journey.clock.now()));
    let focus = Focus { date: Some(asked.date), as_of: Some(as_of) };
    let view = city_view(&journey.viewing(), focus, &asked.audience).await?;
    if view.observations.is_empty() {
        anyhow::bail!("gather the evidence: of {} nothing is known at that moment", journey.city.location);
    }
    let mut files = Vec::new();
    for dataset in [Dataset::Observations, Dataset::Indicators] {
        files.extend(of_dataset(journey, dataset, (asked, as_of)).await?);
    }
    files.extend(of_rules(journey, &view)?);
    files.extend(of_decisions(journey, &view).await?);
    know(&journey.viewing(), &view, Beyond::KnownThen).await?;
    let (journey, asked) = (Arc::clone(journey), asked.clone());
    off_the_runtime(move || {
        files.extend(of_charts(&journey, &view, asked.locale)?);
        let t = Phrases::new(asked.locale);
        if view.journal.entries().is_empty() {
            files.push(PackFile::new("decisions/README.txt", t.say("evidence-decisions") + "\n"));
        }
        files.push(PackFile::new("README.txt", readme(&journey, &view, t)));
        let recipe = Recipe {
            what: "evidence.zip".to_owned(),
            asked: vec![("date".to_owned(), asked.date.to_string())],
            as_of,
            audience: asked.audience,
            locale: asked.locale,
            policy: policy_name(&journey),
            data: fingerprint_of(&files),
            build: BUILD.to_owned(),
        };
        let bytes = pack(files, &recipe)?;
        Ok((recipe, bytes))
    })
    .await
}

/// A dataset up to the day, with its dictionary and its descriptor.
async fn of_dataset(
    journey: &Journey,
    dataset: Dataset,
    (asked, as_of): (&EvidenceAsked, Vintage),
) -> anyhow::Result<Vec<PackFile>> {
    let name = dataset.name();
    let asking = Asking {
        dataset,
        ending: Ending::Csv,
        wanted: Wanted { to: Some(asked.date), ..Wanted::default() },
        besides: vec![("path".to_owned(), format!("{name}.csv"))],
        as_of,
        audience: asked.audience.clone(),
        locale: asked.locale,
    };
    let taken = Arc::new(take(&journey.viewing(), &asking).await?);
    off_the_runtime(move || {
        let mut files = Vec::new();
        for ending in [Ending::Csv, Ending::Dictionary, Ending::Package] {
            let mut bytes = Vec::new();
            made(Arc::clone(&taken), ending)?.write(&mut bytes)?;
            files.push(PackFile::new(&format!("data/{name}.{ending}"), bytes));
        }
        Ok(files)
    })
    .await
}

/// What the rules said, why, and the rules themselves.
fn of_rules(journey: &Journey, view: &CityView) -> anyhow::Result<Vec<PackFile>> {
    let policy = journey.policies.on(view.date);
    let json = |assessment: &Assessment| -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(assessment).context("write the assessment")? + "\n")
    };
    let mut files = vec![
        PackFile::new(&format!("policy/{}@{}.toml", policy.id, policy.version), policy.text.clone()),
        PackFile::new("assessment/assessment.json", json(&view.assessment)?),
        PackFile::new("assessment/on_these_figures.json", json(&view.on_these_figures)?),
    ];
    for locale in Locale::ALL {
        let text = assessment_text(&view.assessment, policy, Phrases::new(locale)) + "\n";
        files.push(PackFile::new(&format!("assessment/explanation.{}.txt", locale.tag()), text));
    }
    Ok(files)
}

/// What people had decided by then, each with what it rested on as this reader may see it.
async fn of_decisions(journey: &Journey, view: &CityView) -> anyhow::Result<Vec<PackFile>> {
    let mut files = Vec::new();
    for decision in view.journal.entries() {
        let number = decision.number;
        let shown = serde_json::to_string_pretty(decision).context("write a decision")? + "\n";
        files.push(PackFile::new(&format!("decisions/{number}.json"), shown));
        let policy = journey.policies.on(decision.decided_on);
        if let Some(said) = evidence_of(&journey.viewing(), decision).await?.assessment {
            let said = disclose_assessment(said, policy, &view.audience);
            let said = serde_json::to_string_pretty(&said).context("write what a decision rested on")? + "\n";
            files.push(PackFile::new(&format!("decisions/{number}-assessment.json"), said));
        }
    }
    if !files.is_empty() {
        let today = view.as_of.local_date(journey.city.zone);
        let mut table = Vec::new();
        let numbers = circular_numbers(&journey.viewing(), Some(view.as_of)).await?;
        write_csv(&decision_table(&view.journal, &numbers, today), &mut table)?;
        files.push(PackFile::new("decisions/decisions.csv", table));
    }
    Ok(files)
}

/// Every chart, as SVG, as PNG, and what it shows as CSV.
fn of_charts(journey: &Journey, view: &CityView, locale: Locale) -> anyhow::Result<Vec<PackFile>> {
    let subject = Subject { view, journey, phrases: Phrases::new(locale) };
    let mut files = Vec::new();
    // Those of other places and of links say nothing of what the recommendation rested on.
    for name in embedded_names().filter(|name| beyond(name) != Some(Beyond::Neighbours)) {
        for form in PictureForm::ALL.into_iter().filter(|form| *form != PictureForm::Xlsx) {
            let asked = Picture {
                name: name.to_owned(),
                form,
                is_dark: false,
                is_narrow: false,
                asked: Asked::default(),
            };
            let (recipe, bytes) = picture(subject, &asked)?;
            files.push(PackFile::new(&recipe.what, bytes));
        }
    }
    Ok(files)
}

fn readme(journey: &Journey, view: &CityView, t: Phrases) -> String {
    let local = view.as_of.moment().with_timezone(&journey.city.zone);
    let args = [
        ("city", &*journey.city.name),
        ("date", &*date_long(view.date, t.locale)),
        ("as_of", &*local.format("%Y-%m-%d %H:%M:%S %:z").to_string()),
        ("suppression", &*view.audience.to_string()),
    ];
    let made = if view.is_as_made { "evidence-as-made" } else { "evidence-not-made" };
    let files = ["data", "assessment", "policy", "charts", "decisions", "manifest"];
    let lines = files.map(|file| t.say(&format!("evidence-file-{file}")));
    let lines = [
        vec![t.say_with("evidence-title", &args), String::new(), t.say_with("evidence-what", &args)],
        vec![t.say(made), String::new()],
        lines.to_vec(),
        vec![String::new(), t.say("evidence-again"), String::new()],
    ];
    lines.concat().join("\n")
}

/// `/exports/evidence/2021-06-28.zip`
pub(in crate::web) async fn evidence_file(
    Path(file): Path<String>,
    mut visit: Visit,
) -> Result<Response, WebError> {
    let day = file.strip_suffix(".zip").ok_or(WebError::NotFound)?;
    let wrong = || Reason::new("filter-day").text("name", "DATE").text("asked", day);
    let date: NaiveDate = day.parse().map_err(|_| WebError::Refused(wrong()))?;
    if let Some(other) = visit.names().find(|name| !["as_of", "lang"].contains(name)) {
        let reason = Reason::new("filter-unknown").text("asked", other).text("names", "as_of, lang");
        return Err(WebError::Refused(reason));
    }
    let (first, last) = (visit.journey().ruled_since(), visit.journey().today());
    if !(first..=last).contains(&date) {
        return Err(WebError::Day { name: "DATE", first, last });
    }
    visit.as_seen_with(Permission::Export).await?;
    let asked = EvidenceAsked {
        date,
        as_of: visit.focus.as_of,
        audience: visit.audience.clone(),
        locale: visit.phrases.locale,
    };
    let _place = visit.state.place().await?;
    let (recipe, bytes) = evidence(&visit.state.journey, &asked).await?;
    let what = format!("{}; as of {}", visit.audience, recipe.as_of);
    visit.note(Action::FiguresExported, &format!("evidence {date}"), &what).await?;
    let about = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"siaga_evidence_{date}.zip\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (ID, recipe.to_string()),
    ];
    Ok((about, bytes).into_response())
}
