//! The settings' alerts become channels with those they reach.

use std::sync::Arc;

use anyhow::Context;

use crate::alert::{
    AlertmanagerChannel, Channel, Channels, EmailChannel, MailServer, Office, Quiet, Recipient, Severity,
    TelegramChannel, Unsubscribe, WebhookChannel, WhatsAppAccount, WhatsAppChannel,
};
use crate::clock::Clock;
use crate::config::{Alerts, Config, Person, Smtp, Telegram, WhatsApp};
use crate::job::{Alerting, Painter};
use crate::text::Locale;
use crate::web::mail_chart;

/// What `alert.recipients` are told of: all that is not the figures' or a unit's own.
const DECIDING: [Office; 4] =
    [Office::Mayor, Office::Secretary, Office::HealthOffice, Office::PersonnelAgency];

/// The alert rules of the settings, where the pages are, and the pages' own way to draw the chart of a mail.
pub(super) fn alerting(config: &Config) -> anyhow::Result<Alerting> {
    let painter: Painter =
        Arc::new(|journey, as_of, language| Box::pin(mail_chart(journey, as_of, language)));
    let mut alerting = Alerting::load(config.alert.rules.as_deref())?;
    // The settings' hours stand over the file's, which says what is spared.
    if let Some(hours) = config.alert.quiet_hours {
        let spares = alerting.rules.quiet.map_or(Severity::Critical, |quiet| quiet.spares);
        alerting.rules.quiet = Some(Quiet { from: hours.from, until: hours.until, spares });
    }
    Ok(Alerting {
        public_url: config.server.public_url.as_ref().map(|url| url.trim_end_matches('/').to_owned()),
        painter: Some(painter),
        ..alerting
    })
}

/// Everybody and everything the settings name, each with its channel.
pub(super) fn channels(config: &Config, clock: &Arc<dyn Clock>, is_demo: bool) -> anyhow::Result<Channels> {
    let (alerts, language) = (&config.alert, Locale::parse(&config.city.language).unwrap_or_default());
    let mut told = Vec::new();
    if is_demo {
        told.push(Recipient::of_everything("kotak-surat", Channel::Mailbox));
    }
    let ways = Ways::of(alerts)?;
    if let Some(email) = &ways.email {
        for (name, offices) in told_by_mail(alerts) {
            told.push(Recipient { offices, ..Recipient::of_everything(name, email.clone()) });
        }
    }
    for person in &alerts.person {
        told.extend(ways.reaching(person, language)?);
    }
    for webhook in &alerts.webhook {
        let channel = WebhookChannel::new(&webhook.address, webhook.secret.reveal(), Arc::clone(clock))
            .with_context(|| format!("alert.webhook {}", webhook.name))?;
        told.push(Recipient::of_everything(&webhook.name, Channel::Webhook(channel)));
    }
    for manager in &alerts.alertmanager {
        let token = Some(manager.token.reveal()).filter(|token| !token.is_empty());
        let channel = AlertmanagerChannel::new(&manager.address, token)
            .with_context(|| format!("alert.alertmanager {}", manager.name))?;
        told.push(Recipient::of_everything(&manager.name, Channel::Alertmanager(channel)));
    }
    // A person brings a language; all others read the city's.
    for recipient in told.iter_mut().filter(|recipient| recipient.person.is_empty()) {
        recipient.language = language;
    }
    Ok(Channels::new(told))
}

/// The channels that reach people: one connection or account serves everybody.
struct Ways {
    email: Option<Channel>,
    telegram: Option<Channel>,
    whatsapp: Option<Channel>,
}

impl Ways {
    fn of(alerts: &Alerts) -> anyhow::Result<Self> {
        Ok(Self {
            email: alerts.smtp.as_ref().map(mail).transpose().context("alert.smtp")?,
            telegram: alerts.telegram.as_ref().map(telegram).transpose().context("alert.telegram")?,
            whatsapp: alerts.whatsapp.as_ref().map(whatsapp).transpose().context("alert.whatsapp")?,
        })
    }

