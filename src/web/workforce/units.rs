//! All units: staff, what binds each one and why; what attendance says; the register taken in.

use askama::Template;
use axum::response::Response;

use super::said::{Said, answered, day, entries, may, name, refusal, visitor};
use crate::account::Permission;
use crate::job::{Register, UnitStanding, finding_sentence, import_units, open_findings, standings};
use crate::text::{Phrases, cap_words, date_medium};
use crate::web::entry::unkept;
use crate::web::error::WebError;
use crate::web::intake::Dropped;
use crate::web::page::{Frame, html};
use crate::web::visit::{Visit, encoded};
use crate::web::words::{full_sentence, whole};
use crate::workforce::Measure;

/// A unit in the table.
struct Row {
    href: String,
    name: String,
    category: String,
    staff: String,
    staff_value: String,
    cap: String,
    cap_value: u8,
    ground: String,
    is_closed: bool,
    until: String,
    service: String,
    duties: String,
}

/// Something that should be told.
pub(super) struct Told {
    pub(super) href: String,
    pub(super) unit: String,
    pub(super) sentence: String,
}

#[derive(Template)]
#[template(path = "workforce/units.html")]
struct UnitsPage {
    frame: Frame,
    said: Said,
    caption: String,
    rows: Vec<Row>,
    told: Vec<Told>,
    may_import: bool,
    register_date: String,
}

/// The page.
pub(in crate::web) async fn units(mut visit: Visit) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadWorkforce).await?;
    page(&visit, Said::asked(&visit)).await
}

async fn page(visit: &Visit, said: Said) -> Result<Response, WebError> {
    let (t, journey) = (visit.phrases, visit.journey());
    let register = Register::of(journey).await.map_err(refusal)?;
    let view = visit.view().await?;
    let units = standings(journey, (&register, &view), visitor(visit)).await.map_err(refusal)?;
    let told = findings(visit, &units, view.date).await?;
    let title = said.title(&t.say("workforce-units"), t);
    let date = date_medium(view.date, t.locale);
    let has_fault = said.fault.is_some();
    let page = html(&UnitsPage {
        frame: Frame::plain(visit, (&title, "/units")),
        caption: t.say_with("workforce-units-caption", &[("date", &date)]),
        rows: units.iter().map(|standing| row(standing, t)).collect(),
        told,
        may_import: may(visit, Permission::KeepUnits),
        register_date: said.value("register_date").to_owned(),
        said,
    })?;
    Ok(answered(unkept(page), has_fault))
}

/// What attendance and reports say of these units, in the reader's words.
pub(super) async fn findings(
    visit: &Visit,
    units: &[UnitStanding],
    date: chrono::NaiveDate,
) -> Result<Vec<Told>, WebError> {
    let t = visit.phrases;
    let found = open_findings(visit.journey(), units, (date, visitor(visit))).await.map_err(refusal)?;
    let told = found.iter().map(|finding| {
        let unit = units.iter().find(|standing| standing.unit.unit_id == finding.unit_id);
        Told {
            href: format!("/units/{}", encoded(&finding.unit_id)),
            unit: unit.map_or_else(|| finding.unit_id.clone(), |standing| name(&standing.unit, t).to_owned()),
            sentence: full_sentence(&finding_sentence(finding, t)),
        }
    });
    Ok(told.collect())
}

fn row(standing: &UnitStanding, t: Phrases) -> Row {
    let UnitStanding { unit, staff, measure, .. } = standing;
    let duties: Vec<String> =
        measure.duties.iter().map(|duty| t.say(&format!("unit-duty-{}", duty.code()))).collect();
    Row {
        href: format!("/units/{}", encoded(&unit.unit_id)),
        name: name(unit, t).to_owned(),
        category: t.say(&format!("category-{}", unit.category)),
        staff: staff.map_or_else(|| "–".to_owned(), |staff| whole(staff.into(), t.locale)),
        staff_value: staff.map(|staff| staff.to_string()).unwrap_or_default(),
        cap: cap(measure, t),
        cap_value: measure.desk_pct.unwrap_or(measure.cap_pct),
        ground: t.say(&format!("ground-{}", measure.ground.code())),
        is_closed: measure.substitute.is_some(),
        until: measure.until.map(|day| date_medium(day, t.locale)).unwrap_or_default(),
        service: measure.substitute.clone().unwrap_or_default(),
        duties: duties.join(", "),
    }
}

/// "at most 25% at the office".
pub(super) fn cap(measure: &Measure, t: Phrases) -> String {
    cap_words((measure.cap_pct, measure.desk_pct), t)
}

/// Takes in the register.
pub(in crate::web) async fn take_register(mut visit: Visit, dropped: Dropped) -> Result<Response, WebError> {
    visit.as_seen_with(Permission::ReadWorkforce).await?;
    let Dropped { fields, file } = dropped;
    let date = match day(&visit, &fields, "register_date") {
        Ok(date) => date,
        Err(said) => return page(&visit, said).await,
    };
    let Some((called, body)) = file.filter(|(_, body)| !body.is_empty()) else {
        return page(&visit, Said::slip(visit.phrases.say("figures-file-missing"), &fields)).await;
    };
    let handed = import_units(visit.journey(), (&called, &body), date, entries(&visit)).await;
    let said = match handed {
        Ok(handed) => Said::handed(&visit, &handed, &fields),
        Err(fault) => Said::refused(&visit, fault, &fields)?,
    };
    page(&visit, said).await
}
