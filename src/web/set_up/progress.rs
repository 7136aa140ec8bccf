//! The steps of the first start, and the line above each page that shows how far one has come.

use askama::Template;

use crate::config::Answers;
use crate::text::Phrases;
use crate::web::page::Frame;
use crate::web::visit::Visit;

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    City,
    Policy,
    Account,
    /// Not a page of its own here: it is done in the program that is set up.
    Figures,
}

const STEPS: [(Step, &str); 4] =
    [(Step::City, "city"), (Step::Policy, "policy"), (Step::Account, "account"), (Step::Figures, "figures")];

impl Step {
    fn name(self) -> &'static str {
        STEPS.iter().find(|(step, _)| *step == self).map_or("city", |(_, name)| name)
    }

    /// Its page.
    pub(super) fn address(self, token: &str) -> String {
        format!("/set-up/{token}/{}", self.name())
    }
}

struct Mark {
    label: String,
    /// Where it can be changed, once it is answered.
    href: Option<String>,
    is_done: bool,
    is_current: bool,
}

/// The line of steps.
#[derive(Template)]
#[template(path = "set_up/progress.html")]
pub(super) struct Progress {
    label: String,
    done: String,
    marks: Vec<Mark>,
}

impl Progress {
    pub(super) fn new(token: &str, current: Step, answers: &Answers, t: Phrases) -> Self {
        let mark = |(step, name): &(Step, &str)| {
            let is_done = match step {
                Step::City => answers.location.is_some(),
                Step::Policy => answers.policy.is_some(),
                Step::Account | Step::Figures => false,
            };
            Mark {
                label: t.say(&format!("set-up-step-{name}")),
                href: (is_done && *step != current).then(|| step.address(token)),
                is_done: is_done && *step != current,
                is_current: *step == current,
            }
        };
        let nth = STEPS.iter().position(|(step, _)| *step == current).unwrap_or_default() + 1;
        let numbers = [("nth", &*nth.to_string()), ("all", &*STEPS.len().to_string())];
        Self {
            label: t.say_with("set-up-progress", &numbers),
            done: t.say("set-up-step-done"),
            marks: STEPS.iter().map(mark).collect(),
        }
    }
}

/// What stands round a page of the first start; `has_fault` puts it into the title.
pub(super) fn frame(visit: &Visit, (title, path): (&str, &str), has_fault: bool) -> Frame {
    let t = visit.phrases;
    let title = if has_fault { t.say_with("title-fault", &[("title", title)]) } else { title.to_owned() };
    Frame::plain(visit, (&title, path)).setting_up()
}
