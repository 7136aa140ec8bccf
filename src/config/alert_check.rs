//! What the settings of alerts must hold before anybody is told by them. Secrets come from the environment here.

use std::collections::BTreeMap;

use super::address::{is_mailbox, is_safe};
use super::{Alerts, ConfigFault, Person, Secret, Smtp, Webhook};

/// Characters of the shortest secret that signs.
const SHORTEST_SECRET: usize = 16;
/// Letters of the longest name.
const LONGEST_NAME: usize = 100;
/// Characters of the shortest second half of a bot's token.
const SHORTEST_TOKEN: usize = 20;

const TELEGRAM_TOKEN: &str = "SIAGA_ALERT_TELEGRAM_TOKEN";
const WHATSAPP_TOKEN: &str = "SIAGA_ALERT_WHATSAPP_TOKEN";
const SMTP_PASSWORD: &str = "SIAGA_ALERT_SMTP_PASSWORD";
const ALERTMANAGER_TOKEN: &str = "SIAGA_ALERT_ALERTMANAGER_TOKEN";

type Checked = Result<(), ConfigFault>;

fn wrong(key: impl Into<String>, message: impl Into<String>) -> Checked {
    Err(ConfigFault::Value { key: key.into(), message: message.into() })
}

impl Alerts {
    /// Takes every secret from the environment.
    pub(super) fn take_secrets(&mut self, secret: &dyn Fn(&str) -> Secret) {
        if let Some(smtp) = &mut self.smtp {
            smtp.password = secret(SMTP_PASSWORD);
        }
        if let Some(telegram) = &mut self.telegram {
            telegram.token = secret(TELEGRAM_TOKEN);
        }
        if let Some(whatsapp) = &mut self.whatsapp {
            whatsapp.token = secret(WHATSAPP_TOKEN);
        }
        for webhook in &mut self.webhook {
            let own = secret(&webhook.variable());
            webhook.secret = if own.is_empty() { secret(Webhook::SECRET) } else { own };
        }
        for manager in &mut self.alertmanager {
            manager.token = secret(ALERTMANAGER_TOKEN);
        }
    }

    pub(super) fn check(&self) -> Checked {
        if self.rules.as_ref().is_some_and(|path| path.as_os_str().is_empty()) {
            return wrong("alert.rules", "write the path of a file of alert rules, or leave it out");
        }
        self.smtp.as_ref().map_or(Ok(()), Smtp::check)?;
        self.check_telegram()?;
        self.check_whatsapp()?;
        self.check_machines()?;
        self.check_lists()?;
        self.person.iter().try_for_each(|person| self.check_person(person))?;
        self.check_once()
    }

    fn check_telegram(&self) -> Checked {
        let Some(telegram) = &self.telegram else {
            return Ok(());
        };
        if !is_safe(&telegram.base_url) || telegram.base_url.contains('?') {
            return wrong("alert.telegram.base_url", "write an https address: https://api.telegram.org");
        }
        let letter = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        let is_token = telegram.token.reveal().split_once(':').is_some_and(|(bot, key)| {
            !bot.is_empty()
                && bot.chars().all(|c| c.is_ascii_digit())
                && key.len() >= SHORTEST_TOKEN
                && key.chars().all(letter)
        });
        if !is_token {
            return wrong(
                TELEGRAM_TOKEN,
                "set the bot's token in the environment, as BotFather wrote it: 123456:ABC…",
            );
        }
        Ok(())
    }

