//! `siaga backtest` and the second half of `siaga policy diff`: policies over the past, from the store or from a tidy CSV.

use std::path::Path;

use chrono::NaiveDate;

use super::args::{BacktestArgs, Format, InputArgs, PolicyDiffArgs};
use super::output::{self, Rows};
use super::{Failure, door, input, usage};
use crate::account::Visitor;
use crate::assessment::{Orders, PolicyBook};
use crate::city::City;
use crate::config::Config;
use crate::disclosure::{Audience, is_rule_shown};
use crate::epi::{Calendar, Locations, Window};
use crate::export::Table;
use crate::indicator::MethodParameters;
use crate::job::{Backtested, Backtesting, comparison_table, load_policies};
use crate::observation::{Authority, Judged, Snapshot};

/// What a backtest is asked for, whichever command asks.
struct Asked<'a> {
    input: &'a InputArgs,
    policies: Vec<PolicyBook>,
    days: (Option<NaiveDate>, Option<NaiveDate>),
    is_as_each_day_knew: bool,
    with_rules: bool,
    orders: Option<&'a str>,
}

/// The figures of a backtest, and what they are read with.
struct Figures {
    judged: Judged,
    authority: Authority,
    as_of: Option<crate::epi::Vintage>,
    zone: chrono_tz::Tz,
    locations: Locations,
    orders: Orders,
    calendar: Calendar,
    method: MethodParameters,
    window: Window,
    /// Ids of the rules whose words are not for this reader: a rule on staff that fires is an inequality about them.
    withheld: Vec<String>,
}

/// `siaga backtest`
pub async fn backtest(config: &Config, args: &BacktestArgs, visitor: &Visitor) -> Result<(), Failure> {
    let names = if args.policy.is_empty() { vec![config.city.policy.clone()] } else { args.policy.clone() };
    let policies = books(&names)?;
    if args.compare && policies.len() != 2 {
        return Err(usage(anyhow::anyhow!(
            "--compare holds two policies against each other: give --policy twice"
        )));
    }
    if !args.compare {
        told_apart(&policies)?;
    }
    let asked = Asked {
        input: &args.input,
        policies,
        days: (args.from, args.to),
        is_as_each_day_knew: args.as_of_each_day,
        with_rules: args.rules,
        orders: args.orders.as_deref(),
    };
    let figures = figures(config, &asked, visitor).await?;
    let format = output::format_or_default(args.format);
    Ok(told(&asked, &figures, (format, args.compare))?)
}

