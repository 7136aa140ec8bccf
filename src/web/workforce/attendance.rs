//! Attendance: presence against the cap and reports, the newest day of each unit; what should be told; lists taken in.

use askama::Template;
use axum::response::Response;

use super::said::{Said, answered, entries, may, name, refusal, visitor};
use super::units::{Told, findings};
use crate::account::Permission;
use crate::job::{ListKind, Register, UnitStanding, standings, take_attendance};
use crate::text::{Phrases, date_medium, decimal};
use crate::web::entry::unkept;
use crate::web::error::WebError;
use crate::web::intake::Dropped;
use crate::web::page::{Frame, html};
use crate::web::visit::{Visit, encoded};
use crate::web::words::whole;
use crate::workforce::{Mode, completeness};

/// A unit in the table.
struct Row {
    href: String,
    name: String,
    date: String,
    counts: Vec<String>,
    share: String,
    share_value: String,
    cap: String,
    is_above: bool,
    reports: String,
    reports_value: String,
}

#[derive(Template)]
#[template(path = "workforce/attendance.html")]
struct AttendancePage {
    frame: Frame,
    said: Said,
    caption: String,
    modes: Vec<String>,
    rows: Vec<Row>,
    told: Vec<Told>,
    csv: &'static str,
    may_hand_in: bool,
}

/// The page.
pub(in crate::web) async fn attendance(mut visit: Visit) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadWorkforce).await?;
    page(&visit, Said::asked(&visit)).await
}

async fn page(visit: &Visit, said: Said) -> Result<Response, WebError> {
    let (t, journey) = (visit.phrases, visit.journey());
    let register = Register::of(journey).await.map_err(refusal)?;
    let view = visit.view().await?;
    let units = standings(journey, (&register, &view), visitor(visit)).await.map_err(refusal)?;
    let title = said.title(&t.say("attendance-title"), t);
    let has_fault = said.fault.is_some();
    let told = findings(visit, &units, view.date).await?;
    let page = html(&AttendancePage {
        frame: Frame::plain(visit, (&title, "/attendance")),
        caption: t.say_with("attendance-caption", &[("date", &date_medium(view.date, t.locale))]),
        modes: Mode::ALL.iter().map(|mode| t.say(&format!("mode-{}", mode.as_str()))).collect(),
        rows: units.iter().filter_map(|standing| row(standing, t)).collect(),
        told,
        csv: "/attendance.csv",
        may_hand_in: may(visit, Permission::KeepWorkforce),
        said,
    })?;
    Ok(answered(unkept(page), has_fault))
}

/// A unit that handed something in.
fn row(standing: &UnitStanding, t: Phrases) -> Option<Row> {
    let UnitStanding { unit, staff, measure, attendance, reports } = standing;
    let newest = [attendance.as_ref().map(|day| day.date), reports.as_ref().map(|day| day.date)];
    let date = newest.into_iter().flatten().max()?;
    let share = attendance.as_ref().and_then(|day| day.office_share(*staff));
    let cap = measure.cap_pct.max(measure.desk_pct.unwrap_or(0));
    let came = reports.as_ref().and_then(completeness);
    let percent = |share: Option<f64>| {
        share.map_or_else(|| "–".to_owned(), |share| format!("{}%", decimal(share, 1, t.locale)))
    };
    let count = |mode: Mode| {
        attendance.as_ref().map_or_else(|| "–".to_owned(), |day| whole(day.of(mode).into(), t.locale))
    };
    Some(Row {
        href: format!("/units/{}", encoded(&unit.unit_id)),
        name: name(unit, t).to_owned(),
        date: date_medium(date, t.locale),
        counts: Mode::ALL.into_iter().map(count).collect(),
        share: percent(share),
        share_value: share.map(|share| share.to_string()).unwrap_or_default(),
        cap: format!("{cap}%"),
        is_above: share.is_some_and(|share| share > f64::from(cap)),
        reports: percent(came),
        reports_value: came.map(|came| came.to_string()).unwrap_or_default(),
    })
}

/// Takes in a list of attendance or of reports.
pub(in crate::web) async fn take_list(mut visit: Visit, dropped: Dropped) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadWorkforce).await?;
    let Dropped { fields, file } = dropped;
    let kind = match fields.text("list") {
        "attendance" => ListKind::Attendance,
        "reports" => ListKind::Reports,
        _ => return Err(WebError::Field("list")),
    };
    let Some((called, body)) = file.filter(|(_, body)| !body.is_empty()) else {
        return page(&visit, Said::slip(visit.phrases.say("figures-file-missing"), &fields)).await;
    };
    let by = (visitor(&visit), entries(&visit));
    let said = match take_attendance(visit.journey(), (&called, &body), kind, by).await {
        Ok(handed) => Said::handed(&visit, &handed, &fields),
        Err(fault) => Said::refused(&visit, fault, &fields)?,
    };
    page(&visit, said).await
}
