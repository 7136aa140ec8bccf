//! From arguments to exit codes: which command is called, and what a failure says.

use std::process::ExitCode;

use clap::Parser;

use super::args::{Cli, Command};
use super::source::SourceCommand;
use super::{
    account, alert, audit, backtest, check, cities, dashboard, decision, document, door, export, ingest,
    models, output, policy, publish, runs, source, stateless, store, stored, workforce,
};
use crate::account::Visitor;
use crate::app;
use crate::config::{CityFiles, Config, ConfigFault, InstalledCity, Origin};
use crate::store::StoreError;

/// Why a command ends without its result.
#[derive(Debug)]
pub enum Failure {
    /// The command or the settings cannot be used as written: exit 2.
    Usage(anyhow::Error),
    /// It was tried and failed: exit 1.
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl Failure {
    /// What went wrong, whosever fault it is.
    pub(crate) fn into_error(self) -> anyhow::Error {
        match self {
            Self::Usage(error) | Self::Failed(error) => error,
        }
    }
}

impl From<ConfigFault> for Failure {
    fn from(fault: ConfigFault) -> Self {
        Self::Usage(fault.into())
    }
}

/// Marks an error as wrong usage.
pub(crate) fn usage(error: impl Into<anyhow::Error>) -> Failure {
    Failure::Usage(error.into())
}

/// Parses the arguments and runs the command.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    crate::telemetry::init((cli.quiet, cli.verbose), cli.log_format.format());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return ended(Err(Failure::Failed(error.into()))),
    };
    ended(runtime.block_on(run(&cli)))
}

fn ended(result: Result<(), Failure>) -> ExitCode {
    let (code, error) = match result {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Usage(error)) => (2, error),
        Err(Failure::Failed(error)) => (1, error),
    };
    // A reader that went away (`siaga … | head`) is no failure.
    let is_closed_pipe = error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    });
    if is_closed_pipe {
        return ExitCode::SUCCESS;
    }
    output::complain(&format!("siaga: {error:#}"));
    ExitCode::from(code)
}

fn is_newer(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::Newer { .. }))
}

async fn run(cli: &Cli) -> Result<(), Failure> {
    let Some(files) = CityFiles::of(cli.config.as_deref())? else {
        if let Some(name) = &cli.city {
            let why = "the settings are one city's, they have no [installation]: leave it out";
            return Err(usage(anyhow::anyhow!("--city {name}: {why}")));
        }
        return for_one(cli, Config::load(cli.config.as_deref())?).await;
    };
    match &cli.city {
        Some(name) if matches!(cli.command, Command::Serve | Command::Cities(_)) => Err(usage(
            anyhow::anyhow!("--city {name}: it is done for all cities of the installation: leave it out"),
        )),
        Some(name) => for_one(cli, files.city(name)?.config).await,
        None => for_all(cli, &files).await,
    }
}

/// A command in an installation with several cities that names none.
async fn for_all(cli: &Cli, files: &CityFiles) -> Result<(), Failure> {
    let process = spoken(cli, Config::load(cli.config.as_deref())?);
    let is_for_all = matches!(
        cli.command,
        Command::Serve | Command::Cities(_) | Command::Check { example: false } | Command::Migrate
    );
    let needs_none = door::door(&cli.command) == door::Door::Open && !matches!(cli.command, Command::Demo(_));
    if needs_none {
        return for_one(cli, process).await;
    }
    if !is_for_all || !process.token.is_empty() {
        let known: Vec<&str> = files.names().collect();
        let why = if is_for_all {
            "the token of SIAGA_TOKEN is one city's"
        } else {
            "the installation has several cities"
        };
        return Err(usage(anyhow::anyhow!(
            "{why}: say which city with --city NAME, one of {}",
            known.join(", ")
        )));
    }
    let mut cities = files.all()?;
    for city in &mut cities {
        city.config = spoken(cli, std::mem::take(&mut city.config));
    }
    match &cli.command {
        Command::Serve => cities::serve(&process, cities).await,
        Command::Cities(args) => cities::list(cities, args).await,
        Command::Migrate => cities::migrate(&cities).await,
        _ => cities::check(cities).await,
    }
}

