//! What binds the city from above: its status by dates, orders with their ceilings, and orders that are added here.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;

use crate::account::Permission;
use crate::job::{KeptOrder, OrderAnswer, keep_order, kept_orders, renew_if_kept};
use crate::text::{Phrases, date_medium};
use crate::web::door::Rule;
use crate::web::entry::{Field, unkept};
use crate::web::error::{WebError, told};
use crate::web::form::Fields;
use crate::web::guard::see_other;
use crate::web::page::{Frame, html};
use crate::web::visit::Visit;
use crate::web::words::cap;

struct Row {
    instrument: String,
    from: String,
    to: String,
    zones: String,
    non_service: String,
    essential: String,
    critical: String,
    is_now: bool,
    /// Its id where it was added here and has no last day yet.
    open: Option<String>,
}

struct StatusRow {
    status: String,
    from: String,
    to: String,
    instrument: String,
    is_now: bool,
    is_unverified: bool,
}

#[derive(Template)]
#[template(path = "decision/orders.html")]
struct OrdersPage {
    frame: Frame,
    statuses: Vec<StatusRow>,
    rows: Vec<Row>,
    may_add: bool,
    is_adding: bool,
    fields: Vec<String>,
    fault: String,
    done: Option<String>,
}

/// Orders and statuses.
pub(in crate::web) async fn orders(visit: Visit) -> Result<Response, WebError> {
    page(&visit, &OrderAnswer::default(), &BTreeMap::new(), "").await
}

/// Adds one.
pub(in crate::web) async fn add_order(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let text = |name: &str| fields.text(name).to_owned();
    let answer = OrderAnswer {
        instrument: text("instrument"),
        source: text("source"),
        valid_from: text("valid_from"),
        valid_to: text("valid_to"),
        location: String::new(),
        zones: text("zones"),
        non_service_pct: text("non_service_pct"),
        essential_pct: text("essential_pct"),
        critical_pct: text("critical_pct"),
    };
    let by = (&visit.guest.visitor, visit.guest.client.address.as_str());
    match keep_order(visit.journey(), &answer, by).await? {
        Ok(_) => {
            renew_if_kept(visit.journey()).await?;
            Ok(see_other("/orders?done=added"))
        }
        Err(refused) => {
            let faults = refused.iter().rev().map(|refusal| (refusal.field, refusal.code)).collect();
            Ok(told(StatusCode::UNPROCESSABLE_ENTITY, page(&visit, &answer, &faults, "").await?))
        }
    }
}

/// Gives one its last day.
pub(in crate::web) async fn end_order(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    let by = (&visit.guest.visitor, visit.guest.client.address.as_str());
    let kept = kept_orders(visit.journey()).await?;
    let order: &KeptOrder =
        kept.iter().find(|order| order.id == fields.text("id")).ok_or(WebError::NotFound)?;
    let last_day = fields.text("last_day").parse().ok().filter(|day: &NaiveDate| *day >= order.valid_from);
    let Some(last_day) = last_day else {
        let fault = visit.phrases.say("order-refused-order");
        let page = page(&visit, &OrderAnswer::default(), &BTreeMap::new(), &fault).await?;
        return Ok(told(StatusCode::UNPROCESSABLE_ENTITY, page));
    };
    crate::job::end_order(visit.journey(), &order.id, last_day, by).await?;
    renew_if_kept(visit.journey()).await?;
    Ok(see_other("/orders?done=ended"))
}

async fn page(
    visit: &Visit,
    answer: &OrderAnswer,
    faults: &BTreeMap<&'static str, &'static str>,
    fault: &str,
) -> Result<Response, WebError> {
    let t = visit.phrases;
    let title = t.say("orders-title");
    let done = visit.parameter("done").filter(|done| ["added", "ended"].contains(done));
    let page = html(&OrdersPage {
        frame: Frame::plain(visit, (&title, "/decisions")),
        statuses: statuses(visit),
        rows: rows(visit).await?,
        may_add: visit.may_pass(Rule::May(Permission::Decide)),
        is_adding: !faults.is_empty(),
        fields: fields(answer, faults, t)?,
        fault: fault.to_owned(),
        done: done.map(|done| t.say(&format!("orders-done-{done}"))),
    })?;
    Ok(unkept(page))
}

