//! The last pulls: received = accepted + unchanged + rejected, with the first reasons of what was refused.

use askama::Template;

use super::Context;
use crate::account::Permission;
use crate::store::{Outcome, Run, RunRejection};
use crate::text::{Locale, Phrases, number};
use crate::web::error::WebError;
use crate::web::visit::encoded;
use crate::web::words::{failure, moment_short};

/// So many refused rows of a pull are named.
const NAMED: usize = 5;

struct Row {
    href: String,
    source: String,
    at: String,
    at_value: i64,
    outcome: String,
    is_failed: bool,
    received: String,
    accepted: String,
    unchanged: String,
    rejected: String,
    held: String,
    message: String,
    reasons: Vec<String>,
    more: Option<String>,
}

#[derive(Template)]
#[template(path = "panel/runs.html")]
pub(super) struct RunsPanel {
    t: Phrases,
    rows: Vec<Row>,
}

pub(super) async fn panel(context: Context<'_>, most: usize) -> Result<RunsPanel, WebError> {
    let mut rows = Vec::new();
    for run in context.view.runs.iter().take(most) {
        let rejections = match run.rejected {
            0 => Vec::new(),
            _ => context.journey().store.rejections(&run.id).await.map_err(anyhow::Error::from)?,
        };
        rows.push(row(context, run, &rejections));
    }
    Ok(RunsPanel { t: context.t, rows })
}

fn row(context: Context<'_>, run: &Run, rejections: &[RunRejection]) -> Row {
    let t = context.t;
    let count = |value: u64| number(f64::from(u32::try_from(value).unwrap_or(u32::MAX)), t.locale);
    let left = rejections.len().saturating_sub(NAMED);
    let spec = context.journey().sources.iter().find(|spec| spec.id == run.source);
    Row {
        href: format!("/runs/{}", encoded(&run.id)),
        source: spec
            .map_or_else(|| run.source.clone(), |spec| spec.title_in(t.locale == Locale::En).to_owned()),
        at: moment_short(run.finished_at, context.journey().city.zone, t.locale),
        at_value: run.finished_at.millis(),
        outcome: t.say(&format!("outcome-{}", run.outcome.as_str())),
        is_failed: run.outcome == Outcome::Failed,
        received: count(run.received),
        accepted: count(run.accepted),
        unchanged: count(run.unchanged),
        rejected: count(run.rejected),
        held: count(run.held),
        message: if run.outcome == Outcome::Failed { failure(&run.message, t) } else { String::new() },
        reasons: rejections.iter().take(NAMED).map(|rejection| reason(context, rejection)).collect(),
        more: (left > 0).then(|| t.say_with("runs-more", &[("count", &left.to_string())])),
    }
}

/// What was refused. The refused value itself is for those who take figures in, and those who see them as reported.
fn reason(context: Context<'_>, rejection: &RunRejection) -> String {
    let t = context.t;
    let visitor = &context.visit.guest.visitor;
    let sees_values = context.view.audience.threshold.is_none() || visitor.may(Permission::Ingest);
    let args = [
        ("line", &*rejection.line.to_string()),
        ("column", &*rejection.column),
        ("reason", &*t.say(&format!("reject-{}", rejection.reason))),
        ("detail", &*rejection.detail),
    ];
    t.say_with(if sees_values { "runs-rejection" } else { "runs-rejection-plain" }, &args)
}
