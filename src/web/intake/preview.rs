//! What would become of figures before they are taken in: every check, every refusal with its row, what would change.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::choice::TYPED;
use crate::job::{BY_HAND, HeldFigure, Hour, IngestReport, Told, Upload, can_keep_like, preview};
use crate::observation::{Figure, Figures, Observation};
use crate::store::Outcome;
use crate::text::{Locale, Phrases, Reason, date_medium, decimal};
use crate::web::entry::unkept;
use crate::web::error::{WebError, told};
use crate::web::page::{Frame, html};
use crate::web::pulls::{Counts, Diff, Refusal, Taken, Who, refusals};
use crate::web::visit::Visit;
use crate::web::words::{count, failure, full_sentence, source_title, whole};

/// What is looked at.
pub(super) struct Looked {
    pub(super) upload: Upload,
    /// The address it came from, to be kept as a source.
    pub(super) address: Option<String>,
    /// Whether it was recognised, and not chosen, how to read it.
    pub(super) is_recognised: bool,
}

/// So many figures are shown one by one.
const MOST_EACH: usize = 160;

/// One figure that would be new.
struct One {
    measure: String,
    date: String,
    value: String,
}

/// What would be new of one measure.
struct Change {
    measure: String,
    /// Whose series it goes on with, where that is not the source's own.
    series: Option<String>,
    figures: String,
    first: String,
    last: String,
    value: String,
}