    /// A person at each of the person's addresses.
    fn reaching(&self, person: &Person, language: Locale) -> anyhow::Result<Vec<Recipient>> {
        let offices = person.offices.iter().map(|word| word.parse());
        let offices: Vec<Office> = offices.collect::<Result<_, _>>().context("alert.person")?;
        let least = person.least.parse().context("alert.person")?;
        let language = person.language.as_deref().and_then(Locale::parse).unwrap_or(language);
        let at = |(channel, address): (&str, &str)| {
            let way = match channel {
                "email" => &self.email,
                "telegram" => &self.telegram,
                _ => &self.whatsapp,
            };
            let channel = way
                .clone()
                .with_context(|| format!("alert.person '{}', {channel}: nothing sends there", person.name))?;
            Ok(Recipient {
                name: address.to_owned(),
                person: person.name.clone(),
                channel,
                offices: offices.clone(),
                units: person.units.clone(),
                least,
                language,
                heartbeat: person.heartbeat,
            })
        };
        person.addresses().map(at).collect()
    }
}

fn mail(smtp: &Smtp) -> anyhow::Result<Channel> {
    let authorities = smtp
        .ca_file
        .as_ref()
        .map(|path| std::fs::read(path).with_context(|| format!("ca_file: read {}", path.display())));
    let authorities = authorities.transpose()?;
    let server = MailServer {
        host: &smtp.host,
        port: smtp.port,
        security: &smtp.security,
        login: smtp.user.as_deref().map(|user| (user, smtp.password.reveal())),
        authorities: authorities.as_deref(),
    };
    let unsubscribe = Unsubscribe { mail: smtp.unsubscribe.clone(), url: smtp.unsubscribe_url.clone() };
    Ok(Channel::Email(EmailChannel::through(server, &smtp.from, unsubscribe)?))
}

fn telegram(bot: &Telegram) -> anyhow::Result<Channel> {
    Ok(Channel::Telegram(TelegramChannel::new(&bot.base_url, bot.token.reveal())?))
}

fn whatsapp(settings: &WhatsApp) -> anyhow::Result<Channel> {
    let account = WhatsAppAccount {
        base_url: &settings.base_url,
        version: &settings.version,
        phone_number_id: &settings.phone_number_id,
        template: &settings.template,
    };
    let languages = settings.languages.iter();
    let languages: Vec<(Locale, &str)> =
        languages.filter_map(|(ours, theirs)| Some((Locale::parse(ours)?, theirs.as_str()))).collect();
    Ok(Channel::WhatsApp(WhatsAppChannel::new(account, settings.token.reveal(), &languages)?))
}

