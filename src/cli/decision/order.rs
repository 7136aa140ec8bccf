//! Orders of the centre and the city's status at the command line.

use chrono::NaiveDate;

use super::command::{ADDRESS, OrderArgs};
use crate::account::Visitor;
use crate::cli::args::Format;
use crate::cli::{Failure, output, usage};
use crate::export::{Cell, Table};
use crate::job::{Journey, OrderAnswer, end_order, keep_order};

/// Orders and statuses of a day, or every one.
pub(super) fn orders(
    journey: &Journey,
    date: Option<NaiveDate>,
    format: Option<Format>,
) -> Result<(), Failure> {
    let city = &journey.city;
    let columns = [
        "kind",
        "id",
        "valid_from",
        "valid_to",
        "zones",
        "wfo_non_service_pct",
        "wfo_essential_pct",
        "wfo_critical_pct",
        "instrument",
        "source",
    ];
    let mut table = Table::new(&columns.map(|name| (name, "")));
    let counts = |from: NaiveDate, to: Option<NaiveDate>| {
        date.is_none_or(|date| from <= date && to.is_none_or(|to| date <= to))
    };
    let day = |day: Option<NaiveDate>| day.map_or(Cell::Empty, |day| day.to_string().as_str().into());
    let share = |share: Option<u8>| share.map_or(Cell::Empty, |share| Cell::Whole(share.into()));
    let is_ours = |order: &&crate::assessment::Order| {
        city.lineage.contains(&order.location) && counts(order.valid_from, order.valid_to)
    };
    for order in city.orders.all().iter().filter(is_ours) {
        let zones: Vec<String> = order.zones.iter().map(u8::to_string).collect();
        table.rows.push(vec![
            "order".into(),
            order.id.as_str().into(),
            day(Some(order.valid_from)),
            day(order.valid_to),
            zones.join("|").as_str().into(),
            share(order.wfo_non_service_pct),
            share(order.wfo_essential_pct),
            share(order.wfo_critical_pct),
            order.instrument.as_str().into(),
            order.source.as_str().into(),
        ]);
    }
    for status in city.statuses.all() {
        if city.lineage.contains(&status.location) && counts(status.valid_from, status.valid_to) {
            table.rows.push(vec![
                "status".into(),
                status.status.as_str().into(),
                day(Some(status.valid_from)),
                day(status.valid_to),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                status.instrument.as_str().into(),
                status.source.as_str().into(),
            ]);
        }
    }
    let bytes = output::rendered(&table, output::format_or_default(format))?;
    Ok(output::print(&String::from_utf8_lossy(&bytes))?)
}

/// Adds an order and prints its id.
pub(super) async fn add(journey: &Journey, args: &OrderArgs, visitor: &Visitor) -> Result<(), Failure> {
    let answer = OrderAnswer {
        instrument: args.instrument.clone(),
        source: args.source.clone(),
        valid_from: args.from.clone(),
        valid_to: args.to.clone(),
        location: args.location.clone(),
        zones: args.zones.clone(),
        non_service_pct: args.non_service.clone(),
        essential_pct: args.essential.clone(),
        critical_pct: args.critical.clone(),
    };
    match keep_order(journey, &answer, (visitor, ADDRESS)).await? {
        Ok(order) => Ok(output::print(&order.id)?),
        Err(refused) => {
            let phrases = journey.phrases();
            let flag = |field: &str| match field {
                "valid_from" => "from".to_owned(),
                "valid_to" => "to".to_owned(),
                field => field.trim_end_matches("_pct").replace('_', "-"),
            };
            let line = |refused: &crate::job::OrderRefusal| {
                format!(
                    "--{}: {}",
                    flag(refused.field),
                    phrases.say(&format!("order-refused-{}", refused.code))
                )
            };
            Err(usage(anyhow::anyhow!(refused.iter().map(line).collect::<Vec<_>>().join("\n"))))
        }
    }
}

/// Gives an order its last day.
pub(super) async fn end(
    journey: &Journey,
    (id, last_day): (&str, NaiveDate),
    visitor: &Visitor,
) -> Result<(), Failure> {
    let order = end_order(journey, id, last_day, (visitor, ADDRESS)).await?;
    output::say(&format!("siaga: {} binds until {last_day}", order.instrument));
    Ok(())
}
