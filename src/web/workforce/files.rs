//! What is taken away: the roster as a calendar and as CSV, attendance as CSV. Each is recorded.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::Duration;

use super::roster::asked;
use super::said::{refusal, shown_days, visitor};
use crate::audit::Action;
use crate::epi::Window;
use crate::export::{Table, write_csv};
use crate::job::{Register, attendance_table, calendar_of, roster_table, roster_view};
use crate::web::error::WebError;
use crate::web::visit::Visit;

/// The roster as a calendar.
pub(in crate::web) async fn calendar(visit: Visit) -> Result<Response, WebError> {
    let (days, unit) = asked(&visit)?;
    let view =
        roster_view(visit.journey(), (days, unit.as_deref()), visitor(&visit)).await.map_err(refusal)?;
    taken(&visit, "roster", days).await?;
    let text = calendar_of(visit.journey(), &view, visit.phrases);
    Ok(file(("text/calendar; charset=utf-8", "piket.ics"), text.into_bytes()))
}

/// The roster as CSV.
pub(in crate::web) async fn roster_csv(visit: Visit) -> Result<Response, WebError> {
    let (days, unit) = asked(&visit)?;
    let view =
        roster_view(visit.journey(), (days, unit.as_deref()), visitor(&visit)).await.map_err(refusal)?;
    taken(&visit, "roster", days).await?;
    csv(&roster_table(&view), "piket.csv")
}

/// Attendance and reports as CSV.
pub(in crate::web) async fn attendance_csv(visit: Visit) -> Result<Response, WebError> {
    let journey = visit.journey();
    let today = journey.today();
    let days = shown_days(&visit, Window { from: today - Duration::days(30), to: today })?;
    let register = Register::of(journey).await.map_err(refusal)?;
    let own = visitor(&visit).own_unit();
    let attendance = journey.store.attendance(days, own).await.map_err(anyhow::Error::from)?;
    let reports = journey.store.reports(days, own).await.map_err(anyhow::Error::from)?;
    taken(&visit, "attendance", days).await?;
    csv(&attendance_table(&register, &attendance, &reports), "presensi.csv")
}

/// Notes that something was taken away.
async fn taken(visit: &Visit, what: &str, days: Window) -> Result<(), WebError> {
    visit.note(Action::FiguresExported, what, &format!("{} to {}", days.from, days.to)).await
}

fn csv(table: &Table, name: &str) -> Result<Response, WebError> {
    let mut bytes = Vec::new();
    write_csv(table, &mut bytes).map_err(anyhow::Error::from)?;
    Ok(file(("text/csv; charset=utf-8", name), bytes))
}

fn file((kind, name): (&'static str, &str), bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}
