//! What to keep in mind: evaluation, clusters, orders of the centre, doubtful figures, late sources, held batches, turns on duty
//! that nobody takes.

use askama::Template;

use super::Context;
use super::freshness::freshness;
use super::units::clusters;
use crate::account::Permission;
use crate::disclosure::UnitView;
use crate::epi::Status;
use crate::job::duty_gaps;
use crate::store::Hold;
use crate::text::{Phrases, date_long, date_medium};
use crate::web::dashboard::Attention;
use crate::web::door::Rule;
use crate::web::error::WebError;
use crate::web::visit::encoded;
use crate::web::words::{cap, count, distance, source_title};

/// So many units are named; the rest is counted.
const NAMED: usize = 3;

struct Point {
    title: String,
    text: String,
    href: Option<String>,
    small: String,
}

#[derive(Template)]
#[template(path = "panel/attention.html")]
pub(super) struct AttentionPanel {
    t: Phrases,
    points: Vec<Point>,
}

pub(super) async fn panel(context: Context<'_>, points: &[Attention]) -> Result<AttentionPanel, WebError> {
    let holds = match points.contains(&Attention::Held) && !context.visit.is_past() {
        true => context.journey().store.open_holds().await.map_err(anyhow::Error::from)?,
        false => Vec::new(),
    };
    let gaps = match points.contains(&Attention::Duty) && sees_roster(context) {
        true => duty_gaps(context.journey(), context.view.date, context.t).await?,
        false => None,
    };
    let point = |point: &Attention| match point {
        Attention::Evaluation => Some(evaluation(context)),
        Attention::Clusters => Some(units(context)),
        Attention::Ceiling => Some(ceiling(context)),
        Attention::Doubts => Some(doubts(context)),
        Attention::Sources => Some(sources(context)),
        Attention::Held => held(context, &holds),
        Attention::Duty => Some(duty(context, gaps.as_deref()?)),
    };
    Ok(AttentionPanel { t: context.t, points: points.iter().filter_map(point).collect() })
}

fn sees_roster(context: Context<'_>) -> bool {
    context.visit.may_pass(Rule::May(Permission::ReadWorkforce))
}

/// Turns on duty of the coming week that nobody takes.
fn duty(context: Context<'_>, gaps: &[String]) -> Point {
    let t = context.t;
    let text = match gaps.len() {
        0 => t.say("attention-duty-whole"),
        open => t.say_with("attention-duty-open", &[("count", &count(open, t.locale))]),
    };
    let small = gaps.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    Point { title: t.say("attention-duty"), text, href: Some("/roster".to_owned()), small }
}

/// Batches that wait, with the way to the oldest.
fn held(context: Context<'_>, holds: &[Hold]) -> Option<Point> {
    let (t, first) = (context.t, holds.first()?);
    let names: Vec<String> =
        holds.iter().take(NAMED).map(|hold| source_title(context.journey(), &hold.source, t)).collect();
    let may_read = context.visit.may_pass(Rule::May(Permission::ReadOfficials));
    Some(Point {
        title: t.say("attention-held"),
        text: format!("{} {}", count(holds.len(), t.locale), t.say("attention-held-what")),
        href: may_read.then(|| format!("/runs/{}", encoded(&first.run_id))),
        small: names.join(", "),
    })
}

fn plain(title: String, text: String, small: String) -> Point {
    Point { title, text, href: None, small }
}

fn evaluation(context: Context<'_>) -> Point {
    let (view, t) = (context.view, context.t);
    let title = t.say("attention-evaluation");
    // What was decided is evaluated on its own day; the rules' day counts where nothing was.
    if let Some(decision) = view.journal.in_force(view.date) {
        let date = decision.evaluation_date;
        return Point {
            title,
            text: date_long(date, t.locale),
            href: Some("/decisions".to_owned()),
            small: distance(date, view.date, t),
        };
    }
    match view.assessment.evaluation_date {
        Some(date) => plain(title, date_long(date, t.locale), distance(date, view.date, t)),
        None => plain(title, t.say("none"), String::new()),
    }
}

fn units(context: Context<'_>) -> Point {
    let (view, t) = (context.view, context.t);
    let title = t.say("attention-clusters");
    if view.unit_cases.is_empty() {
        let is_withheld = view.audience.units != UnitView::AsReported;
        let why = if is_withheld { "missing-withheld" } else { "missing-no_unit_figures" };
        return plain(title, "–".to_owned(), t.say(why));
    }
    let clusters = clusters(context);
    let mut small: Vec<String> = clusters.iter().take(NAMED).map(|cluster| cluster.name.clone()).collect();
    if clusters.len() > NAMED {
        small.push(
            t.say_with("attention-clusters-more", &[("count", &count(clusters.len() - NAMED, t.locale))]),
        );
    }
    let mut small = small.join(", ");
    if view.unit_cases.iter().any(|unit| unit.status == Status::Reconstructed) {
        small = format!("{} {small}", t.say("attention-synthetic"));
    }
    Point {
        title,
        text: t.say_with("attention-clusters-count", &[("count", &count(clusters.len(), t.locale))]),
        href: Some(format!("{}#units", context.visit.to("/officials"))),
        small: small.trim().to_owned(),
    }
}

fn ceiling(context: Context<'_>) -> Point {
    let t = context.t;
    let title = t.say("attention-ceiling");
    match &context.view.assessment.ceiling {
        Some(ceiling) => {
            let text = cap(ceiling.pct, t);
            plain(title, text, ceiling.source.clone())
        }
        None => plain(title, t.say("none"), t.say("missing-no_order")),
    }
}

fn doubts(context: Context<'_>) -> Point {
    let t = context.t;
    let title = t.say("attention-doubts");
    let days: Vec<String> =
        context.view.assessment.open_doubts.iter().map(|date| date_medium(*date, t.locale)).collect();
    if days.is_empty() {
        return plain(title, t.say("none"), String::new());
    }
    plain(title, days.join(", "), t.say("attention-doubts-why"))
}

fn sources(context: Context<'_>) -> Point {
    let (view, t) = (context.view, context.t);
    let today = context.visit.as_of().local_date(context.journey().city.zone);
    let late: Vec<_> =
        freshness(context.journey(), view, today, t).into_iter().filter(|it| it.is_late).collect();
    let text = if late.is_empty() { t.say("none") } else { count(late.len(), t.locale) };
    let names: Vec<String> = late
        .into_iter()
        .map(|it| {
            let why = if it.trouble.is_empty() { it.age } else { it.trouble };
            format!("{} ({why})", it.name)
        })
        .collect();
    let may_read = context.visit.may_pass(Rule::May(Permission::ReadOfficials));
    let href = (may_read && text != t.say("none")).then(|| "/sources".to_owned());
    Point { href, ..plain(t.say("attention-sources"), text, names.join(", ")) }
}