/// Mail addresses, each once, with whose work they are told of: what is decided goes to the recipients, the figures to the
/// data officers; where nobody sees to the figures, to the recipients too.
fn told_by_mail(alerts: &Alerts) -> Vec<(&str, Vec<Office>)> {
    let is_officer =
        |person: &Person| person.offices.iter().any(|office| office == Office::DataOfficer.as_str());
    let is_nobody = alerts.data_officers.is_empty() && !alerts.person.iter().any(is_officer);
    let for_figures = if is_nobody { &alerts.recipients } else { &alerts.data_officers };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::AlertRules;
    use crate::clock::SystemClock;

    fn wired(text: &str) -> anyhow::Result<Vec<Recipient>> {
        let secret = |name: &str| {
            let secret = "4242:s3cret-AAAAAAAAAAAAAAAAAAAA";
            name.starts_with("SIAGA_ALERT_").then(|| secret.to_owned())
        };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let config = Config::from_parts("siaga.toml", text, &secret)?;
        Ok(channels(&config, &clock, false)?.recipients().to_vec())
    }

    const SMTP: &str =
        "[alert.smtp]\nhost = \"mail.example.org\"\nport = 587\nfrom = \"siaga@example.org\"\n";

    #[test]
    fn hours_of_the_settings_stand_over_those_of_the_rules() {
        let of = |text: &str| {
            let config = Config::from_parts("siaga.toml", text, &|_| None).unwrap();
            alerting(&config).unwrap().rules.quiet.unwrap()
        };
        let (shipped, own) = (of(""), of("[alert]\nquiet_hours = \"22:30-06:00\""));
        assert!(shipped.holds_at(shipped.from) && !own.holds_at(shipped.from), "nine in the evening");
        assert!(own.holds_at("05:59".parse().unwrap()) && own.spares == shipped.spares);
    }

    #[test]
    fn a_file_of_alert_rules_that_cannot_be_used_stops_the_start_and_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("alert.toml");
        let start = || {
            let text = format!("[alert]\nrules = \"{}\"", path.display());
            alerting(&Config::from_parts("siaga.toml", &text, &|_| None).unwrap()).map(|found| found.rules)
        };
        assert!(start().unwrap_err().to_string().contains("alert.rules"), "there is no such file");
        std::fs::write(&path, "version = \"9\"\n[[rule]]\nid = \"a\"\n").unwrap();
        let fault = start().unwrap_err().to_string();
        assert!(fault.contains("alert.toml, line "), "{fault}");
        std::fs::write(&path, include_str!("../../data/alert/default.toml")).unwrap();
        assert_eq!(
            start().unwrap(),
            AlertRules::read(include_str!("../../data/alert/default.toml")).unwrap()
        );
    }

    #[test]
    fn the_words_of_settings_are_the_words_of_alerts() {
        assert_eq!(Person::OFFICES, Office::ALL.map(Office::as_str));
        assert_eq!(Person::SEVERITIES, Severity::ALL.map(Severity::as_str));
    }

    #[test]
    fn a_person_is_told_at_every_address_in_the_persons_own_language() {
        let text = format!(
            "{SMTP}[alert.telegram]\n[alert.whatsapp]\nphone_number_id = \"1\"\ntemplate = \"t\"\nlanguages = {{ en = \"en_GB\" }}\n\
             [[alert.person]]\nname = \"Kadinkes\"\noffices = [\"health_office\", \"unit_head\"]\nunits = [\"dinkes\"]\n\
             email = \"a@x.example\"\ntelegram = \"7\"\nwhatsapp = \"+628123456789\"\nlanguage = \"en\"\nleast = \"critical\"\n\
             heartbeat = true\n\
             [[alert.webhook]]\nname = \"pusat\"\naddress = \"https://x.example\"\n\
             [[alert.alertmanager]]\nname = \"prod\"\naddress = \"https://x.example\"\n"
        );
        let told = wired(&text).unwrap();
        let names: Vec<_> = told.iter().map(|to| (to.channel.name(), to.name.as_str())).collect();
        let people = [("email", "a@x.example"), ("telegram", "7"), ("whatsapp", "+628123456789")];
        assert_eq!(names[..3], people);
        assert_eq!(names[3..], [("webhook", "pusat"), ("alertmanager", "prod")]);
        for to in &told[..3] {
            assert_eq!(
                (to.person.as_str(), to.least, to.language),
                ("Kadinkes", Severity::Critical, Locale::En)
            );
            assert_eq!(
                (to.offices.len(), to.units.as_slice(), to.heartbeat),
                (2, &["dinkes".to_owned()][..], true)
            );
        }
        for to in &told[3..] {
            assert_eq!((to.offices.len(), to.least, to.language), (6, Severity::Info, Locale::Id));
        }
        assert!(!format!("{told:?}").contains("s3cret"), "{told:?}");
    }

    #[test]
    fn the_figures_are_told_to_those_who_see_to_them_else_to_the_recipients() {
        let offices = |text: &str| {
            let told = wired(&format!("[alert]\n{text}")).unwrap();
            told.into_iter()
                .map(|to| (to.name, to.offices.contains(&Office::DataOfficer)))
                .collect::<Vec<_>>()
        };
        let told = |name: &str, of_figures: bool| (name.to_owned(), of_figures);
        let recipients = "recipients = [\"a@x.example\", \"a@x.example\"]\n";
        assert_eq!(offices(&format!("{recipients}{SMTP}")), [told("a@x.example", true)]);
        let officers = format!("{recipients}data_officers = [\"b@x.example\"]\n{SMTP}");
        assert_eq!(offices(&officers), [told("a@x.example", false), told("b@x.example", true)]);
        let person =
            "[[alert.person]]\nname = \"B\"\noffices = [\"data_officer\"]\nemail = \"b@x.example\"\n";
        let officers = format!("{recipients}{SMTP}{person}");
        assert_eq!(offices(&officers), [told("a@x.example", false), told("b@x.example", true)]);
    }

    #[test]
    fn certificates_that_cannot_be_read_are_refused_with_their_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        let text = format!("{SMTP}ca_file = {:?}\n", file.display().to_string());
        let said = format!("{:#}", wired(&text).unwrap_err());
        assert!(said.starts_with("alert.smtp: ca_file: read "), "{said}");
        for broken in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
        {
            std::fs::write(&file, broken).unwrap();
            let said = format!("{:#}", wired(&text).unwrap_err());
            assert!(said.starts_with("alert.smtp: "), "{broken}: {said}");
        }
    }
}
