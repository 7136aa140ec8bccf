//! The number and the day of a decision's circular: what was recorded, and the form of those who record it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::record::page;
use crate::account::Permission;
use crate::decision::{CircularNumber, CircularNumbers, NumberAnswer};
use crate::job::{SignFault, number_circular};
use crate::text::{Phrases, date_long, date_medium, refusal_sentence};
use crate::web::door::Rule;
use crate::web::entry::Field;
use crate::web::error::{WebError, told};
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::visit::Visit;
use crate::web::words::moment;

/// What somebody sent, and what is wrong at which field.
#[derive(Default)]
pub(super) struct Sent {
    answer: NumberAnswer,
    faults: BTreeMap<&'static str, String>,
}

/// The circular of a decision on its page.
pub(super) struct Circular {
    /// "Nomor 800/3214-BKPSDM, Senin, 28 Juni 2021"; empty where none was recorded.
    pub(super) given: String,
    /// What was recorded before and corrected, for those inside.
    pub(super) before: Vec<String>,
    /// The form of those who may record it.
    pub(super) form: Option<Form>,
}

pub(super) struct Form {
    pub(super) fields: Vec<String>,
    pub(super) is_open: bool,
    pub(super) what: String,
}

/// Records it.
pub(in crate::web) async fn number(
    Path(number): Path<String>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, WebError> {
    let decision: u32 = number.parse().map_err(|_| WebError::NotFound)?;
    let text = |name: &str| fields.text(name).to_owned();
    let answer = NumberAnswer { number: text("number"), dated: text("dated"), reason: text("reason") };
    let by = (&visit.guest.visitor, visit.guest.client.address.as_str());
    let faults: BTreeMap<&'static str, String> =
        match number_circular(visit.journey(), (decision, &answer), by).await {
            Ok(_) => return Ok(see_other(&format!("/decisions/{decision}?done=numbered"))),
            Err(SignFault::Refused(refused)) => {
                let said = |refusal: &crate::decision::Refusal| refusal_sentence(refusal, visit.phrases);
                refused.iter().rev().map(|refusal| (refusal.field, said(refusal))).collect()
            }
            Err(SignFault::Overtaken) => {
                BTreeMap::from([("number", visit.phrases.say("circular-number-overtaken"))])
            }
            Err(SignFault::Gone(_)) => return Err(WebError::NotFound),
            Err(SignFault::Failed(error)) => return Err(error.into()),
        };
    let page = page(decision, visit, &Sent { answer, faults }).await?;
    Ok(told(StatusCode::UNPROCESSABLE_ENTITY, page))
}

impl Circular {
    /// The circular of a decision as this visitor may see it, with what was sent where something is wrong.
    pub(super) fn of(
        visit: &Visit,
        (numbers, decision): (&CircularNumbers, u32),
        sent: &Sent,
    ) -> Result<Self, WebError> {
        let t = visit.phrases;
        let last = numbers.last(decision);
        let mut before: Vec<String> = Vec::new();
        if visit.may_pass(Rule::May(Permission::ReadCity)) {
            let all: Vec<&CircularNumber> = numbers.of(decision).collect();
            before = all.windows(2).rev().map(|pair| corrected(visit, (pair[0], pair[1]))).collect();
        }
        let may_record = visit.focus.as_of.is_none() && visit.may_pass(Rule::May(Permission::Decide));
        let form = may_record.then(|| form(last, sent, t)).transpose()?;
        Ok(Self { given: last.map_or_else(String::new, |last| given(last, t)), before, form })
    }
}

fn given(number: &CircularNumber, t: Phrases) -> String {
    let date = date_long(number.dated, t.locale);
    t.say_with("circular-number-given", &[("number", &number.number), ("date", &date)])
}

/// One that was corrected: what it was, since when it is otherwise, and why.
fn corrected(visit: &Visit, (was, is): (&CircularNumber, &CircularNumber)) -> String {
    let t = visit.phrases;
    let at = moment(is.at, visit.journey().city.zone, t.locale);
    let date = date_medium(was.dated, t.locale);
    let args =
        [("number", &*was.number), ("date", &*date), ("at", &*at), ("by", &*is.by), ("reason", &*is.reason)];
    t.say_with("circular-number-corrected", &args)
}

fn form(last: Option<&CircularNumber>, sent: &Sent, t: Phrases) -> Result<Form, WebError> {
    let is_sent = !sent.faults.is_empty();
    let shown = |sent: &str, known: Option<String>| {
        if is_sent { sent.to_owned() } else { known.unwrap_or_default() }
    };
    let field = |name: &'static str, label: &str| {
        Field::text(name, label, t).fault(sent.faults.get(name).map(String::as_str))
    };
    let number = shown(&sent.answer.number, last.map(|last| last.number.clone()));
    let dated = shown(&sent.answer.dated, last.map(|last| last.dated.to_string()));
    let mut fields = vec![
        field("number", "circular-number")
            .value(&number)
            .hint(t.say("circular-number-hint"))
            .extra("maxlength=\"100\" autocapitalize=\"characters\" spellcheck=\"false\"")
            .render()?,
        field("dated", "circular-number-dated").value(&dated).kind("date").render()?,
    ];
    if last.is_some() {
        let reason = field("reason", "circular-number-reason").value(&sent.answer.reason);
        fields.push(reason.extra("maxlength=\"300\"").render()?);
    }
    let what = if last.is_some() { "circular-number-correct" } else { "circular-number-record" };
    Ok(Form { fields, is_open: is_sent, what: t.say(what) })
}
