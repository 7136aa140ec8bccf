//! `indicators` and `assess`: from the store or from a tidy CSV, by the same functions.

use std::path::Path;

use anyhow::Context;
use chrono::NaiveDate;

use super::args::{AssessArgs, Format, IndicatorArgs, InputArgs};
use super::output::Rows;
use super::{Failure, door, input, output, usage};
use crate::account::Visitor;
use crate::assessment::{
    Assessment, Case, Orders, Policy, PolicyBook, Standing, Step, assess as apply_rules, assess_on,
};
use crate::city::{City, parse_orders};
use crate::config::Config;
use crate::disclosure::{Audience, disclose_assessment};
use crate::epi::{LocationId, Vintage};
use crate::indicator::{IndicatorTable, MeanAndSd, MethodParameters, SerialIntervalFile, compute};
use crate::job::{
    Computing, Focus, IndicatorRows, Journey, city_view, indicator_columns, indicator_rows, load_policies,
};
use crate::text::{Locale, Phrases, assessment_text, date_long};

/// `siaga indicators`
pub async fn indicators(config: &Config, args: &IndicatorArgs, visitor: &Visitor) -> Result<(), Failure> {
    let rows = IndicatorRows { from: args.date.or(args.from), to: args.date.or(args.to) };
    input::in_order(rows.from, rows.to)?;
    let format = output::format_or_default(args.format);
    let method = method_of(args)?;
    // Nothing is printed before there is something to print.
    let open = || Rows::open(indicator_columns(), format);
    match &args.input.input {
        Some(file) => {
            let brought = input::brought(config, file, &args.input)?;
            check_day(rows.to, brought.days())?;
            let computing = Computing {
                observations: &brought.observations,
                authority: &brought.authority,
                locations: &brought.locations,
                method: &method,
                as_of: brought.known_until(),
                zone: brought.zone,
            };
            let snapshot = brought.snapshot()?;
            let mut out = open()?;
            computing.each(&snapshot, rows.to, |table| {
                indicator_rows(table, &rows).try_for_each(|row| out.push(row))
            })?;
            Ok(out.finish()?)
        }
        None => {
            let mut journey = super::stored::journey(config).await?;
            if args.serial_interval.is_some() || args.rt_window.is_some() {
                journey.method = method;
            }
            let table = stored_table(&journey, &args.input, rows.to, visitor).await?;
            let mut out = open()?;
            indicator_rows(&table, &rows).try_for_each(|row| out.push(row))?;
            Ok(out.finish()?)
        }
    }
}

/// The method's numbers, with what the command line says of the reproduction number.
fn method_of(args: &IndicatorArgs) -> Result<MethodParameters, Failure> {
    let mut method = method()?;
    if let Some(text) = &args.serial_interval {
        method.serial_interval = serial_interval(text).map_err(usage)?;
        method
            .serial_interval
            .distribution()
            .map_err(|fault| usage(anyhow::anyhow!("--serial-interval {text}: {fault}")))?;
    }
    if let Some(days) = args.rt_window {
        method.rt_window_days = usize::from(days);
    }
    Ok(method)
}

/// `MEAN,SD` in days, or a file of weights: one a line from day 0 on, or `day,weight` with a header.
fn serial_interval(text: &str) -> anyhow::Result<SerialIntervalFile> {
    if let Some((mean, sd)) = text.split_once(',')
        && let (Ok(mean), Ok(sd)) = (mean.trim().parse(), sd.trim().parse())
    {
        return Ok(SerialIntervalFile::Gamma(MeanAndSd { mean, sd }));
    }
    let weights = std::fs::read_to_string(text).with_context(|| {
        format!("--serial-interval {text}: write MEAN,SD in days, or name a file of weights")
    })?;
    let is_header = |line: &&str| line.chars().next().is_some_and(char::is_alphabetic);
    let lines = weights.lines().map(str::trim).filter(|line| !line.is_empty() && !is_header(line));
    let weight = |(nth, line): (usize, &str)| {
        let last = line.rsplit(',').next().unwrap_or(line).trim();
        last.parse().with_context(|| {
            format!("--serial-interval {text}, weight {}: '{last}' is not a number", nth + 1)
        })
    };
    Ok(SerialIntervalFile::Weights(lines.enumerate().map(weight).collect::<anyhow::Result<_>>()?))
}

async fn stored_table(
    journey: &Journey,
    args: &InputArgs,
    date: Option<NaiveDate>,
    visitor: &Visitor,
) -> Result<IndicatorTable, Failure> {
    let as_of = input::moment(args.as_of.as_deref(), journey.city.zone)?;
    check_stored_day(journey, date).await?;
    let audience = door::audience(visitor, args.audience.as_ref())?;
    door::note_view(journey, visitor, &audience, "indicators").await?;
    Ok(city_view(&journey.viewing(), Focus { date, as_of }, &audience).await?.table)
}

pub(super) fn method() -> anyhow::Result<MethodParameters> {
    let text = crate::assets::data("method/default.toml").context("find data/method/default.toml")?;
    Ok(MethodParameters::parse(&text)?)
}

