//! Which command of alerts does what, and what people do about alerts.

use super::args::{AlertCommand, ResendArgs, SilenceArgs, TestArgs};
use super::{look, rules};
use crate::account::Visitor;
use crate::cli::stored::journey;
use crate::cli::{Failure, output, usage};
use crate::config::Config;
use crate::job::{
    AnswerFault, Journey, Silencing, acknowledge, hand_over, lift, send_again, send_test, silence,
    silence_end, test_recipients,
};
use crate::store::MessageState;

/// Where a command comes from, in the audit log.
const ADDRESS: &str = "command line";

/// Runs an alert command.
pub async fn run(config: &Config, command: &AlertCommand, visitor: &Visitor) -> Result<(), Failure> {
    if let AlertCommand::Check { file } = command {
        return rules::check(file);
    }
    let journey = journey(config).await?;
    let refused = |fault| refused(&journey, fault);
    match command {
        AlertCommand::Check { file } => rules::check(file),
        AlertCommand::List(args) => look::list(&journey, args, visitor).await,
        AlertCommand::Acknowledge { alert, note } => {
            let row = acknowledge(&journey, (alert, note), (visitor, ADDRESS)).await.map_err(refused)?;
            output::say(&format!("{} is acknowledged: it goes no further", row.id));
            Ok(())
        }
        AlertCommand::HandOver { alert, to, note } => {
            let row = hand_over(&journey, (alert, to, note), (visitor, ADDRESS)).await.map_err(refused)?;
            output::say(&format!("{} is handed over to {to}, who is told", row.id));
            Ok(())
        }
        AlertCommand::Silence(args) => quiet(&journey, args, visitor).await,
        AlertCommand::Lift { number } => {
            lift(&journey, *number, (visitor, ADDRESS)).await.map_err(refused)?;
            output::say(&format!(
                "silence {number} is lifted: what still fires is told at the next evaluation"
            ));
            Ok(())
        }
        AlertCommand::Silences { format } => look::all_silences(&journey, *format).await,
        AlertCommand::Receipts(args) => look::receipts(&journey, args, visitor).await,
        AlertCommand::Report { month, format } => look::report(&journey, (month.as_deref(), *format)).await,
        AlertCommand::DryRun { format } => rules::dry_run(&journey, (*format, visitor)).await,
        AlertCommand::Route(args) => rules::route(&journey, args, visitor),
        AlertCommand::Resend(args) => resend(&journey, args, visitor).await,
        AlertCommand::Test(args) => test(&journey, args, visitor).await,
    }
}

/// A refusal in the words of the settings' language, with the command that shows what there is.
pub(super) fn refused(journey: &Journey, fault: AnswerFault) -> Failure {
    let said = fault.say(journey.phrases());
    match fault {
        AnswerFault::Store(error) => Failure::Failed(error.into()),
        AnswerFault::Other(error) => Failure::Failed(error),
        AnswerFault::NotPermitted(_) => Failure::Failed(anyhow::anyhow!(said)),
        AnswerFault::NoAlert(_) => usage(anyhow::anyhow!("{said} (`siaga alert list`)")),
        AnswerFault::NoMessage(_) => {
            usage(anyhow::anyhow!("{said} (`siaga alert receipts --outcome failed`)"))
        }
        AnswerFault::NoSilence(_) => usage(anyhow::anyhow!("{said} (`siaga alert silences`)")),
        AnswerFault::Silence(fault) if fault.code() == "rule" => {
            usage(anyhow::anyhow!("{said} (`siaga alert route`)"))
        }
        _ => usage(anyhow::anyhow!(said)),
    }
}

async fn quiet(journey: &Journey, args: &SilenceArgs, visitor: &Visitor) -> Result<(), Failure> {
    let refused = |fault| refused(journey, fault);
    let until = silence_end(journey, &args.until).map_err(refused)?;
    let silencing = Silencing {
        rule: args.rule.clone(),
        subject: args.subject.clone(),
        until,
        reason: args.reason.clone(),
    };
    let number = silence(journey, &silencing, (visitor, ADDRESS)).await.map_err(refused)?;
    output::say(&format!("silenced until {until}; `siaga alert lift {number}` ends it before"));
    Ok(output::print(&number.to_string())?)
}

async fn resend(journey: &Journey, args: &ResendArgs, visitor: &Visitor) -> Result<(), Failure> {
    let named = (!args.all).then_some(args.messages.as_slice());
    let sent = send_again(journey, named, visitor.name()).await.map_err(|fault| refused(journey, fault))?;
    let mut left = 0;
    for message in &sent {
        let ended = match message.state {
            MessageState::Sent => "accepted".to_owned(),
            MessageState::Failed => format!("given up again: {}", message.failure),
            MessageState::Pending => format!("not accepted yet, siaga serve goes on: {}", message.failure),
        };
        left += usize::from(message.state != MessageState::Sent);
        output::print(&format!("{} {} {}: {ended}", message.id, message.channel, message.recipient))?;
    }
    match left {
        0 if sent.is_empty() => output::say("siaga: no message was given up"),
        0 => {}
        left => {
            return Err(Failure::Failed(anyhow::anyhow!(
                "{left} of {} messages were not accepted; `siaga alert receipts` keeps why",
                sent.len()
            )));
        }
    }
    Ok(())
}

async fn test(journey: &Journey, args: &TestArgs, visitor: &Visitor) -> Result<(), Failure> {
    let recipients = test_recipients(journey, args.to.as_deref(), args.channel.as_deref());
    if recipients.is_empty() {
        return Err(usage(anyhow::anyhow!(
            "nobody is reached so: `siaga alert route` tells who hears over which channel, `siaga check` what is set up"
        )));
    }
    let tested = send_test(journey, &recipients, visitor.name()).await?;
    let mut failed = 0;
    for one in &tested {
        let to = if one.person.is_empty() { String::new() } else { format!("{}, ", one.person) };
        let ended = one.failure.as_deref().map_or_else(
            || "accepted".to_owned(),
            |failure| {
                failed += 1;
                format!("not accepted: {failure}")
            },
        );
        output::print(&format!("{to}{} {}: {ended}", one.channel, one.address))?;
    }
    match failed {
        0 => Ok(()),
        failed => Err(Failure::Failed(anyhow::anyhow!(
            "{failed} of {} test messages were not accepted; `siaga alert receipts --outcome failed` keeps why",
            tested.len()
        ))),
    }
}
