//! The smallest chart: the 7-day mean of cases, for a table or a sentence.

use crate::chart::{Chart, Sparkline, sparkline};
use crate::epi::IndicatorKind;
use crate::web::figures::{Asked, Look, Subject};
use crate::web::words::sentence;

/// Days shown where nobody says how many.
const DAYS: u32 = 28;

pub(in crate::web::figures) fn spark(subject: Subject<'_>, asked: Asked, look: Look<'_>) -> Chart {
    let t = subject.phrases;
    let window = subject.window(asked.days.unwrap_or(DAYS));
    let kind = IndicatorKind::CasesMean7d;
    let values: Vec<Option<f64>> =
        window.days().map(|date| subject.view.table.at(kind, date).value()).collect();
    let known = || values.iter().flatten().map(|value| subject.number(*value));
    let title = sentence(&t.say(&format!("indicator-{}", kind.name())));
    let description = match (known().next(), known().next_back()) {
        (Some(first), Some(last)) => t.say_with("chart-spark", &[("first", &first), ("last", &last)]),
        _ => t.say("chart-key-no-figure"),
    };
    let spark = Sparkline {
        slug: look.slug,
        title: &title,
        description: &description,
        values: &values,
        size: look.size,
    };
    sparkline(&spark, look.theme)
}
