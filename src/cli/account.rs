//! `siaga user` and `siaga token`: accounts at the machine, by whoever has the database in hand.

use std::sync::Arc;

use super::args::{Format, TokenAddArgs, TokenCommand, UserAddArgs, UserCommand};
use super::{Failure, output, usage};
use crate::access::{Access, AccessError, AccessSettings, Conflict, Invitation};
use crate::account::{Account, ApiToken, NewAccount, NewToken, Role, Visitor};
use crate::app;
use crate::city::City;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::epi::Vintage;
use crate::export::{Cell, Table};

/// Runs `siaga user …`.
pub async fn user(config: &Config, command: &UserCommand) -> Result<(), Failure> {
    let city = City::load(config).map_err(usage)?;
    let (access, actor) = (doors(config, &city).await?, operator(config));
    match command {
        UserCommand::Add(args) => {
            let new = new_account(&city, args)?;
            tell_link(config, &access.invite(&actor, &new).await?)
        }
        UserCommand::List { format } => write(&people(&access.accounts().await?), *format),
        UserCommand::Recover { name } => tell_link(config, &access.recover(&actor, name).await?),
        UserCommand::Disable { name } => {
            access.disable(&actor, name).await?;
            output::say(&format!("{name} is disabled; every session has ended"));
            Ok(())
        }
        UserCommand::Enable { name } => {
            access.enable(&actor, name).await?;
            output::say(&format!("{name} is enabled"));
            Ok(())
        }
        UserCommand::Role { name, role, unit } => {
            let unit = known_unit(&city, unit.as_deref())?;
            access.set_role(&actor, name, (*role, unit)).await?;
            output::say(&format!("{name} is {role} now; every session has ended"));
            Ok(())
        }
    }
}

/// Runs `siaga token …`.
pub async fn token(config: &Config, command: &TokenCommand) -> Result<(), Failure> {
    let city = City::load(config).map_err(usage)?;
    let (access, actor) = (doors(config, &city).await?, operator(config));
    match command {
        TokenCommand::Add(args) => add_token(&access, &actor, args).await,
        TokenCommand::List { user, format } => {
            write(&token_table(&access.tokens(user.as_deref()).await?), *format)
        }
        TokenCommand::Revoke { id } => {
            access.revoke_token(&actor, id).await?;
            output::say(&format!("{id} is revoked"));
            Ok(())
        }
    }
}

async fn add_token(access: &Access, actor: &Visitor, args: &TokenAddArgs) -> Result<(), Failure> {
    let new = NewToken {
        account: args.user.clone(),
        title: args.title.clone(),
        scopes: args.scope.clone(),
        days: args.days,
    };
    let (token, kept) = access.make_token(actor, &new).await?;
    output::say(&format!(
        "token {} of {}, until {}; it is shown this once:",
        kept.id, kept.account, kept.expires_at
    ));
    Ok(output::print(token.reveal())?)
}

/// The doors over the store of the settings.
async fn doors(config: &Config, city: &City) -> Result<Access, Failure> {
    let store = app::open_store(config).await?;
    Ok(Access::new(store, Arc::new(SystemClock), AccessSettings::of(config, &city.name)?))
}

/// Whoever types the command.
fn operator(config: &Config) -> Visitor {
    let name = if config.operator.is_empty() { "operator" } else { &config.operator };
    Visitor::Operator { name: name.to_owned() }
}

fn new_account(city: &City, args: &UserAddArgs) -> Result<NewAccount, Failure> {
    let unit = known_unit(city, args.unit.as_deref())?;
    Ok(NewAccount {
        name: args.name.clone(),
        title: args.title.clone(),
        role: args.role,
        unit_id: unit.map(str::to_owned),
        oidc_name: args.oidc.clone(),
    })
}

/// A unit that the city's list has.
fn known_unit<'a>(city: &City, unit: Option<&'a str>) -> Result<Option<&'a str>, Failure> {
    match unit {
        Some(unit) if !city.units.iter().any(|known| known.unit_id == unit) => Err(usage(anyhow::anyhow!(
            "--unit {unit}: the city's list has no such unit (siaga export units)"
        ))),
        unit => Ok(unit),
    }
}

fn tell_link(config: &Config, invitation: &Invitation) -> Result<(), Failure> {
    let Invitation { account, token, expires_at } = invitation;
    output::say(&format!(
        "one-time link for {account}, until {expires_at}; hand it over in person or by a safe way:"
    ));
    Ok(output::print(&format!("{}/invitation/{}", config.server.public_address(), token.reveal()))?)
}

fn write(table: &Table, format: Option<Format>) -> Result<(), Failure> {
    let bytes = output::rendered(table, output::format_or_default(format))?;
    Ok(output::print(&String::from_utf8_lossy(&bytes))?)
}

fn moment(at: Option<Vintage>) -> Cell {
    at.map_or(Cell::Empty, |at| at.to_string().into())
}

fn people(accounts: &[Account]) -> Table {
    let mut table = Table::new(&[
        ("name", ""),
        ("title", ""),
        ("role", ""),
        ("unit_id", ""),
        ("state", ""),
        ("second_step", ""),
        ("oidc_name", ""),
        ("created_at", ""),
    ]);
    let filled = |text: &str| if text.is_empty() { Cell::Empty } else { text.into() };
    for account in accounts {
        let state = match (account.disabled_at, account.is_usable()) {
            (Some(_), _) => "disabled",
            (None, true) => "active",
            (None, false) => "invited",
        };
        let second_step = match (account.has_second_step, account.role.needs_second_step()) {
            (true, _) => "set",
            (false, true) => "missing",
            (false, false) => "optional",
        };
        table.rows.push(vec![
            account.name.as_str().into(),
            filled(&account.title),
            Role::as_str(account.role).into(),
            filled(account.unit_id.as_deref().unwrap_or_default()),
            state.into(),
            second_step.into(),
            filled(&account.oidc_name),
            account.created_at.to_string().into(),
        ]);
    }
    table
}

fn token_table(tokens: &[ApiToken]) -> Table {
    let mut table = Table::new(&[
        ("id", ""),
        ("account", ""),
        ("title", ""),
        ("scopes", ""),
        ("created_at", ""),
        ("expires_at", ""),
        ("last_used_at", ""),
        ("revoked_at", ""),
    ]);
    for token in tokens {
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
        table.rows.push(vec![
            token.id.as_str().into(),
            token.account.as_str().into(),
            token.title.as_str().into(),
            scopes.join(" ").into(),
            token.created_at.to_string().into(),
            token.expires_at.to_string().into(),
            moment(token.last_used_at),
            moment(token.revoked_at),
        ]);
    }
    table
}

impl From<AccessError> for Failure {
    /// What was typed wrongly is wrong usage; what the store says no to is a failure.
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Unavailable(error) => Self::Failed(error),
            AccessError::Conflict(
                Conflict::NameInvalid
                | Conflict::UnitNeeded
                | Conflict::UnitNotForRole
                | Conflict::ScopesTooWide
                | Conflict::DaysOutOfRange
                | Conflict::TitleInvalid,
            ) => usage(error),
            error => Self::Failed(error.into()),
        }
    }
}