/// `siaga assess`
pub async fn assess(config: &Config, args: &AssessArgs, visitor: &Visitor) -> Result<(), Failure> {
    let name = args.policy.as_deref().unwrap_or(&config.city.policy);
    let policies = load_policies(name).map_err(usage)?;
    let standing =
        args.in_force.as_deref().map(|text| in_force(text, args.date)).transpose().map_err(usage)?;
    let assessment = match &args.input.input {
        Some(file) => assess_file(config, args, file, (&policies, standing))?,
        None => assess_store(config, args, (&policies, standing), visitor).await?,
    };
    let policy = policies.on(assessment.date);
    let locale = Locale::parse(&config.city.language).unwrap_or_default();
    let text = match args.format {
        Format::Json => serde_json::to_string_pretty(&assessment).map_err(anyhow::Error::from)?,
        Format::Table => assessment_text(&assessment, policy, Phrases::new(locale)),
        Format::Csv => rule_csv(&assessment)?,
    };
    Ok(output::print(&text)?)
}

type Rules<'a> = (&'a PolicyBook, Option<Option<Standing>>);

fn assess_file(
    config: &Config,
    args: &AssessArgs,
    file: &Path,
    rules: Rules<'_>,
) -> Result<Assessment, Failure> {
    let (policies, standing) = rules;
    let input = input::read(config, file, &args.input)?;
    check_day(args.date, input.days)?;
    let location = input::location(&input, args.location.as_deref(), &config.city.location).map_err(usage)?;
    let tables =
        compute(&input.snapshot, &input.locations, &method()?, args.date).map_err(anyhow::Error::from)?;
    let table = tables.into_iter().find(|table| table.location == location);
    let table = table.with_context(|| format!("nothing is known of {location} at that moment"))?;
    let orders = orders(args.orders.as_deref().unwrap_or("none"))?;
    let lineage = [location];
    let calendar = City::load(config).map_err(usage)?.calendar;
    let case = Case { policies, table: &table, orders: &orders, lineage: &lineage, calendar: &calendar };
    let date = args.date.unwrap_or_else(|| table.last());
    check_policy_date(policies.on(date), date)?;
    Ok(dated(case, date, standing, args.input.as_of.as_deref()))
}

/// Says what was kept of a day where that is not what comes of it by all that is known now, and of how long ago a last day is.
async fn tell_kept(journey: &Journey, now: &Assessment, is_last: bool) -> anyhow::Result<()> {
    let (t, zone) = (journey.phrases(), journey.city.zone);
    let day = date_long(now.date, t.locale);
    let days = (journey.today() - now.date).num_days();
    if is_last && days > OLD {
        output::say(&t.say_with("assess-long-ago", &[("date", &day), ("days", &days.to_string())]));
    }
    let by = Vintage::end_of(now.date, zone);
    let Some(kept) = journey.store.last_assessment(&journey.city.location, Some(by)).await? else {
        return Ok(());
    };
    let then = kept.assessment;
    let said = |a: &Assessment| (a.verdict, a.step, a.in_force.step, a.effective_from);
    if then.date == now.date && said(&then) != said(now) {
        let level = t.locale.of(&journey.policies.on(now.date).step(then.step).name);
        let verdict = t.say(&format!("verdict-{}", then.verdict.as_str()));
        let args =
            [("date", day.as_str()), ("day", &now.date.to_string()), ("level", level), ("verdict", &verdict)];
        output::say(&t.say_with("assess-kept", &args));
    }
    Ok(())
}

/// After so many days a last day is told to be long ago.
const OLD: i64 = 7;

async fn assess_store(
    config: &Config,
    args: &AssessArgs,
    rules: Rules<'_>,
    visitor: &Visitor,
) -> Result<Assessment, Failure> {
    let (policies, standing) = rules;
    let mut journey = super::stored::journey(config).await?;
    let own = &journey.city.location;
    if let Some(other) = args.location.as_deref().filter(|code| LocationId::new(code) != *own) {
        return Err(usage(anyhow::anyhow!("--location {other}: the store holds {own}")));
    }
    if let Some(file) = &args.orders {
        journey.city.orders = orders(file)?;
    }
    journey.policies = policies.clone();
    let as_of = input::moment(args.input.as_of.as_deref(), journey.city.zone)?;
    check_stored_day(&journey, args.date).await?;
    let audience = door::audience(visitor, args.input.audience.as_ref())?;
    // The city's rules see everything, and what they say is then made ready for the reader. Rules of the reader's own see what
    // the reader sees: moving a number until the level changes would tell what is withheld.
    let is_own = args.policy.as_deref().is_none_or(|policy| policy == config.city.policy);
    let seen = if is_own { Audience::unsuppressed() } else { audience.clone() };
    let view = city_view(&journey.viewing(), Focus { date: args.date, as_of }, &seen).await?;
    if view.observations.is_empty() {
        return Err(Failure::Failed(anyhow::anyhow!(
            "the store holds no figure of {} at that moment: `siaga ingest --file F` takes in a tidy CSV",
            journey.city.location
        )));
    }
    let policy = policies.on(view.date);
    check_policy_date(policy, view.date)?;
    let as_of = view.as_of.to_string();
    let is_told = is_own && standing.is_none() && args.input.as_of.is_none();
    let assessment = match standing {
        None if is_own => Assessment { as_of: Some(as_of), ..view.on_these_figures },
        _ => dated(journey.case(&view.table), view.date, standing, Some(&as_of)),
    };
    if is_told {
        tell_kept(&journey, &assessment, args.date.is_none()).await?;
    }
    door::note_view(&journey, visitor, &audience, "assessment").await?;
    Ok(disclose_assessment(assessment, policy, &audience))
}

