//! Drafts and signatures at the command line.

use super::command::{ADDRESS, DraftArgs};
use crate::account::Visitor;
use crate::cli::args::Format;
use crate::cli::{Failure, output, usage};
use crate::decision::{Answer, Refusal};
use crate::export::{Cell, Table};
use crate::job::{Journey, SignFault};
use crate::text::refusal_sentence;

/// Writes a draft and prints its id.
pub(super) async fn draft(journey: &Journey, args: &DraftArgs, visitor: &Visitor) -> Result<(), Failure> {
    let id = crate::job::draft(journey, &answer(args), visitor, None).await;
    let id = id.map_err(|fault| failure(journey, fault))?;
    output::say(&format!("siaga: nothing is in force yet; `siaga decision sign {id}` signs it"));
    Ok(output::print(&id)?)
}

/// Signs a draft and prints the number of the decision.
pub(super) async fn sign(journey: &Journey, id: &str, visitor: &Visitor) -> Result<(), Failure> {
    let signed = crate::job::sign(journey, id, (visitor, ADDRESS)).await;
    let decision = signed.map_err(|fault| failure(journey, fault))?;
    let what = if decision.afterwards.is_some() { "recorded afterwards" } else { "signed" };
    output::say(&format!(
        "siaga: decision {} is {what}: step {}, {} to {}, back on {}",
        decision.number,
        decision.step,
        decision.period.start,
        decision.period.last_day,
        decision.period.first_day_back
    ));
    Ok(output::print(&decision.number.to_string())?)
}

/// Throws a draft away.
pub(super) async fn discard(journey: &Journey, id: &str) -> Result<(), Failure> {
    if crate::job::discard(journey, id).await? {
        output::say("siaga: thrown away; nothing was signed");
        return Ok(());
    }
    Err(failure(journey, SignFault::Gone(id.to_owned())))
}

/// The drafts that wait.
pub(super) async fn drafts(journey: &Journey, format: Option<Format>) -> Result<(), Failure> {
    let drafts = journey.store.drafts(&journey.city.location).await.map_err(anyhow::Error::from)?;
    let columns = ["draft", "changed_at", "by", "kind", "changes", "step", "start", "last_day", "decided_by"];
    let mut table = Table::new(&columns.map(|name| (name, "")));
    table.rows = drafts
        .iter()
        .map(|draft| {
            let answer = &draft.answer;
            let at = draft.changed_at.to_string();
            let texts = [
                &draft.id,
                &at,
                &draft.by,
                &answer.kind,
                &answer.amends,
                &answer.step,
                &answer.start,
                &answer.last_day,
                &answer.decided_by,
            ];
            texts.map(|text| Cell::from(text.as_str())).to_vec()
        })
        .collect();
    let bytes = output::rendered(&table, output::format_or_default(format))?;
    Ok(output::print(&String::from_utf8_lossy(&bytes))?)
}

fn answer(args: &DraftArgs) -> Answer {
    let reason = |text: &String| {
        let (code, words) = text.split_once('=').unwrap_or((text, ""));
        (code.to_owned(), words.to_owned())
    };
    Answer {
        kind: args.kind.clone(),
        amends: args.changes.clone(),
        step: args.step.clone(),
        decided_by: args.by.clone(),
        office: args.office.clone(),
        decided_on: args.decided_on.clone(),
        paper: args.paper.clone(),
        place: args.place.clone(),
        start: args.start.clone(),
        last_day: args.last_day.clone(),
        evaluation_date: args.evaluation.clone(),
        reasons: args.reason.iter().map(reason).collect(),
        departure: args.departure.clone(),
        legal_basis: args.basis.clone(),
        exemption_list: args.exempt.clone(),
        exempt_cap: args.exempt_cap.clone(),
        exempt_also: args.exempt_also.clone(),
        not_exempt: args.not_exempt.clone(),
        continues: args.continues.clone(),
    }
}

/// What went wrong, in the city's language; what was filled in wrongly names its flag.
pub(super) fn failure(journey: &Journey, fault: SignFault) -> Failure {
    let phrases = journey.phrases();
    match fault {
        SignFault::Refused(refused) => {
            let line = |refusal: &Refusal| {
                format!("{}: {}", flag(refusal.field), refusal_sentence(refusal, phrases))
            };
            usage(anyhow::anyhow!(refused.iter().map(line).collect::<Vec<_>>().join("\n")))
        }
        SignFault::Overtaken => Failure::Failed(anyhow::anyhow!(phrases.say("decision-overtaken"))),
        SignFault::Gone(_) => Failure::Failed(anyhow::anyhow!(phrases.say("decision-gone"))),
        SignFault::Failed(error) => Failure::Failed(error),
    }
}

/// The flag that fills a field.
fn flag(field: &str) -> String {
    let name = match field {
        "amends" => "changes",
        "decided_by" => "by",
        "evaluation_date" => "evaluation",
        "reasons" => "reason",
        "legal_basis" => "basis",
        "exemption_list" => "exempt",
        "dated" => "date",
        other => return format!("--{}", other.replace('_', "-")),
    };
    format!("--{name}")
}
