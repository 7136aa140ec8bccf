//! What forms of these pages share: what was filled in, what came of it, who does it.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;

use crate::account::{Permission, Visitor};
use crate::audit::{Action, Entry};
use crate::epi::Window;
use crate::job::{Handed, WorkforceFault, told_rows};
use crate::text::{Locale, Phrases};
use crate::web::error::{WebError, told};
use crate::web::form::Fields;
use crate::web::visit::Visit;
use crate::web::words::{full_sentence, whole};
use crate::workforce::Unit;

/// What a form came to; nothing for a page that was only asked for.
#[derive(Default)]
pub(in crate::web) struct Said {
    /// What is wrong, in a sentence.
    pub(in crate::web) fault: Option<String>,
    /// What was done, in a sentence.
    pub(in crate::web) done: Option<String>,
    /// Rows of a list that were refused.
    pub(in crate::web) refused: Vec<String>,
    /// What was filled in, to be filled in again.
    filled: Vec<(String, String)>,
}

impl Said {
    /// A page that was asked for: what was done just before, if its address says so.
    pub(in crate::web) fn asked(visit: &Visit) -> Self {
        let done = visit.parameter("done").map(|code| format!("done-{code}"));
        let done = done.filter(|key| visit.phrases.has(key)).map(|key| visit.phrases.say(&key));
        Self { done, ..Self::default() }
    }

    /// A form that was refused.
    ///
    /// # Errors
    /// What is nobody's slip.
    pub(super) fn refused(visit: &Visit, fault: WorkforceFault, fields: &Fields) -> Result<Self, WebError> {
        match fault {
            WorkforceFault::Unavailable(error) => Err(WebError::Internal(error)),
            fault => Ok(Self::slip(full_sentence(&fault.say(visit.phrases)), fields)),
        }
    }

    /// A slip in a form.
    pub(in crate::web) fn slip(fault: String, fields: &Fields) -> Self {
        Self { fault: Some(fault), filled: fields.all(), ..Self::default() }
    }

    /// A list that was taken in, or of which nothing could be.
    pub(super) fn handed(visit: &Visit, handed: &Handed, fields: &Fields) -> Self {
        let t = visit.phrases;
        let number = |count: usize| whole(u64::try_from(count).unwrap_or(u64::MAX), t.locale);
        let args = [handed.lines, handed.new, handed.unchanged, handed.faults.len()].map(number);
        let [lines, new, unchanged, refused] = &args;
        let sum = t.say_with(
            "list-sum",
            &[("lines", lines), ("new", new), ("unchanged", unchanged), ("refused", refused)],
        );
        let is_taken = handed.new + handed.unchanged > 0;
        let rows = told_rows(&handed.faults, t);
        let base = if is_taken { Self::default() } else { Self::slip(sum.clone(), fields) };
        Self { done: is_taken.then_some(sum), refused: rows, ..base }
    }

    /// What was filled in under a name; else what the address says, else nothing.
    pub(in crate::web) fn value(&self, name: &str) -> &str {
        self.filled.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Whether the form with this field was refused: it stays open.
    pub(in crate::web) fn is_of(&self, name: &str) -> bool {
        self.fault.is_some() && self.filled.iter().any(|(known, _)| known == name)
    }

    /// The title of a page, which says so when something is wrong.
    pub(in crate::web) fn title(&self, title: &str, t: Phrases) -> String {
        match self.fault {
            Some(_) => t.say_with("title-fault", &[("title", title)]),
            None => title.to_owned(),
        }
    }
}

/// A page with its status: a slip in a form is told as such.
pub(in crate::web) fn answered(page: Response, has_fault: bool) -> Response {
    if has_fault { told(StatusCode::UNPROCESSABLE_ENTITY, page) } else { page }
}

/// Something to choose.
pub(in crate::web) struct Choice {
    pub(in crate::web) value: String,
    pub(in crate::web) label: String,
    pub(in crate::web) is_chosen: bool,
}

/// The units to choose from.
pub(super) fn unit_choices<'a>(
    units: impl Iterator<Item = &'a Unit>,
    chosen: &str,
    t: Phrases,
) -> Vec<Choice> {
    let choice = |unit: &Unit| Choice {
        value: unit.unit_id.clone(),
        label: name(unit, t).to_owned(),
        is_chosen: unit.unit_id == chosen,
    };
    units.map(choice).collect()
}

/// A unit's name in the reader's language.
pub(super) fn name(unit: &Unit, t: Phrases) -> &str {
    unit.name_in(t.locale == Locale::En)
}

/// Entries of the audit log about what a visitor does here.
pub(super) fn entries(visit: &Visit) -> impl Fn(Action, &str) -> Entry + '_ {
    |action, object| {
        let visitor = &visit.guest.visitor;
        Entry::new(visit.journey().clock.now(), (visitor.name(), visitor.role()), action, object)
            .address(&visit.guest.client.address)
    }
}

/// A refusal where there is no form for it to stand beside.
pub(super) fn refusal(fault: WorkforceFault) -> WebError {
    match fault {
        WorkforceFault::NotYours(_) => WebError::Forbidden(None),
        WorkforceFault::UnknownUnit(_) | WorkforceFault::UnknownOfficer(_) => WebError::NotFound,
        WorkforceFault::Unavailable(error) => WebError::Internal(error),
        _ => WebError::Parameter { name: "unit" },
    }
}

/// Who asks.
pub(super) fn visitor(visit: &Visit) -> &Visitor {
    &visit.guest.visitor
}

/// Whether the forms are there.
pub(super) fn may(visit: &Visit, permission: Permission) -> bool {
    visitor(visit).may(permission)
}

/// A day of a form; `None` for an empty field.
pub(super) fn day(visit: &Visit, fields: &Fields, name: &str) -> Result<Option<NaiveDate>, Said> {
    match fields.text(name) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Said::slip(visit.phrases.say("form-day"), fields)),
    }
}

/// A day that must be there.
pub(super) fn needed_day(visit: &Visit, fields: &Fields, name: &str) -> Result<NaiveDate, Said> {
    day(visit, fields, name)?.ok_or_else(|| Said::slip(visit.phrases.say("form-day"), fields))
}

/// A whole number of a form; `None` for an empty field.
pub(super) fn number(visit: &Visit, fields: &Fields, name: &str) -> Result<Option<u32>, Said> {
    match fields.text(name) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Said::slip(visit.phrases.say("form-number"), fields)),
    }
}

/// The days a page shows: `from` and `to` of its address, at most three months.
pub(super) fn shown_days(visit: &Visit, usual: Window) -> Result<Window, WebError> {
    let day = |name: &'static str| match visit.parameter(name) {
        None => Ok(None),
        Some(text) => text.parse::<NaiveDate>().map(Some).map_err(|_| WebError::Parameter { name }),
    };
    let length = usual.to - usual.from;
    let days = match (day("from")?, day("to")?) {
        (Some(from), Some(to)) => Window { from, to },
        (Some(from), None) => Window { from, to: from + length },
        (None, Some(to)) => Window { from: to - length, to },
        (None, None) => usual,
    };
    match (0..=92).contains(&(days.to - days.from).num_days()) {
        true => Ok(days),
        false => Err(WebError::Parameter { name: "to" }),
    }
}