/// How two policies differ over the figures; nothing where there are none.
pub async fn compared(config: &Config, args: &PolicyDiffArgs, visitor: &Visitor) -> Result<String, Failure> {
    let asked = Asked {
        input: &args.input,
        policies: books(&[args.one.clone(), args.other.clone()])?,
        days: (args.from, args.to),
        is_as_each_day_knew: args.as_of_each_day,
        with_rules: false,
        orders: None,
    };
    let figures = figures(config, &asked, visitor).await?;
    let comparison = gathered(&asked, &figures)?;
    let bytes = output::rendered(&comparison, Format::Table)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn books(names: &[String]) -> Result<Vec<PolicyBook>, Failure> {
    names.iter().map(|name| load_policies(name).map_err(usage)).collect()
}

/// Rows tell policies by their ids.
fn told_apart(books: &[PolicyBook]) -> Result<(), Failure> {
    for (place, book) in books.iter().enumerate() {
        if books[..place].iter().any(|other| other.id() == book.id()) {
            return Err(usage(anyhow::anyhow!(
                "two of the policies have the id '{}': rows could not be told apart; give one another id",
                book.id()
            )));
        }
    }
    Ok(())
}

async fn figures(config: &Config, asked: &Asked<'_>, visitor: &Visitor) -> Result<Figures, Failure> {
    input::in_order(asked.days.0, asked.days.1)?;
    match &asked.input.input {
        Some(file) => of_file(config, asked, file),
        None => of_store(config, asked, visitor).await,
    }
}

fn of_file(config: &Config, asked: &Asked<'_>, file: &Path) -> Result<Figures, Failure> {
    let city = City::load(config).map_err(usage)?;
    let brought = input::brought(config, file, asked.input)?;
    let (first, last) = brought.days();
    super::stateless::check_day(asked.days.0, (first, last))?;
    super::stateless::check_day(asked.days.1, (first, last))?;
    Ok(Figures {
        authority: brought.authority,
        as_of: brought.as_of,
        zone: city.zone,
        locations: brought.locations,
        orders: super::stateless::orders(asked.orders.unwrap_or("none"))?,
        calendar: city.calendar,
        method: super::stateless::method()?,
        window: Window { from: asked.days.0.unwrap_or(first), to: asked.days.1.unwrap_or(last) },
        judged: Judged { observations: brought.observations, ..Judged::default() },
        withheld: Vec::new(),
    })
}

async fn of_store(config: &Config, asked: &Asked<'_>, visitor: &Visitor) -> Result<Figures, Failure> {
    let journey = super::stored::journey(config).await?;
    let as_of = input::moment(asked.input.as_of.as_deref(), journey.city.zone)?;
    let known = journey.store.known_days(&journey.city.location).await.map_err(anyhow::Error::from)?;
    let Some((first, last)) = known else {
        return Err(Failure::Failed(anyhow::anyhow!(
            "the store holds no figure of {}: `siaga ingest --file F` takes in a tidy CSV, --input F reads one without keeping it",
            journey.city.location
        )));
    };
    let audience = door::audience(visitor, asked.input.audience.as_ref())?;
    door::note_view(&journey, visitor, &audience, "backtest").await?;
    let orders = match asked.orders {
        Some(name) => super::stateless::orders(name)?,
        None => journey.city.orders.clone(),
    };
    // Policies of one's own over all figures would tell what is withheld: they see what their asker may see.
    let until = as_of.unwrap_or_else(|| journey.clock.now());
    let judged = match audience.sees_staff() {
        true => journey.viewing().judged_figures(until).await?,
        false => Judged {
            observations: journey.viewing().disclosed(until, &audience).await?.observations,
            ..Judged::default()
        },
    };
    Ok(Figures {
        judged,
        authority: journey.authority(),
        as_of,
        zone: journey.city.zone,
        locations: journey.city.locations.clone(),
        orders,
        calendar: journey.city.calendar.clone(),
        method: journey.method.clone(),
        window: Window { from: asked.days.0.unwrap_or(first), to: asked.days.1.unwrap_or(last) },
        withheld: withheld(&asked.policies, &audience),
    })
}

fn withheld(policies: &[PolicyBook], audience: &Audience) -> Vec<String> {
    let rules = policies.iter().flat_map(PolicyBook::versions).flat_map(|policy| &policy.rules);
    rules.filter(|rule| !is_rule_shown(rule, audience)).map(|rule| rule.id.clone()).collect()
}

impl Figures {
    fn backtesting<'a>(&'a self, asked: &'a Asked<'_>) -> Backtesting<'a> {
        Backtesting {
            policies: &asked.policies,
            locations: &self.locations,
            method: &self.method,
            orders: &self.orders,
            calendar: &self.calendar,
            window: self.window,
            with_rules: asked.with_rules,
            withheld: &self.withheld,
        }
    }

    /// Gives out every location, one after another.
    fn each(
        &self,
        asked: &Asked<'_>,
        mut tell: impl FnMut(Vec<Backtested>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let backtesting = self.backtesting(asked);
        if asked.is_as_each_day_knew {
            let told = backtesting.as_each_day_knew(&self.judged, &self.authority, self.zone)?;
            for location in told.chunk_by(|one, other| one.location == other.location) {
                tell(location.to_vec())?;
            }
            return Ok(());
        }
        let snapshot = Snapshot::new(&self.judged.observations, self.as_of, &self.authority)?
            .judged(self.judged.marks.clone());
        backtesting.on_final_figures(&snapshot, tell)
    }
}

fn told(asked: &Asked<'_>, figures: &Figures, (format, is_compared): (Format, bool)) -> anyhow::Result<()> {
    if is_compared {
        let comparison = gathered(asked, figures)?;
        let bytes = output::rendered(&comparison, format)?;
        return output::print(&String::from_utf8_lossy(&bytes));
    }
    let backtesting = figures.backtesting(asked);
    let mut rows = Rows::open(backtesting.columns(), format)?;
    let mut comparison = comparison_table();
    figures.each(asked, |location| {
        for policy in &location {
            for row in backtesting.rows(policy) {
                rows.push(row)?;
            }
        }
        if let [one, other] = location.as_slice() {
            comparison.rows.extend(backtesting.comparison_rows(one, other));
        }
        Ok(())
    })?;
    rows.finish()?;
    // Of thousands of places nobody reads a comparison on a screen; --compare gives it as a table.
    if !comparison.rows.is_empty() && comparison.rows.len() <= 200 {
        let bytes = output::rendered(&comparison, Format::Table)?;
        output::say(&String::from_utf8_lossy(&bytes));
    }
    Ok(())
}

/// The comparison of all locations.
fn gathered(asked: &Asked<'_>, figures: &Figures) -> anyhow::Result<Table> {
    let backtesting = figures.backtesting(asked);
    let mut comparison = comparison_table();
    figures.each(asked, |location| {
        if let [one, other] = location.as_slice() {
            comparison.rows.extend(backtesting.comparison_rows(one, other));
        }
        Ok(())
    })?;
    Ok(comparison)
}
