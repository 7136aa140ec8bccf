//! The form for a decision: filled in by the recommendation, sent back with every fault at its field, kept as a draft.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::prefill;
use crate::decision::{Answer, Office, ReasonCode, Recommended, Refusal};
use crate::job::{Deciding, SignFault, deciding, deciding_of, draft};
use crate::text::{Phrases, refusal_sentence};
use crate::web::entry::{Field, unkept};
use crate::web::error::{WebError, told};
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::page::{Frame, html};
use crate::web::visit::{Visit, encoded};
use crate::web::words::{Chip, cap};

/// The start of the names of ticked reasons.
const REASON: &str = "reason.";

struct Choice {
    value: String,
    label: String,
    small: String,
    is_chosen: bool,
}

struct Rung {
    step: String,
    chip: Chip,
    about: String,
    is_chosen: bool,
}

struct Fault {
    field: String,
    sentence: String,
}

#[derive(Template)]
#[template(path = "decision/form.html")]
struct FormPage {
    frame: Frame,
    lead: String,
    kind: String,
    changes: String,
    draft: String,
    /// Whether level, units and the first day are chosen here, or kept from what is changed.
    is_open: bool,
    faults: Vec<Fault>,
    rungs: Vec<Rung>,
    start: String,
    last_day: String,
    evaluation: String,
    decided_by: String,
    decided_on: String,
    paper: String,
    is_recorded: bool,
    place: String,
    offices: Vec<Choice>,
    reasons: Vec<Choice>,
    words: String,
    departure: String,
    lists: Vec<Choice>,
    exempt_cap: String,
    exempt_also: String,
    not_exempt: String,
    units: Vec<Choice>,
    legal_basis: String,
    continues: String,
}