fn statuses(visit: &Visit) -> Vec<StatusRow> {
    let (t, city, today) = (visit.phrases, &visit.journey().city, visit.journey().today());
    let own = city.statuses.all().iter().filter(|status| city.lineage.contains(&status.location));
    let mut rows: Vec<_> = own.collect();
    rows.sort_by_key(|status| std::cmp::Reverse(status.valid_from));
    rows.into_iter()
        .map(|status| StatusRow {
            status: t.say(&format!("status-{}", status.status)),
            from: date_medium(status.valid_from, t.locale),
            to: to_day(status.valid_to, t),
            instrument: status.instrument.clone(),
            is_now: status.valid_from <= today && status.valid_to.is_none_or(|to| today <= to),
            is_unverified: status.trust != "press",
        })
        .collect()
}

fn to_day(day: Option<NaiveDate>, t: Phrases) -> String {
    day.map_or_else(|| t.say("orders-open"), |day| date_medium(day, t.locale))
}

async fn rows(visit: &Visit) -> Result<Vec<Row>, WebError> {
    let (t, journey) = (visit.phrases, visit.journey());
    let today = journey.today();
    let kept = kept_orders(journey).await?;
    // One that was added a moment ago is not among those of the running program yet.
    let mut orders: BTreeMap<String, crate::assessment::Order> =
        journey.city.orders.all().iter().map(|order| (order.id.clone(), order.clone())).collect();
    orders.extend(kept.iter().map(|order| (order.id.clone(), order.into())));
    let mut orders: Vec<_> =
        orders.into_values().filter(|order| journey.city.lineage.contains(&order.location)).collect();
    orders.sort_by_key(|order| std::cmp::Reverse(order.valid_from));
    let share = |pct: Option<u8>| pct.map_or_else(|| "–".to_owned(), |pct| cap(pct, t));
    Ok(orders
        .into_iter()
        .map(|order| Row {
            from: date_medium(order.valid_from, t.locale),
            to: to_day(order.valid_to, t),
            zones: order
                .zones
                .iter()
                .map(|zone| t.say(&format!("zone-{zone}")))
                .collect::<Vec<_>>()
                .join(", "),
            non_service: share(order.wfo_non_service_pct),
            essential: share(order.wfo_essential_pct),
            critical: share(order.wfo_critical_pct),
            is_now: order.valid_from <= today && order.valid_to.is_none_or(|to| today <= to),
            open: kept
                .iter()
                .any(|kept| kept.id == order.id && kept.valid_to.is_none())
                .then(|| order.id.clone()),
            instrument: order.instrument,
        })
        .collect())
}

fn fields(
    answer: &OrderAnswer,
    faults: &BTreeMap<&'static str, &'static str>,
    t: Phrases,
) -> Result<Vec<String>, WebError> {
    let fault = |name: &str| faults.get(name).map(|code| t.say(&format!("order-refused-{code}")));
    let field = |name: &'static str, value: &str| {
        Field::text(name, &format!("order-{}", name.replace('_', "-")), t)
            .value(value)
            .fault(fault(name).as_deref())
            .extra("maxlength=\"300\"")
    };
    let fields = [
        field("instrument", &answer.instrument),
        field("source", &answer.source),
        field("valid_from", &answer.valid_from).kind("date").extra(""),
        field("valid_to", &answer.valid_to).kind("date").extra("").optional(),
        field("zones", &answer.zones).optional().hint(t.say("order-zones-hint")),
        field("non_service_pct", &answer.non_service_pct).extra("inputmode=\"numeric\" maxlength=\"4\""),
        field("essential_pct", &answer.essential_pct)
            .extra("inputmode=\"numeric\" maxlength=\"4\"")
            .optional(),
        field("critical_pct", &answer.critical_pct).extra("inputmode=\"numeric\" maxlength=\"4\"").optional(),
    ];
    fields.iter().map(|field| Ok(field.render()?)).collect()
}