/// The settings in the language asked for.
fn spoken(cli: &Cli, mut config: Config) -> Config {
    if let Some(lang) = cli.lang {
        config.city.language = lang.tag().to_owned();
        config.origins.set("city.language", Origin::CommandLine);
    }
    config
}

/// A command for one city.
async fn for_one(cli: &Cli, config: Config) -> Result<(), Failure> {
    let mut config = spoken(cli, config);
    if door::door(&cli.command) != door::Door::Open {
        let answered = app::answer(&mut config).await;
        // What is wrong with the database is told by whoever needs it; the check goes on without, but for one that is not for
        // this program at all.
        if !matches!(cli.command, Command::Check { .. }) || answered.as_ref().is_err_and(is_newer) {
            answered?;
        }
    }
    let visitor = door::enter(&config, &cli.command).await?;
    dispatched(cli, &config, &visitor).await
}

async fn dispatched(cli: &Cli, config: &Config, visitor: &Visitor) -> Result<(), Failure> {
    match &cli.command {
        Command::Demo(args) => stored::demo(config, args, cli.quiet).await,
        Command::Serve => stored::serve(config).await,
        Command::Cities(args) => cities::list(vec![InstalledCity::alone(config)], args).await,
        Command::Ingest(args) => ingest::run(config, args, visitor).await,
        Command::Indicators(args) => stateless::indicators(config, args, visitor).await,
        Command::Assess(args) => stateless::assess(config, args, visitor).await,
        Command::Backtest(args) => backtest::backtest(config, args, visitor).await,
        Command::Detect(args) => models::detect(config, args, visitor).await,
        Command::Forecast(args) => models::forecast(config, args, visitor).await,
        Command::Source { command: SourceCommand::List { all, format } } => {
            source::list(config, (*format, *all)).await
        }
        Command::Policy { command } => policy::run(config, command, visitor).await,
        Command::Source { command: SourceCommand::Check(args) } => source::check(config, args),
        Command::Chart(args) => export::chart(config, args, (visitor, cli.quiet)).await,
        Command::Dashboard(args) => dashboard::run(config, args, visitor).await,
        Command::Publish(args) => publish::run(config, args, visitor).await,
        Command::Brief(args) => document::brief(config, args, (visitor, cli.quiet)).await,
        Command::Circular(args) => document::circular(config, args, cli.quiet).await,
        Command::Export(args) => export::export(config, args, (visitor, cli.quiet)).await,
        Command::Reproduce(args) => export::reproduce(config, args, (visitor, cli.quiet)).await,
        Command::Source { command: SourceCommand::Report(args) } => {
            source::report(config, args, visitor).await
        }
        Command::Source { command: SourceCommand::Judge(args) } => {
            source::judged(config, args, visitor).await
        }
        Command::User { command } => account::user(config, command, visitor).await,
        Command::Token { command } => account::token(config, command, visitor).await,
        Command::Check { example } => check::run(config, *example).await,
        Command::Store { command } => store::run(config, command).await,
        Command::Backup(args) => store::back_up(config, args, visitor).await,
        Command::Restore(args) => store::restore(config, args, visitor).await,
        Command::Migrate => stored::migrate(config).await,
        Command::Runs { command } => runs::run(config, command, visitor).await,
        Command::Decision { command } => decision::run(config, command, visitor).await,
        Command::Alert { command } => alert::run(config, command, visitor).await,
        Command::Unit { command } => workforce::unit(config, command, visitor).await,
        Command::Roster { command } => workforce::roster(config, command, visitor).await,
        Command::Attendance { command } => workforce::attendance(config, command, visitor).await,
        Command::Audit { command } => audit::run(config, command, visitor).await,
    }
}