#[derive(Template)]
#[template(path = "intake/preview.html")]
struct PreviewPage {
    frame: Frame,
    source: String,
    name: String,
    is_recognised: bool,
    /// Why nothing could be read at all.
    failure: String,
    counts: Counts,
    span: String,
    changes: Vec<Change>,
    /// The same one by one, where they are few enough to be read.
    each: Vec<One>,
    /// Whether there is no figure in it at all.
    is_empty: bool,
    /// Known figures that would go missing.
    taken: Option<Taken>,
    refusals: Vec<Refusal>,
    more: Option<String>,
    /// What the button says; `None` when there is nothing to take in.
    button: Option<String>,
    hold: Option<Diff>,
    /// Who may release it, if the reader may not.
    who: Option<Who>,
    hidden: Vec<(&'static str, String)>,
    /// How the address it came from can be kept as a source, if it can.
    keeping: Option<KeepingForm>,
}

/// What is asked of an address that is to be kept.
struct KeepingForm {
    /// Whether there is nothing else to do: then it is not asked whether.
    is_all: bool,
    /// Hours by which it may publish, as the form sends and as the reader reads them.
    hours: Vec<(String, String)>,
    /// The series that it goes on with.
    series: String,
}

/// Archives the bytes and shows what the checks say.
pub(super) async fn look(visit: &Visit, looked: Looked) -> Result<Response, WebError> {
    let Looked { upload, address, is_recognised } = looked;
    let t = visit.phrases;
    let report = preview(visit.journey(), &upload).await?;
    let is_failed = report.run.outcome == Outcome::Failed;
    let (shown, more) = refusals(visit, &report.rejections);
    let title = t.say("preview-title");
    let page = html(&PreviewPage {
        frame: Frame::plain(visit, (&title, "/figures")),
        source: source_title(visit.journey(), &upload.source, t),
        name: upload.name.clone(),
        is_recognised,
        failure: if is_failed { unreadable(&report.run.message, t) } else { String::new() },
        counts: Counts::of(&report.run, t),
        span: span(&report.accepted, t),
        changes: changes(visit, (&upload.source, &report)),
        each: each(visit, &report),
        is_empty: report.run.received == 0,
        taken: Taken::of(visit, report.changes.taken_away, &HeldFigure::all_of(&report.changes.taken)),
        refusals: shown,
        more,
        button: button(&report, t),
        hold: report.hold.as_ref().map(|hold| Diff::of(visit, &hold.reasons, &hold.diff)),
        who: if report.hold.is_some() { Who::of(visit).await? } else { None },
        hidden: hidden(&upload, &report, address.as_deref()),
        keeping: keeping(visit, (&upload, &report), address.is_some()),
    })?;
    let page = unkept(page);
    Ok(if is_failed { told(StatusCode::UNPROCESSABLE_ENTITY, page) } else { page })
}

/// What is asked of an address, if it can be kept.
fn keeping(
    visit: &Visit,
    (upload, report): (&Upload, &IngestReport),
    is_address: bool,
) -> Option<KeepingForm> {
    let (t, journey) = (visit.phrases, visit.journey());
    if !is_address || !can_keep_like(journey, &upload.source) {
        return None;
    }
    let spec = journey.sources.iter().find(|spec| spec.id == upload.source)?;
    let shown = |hour: Hour| {
        let hour = hour.to_string();
        let shown = if t.locale == Locale::Id { hour.replace(':', ".") } else { hour.clone() };
        (hour, t.say_with("keep-by", &[("hour", &shown)]))
    };
    Some(KeepingForm {
        is_all: report.run.accepted == 0 && report.run.held == 0,
        hours: Hour::all().map(shown).collect(),
        series: t.say_with("keep-series", &[("series", &source_title(journey, spec.series(), t))]),
    })
}

/// What the button says: how many figures are kept, and how many known ones go missing by it.
fn button(report: &IngestReport, t: Phrases) -> Option<String> {
    let (run, taken) = (&report.run, report.changes.taken_away);
    let (key, number) = match (run.held, run.accepted) {
        (0, 0) => return None,
        (0, accepted) if taken > 0 => ("preview-take-away", accepted),
        (0, accepted) => ("preview-take", accepted),
        (held, _) => ("preview-hold", held),
    };
    Some(t.say_with(key, &[("count", &whole(number, t.locale)), ("taken", &whole(taken, t.locale))]))
}

/// Why a payload cannot be read; which payload it is, the page says above it.
fn unreadable(kept: &str, t: Phrases) -> String {
    let reason = Reason::kept(kept);
    let part = reason.as_ref().and_then(|reason| reason.part("reason"));
    part.map_or_else(|| failure(kept, t), |reason| full_sentence(&reason.say(t)))
}

/// What the form carries: which payload it is, and what was told about it by hand.
fn hidden(upload: &Upload, report: &IngestReport, address: Option<&str>) -> Vec<(&'static str, String)> {
    let mut hidden = vec![("source", upload.source.clone()), ("sha256", report.run.payload.clone())];
    let Told { date, as_of, series } = &upload.told;
    hidden.extend(date.map(|date| ("date", date.to_string())));
    hidden.extend(as_of.map(|as_of| ("as_of", as_of.to_string())));
    hidden.extend((!series.is_empty()).then(|| ("series", series.to_string())));
    hidden.extend(address.map(|address| ("address", address.to_owned())));
    hidden
}

/// "1–14 Juni 2021": the first and the last day of what is new.
fn span(accepted: &Figures, t: Phrases) -> String {
    let days = accepted.rows().iter().map(|figure| figure.date);
    match (days.clone().min(), days.max()) {
        (Some(first), Some(last)) if first == last => date_medium(first, t.locale),
        (Some(first), Some(last)) => {
            format!("{} – {}", date_medium(first, t.locale), date_medium(last, t.locale))
        }
        _ => "–".to_owned(),
    }
}

fn changes(visit: &Visit, (read_as, report): (&str, &IngestReport)) -> Vec<Change> {
    let t = visit.phrases;
    let mut by_series: BTreeMap<(&str, &str), Vec<&Figure>> = BTreeMap::new();
    for figure in report.accepted.rows() {
        let key = report.accepted.key(figure);
        by_series.entry((key.measure.name(), &key.source)).or_default().push(figure);
    }
    let own = visit.journey().sources.iter().find(|spec| spec.id == read_as).map(|spec| spec.series());
    let series = |source: &str| match source {
        TYPED => Some(t.say("preview-series-own")),
        // What people bring goes on with what people brought: nothing to be said.
        BY_HAND => None,
        source if own == Some(source) => None,
        source => {
            let title = source_title(visit.journey(), source, t);
            Some(t.say_with("preview-series", &[("source", &title)]))
        }
    };
    let change = |((measure, source), mut figures): ((&str, &str), Vec<&Figure>)| {
        figures.sort_by_key(|figure| (figure.date, figure.as_of));
        let (first, last) = (figures.first()?, figures.last()?);
        Some(Change {
            measure: measure_name(measure, t),
            series: series(source),
            figures: count(figures.len(), t.locale),
            first: date_medium(first.date, t.locale),
            last: date_medium(last.date, t.locale),
            value: last.value.map_or_else(|| "–".to_owned(), |value| shown(value, t.locale)),
        })
    };
    by_series.into_iter().filter_map(change).collect()
}

/// What would be new, one by one; nothing where there is more than anybody reads, or where the table says it all.
fn each(visit: &Visit, report: &IngestReport) -> Vec<One> {
    let (t, city) = (visit.phrases, &visit.journey().city);
    if !(2..=MOST_EACH).contains(&report.accepted.len()) {
        return Vec::new();
    }
    let mut figures: Vec<Observation> = report.accepted.iter().collect();
    figures.sort_by_key(|figure| (figure.date, figure.measure, figure.as_of));
    let one = |figure: &Observation| {
        let measure = measure_name(figure.measure.name(), t);
        let is_own = figure.location == city.location && figure.unit_id.is_none();
        let place = figure.unit_id.as_deref().unwrap_or(figure.location.as_str());
        One {
            measure: if is_own { measure } else { format!("{measure}, {place}") },
            date: date_medium(figure.date, t.locale),
            value: figure.value.map_or_else(|| t.say("taken-missing"), |value| shown(value, t.locale)),
        }
    };
    figures.iter().map(one).collect()
}

/// A figure in the reader's form, with a decimal only where it has one.
pub(in crate::web) fn shown(value: f64, locale: Locale) -> String {
    decimal(value, usize::from(value.fract().abs() > f64::EPSILON), locale)
}

/// A measure by its name on pages; an indicator that is published ready-made by the indicator's.
pub(in crate::web) fn measure_name(measure: &str, t: Phrases) -> String {
    let keys = [format!("measure-{measure}"), format!("indicator-{measure}")];
    keys.iter().find(|key| t.has(key)).map_or_else(|| measure.to_owned(), |key| t.say(key))
}
