//! `siaga attendance`: lists in, presence against the cap, reports, what should be told.

use chrono::{Duration, NaiveDate};

use super::args::{AttendanceCommand, AttendanceDays};
use super::shared::{entries, list, refused, standing, told, window, write};
use crate::account::Visitor;
use crate::cli::Failure;
use crate::cli::args::Format;
use crate::cli::stored::journey;
use crate::config::Config;
use crate::epi::Window;
use crate::export::Table;
use crate::job::{
    Journey, ListKind, Register, WorkforceFault, attendance_table, finding_sentence, open_findings,
    take_attendance,
};

/// Runs `siaga attendance …`.
pub async fn attendance(
    config: &Config,
    command: &AttendanceCommand,
    visitor: &Visitor,
) -> Result<(), Failure> {
    let journey = journey(config).await?;
    match command {
        AttendanceCommand::Import { file, reports } => {
            let (name, bytes) = list(file)?;
            let kind = if *reports { ListKind::Reports } else { ListKind::Attendance };
            let entry = entries(&journey, visitor);
            let handed = take_attendance(&journey, (&name, &bytes), kind, (visitor, entry)).await;
            told(&journey, &handed.map_err(|fault| refused(&journey, fault))?)
        }
        AttendanceCommand::Show(days) => show(&journey, days, visitor).await,
        AttendanceCommand::Missing { date, format } => missing(&journey, (*date, *format), visitor).await,
    }
}

async fn show(journey: &Journey, asked: &AttendanceDays, visitor: &Visitor) -> Result<(), Failure> {
    let today = journey.today();
    let days = window((asked.from, asked.to), Window { from: today - Duration::days(13), to: today })?;
    let register = Register::of(journey).await.map_err(|fault| refused(journey, fault))?;
    let own = visitor.own_unit();
    let unit = match &asked.unit {
        Some(name) => Some(register.unit(name).map_err(|fault| refused(journey, fault))?.unit_id.as_str()),
        None => own,
    };
    if let (Some(own), Some(unit)) = (own, unit)
        && own != unit
    {
        return Err(refused(journey, WorkforceFault::NotYours(unit.to_owned())));
    }
    let attendance = journey.store.attendance(days, unit).await.map_err(anyhow::Error::from)?;
    let reports = journey.store.reports(days, unit).await.map_err(anyhow::Error::from)?;
    write(&attendance_table(&register, &attendance, &reports), asked.format)
}

async fn missing(
    journey: &Journey,
    (date, format): (Option<NaiveDate>, Option<Format>),
    visitor: &Visitor,
) -> Result<(), Failure> {
    let (_, view, units) = standing(journey, date, visitor).await?;
    let findings = open_findings(journey, &units, (view.date, visitor)).await;
    let findings = findings.map_err(|fault| refused(journey, fault))?;
    let mut table = Table::new(&[
        ("date", "the day it is about"),
        ("unit_id", "work unit (OPD)"),
        ("finding", "what is the matter"),
        ("since", "the first day it was so"),
        ("sentence", "the same in words"),
    ]);
    let t = journey.phrases();
    table.rows = findings
        .iter()
        .map(|finding| {
            vec![
                finding.date.into(),
                finding.unit_id.as_str().into(),
                finding.kind.code().into(),
                finding.since.into(),
                finding_sentence(finding, t).into(),
            ]
        })
        .collect();
    write(&table, format)
}
