//! Who runs a command, and whether they may. A command without a row here does not compile.
//!
//! At the machine that is the operator, who has the database and the settings in hand. With `SIAGA_TOKEN` a command does
//! what that token may do, and no more: for scripts of people who are not the operator.

use std::sync::Arc;

use super::alert::AlertCommand;
use super::args::{AuditCommand, Command, PolicyCommand};
use super::decision::DecisionCommand;
use super::runs::RunsCommand;
use super::source::SourceCommand;
use super::workforce::{AttendanceCommand, RosterCommand, UnitCommand};
use super::{Failure, usage};
use crate::access::{Access, AccessError, AccessSettings, Client};
use crate::account::{Permission, Visitor};
use crate::app;
use crate::audit::{Action, Entry};
use crate::city::City;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::disclosure::Audience;
use crate::job::{Dataset, Journey};

/// What a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Nothing: it touches no figures but those it is given.
    Open,
    /// A permission.
    May(Permission),
}

/// The door of each command.
#[must_use]
pub fn door(command: &Command) -> Door {
    use Permission as P;
    match command {
        // What a policy does to the city's history is told to whoever may read that; without figures it is only the rules.
        Command::Policy { command: PolicyCommand::Diff(args) } if args.input.input.is_none() => {
            Door::May(P::ReadAnalysis)
        }
        // It reads the file that it is given.
        Command::Alert { command: AlertCommand::Check { .. } } => Door::Open,
        Command::Alert { command } => Door::May(of_alert(command)),
        Command::Demo(_) | Command::Policy { .. } => Door::Open,
        Command::Source { command: SourceCommand::Check(_) } => Door::Open,
        // It reads the file that it is given and no figure of the store.
        Command::Circular(args) if args.decision.is_none() => Door::Open,
        Command::Circular(_) => Door::May(P::ReadCity),
        Command::Indicators(args) if args.input.input.is_some() => Door::Open,
        Command::Assess(args) if args.input.input.is_some() => Door::Open,
        Command::Backtest(args) if args.input.input.is_some() => Door::Open,
        Command::Detect(args) if args.input.input.is_some() => Door::Open,
        Command::Forecast(args) if args.input.input.is_some() => Door::Open,
        Command::Check { example } if *example => Door::Open,
        Command::Indicators(_) | Command::Backtest(_) | Command::Detect(_) | Command::Forecast(_) => {
            Door::May(P::ReadAnalysis)
        }
        // A table is taken away, a picture is looked at.
        Command::Chart(args) if args.out.extension().is_some_and(|end| end == "csv" || end == "xlsx") => {
            Door::May(P::Export)
        }
        Command::Assess(_) | Command::Chart(_) | Command::Brief(_) => Door::May(P::ReadCity),
        // What is about people at work is for those who see the workforce, whatever else they may take away.
        Command::Export(args) if of_the_workforce(&args.dataset) => Door::May(P::ReadWorkforce),
        Command::Reproduce(args) if of_the_workforce(args.id.split('.').next().unwrap_or_default()) => {
            Door::May(P::ReadWorkforce)
        }
        Command::Export(_) | Command::Reproduce(_) | Command::Dashboard(_) | Command::Publish(_) => {
            Door::May(P::Export)
        }
        Command::Runs { command: RunsCommand::List(_) | RunsCommand::Show { .. } } => {
            Door::May(P::ReadAnalysis)
        }
        Command::Runs { .. } => Door::May(P::Release),
        Command::Decision { command } => Door::May(of_decision(command)),
        Command::Ingest(_) => Door::May(P::Ingest),
        Command::Source { command: SourceCommand::List { .. } } => Door::May(P::ReadOfficials),
        Command::User { .. } | Command::Token { .. } => Door::May(P::ManageAccounts),
        Command::Source { command: SourceCommand::Report(_) } => Door::May(P::ReadAnalysis),
        Command::Source { command: SourceCommand::Judge(_) } => Door::May(P::JudgeFigures),
        Command::Unit { command } => Door::May(of_unit(command)),
        Command::Roster { command } => Door::May(of_roster(command)),
        Command::Attendance { command: AttendanceCommand::Import { .. } } => Door::May(P::KeepWorkforce),
        Command::Attendance { .. } => Door::May(P::ReadWorkforce),
        Command::Audit { command: AuditCommand::Seal } => Door::May(P::Operate),
        Command::Audit { .. } => Door::May(P::ReadAudit),
        Command::Serve
        | Command::Cities(_)
        | Command::Check { .. }
        | Command::Migrate
        | Command::Store { .. } => Door::May(P::Operate),
        // A backup holds what nobody else may see, down to the keys of telephones.
        Command::Backup(_) | Command::Restore(_) => Door::May(P::Operate),
    }
}

/// Whether a dataset is about people at work.
fn of_the_workforce(name: &str) -> bool {
    name.parse().is_ok_and(Dataset::is_of_the_workforce)
}

/// What was signed is a public record; what waits for a signature is not.
fn of_decision(command: &DecisionCommand) -> Permission {
    use DecisionCommand as D;
    match command {
        D::Drafts(_)
        | D::Draft(_)
        | D::Sign { .. }
        | D::Discard { .. }
        | D::Letter { .. }
        | D::Order(_)
        | D::OrderEnd { .. } => Permission::Decide,
        D::List(_)
        | D::Show { .. }
        | D::Letters(_)
        | D::Clock { .. }
        | D::Lists(_)
        | D::Compare { .. }
        | D::Orders { .. } => Permission::ReadCity,
    }
}