impl FormPage {
    /// What is wrong at a field; askama asks.
    fn fault(&self, field: &str) -> String {
        let own = self.faults.iter().filter(|fault| fault.field == field);
        own.map(|fault| fault.sentence.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// An empty form, or one that is filled in by what the rules say, what is changed, or a draft.
pub(in crate::web) async fn new(visit: Visit) -> Result<Response, WebError> {
    let journey = visit.journey();
    let deciding = deciding(&journey.viewing()).await?;
    if let Some(id) = visit.parameter("draft") {
        let drafts = journey.store.drafts(&journey.city.location).await.map_err(anyhow::Error::from)?;
        let saved = drafts.into_iter().find(|draft| draft.id == id).ok_or(WebError::NotFound)?;
        let deciding = deciding_of(&journey.viewing(), &saved.answer).await?;
        return page(&visit, &deciding, (&saved.answer, id), &[]);
    }
    let kind = visit.parameter("kind").unwrap_or("decision");
    let answer = prefill::answer(journey, &deciding, (kind, visit.parameter("changes").unwrap_or("")));
    page(&visit, &deciding, (&answer, ""), &[])
}

/// Takes what was filled in: a draft if nothing is wrong, else the form again.
pub(in crate::web) async fn write(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let journey = visit.journey();
    let answer = answer(&fields);
    let id = fields.text("draft");
    let known = Some(id).filter(|id| !id.is_empty());
    if let Some(id) = known {
        let drafts = journey.store.drafts(&journey.city.location).await.map_err(anyhow::Error::from)?;
        if drafts.iter().all(|draft| draft.id != id) {
            return Err(WebError::NotFound);
        }
    }
    match draft(journey, &answer, &visit.guest.visitor, known).await {
        Ok(id) => Ok(see_other(&format!("/decisions/drafts/{}", encoded(&id)))),
        Err(SignFault::Refused(refused)) => {
            let deciding = deciding_of(&journey.viewing(), &answer).await?;
            Ok(told(StatusCode::UNPROCESSABLE_ENTITY, page(&visit, &deciding, (&answer, id), &refused)?))
        }
        Err(SignFault::Failed(error)) => Err(error.into()),
        Err(SignFault::Overtaken | SignFault::Gone(_)) => Err(WebError::NotFound),
    }
}

/// The fields as an answer. Words stand beside "other" where that is ticked, else beside the first reason.
fn answer(fields: &Fields) -> Answer {
    let text = |name: &str| fields.text(name).to_owned();
    let lines = |name: &str| -> Vec<String> { fields.exact(name).lines().map(str::to_owned).collect() };
    let mut reasons: Vec<(String, String)> =
        fields.ticked(REASON).map(|code| (code.to_owned(), String::new())).collect();
    let other = ReasonCode::Other.as_str();
    let at = reasons.iter().position(|(code, _)| code == other).unwrap_or(0);
    if let Some(reason) = reasons.get_mut(at) {
        reason.1 = text("words");
    }
    Answer {
        kind: text("kind"),
        amends: text("changes"),
        step: text("step"),
        decided_by: text("decided_by"),
        office: text("office"),
        decided_on: text("decided_on"),
        paper: text("paper"),
        place: text("place"),
        start: text("start"),
        last_day: text("last_day"),
        evaluation_date: text("evaluation_date"),
        reasons,
        departure: text("departure"),
        legal_basis: lines("legal_basis"),
        exemption_list: text("exemption_list"),
        exempt_cap: text("exempt_cap"),
        exempt_also: lines("exempt_also"),
        not_exempt: lines("not_exempt"),
        continues: lines("continues"),
    }
}

fn page(
    visit: &Visit,
    deciding: &Deciding,
    (answer, draft): (&Answer, &str),
    refused: &[Refusal],
) -> Result<Response, WebError> {
    let t = visit.phrases;
    let faults: Vec<Fault> = refused
        .iter()
        .map(|refusal| Fault { field: refusal.field.to_owned(), sentence: refusal_sentence(refusal, t) })
        .collect();
    let kind = if answer.kind.is_empty() { "decision" } else { &answer.kind };
    let title = t.say(&format!("decision-form-{}", known_kind(kind)));
    let title = if faults.is_empty() { title } else { t.say_with("title-fault", &[("title", &title)]) };
    let by_field: BTreeMap<&str, &str> =
        faults.iter().rev().map(|fault| (fault.field.as_str(), fault.sentence.as_str())).collect();
    let field = |name: &'static str, label: &str, value: &str| {
        Field::text(name, label, t).value(value).fault(by_field.get(name).copied()).extra("maxlength=\"300\"")
    };
    let day = |name: &'static str, label: &str, value: &str| field(name, label, value).kind("date").extra("");
    let page = html(&FormPage {
        frame: Frame::plain(visit, (&title, "/decisions")),
        lead: lead(visit, deciding, kind),
        is_open: matches!(kind, "decision" | "amendment"),
        kind: kind.to_owned(),
        changes: answer.amends.clone(),
        draft: draft.to_owned(),
        rungs: rungs(visit, deciding, answer),
        start: day("start", "decision-start", &answer.start).render()?,
        last_day: day("last_day", "decision-last-day", &answer.last_day).render()?,
        evaluation: day("evaluation_date", "decision-evaluation", &answer.evaluation_date)
            .optional()
            .hint(t.say("decision-evaluation-hint"))
            .render()?,
        decided_by: field("decided_by", "decision-by", &answer.decided_by).render()?,
        decided_on: field("decided_on", "decision-on", &answer.decided_on)
            .hint(t.say("decision-on-hint"))
            .render()?,
        paper: field("paper", "decision-paper", &answer.paper)
            .optional()
            .hint(t.say("decision-paper-hint"))
            .render()?,
        is_recorded: !answer.paper.is_empty() || by_field.contains_key("paper"),
        place: field("place", "decision-place", &answer.place).optional().render()?,
        offices: offices(answer, t),
        reasons: reasons(answer, t),
        words: words(answer),
        departure: answer.departure.clone(),
        lists: lists(visit, answer),
        exempt_cap: field("exempt_cap", "decision-exempt-cap", &answer.exempt_cap)
            .optional()
            .hint(t.say("decision-exempt-cap-hint"))
            .extra("inputmode=\"numeric\" maxlength=\"4\"")
            .render()?,
        exempt_also: answer.exempt_also.join("\n"),
        not_exempt: answer.not_exempt.join("\n"),
        units: units(deciding),
        legal_basis: answer.legal_basis.join("\n"),
        continues: answer.continues.join("\n"),
        faults,
    })?;
    Ok(unkept(page))
}

fn offices(answer: &Answer, t: Phrases) -> Vec<Choice> {
    let office = |office: &Office| Choice {
        value: office.to_string(),
        label: t.say(&format!("decision-office-{office}")),
        small: String::new(),
        is_chosen: answer.office == office.as_str(),
    };
    Office::ALL.iter().map(office).collect()
}

fn reasons(answer: &Answer, t: Phrases) -> Vec<Choice> {
    let reason = |code: &ReasonCode| Choice {
        value: code.to_string(),
        label: t.say(&format!("decision-reason-{code}")),
        small: String::new(),
        is_chosen: answer.reasons.iter().any(|(ticked, _)| ticked == code.as_str()),
    };
    ReasonCode::ALL.iter().map(reason).collect()
}

/// The words that stand beside one of the reasons.
fn words(answer: &Answer) -> String {
    let mut words = answer.reasons.iter().map(|(_, words)| words.as_str());
    words.find(|words| !words.is_empty()).unwrap_or_default().to_owned()
}

fn units(deciding: &Deciding) -> Vec<Choice> {
    let unit = |(id, name): (&String, &String)| Choice {
        value: id.clone(),
        label: name.clone(),
        small: String::new(),
        is_chosen: false,
    };
    deciding.units().iter().map(unit).collect()
}

/// A kind that has words of its own.
fn known_kind(kind: &str) -> &str {
    kind.parse().map_or("decision", crate::decision::DecisionKind::as_str)
}

/// What the rules say, in front of the form.
fn lead(visit: &Visit, deciding: &Deciding, kind: &str) -> String {
    let (t, policy) = (visit.phrases, visit.journey().policy());
    match (kind, deciding.recommended().filter(|said| said.assessed_step().is_some())) {
        ("extension" | "end", _) => t.say(&format!("decision-form-{kind}-what")),
        (_, Some(said)) => {
            let level = Chip::of(said.step, policy, t).word;
            let date = crate::text::date_long(said.date, t.locale);
            t.say_with("decision-form-recommended", &[("level", &level), ("date", &date)])
        }
        (_, None) => t.say("decision-form-no-recommendation"),
    }
}

fn rungs(visit: &Visit, deciding: &Deciding, answer: &Answer) -> Vec<Rung> {
    let (t, policy) = (visit.phrases, visit.journey().policy());
    let recommended = deciding.recommended().and_then(Recommended::assessed_step);
    policy
        .steps
        .iter()
        .map(|step| {
            let is_said = recommended == Some(step.step);
            let about = t.say_with("decision-rung", &[("cap", &cap(step.caps.non_service, t))]);
            Rung {
                step: step.step.to_string(),
                chip: Chip::of(step.step, policy, t),
                about: if is_said {
                    format!("{about} · {}", t.say("decision-is-recommended"))
                } else {
                    about
                },
                is_chosen: answer.step == step.step.to_string(),
            }
        })
        .collect()
}

fn lists(visit: &Visit, answer: &Answer) -> Vec<Choice> {
    let t = visit.phrases;
    let none = Choice {
        value: "none".to_owned(),
        label: t.say("decision-exempt-none"),
        small: String::new(),
        is_chosen: answer.exemption_list == "none",
    };
    let lists = visit.journey().city.exemption_lists.iter().map(|list| {
        let name = if t.locale == crate::text::Locale::Id { &list.title } else { &list.title_en };
        let names: Vec<&str> = list.units.iter().map(|unit| unit.name.as_str()).collect();
        Choice {
            value: list.id.clone(),
            label: format!("{name} ({})", list.units.len()),
            small: names.join(", "),
            is_chosen: answer.exemption_list == list.id,
        }
    });
    lists.chain([none]).collect()
}