    fn check_whatsapp(&self) -> Checked {
        let Some(whatsapp) = &self.whatsapp else {
            return Ok(());
        };
        if !is_safe(&whatsapp.base_url) || whatsapp.base_url.contains('?') {
            return wrong("alert.whatsapp.base_url", "write an https address: https://graph.facebook.com");
        }
        let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        let version = whatsapp.version.strip_prefix('v').and_then(|version| version.split_once('.'));
        if !version.is_some_and(|(major, minor)| digits(major) && digits(minor)) {
            return wrong("alert.whatsapp.version", "write a version of the API: v23.0");
        }
        if !digits(&whatsapp.phone_number_id) {
            return wrong(
                "alert.whatsapp.phone_number_id",
                "write the id of the number that sends, digits only",
            );
        }
        let template = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if whatsapp.template.is_empty() || !whatsapp.template.chars().all(template) {
            return wrong("alert.whatsapp.template", "write the name of the approved template: siaga_alert");
        }
        let code = |c: char| c.is_ascii_alphabetic() || c == '_';
        let is_language = |(ours, theirs): (&String, &String)| {
            ["id", "en"].contains(&ours.as_str()) && !theirs.is_empty() && theirs.chars().all(code)
        };
        if !whatsapp.languages.iter().all(is_language) {
            return wrong(
                "alert.whatsapp.languages",
                "write the template's codes for id and en: { en = \"en_GB\" }",
            );
        }
        if !is_header(&whatsapp.token) {
            return wrong(WHATSAPP_TOKEN, "set the account's token in the environment");
        }
        Ok(())
    }

    fn check_machines(&self) -> Checked {
        let hooks = self.webhook.iter().map(|hook| ("alert.webhook", &hook.name, &hook.address));
        let managers =
            self.alertmanager.iter().map(|manager| ("alert.alertmanager", &manager.name, &manager.address));
        for (key, name, address) in hooks.chain(managers) {
            if !is_name(name) {
                return wrong(format!("{key}.name"), "write a name of a line: command-centre");
            }
            if !is_safe(address) {
                let message = format!(
                    "write an https address for '{name}', http on loopback only: https://example.org/hook"
                );
                return wrong(format!("{key}.address"), message);
            }
        }
        for hook in &self.webhook {
            let others = self.webhook.iter().filter(|other| other.variable() == hook.variable());
            if others.count() > 1 {
                return wrong(
                    "alert.webhook.name",
                    format!("two are named like '{}': give each a name of its own", hook.name),
                );
            }
            if hook.secret.reveal().chars().count() < SHORTEST_SECRET {
                let message = format!(
                    "the webhook '{}' is signed: set its secret of {SHORTEST_SECRET} characters or more there, or in {}",
                    hook.name,
                    Webhook::SECRET
                );
                return wrong(hook.variable(), message);
            }
        }
        for manager in &self.alertmanager {
            if self.alertmanager.iter().filter(|other| other.name == manager.name).count() > 1 {
                let message = format!("two are named '{}': give each a name of its own", manager.name);
                return wrong("alert.alertmanager.name", message);
            }
            if manager.address.contains('?') {
                return wrong(
                    "alert.alertmanager.address",
                    "write the address without a question mark: https://example.org",
                );
            }
            if !manager.token.is_empty() && !is_header(&manager.token) {
                return wrong(
                    ALERTMANAGER_TOKEN,
                    "write letters, digits and signs without spaces, or leave it out",
                );
            }
        }
        Ok(())
    }

    fn check_lists(&self) -> Checked {
        let told = [
            ("alert.recipients", &self.recipients, "sekda@example.org"),
            ("alert.data_officers", &self.data_officers, "data@example.org"),
        ];
        for (key, told, example) in told {
            if told.iter().any(|to| !is_mailbox(to)) {
                return wrong(key, format!("write mail addresses: {example}"));
            }
            if !told.is_empty() && self.smtp.is_none() {
                return wrong(key, "there is no mail server to reach them: fill [alert.smtp]");
            }
        }
        Ok(())
    }