/// A day is assessed under the rules that were in force then.
fn check_policy_date(policy: &Policy, date: NaiveDate) -> Result<(), Failure> {
    if date >= policy.valid_from {
        return Ok(());
    }
    let (id, version, from) = (&policy.id, &policy.version, policy.valid_from);
    Err(usage(anyhow::anyhow!("the policy {id} {version} is valid from {from}: {date} lies before")))
}

/// A day far from every figure is a mistyped one.
pub(super) fn check_day(
    day: Option<NaiveDate>,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<(), Failure> {
    let latest = last + chrono::Duration::days(366);
    match day {
        Some(day) if day < first || day > latest => {
            Err(usage(anyhow::anyhow!("{day} lies outside the figures, which run from {first} to {last}")))
        }
        _ => Ok(()),
    }
}

/// The same for a day of the store's city.
pub(super) async fn check_stored_day(journey: &Journey, day: Option<NaiveDate>) -> Result<(), Failure> {
    match journey.store.known_days(&journey.city.location).await.map_err(anyhow::Error::from)? {
        Some(days) => check_day(day, days),
        None => Ok(()),
    }
}

/// Assesses the day, given what stands or from the days before.
fn dated(
    case: Case<'_>,
    date: NaiveDate,
    standing: Option<Option<Standing>>,
    as_of: Option<&str>,
) -> Assessment {
    let mut assessment = match standing {
        Some(standing) => apply_rules(case, date, standing.as_ref()).0,
        None => assess_on(case, date),
    };
    assessment.as_of = as_of.map(str::to_owned);
    assessment
}

fn in_force(text: &str, date: Option<NaiveDate>) -> anyhow::Result<Option<Standing>> {
    if text == "none" {
        return Ok(None);
    }
    let wrong = || anyhow::anyhow!("--in-force {text}: write a step and a day, 4,2021-06-29, or none");
    let (step, since) = text.split_once(',').ok_or_else(wrong)?;
    let step = step.parse::<u8>().ok().and_then(|step| Step::try_from(step).ok()).ok_or_else(wrong)?;
    let since: NaiveDate = since.parse().map_err(|_| wrong())?;
    if date.is_some_and(|date| since > date) {
        anyhow::bail!("--in-force {text}: it starts after the day assessed");
    }
    Ok(Some(Standing::new(step, since)))
}

pub(super) fn orders(name: &str) -> Result<Orders, Failure> {
    let text = match name {
        "none" => return Ok(Orders::default()),
        "shipped" => crate::assets::data("order/indonesia.csv").context("find data/order/indonesia.csv")?,
        file => std::fs::read_to_string(file).with_context(|| format!("--orders: read {file}"))?,
    };
    Ok(parse_orders(&text).with_context(|| format!("--orders {name}"))?)
}

fn rule_csv(assessment: &Assessment) -> anyhow::Result<String> {
    use crate::export::{Cell, Table};
    let mut table = Table::new(&[
        ("date", ""),
        ("location", ""),
        ("step", ""),
        ("mode", ""),
        ("verdict", ""),
        ("deciding_rule", ""),
        ("rule", ""),
        ("status", ""),
        ("rule_step", ""),
        ("indicator", ""),
        ("value", ""),
        ("lower", ""),
        ("upper", ""),
        ("enter", ""),
        ("leave", ""),
        ("reason", ""),
    ]);
    for rule in &assessment.rules {
        table.rows.push(vec![
            assessment.date.into(),
            assessment.location.as_str().into(),
            Cell::Whole(i64::from(assessment.step.number())),
            assessment.mode.as_str().into(),
            assessment.verdict.as_str().into(),
            assessment.deciding_rule.clone().unwrap_or_default().into(),
            rule.id.as_str().into(),
            rule.status.as_str().into(),
            rule.step.map_or(Cell::Empty, |step| Cell::Whole(i64::from(step.number()))),
            rule.indicator.map_or(Cell::Empty, |kind| kind.name().into()),
            rule.value.into(),
            rule.lower.into(),
            rule.upper.into(),
            rule.enter.into(),
            rule.leave.into(),
            rule.reason.map_or(Cell::Empty, |reason| reason.code().into()),
        ]);
    }
    Ok(String::from_utf8(output::rendered(&table, Format::Csv)?)?)
}