/// What is on is for officials, answering it for whoever acknowledges alerts. A message that is sent goes to
/// people's telephones: a test, or one that was given up, is the operator's.
fn of_alert(command: &AlertCommand) -> Permission {
    use AlertCommand as A;
    match command {
        A::Acknowledge { .. } | A::HandOver { .. } | A::Silence(_) | A::Lift { .. } => {
            Permission::Acknowledge
        }
        A::Resend(_) | A::Test(_) => Permission::Operate,
        A::List(_)
        | A::Silences { .. }
        | A::Receipts(_)
        | A::Report { .. }
        | A::Check { .. }
        | A::DryRun { .. }
        | A::Route(_) => Permission::ReadOfficials,
    }
}

fn of_unit(command: &UnitCommand) -> Permission {
    match command {
        UnitCommand::List(_) | UnitCommand::Show { .. } | UnitCommand::Log(_) => Permission::ReadWorkforce,
        UnitCommand::Link(_) | UnitCommand::Links { .. } => Permission::JudgeFigures,
        UnitCommand::Note(_) => Permission::KeepWorkforce,
        UnitCommand::Import { .. }
        | UnitCommand::HeadCount(_)
        | UnitCommand::Close(_)
        | UnitCommand::Reopen { .. } => Permission::KeepUnits,
    }
}

fn of_roster(command: &RosterCommand) -> Permission {
    match command {
        RosterCommand::Show(_) | RosterCommand::Holes(_) | RosterCommand::Export { .. } => {
            Permission::ReadWorkforce
        }
        RosterCommand::Officers { .. }
        | RosterCommand::Away { .. }
        | RosterCommand::Forget { .. }
        | RosterCommand::Plan(_)
        | RosterCommand::Swap(_) => Permission::KeepWorkforce,
    }
}

/// Lets a command in, or refuses it in one sentence; tells who runs it.
///
/// # Errors
/// [`Failure::Failed`] for a token that is not known or may not do this.
pub async fn enter(config: &Config, command: &Command) -> Result<Visitor, Failure> {
    let door = door(command);
    if config.token.is_empty() || door == Door::Open {
        return Ok(operator(config));
    }
    let city = City::load(config).map_err(usage)?;
    let store = app::open_store(config).await?;
    let access = Access::new(store, Arc::new(SystemClock), AccessSettings::of(config, &city.name)?);
    let client = Client { address: "command line".to_owned(), agent: String::new() };
    let visitor = access.bearer(config.token.reveal(), &client).await.map_err(|error| match error {
        AccessError::Refused => anyhow::anyhow!(
            "SIAGA_TOKEN is not known, has expired or was revoked: `siaga token list` tells, `siaga token add` makes one"
        ),
        error => error.into(),
    })?;
    match door {
        Door::May(permission) if !visitor.may(permission) => Err(Failure::Failed(anyhow::anyhow!(
            "the token of {} ({}) may not do this: it takes the permission {permission}",
            visitor.name(),
            visitor.role()
        ))),
        _ => Ok(visitor),
    }
}

/// Whoever types the command.
pub(super) fn operator(config: &Config) -> Visitor {
    let name = if config.operator.is_empty() { "operator" } else { &config.operator };
    Visitor::Operator { name: name.to_owned() }
}

/// For whom a result is made: what was asked for with `--audience`, if they may; else what they may see.
///
/// # Errors
/// [`Failure::Usage`] when a token asks for more than its role sees.
pub(super) fn audience(visitor: &Visitor, asked: Option<&Audience>) -> Result<Audience, Failure> {
    allowed(visitor, visitor.audience(), asked)
}

/// The same for a dataset by its name: what is about people at work is whole for those who see the workforce.
///
/// # Errors
/// As [`audience`].
pub(super) fn audience_of(
    dataset: &str,
    visitor: &Visitor,
    asked: Option<&Audience>,
) -> Result<Audience, Failure> {
    let own = visitor.workforce_audience().filter(|_| of_the_workforce(dataset));
    allowed(visitor, own.unwrap_or_else(|| visitor.audience()), asked)
}

fn allowed(visitor: &Visitor, own: Audience, asked: Option<&Audience>) -> Result<Audience, Failure> {
    match asked {
        None => Ok(own),
        Some(asked) if matches!(visitor, Visitor::Operator { .. }) => Ok(asked.clone()),
        Some(asked) if *asked == own || *asked == Audience::public() => Ok(asked.clone()),
        Some(asked) => Err(usage(
            anyhow::anyhow!("--audience: {} may not see more than '{own}'", visitor.name())
                .context(format!("refuse '{asked}'")),
        )),
    }
}

/// Notes who looked at, or took away, what others may not see. Taking away is always noted.
pub(super) async fn note(
    journey: &Journey,
    visitor: &Visitor,
    (action, object): (Action, &str),
    detail: &str,
) -> Result<(), Failure> {
    let entry =
        Entry::new(SystemClock.now(), (visitor.name(), visitor.role()), action, object).detail(detail);
    Ok(journey.store.record(&entry).await.map_err(anyhow::Error::from)?)
}

/// Notes a look at what others may not see.
pub(super) async fn note_view(
    journey: &Journey,
    visitor: &Visitor,
    audience: &Audience,
    object: &str,
) -> Result<(), Failure> {
    if audience.is_recorded() {
        note(journey, visitor, (Action::FiguresViewed, object), &audience.to_string()).await?;
    }
    Ok(())
}