    fn check_person(&self, person: &Person) -> Checked {
        let name = &person.name;
        let of = |key: &str, message: String| wrong(format!("alert.person '{name}', {key}"), message);
        if !is_name(name) {
            return wrong("alert.person.name", "write the person's name in one line: Sekda Kota Bogor");
        }
        let offices = Person::OFFICES.join(", ");
        if person.offices.is_empty() {
            return of("offices", format!("write at least one of {offices}"));
        }
        if let Some(word) = person.offices.iter().find(|word| !Person::OFFICES.contains(&word.as_str())) {
            return of("offices", format!("'{word}' is no office: write {offices}"));
        }
        if person.offices.iter().any(|word| word == "unit_head") && person.units.is_empty() {
            return of("units", "a unit_head has units: write their ids, [\"dinkes\"]".to_owned());
        }
        if person.units.iter().any(|unit| unit.trim().is_empty()) {
            return of("units", "write ids of units, [\"dinkes\"], or leave it out".to_owned());
        }
        if person.language.as_deref().is_some_and(|language| !["id", "en"].contains(&language)) {
            return of("language", "write id or en".to_owned());
        }
        if !Person::SEVERITIES.contains(&person.least.as_str()) {
            return of(
                "least",
                format!("'{}' is no severity: write {}", person.least, Person::SEVERITIES.join(", ")),
            );
        }
        if person.addresses().next().is_none() {
            return of(
                "email",
                "nothing reaches the person: write an email, telegram or whatsapp address".to_owned(),
            );
        }
        self.check_addresses(person)
    }

    fn check_addresses(&self, person: &Person) -> Checked {
        for (channel, address) in person.addresses() {
            let (is_sound, example, is_set_up) = match channel {
                "email" => (is_mailbox(address), "sekda@example.org", self.smtp.is_some()),
                "telegram" => (is_chat(address), "123456789 or @channel", self.telegram.is_some()),
                _ => (is_number(address), "+628123456789", self.whatsapp.is_some()),
            };
            let key = format!("alert.person '{}', {channel}", person.name);
            if !is_sound {
                return wrong(key, format!("'{address}' is no address there: write {example}"));
            }
            if !is_set_up {
                let section = if channel == "email" { "smtp" } else { channel };
                return wrong(key, format!("nothing sends there: fill [alert.{section}]"));
            }
        }
        Ok(())
    }

    /// An address on a channel is one recipient: told twice, nobody could say which message was answered.
    fn check_once(&self) -> Checked {
        let mut known: BTreeMap<(&str, String), &str> = BTreeMap::new();
        let lists = [("alert.recipients", &self.recipients), ("alert.data_officers", &self.data_officers)];
        for (key, list) in lists {
            known.extend(list.iter().map(|to| (("email", to.to_lowercase()), key)));
        }
        for person in &self.person {
            for (channel, address) in person.addresses() {
                if let Some(other) = known.insert((channel, address.to_lowercase()), &person.name) {
                    return wrong(
                        format!("alert.person '{}', {channel}", person.name),
                        format!("{other} has the same address: name it once"),
                    );
                }
            }
        }
        Ok(())
    }
}

impl Smtp {
    fn check(&self) -> Checked {
        if !["starttls", "tls", "none"].contains(&self.security.as_str()) {
            return wrong("alert.smtp.security", "write starttls, tls or none");
        }
        if self.security == "none" && !self.is_here() {
            return wrong(
                "alert.smtp.security",
                "none is for a mail server on this host: write starttls or tls",
            );
        }
        if self.security == "none" && self.ca_file.is_some() {
            return wrong(
                "alert.smtp.ca_file",
                "without TLS there is no certificate to check: write starttls or tls",
            );
        }
        if self.user.is_some() && self.password.is_empty() {
            return wrong(SMTP_PASSWORD, "the mail server's user has a password: set it in the environment");
        }
        if self.unsubscribe.as_ref().is_some_and(|address| !is_mailbox(address)) {
            return wrong("alert.smtp.unsubscribe", "write a mail address: siaga@example.org");
        }
        let is_https =
            |url: &String| url.starts_with("https://") && is_safe(url) && !url.contains(['<', '>', ',']);
        if !self.unsubscribe_url.as_ref().is_none_or(is_https) {
            return wrong(
                "alert.smtp.unsubscribe_url",
                "write an https address: https://example.org/unsubscribe",
            );
        }
        Ok(())
    }
}

/// What can stand in a header of a request.
fn is_header(secret: &Secret) -> bool {
    !secret.is_empty() && secret.reveal().chars().all(|c| c.is_ascii_graphic())
}

fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && !name.chars().any(char::is_control) && name.chars().count() <= LONGEST_NAME
}

