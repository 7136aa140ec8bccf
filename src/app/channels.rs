//! The settings' alerts become channels with those they reach.

use std::sync::Arc;

use anyhow::Context;

use crate::alert::{Channel, Channels, EmailChannel, Office, Recipient, WebhookChannel};
use crate::clock::Clock;
use crate::config::{Alerts, Config};

/// What `alert.recipients` are told of: all that is not the figures' or a unit's own.
const DECIDING: [Office; 4] =
    [Office::Mayor, Office::Secretary, Office::HealthOffice, Office::PersonnelAgency];

pub(super) fn channels(config: &Config, clock: &Arc<dyn Clock>, is_demo: bool) -> anyhow::Result<Channels> {
    let mut channels = Vec::new();
    if is_demo {
        channels.push(Recipient::of_everything("kotak-surat", Channel::Mailbox));
    }
    if let Some(smtp) = &config.alert.smtp {
        let login = smtp.user.as_deref().map(|user| (user, smtp.password.reveal()));
        let email = EmailChannel::new((&smtp.host, smtp.port), &smtp.security, &smtp.from, login)
            .context("alert.smtp")?;
        let told = told_by_mail(&config.alert).into_iter();
        channels.extend(told.map(|(name, offices)| {
            let channel = Channel::Email(email.clone());
            Recipient { offices, ..Recipient::of_everything(name, channel) }
        }));
    }
    for webhook in &config.alert.webhook {
        let channel = WebhookChannel::new(&webhook.address, webhook.secret.reveal(), Arc::clone(clock))
            .with_context(|| format!("alert.webhook {}", webhook.name))?;
        channels.push(Recipient::of_everything(&webhook.name, Channel::Webhook(channel)));
    }
    Ok(Channels::new(channels))
}

/// Mail addresses, each once, with whose work they are told of: what is decided goes to the recipients, the figures to the
/// data officers or, without any, to the recipients.
fn told_by_mail(alerts: &Alerts) -> Vec<(&str, Vec<Office>)> {
    let for_figures =
        if alerts.data_officers.is_empty() { &alerts.recipients } else { &alerts.data_officers };
    let mut told: Vec<(&str, Vec<Office>)> = Vec::new();
    for (offices, names) in [(&DECIDING[..], &alerts.recipients), (&[Office::DataOfficer], for_figures)] {
        for name in names {
            match told.iter_mut().find(|(known, _)| *known == name) {
                Some((_, held)) if held.contains(&offices[0]) => {}
                Some((_, held)) => held.extend(offices),
                None => told.push((name, offices.to_vec())),
            }
        }
    }
    told
}