/// The id of a chat, of a group below zero, or the name of a channel.
fn is_chat(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match text.strip_prefix('@') {
        Some(name) => (4..=32).contains(&name.len()) && name.chars().all(letter),
        None => !text.starts_with('+') && text.parse::<i64>().is_ok_and(|id| id != 0),
    }
}

/// A telephone number with its country (E.164).
fn is_number(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.chars().all(|c| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    /// Settings of alerts under an environment in which every secret is set.
    fn parts(text: &str) -> Result<Config, ConfigFault> {
        without("", text)
    }

    fn without(missing: &str, text: &str) -> Result<Config, ConfigFault> {
        let secret = |name: &str| match name {
            name if name == missing => None,
            SMTP_PASSWORD => Some("s3cret-password".to_owned()),
            TELEGRAM_TOKEN => Some("4242:s3cret-AAAAAAAAAAAAAAAAAAAA".to_owned()),
            WHATSAPP_TOKEN => Some("s3cret-whatsapp".to_owned()),
            ALERTMANAGER_TOKEN => Some("s3cret-alertmanager".to_owned()),
            Webhook::SECRET => Some("s3cret-of-all-webhooks".to_owned()),
            "SIAGA_ALERT_WEBHOOK_SECRET_OWN" => Some("s3cret-of-its-own".to_owned()),
            _ => None,
        };
        Config::from_parts("siaga.toml", text, &secret)
    }

    const SMTP: &str =
        "[alert.smtp]\nhost = \"mail.example.org\"\nport = 587\nfrom = \"siaga@example.org\"\n";
    const TELEGRAM: &str = "[alert.telegram]\n";
    const WHATSAPP: &str = "[alert.whatsapp]\nphone_number_id = \"1055\"\ntemplate = \"siaga_alert\"\n";
    const PERSON: &str = "[[alert.person]]\nname = \"Sekda\"\n";

    /// Each text is refused by a sentence that begins so.
    fn refused(cases: &[(String, &str)]) {
        for (text, start) in cases {
            let said = parts(text).map(|_| ()).unwrap_err().to_string();
            assert!(said.starts_with(start), "{text}\n{said}");
            assert!(!said.contains('\n') && !said.contains("s3cret"), "{said}");
        }
    }

    #[test]
    fn everybody_and_everything_that_can_be_told_is_read() {
        let text = format!(
            "[alert]\nquiet_hours = \"21:00-05:00\"\nrules = \"alert.toml\"\nrecipients = [\"walikota@example.org\"]\n\
             {SMTP}user = \"siaga\"\nca_file = \"ca.pem\"\nunsubscribe = \"humas@example.org\"\n\
             unsubscribe_url = \"https://example.org/off\"\n{TELEGRAM}{WHATSAPP}languages = {{ en = \"en_GB\" }}\n\
             {PERSON}offices = [\"secretary\", \"unit_head\"]\nunits = [\"dinkes\"]\nemail = \"sekda@example.org\"\n\
             telegram = \"-100123\"\nwhatsapp = \"+628123456789\"\nlanguage = \"en\"\nleast = \"warning\"\nheartbeat = true\n\
             [[alert.webhook]]\nname = \"own\"\naddress = \"https://example.org/hook?key=1\"\n\
             [[alert.webhook]]\nname = \"other\"\naddress = \"http://127.0.0.1:1/hook\"\n\
             [[alert.alertmanager]]\nname = \"prod\"\naddress = \"https://example.org/am\"\n"
        );
        let alert = parts(&text).unwrap().alert;
        assert_eq!(alert.quiet_hours.map(|hours| hours.to_string()).as_deref(), Some("21:00-05:00"));
        assert_eq!(alert.person[0].addresses().count(), 3);
        let secrets: Vec<_> = alert.webhook.iter().map(|hook| hook.secret.reveal()).collect();
        assert_eq!(secrets, ["s3cret-of-its-own", "s3cret-of-all-webhooks"]);
        let written = toml::to_string(&alert).unwrap() + &format!("{alert:?}");
        assert!(!written.contains("s3cret"), "{written}");
        let least =
            parts(&format!("{TELEGRAM}{PERSON}offices = [\"mayor\"]\ntelegram = \"@kota_bogor\"\n")).unwrap();
        let person = &least.alert.person[0];
        assert_eq!(
            (person.least.as_str(), person.heartbeat, person.language.as_deref()),
            ("info", false, None)
        );
    }

    #[test]
    fn a_person_that_nothing_reaches_or_nobody_knows_is_refused() {
        let person = |rest: &str| format!("{SMTP}{TELEGRAM}{WHATSAPP}{PERSON}{rest}");
        let reached = |rest: &str| person(&format!("email = \"sekda@example.org\"\n{rest}"));
        let to = |address: &str| person(&format!("offices = [\"mayor\"]\n{address}"));
        refused(&[
            (
                reached("offices = []"),
                "alert.person 'Sekda', offices: write at least one of mayor, secretary, ",
            ),
            (
                reached("offices = [\"governor\"]"),
                "alert.person 'Sekda', offices: 'governor' is no office: write mayor",
            ),
            (reached("offices = [\"unit_head\"]"), "alert.person 'Sekda', units: a unit_head has units"),
            (reached("offices = [\"mayor\"]\nunits = [\" \"]"), "alert.person 'Sekda', units: write ids"),
            (
                reached("offices = [\"mayor\"]\nlanguage = \"su\""),
                "alert.person 'Sekda', language: write id or en",
            ),
            (
                reached("offices = [\"mayor\"]\nleast = \"grave\""),
                "alert.person 'Sekda', least: 'grave' is no severity: write info, warning, critical",
            ),
            (reached("offices = [\"mayor\"]\nphone = \"1\""), "siaga.toml, line "),
            (reached(""), "siaga.toml, line "),
            (to(""), "alert.person 'Sekda', email: nothing reaches the person"),
            (
                to("email = \"sekda\""),
                "alert.person 'Sekda', email: 'sekda' is no address there: write sekda@",
            ),
            (to("telegram = \"sekda\""), "alert.person 'Sekda', telegram: 'sekda' is no address there"),
            (to("telegram = \"@a b\""), "alert.person 'Sekda', telegram: "),
            (to("telegram = \"0\""), "alert.person 'Sekda', telegram: "),
            (
                to("whatsapp = \"08123456789\""),
                "alert.person 'Sekda', whatsapp: '08123456789' is no address there",
            ),
            (to("whatsapp = \"+62 812\""), "alert.person 'Sekda', whatsapp: "),
            (to("whatsapp = \"+0812345678\""), "alert.person 'Sekda', whatsapp: "),
            ("[[alert.person]]\nname = \" \"\noffices = [\"mayor\"]".to_owned(), "alert.person.name: "),
        ]);
    }

    #[test]
    fn an_address_with_nothing_that_sends_there_is_refused() {
        let person = |address: &str| format!("{PERSON}offices = [\"mayor\"]\n{address}");
        refused(&[
            (
                person("email = \"a@b.example\""),
                "alert.person 'Sekda', email: nothing sends there: fill [alert.smtp]",
            ),
            (
                person("telegram = \"1\""),
                "alert.person 'Sekda', telegram: nothing sends there: fill [alert.telegram]",
            ),
            (
                person("whatsapp = \"+628123456789\""),
                "alert.person 'Sekda', whatsapp: nothing sends there: fill [alert.whatsapp]",
            ),
            ("[alert]\nrecipients = [\"not mail\"]".to_owned(), "alert.recipients: write mail addresses"),
            (
                "[alert]\nrecipients = [\"a@b.example\"]".to_owned(),
                "alert.recipients: there is no mail server",
            ),
            (
                "[alert]\ndata_officers = [\"not mail\"]".to_owned(),
                "alert.data_officers: write mail addresses",
            ),
            (
                "[alert]\ndata_officers = [\"a@b.example\"]".to_owned(),
                "alert.data_officers: there is no mail server",
            ),
        ]);
    }

    #[test]
    fn an_address_is_named_once_on_a_channel() {
        let two = |one: &str, other: &str| {
            let person = |name: &str, address: &str| {
                format!("[[alert.person]]\nname = \"{name}\"\noffices = [\"mayor\"]\n{address}\n")
            };
            format!("{SMTP}{TELEGRAM}{}{}", person("A", one), person("B", other))
        };
        refused(&[
            (
                two("email = \"a@x.example\"", "email = \"A@x.example\""),
                "alert.person 'B', email: A has the same address",
            ),
            (
                two("telegram = \"7\"", "telegram = \"7\""),
                "alert.person 'B', telegram: A has the same address",
            ),
            (
                format!(
                    "[alert]\nrecipients = [\"a@x.example\"]\n{}",
                    two("email = \"a@x.example\"", "telegram = \"7\"")
                ),
                "alert.person 'A', email: alert.recipients has the same address",
            ),
        ]);
        assert!(parts(&two("telegram = \"7\"", "email = \"a@x.example\"")).is_ok());
        let both =
            format!("[alert]\nrecipients = [\"a@x.example\"]\ndata_officers = [\"a@x.example\"]\n{SMTP}");
        assert!(parts(&both).is_ok(), "one address may do both");
    }

    #[test]
    fn a_channel_that_could_not_send_is_refused() {
        let machine = |kind: &str, name: &str, address: &str| {
            format!("[[alert.{kind}]]\nname = \"{name}\"\naddress = \"{address}\"\n")
        };
        let hook = |name: &str| machine("webhook", name, "https://example.org");
        let manager = |address: &str| machine("alertmanager", "am", address);
        let whatsapp = |number: &str, template: &str, rest: &str| {
            format!("[alert.whatsapp]\nphone_number_id = \"{number}\"\ntemplate = \"{template}\"\n{rest}")
        };
        refused(&[
            (
                format!("{TELEGRAM}base_url = \"http://api.example\""),
                "alert.telegram.base_url: write an https address",
            ),
            (format!("{TELEGRAM}base_url = \"https://api.example?a\""), "alert.telegram.base_url: "),
            (format!("{TELEGRAM}token = \"1:a\""), "siaga.toml, line 2"),
            (format!("{WHATSAPP}base_url = \"http://graph.example\""), "alert.whatsapp.base_url: "),
            (
                format!("{WHATSAPP}version = \"23\""),
                "alert.whatsapp.version: write a version of the API: v23.0",
            ),
            (whatsapp("+62", "t", ""), "alert.whatsapp.phone_number_id: "),
            (whatsapp("1", "Siaga Alert", ""), "alert.whatsapp.template: "),
            (whatsapp("1", "", ""), "alert.whatsapp.template: "),
            (whatsapp("1", "t", "languages = { su = \"su\" }"), "alert.whatsapp.languages: "),
            (whatsapp("1", "t", "languages = { id = \"\" }"), "alert.whatsapp.languages: "),
            (
                machine("webhook", "a", "http://example.org"),
                "alert.webhook.address: write an https address for 'a'",
            ),
            (machine("webhook", "", "https://example.org"), "alert.webhook.name: "),
            (format!("{}{}", hook("a b"), hook("a-b")), "alert.webhook.name: two are named like 'a b'"),
            (manager("http://example.org"), "alert.alertmanager.address: write an https address for 'am'"),
            (manager("https://example.org?a"), "alert.alertmanager.address: write the address without"),
            (
                manager("https://a.example") + &manager("https://b.example"),
                "alert.alertmanager.name: two are named 'am'",
            ),
            ("[alert]\nrules = \"\"".to_owned(), "alert.rules: write the path"),
            (
                "[alert]\nquiet_hours = \"21-05\"".to_owned(),
                "siaga.toml, line 2: quiet_hours: '21-05' is no span",
            ),
        ]);
    }

    #[test]
    fn a_secret_that_is_missing_or_short_is_asked_for_by_its_variable() {
        let hook = "[[alert.webhook]]\nname = \"own\"\naddress = \"https://example.org\"\n";
        let login = format!("{SMTP}user = \"siaga\"\n");
        let missing =
            |variable: &str, text: &str| without(variable, text).map(|_| ()).unwrap_err().to_string();
        for (variable, text) in
            [(TELEGRAM_TOKEN, TELEGRAM), (WHATSAPP_TOKEN, WHATSAPP), (SMTP_PASSWORD, login.as_str())]
        {
            let said = missing(variable, text);
            assert!(said.starts_with(&format!("{variable}: ")), "{said}");
        }
        assert!(without("SIAGA_ALERT_WEBHOOK_SECRET_OWN", hook).is_ok(), "the one of all webhooks");
        let with = |name: &str, value: &str, text: &str| {
            Config::from_parts("siaga.toml", text, &|asked| (asked == name).then(|| value.to_owned()))
                .map(|_| ())
        };
        let own = "SIAGA_ALERT_WEBHOOK_SECRET_OWN";
        assert_eq!(with(own, "0123456789abcdef", hook), Ok(()));
        for (variable, value, text, start) in [
            (own, "0123456789abcde", hook, "SIAGA_ALERT_WEBHOOK_SECRET_OWN: the webhook 'own' is signed"),
            (Webhook::SECRET, "short", hook, "SIAGA_ALERT_WEBHOOK_SECRET_OWN: "),
            (TELEGRAM_TOKEN, "4242", TELEGRAM, "SIAGA_ALERT_TELEGRAM_TOKEN: "),
            (TELEGRAM_TOKEN, "bot4242:AAAAAAAAAAAAAAAAAAAAAAAA", TELEGRAM, "SIAGA_ALERT_TELEGRAM_TOKEN: "),
            (TELEGRAM_TOKEN, "4242:AAAAAAAAAAAAAAAAAAAA/../x", TELEGRAM, "SIAGA_ALERT_TELEGRAM_TOKEN: "),
            (WHATSAPP_TOKEN, "two words", WHATSAPP, "SIAGA_ALERT_WHATSAPP_TOKEN: "),
            (
                ALERTMANAGER_TOKEN,
                "two words",
                "[[alert.alertmanager]]\nname = \"a\"\naddress = \"https://a.example\"\n",
                "SIAGA_ALERT_ALERTMANAGER_TOKEN: ",
            ),
        ] {
            let said = with(variable, value, text).unwrap_err().to_string();
            assert!(said.starts_with(start) && !said.contains(value), "{said}");
        }
    }

    #[test]
    fn what_a_mail_server_needs_is_said() {
        refused(&[
            (format!("{SMTP}security = \"ssl\""), "alert.smtp.security: write starttls, tls or none"),
            (format!("{SMTP}unsubscribe = \"nobody\""), "alert.smtp.unsubscribe: "),
            (format!("{SMTP}unsubscribe_url = \"http://127.0.0.1/off\""), "alert.smtp.unsubscribe_url: "),
            (format!("{SMTP}unsubscribe_url = \"https://a.example/,b\""), "alert.smtp.unsubscribe_url: "),
            (
                "[alert.smtp]\nhost = \"localhost\"\nport = 25\nfrom = \"a@b\"\nsecurity = \"none\"\nca_file = \"a\"".to_owned(),
                "alert.smtp.ca_file: ",
            ),
        ]);
    }

    #[test]
    fn mail_goes_in_the_clear_to_this_host_only() {
        let with = |host: &str, security: &str| {
            let from = "port = 25\nfrom = \"siaga@kotabogor.example\"";
            parts(&format!("[alert.smtp]\nhost = \"{host}\"\n{from}\nsecurity = \"{security}\""))
        };
        for host in ["localhost", "127.0.0.1", "127.0.0.9", "::1"] {
            assert!(with(host, "none").is_ok(), "{host}");
        }
        for host in ["mail.example.org", "10.0.0.1", "localhost.example.org", "0.0.0.0"] {
            let fault = with(host, "none").unwrap_err().to_string();
            assert!(fault.starts_with("alert.smtp.security: none is for"), "{fault}");
            assert!(with(host, "starttls").is_ok(), "{host}");
        }
    }
}
