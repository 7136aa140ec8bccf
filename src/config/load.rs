//! From the file and the environment to settings that can be used. The only reader of the environment.

use std::path::Path;
use std::time::Duration;

use super::layer::Layer;
use super::{Config, ConfigFault, Secret};

/// Variables and the keys they set. Others that begin with `SIAGA_` are the tests' own.
pub(super) const VARIABLES: [(&str, &[&str]); 14] = [
    ("SIAGA_DATABASE_URL", &["database", "url"]),
    ("SIAGA_DATABASE_STANDBY_URLS", &["database", "standby_urls"]),
    ("SIAGA_CITY_LOCATION", &["city", "location"]),
    ("SIAGA_CITY_LANGUAGE", &["city", "language"]),
    ("SIAGA_CITY_POLICY", &["city", "policy"]),
    ("SIAGA_SERVER_LISTEN", &["server", "listen"]),
    ("SIAGA_SOURCE_FOLDER", &["source", "folder"]),
    ("SIAGA_DASHBOARDS_FOLDER", &["dashboards", "folder"]),
    ("SIAGA_DOCUMENTS_FOLDER", &["documents", "folder"]),
    ("SIAGA_SCHEDULE_INGEST", &["schedule", "ingest"]),
    ("SIAGA_SCHEDULE_ASSESS", &["schedule", "assess"]),
    ("SIAGA_SCHEDULE_RETAIN", &["schedule", "retain"]),
    ("SIAGA_AUDIT_ANCHOR", &["audit", "anchor"]),
    ("SIAGA_RETENTION_LOGS", &["retention", "logs"]),
];

/// Those that are lists: their entries stand apart by blanks.
pub(super) const LISTS: [&str; 1] = ["SIAGA_DATABASE_STANDBY_URLS"];

/// Characters of the shortest key of the audit log.
const SHORTEST_AUDIT_KEY: usize = 32;
/// Logs are kept so many days: less would lose what an audit asks for, and a century is for ever.
const KEPT_DAYS: std::ops::RangeInclusive<u16> = 30..=36_500;

impl Config {
    /// The settings of this process: `file` (or `siaga.toml` if there is one) under the environment. Of an installation with
    /// several cities it is what belongs to the process; [`super::CityFiles`] has each city's.
    ///
    /// # Errors
    /// [`ConfigFault`] naming file and line, or the key.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigFault> {
        let file = SettingsFile::read(file)?;
        let mut config = Self::from_parts(&file.name, &file.text, &variable)?;
        config.origins.has_file = file.is_there;
        Ok(config)
    }

    /// The settings from a file's text and a reader of variables.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from_parts(
        name: &str,
        text: &str,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigFault> {
        let layer = Layer::of_file(name, text)?.under(variable);
        // What is said of every city is held against the rules with the name of one.
        let layer = if layer.has_cities() { layer.placed("city") } else { layer };
        layer.finished(variable)
    }

    pub(super) fn check(&self) -> Result<(), ConfigFault> {
        let wrong = |key: &str, message: &str| {
            Err(ConfigFault::Value { key: key.to_owned(), message: message.to_owned() })
        };
        if !["id", "en"].contains(&self.city.language.as_str()) {
            return wrong("city.language", "write id or en");
        }
        if self.server.listen.parse::<std::net::SocketAddr>().is_err() {
            return wrong("server.listen", "write an address and a port: 127.0.0.1:8080");
        }
        self.check_server()?;
        if !(1..=10).contains(&self.source.tries) {
            return wrong("source.tries", "write 1 to 10");
        }
        if let Err(entry) = self.source.private() {
            let message =
                format!("'{entry}' is no host, address or network: dinkes.local, 10.1.2.3, 192.168.0.0/24");
            return wrong("source.private_hosts", &message);
        }
        self.database.check()?;
        self.alert.check()?;
        let key = self.audit.key.reveal().chars().count();
        if (1..SHORTEST_AUDIT_KEY).contains(&key) {
            return wrong("SIAGA_AUDIT_KEY", "write at least 32 characters, or leave it out");
        }
        if self.audit.anchor.as_ref().is_some_and(|path| path.as_os_str().is_empty() || path.is_dir()) {
            return wrong("audit.anchor", "write a file outside the database: /mnt/anchor/siaga.log");
        }
        self.documents.check()?;
        self.account.check()?;
        if let Some(installation) = &self.installation {
            installation.check()?;
        }
        self.fetch_timeout()?;
        self.fetch_max_bytes()?;
        self.log_days()?;
        Ok(())
    }

    fn check_server(&self) -> Result<(), ConfigFault> {
        let wrong = |key: &str, message: String| Err(ConfigFault::Value { key: key.to_owned(), message });
        if self.city.population == Some(0) {
            return wrong("city.population", "write the number of residents, at least 1".to_owned());
        }
        let server = &self.server;
        if server.public_url.as_deref().is_some_and(|url| !is_origin(url)) {
            let message = "write the address people use, without a path: https://siaga.example.org";
            return wrong("server.public_url", message.to_owned());
        }
        if server.tls_certificate.is_some() != server.tls_key.is_some() {
            let missing = if server.tls_key.is_none() { "server.tls_key" } else { "server.tls_certificate" };
            return wrong(missing, "TLS takes both server.tls_certificate and server.tls_key".to_owned());
        }
        if let Some(site) = server.embed_origins.iter().find(|site| !is_origin(site) || site.ends_with('/')) {
            let message =
                format!("'{site}' is not the address of a site: https://www.example.org, without a path");
            return wrong("server.embed_origins", message);
        }
        if let Err(error) = server.proxies() {
            return wrong("server.trusted_proxies", error.to_string());
        }
        Ok(())
    }

    /// How long logs are kept, in days.
    ///
    /// # Errors
    /// [`ConfigFault::Value`] when it is not a number of days.
    pub fn log_days(&self) -> Result<u16, ConfigFault> {
        let days = self.retention.logs.trim().strip_suffix('d').and_then(|days| days.parse::<u16>().ok());
        days.filter(|days| KEPT_DAYS.contains(days)).ok_or_else(|| ConfigFault::Value {
            key: "retention.logs".to_owned(),
            message: "write days, 30d to 36500d: 730d".to_owned(),
        })
    }

    /// Longest time of one request.
    ///
    /// # Errors
    /// [`ConfigFault::Value`] when it is not a duration.
    pub fn fetch_timeout(&self) -> Result<Duration, ConfigFault> {
        let text = self.source.timeout.trim();
        let (number, factor) = match text.strip_suffix('s') {
            Some(number) => (number, 1),
            None => (text.strip_suffix('m').unwrap_or(""), 60),
        };
        let seconds = number.trim().parse::<u64>().ok().filter(|n| (1..=3600).contains(&(n * factor)));
        seconds.map(|n| Duration::from_secs(n * factor)).ok_or_else(|| ConfigFault::Value {
            key: "source.timeout".to_owned(),
            message: "write seconds or minutes: 30s, 2m".to_owned(),
        })
    }

    /// Largest payload in bytes.
    ///
    /// # Errors
    /// [`ConfigFault::Value`] when it is not a size.
    pub fn fetch_max_bytes(&self) -> Result<usize, ConfigFault> {
        let units = [("GiB", 1024 * 1024 * 1024), ("MiB", 1024 * 1024), ("KiB", 1024)];
        let text = self.source.max_size.trim();
        units
            .iter()
            .find_map(|(unit, factor)| {
                Some((text.strip_suffix(unit)?.trim().parse::<usize>().ok()?, *factor))
            })
            .filter(|(number, _)| (1..=4096).contains(number))
            .and_then(|(number, factor)| number.checked_mul(factor))
            .ok_or_else(|| ConfigFault::Value {
                key: "source.max_size".to_owned(),
                message: "write a size: 64 MiB".to_owned(),
            })
    }
}

/// A settings file as it was found.
pub(super) struct SettingsFile {
    pub(super) name: String,
    pub(super) text: String,
    /// Whether there is one at all.
    is_there: bool,
}

impl SettingsFile {
    /// The file that was named, or `siaga.toml` if there is one.
    pub(super) fn read(file: Option<&Path>) -> Result<Self, ConfigFault> {
        let default = Path::new("siaga.toml");
        let file = file.or_else(|| default.exists().then_some(default));
        let text = match file {
            None => String::new(),
            Some(file) => std::fs::read_to_string(file).map_err(|error| ConfigFault::File {
                file: file.display().to_string(),
                reason: error.to_string(),
            })?,
        };
        let name = file.map_or_else(|| "siaga.toml".to_owned(), |file| file.display().to_string());
        Ok(Self { name, text, is_there: file.is_some() })
    }
}

/// A scheme, a host and perhaps a port, as a browser writes an origin.
fn is_origin(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.map(|rest| rest.strip_suffix('/').unwrap_or(rest));
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.:[]".contains(c);
    host.is_some_and(|host| !host.is_empty() && host.chars().all(allowed))
}

/// The secret that a source's header names: `SIAGA_SOURCE_…` and nothing else of the environment.
#[must_use]
pub fn source_secret(name: &str) -> Option<Secret> {
    if name.starts_with("SIAGA_SOURCE_") { variable(name).map(Secret) } else { None }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigFault> {
        let variables: Vec<(String, String)> =
            variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Config::from_parts("siaga.toml", text, &|name| {
            variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
        })
    }

    #[test]
    fn the_environment_stands_over_the_file_and_the_file_over_the_defaults() {
        let text = "[database]\nurl = \"sqlite://a.sqlite\"\n[city]\nlanguage = \"en\"\n";
        let config = parts(text, &[("SIAGA_DATABASE_URL", "sqlite://b.sqlite")]).unwrap();
        assert_eq!(config.database.url, "sqlite://b.sqlite");
        assert_eq!((config.city.language.as_str(), config.city.location.as_str()), ("en", "3271"));
        let lists = [
            ("SIAGA_DATABASE_URL", "postgres://a/siaga"),
            ("SIAGA_DATABASE_STANDBY_URLS", " postgres://b/siaga  postgres://c/siaga"),
        ];
        let config = parts("", &lists).unwrap();
        assert_eq!(config.database.standby_urls, ["postgres://b/siaga", "postgres://c/siaga"]);
    }

    #[test]
    fn faults_name_their_line_or_key() {
        let line = parts("[city]\nlangauge = \"en\"\n", &[]).unwrap_err().to_string();
        assert!(line.starts_with("siaga.toml, line 2"), "{line}");
        for text in [
            "[city]\nlanguage = \"fr\"",
            "[database]\nurl = \"mysql://x\"",
            "[server]\nlisten = \"8080\"",
            "[server]\npublic_url = \"siaga.example.org\"",
            "[server]\npublic_url = \"https://siaga.example.org/siaga\"",
            "[server]\npublic_url = \"https://user@siaga.example.org\"",
            "[server]\npublic_url = \"https://\"",
            "[server]\ntls_certificate = \"chain.pem\"",
            "[server]\ntls_key = \"key.pem\"",
            "[server]\ntrusted_proxies = [\"10.0.0.0/99\"]",
            "[server]\ntrusted_proxies = [\"proxy\"]",
            "[server]\nembed_origins = [\"www.example.org\"]",
            "[server]\nembed_origins = [\"https://www.example.org/news\"]",
            "[server]\nembed_origins = [\"*\"]",
            "[server]\nembed_origins = [\"https://a.example; script-src *\"]",
            "[source]\ntimeout = \"30\"",
            "[source]\nmax_size = \"64\"",
            "[source]\ntries = 0",
            "[source]\nprivate_hosts = [\"10.1.2\"]",
            "[source]\nprivate_hosts = [\"10.1.2.3/8\"]",
            "[source]\nprivate_hosts = [\"http://dinkes.local\"]",
            "[source]\nprivate_hosts = [\"\"]",
            "[audit]\nanchor = \"\"",
            "[audit]\nanchor = \"/\"",
            "[retention]\nlogs = \"730\"",
            "[retention]\nlogs = \"29d\"",
            "[retention]\nlogs = \"36501d\"",
            "[retention]\nlogs = \"-40d\"",
            "[retention]\nlogs = \"2 years\"",
            "[documents]\nletterhead = [\"\"]",
            "[documents]\nplace = \"Bo\\ngor\"",
            "[documents]\nhead = \" \"",
            "[account]\nidle = \"2\"",
            "[account]\nidle = \"13h\"",
            "[account.oidc]\nissuer = \"http://sso.example.org\"\nclient_id = \"siaga\"",
            "[account.oidc]\nissuer = \"https://sso.example.org\"\nclient_id = \"siaga\"",
        ] {
            assert!(matches!(parts(text, &[]), Err(ConfigFault::Value { .. })), "{text}");
        }
    }

    #[test]
    fn lines_of_letters_are_lines() {
        let long = format!("[documents]\nplace = \"{}\"", "a".repeat(201));
        assert_eq!(
            parts(&long, &[]).unwrap_err().to_string(),
            "documents.place: a line has 200 letters at most"
        );
        let many = format!("[documents]\ncopies = [{}]", "\"a\", ".repeat(31));
        let many = parts(&many, &[]).unwrap_err().to_string();
        assert_eq!(many, "documents.copies: 31 lines are too many: 30 at most");
        let own =
            parts("[documents]\ncopies = [\"Gubernur\"]", &[("SIAGA_DOCUMENTS_FOLDER", "surat")]).unwrap();
        assert_eq!(own.documents.folder.as_deref(), Some(Path::new("surat")));
    }

    #[test]
    fn pages_in_the_clear_beyond_this_host_are_known() {
        let is_clear =
            |text: &str| parts(&format!("[server]\n{text}"), &[]).unwrap().server.is_in_the_clear();
        for text in ["listen = \"0.0.0.0:8080\"", "listen = \"[::]:80\"", "listen = \"10.0.0.1:80\""] {
            assert!(is_clear(text), "{text}");
            assert!(!is_clear(&format!("{text}\ntrusted_proxies = [\"10.0.0.0/8\"]")), "{text}");
            assert!(!is_clear(&format!("{text}\ntls_certificate = \"c\"\ntls_key = \"k\"")), "{text}");
        }
        assert!(!is_clear("listen = \"127.0.0.1:8080\"") && !is_clear("listen = \"[::1]:8080\""));
    }

    #[test]
    fn a_fault_of_the_server_names_its_key() {
        let key = |text: &str| parts(text, &[]).unwrap_err().to_string();
        assert!(key("[server]\ntls_key = \"k\"").starts_with("server.tls_certificate: "));
        assert!(key("[server]\ntls_certificate = \"c\"").starts_with("server.tls_key: "));
        assert!(key("[server]\ntrusted_proxies = [\"x\"]").starts_with("server.trusted_proxies: 'x'"));
        assert!(key("[server]\npublic_url = \"x\"").starts_with("server.public_url: "));
        let sound =
            "[server]\npublic_url = \"https://siaga.example.org/\"\ntrusted_proxies = [\"10.0.0.0/8\"]";
        assert_eq!(parts(sound, &[]).unwrap().server.public_address(), "https://siaga.example.org");
    }

    #[test]
    fn hosts_inside_the_network_are_named_one_by_one() {
        let text =
            "[source]\nprivate_hosts = [\"dinkes.local\", \"10.1.2.3\", \"192.168.0.0/24\", \"fd00::/8\"]";
        let (names, networks) = parts(text, &[]).unwrap().source.private().unwrap();
        assert_eq!((names, networks.len()), (vec!["dinkes.local".to_owned()], 3));
        for old in ["true", "false"] {
            let said = parts(&format!("[source]\nallow_private = {old}"), &[]).unwrap_err().to_string();
            assert!(said.starts_with("siaga.toml, line 2") && said.contains("private_hosts = ["), "{said}");
        }
        assert!(!toml::to_string(&Config::default()).unwrap().contains("allow_private"));
    }

    #[test]
    fn the_audit_key_is_long_and_from_the_environment_only() {
        let key = "k".repeat(32);
        let config = parts("", &[("SIAGA_AUDIT_KEY", &key), ("SIAGA_RETENTION_LOGS", "90d")]).unwrap();
        assert_eq!((config.audit.key.reveal(), config.log_days()), (key.as_str(), Ok(90)));
        assert!(!format!("{config:?}").contains(&key) && !toml::to_string(&config).unwrap().contains(&key));
        assert!(parts("", &[("SIAGA_AUDIT_KEY", &key[1..])]).is_err(), "31 characters");
        assert!(parts(&format!("[audit]\nkey = \"{key}\""), &[]).is_err(), "not in the file");
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        let shown = |url: &str| crate::config::Database { url: url.to_owned(), ..Default::default() }.shown();
        assert_eq!(shown("postgres://siaga:p@ss@db/siaga"), "postgres://db/siaga");
        assert_eq!(shown("postgres://siaga:p?ss@db/siaga"), "postgres://…");
        assert_eq!(shown("postgres://siaga:p@db/siaga?sslmode=require"), "postgres://db/siaga");
        assert_eq!(shown("postgres://db/siaga?password=p@ss"), "postgres://db/siaga");
        assert_eq!(shown("sqlite://var/siaga.sqlite"), "sqlite://var/siaga.sqlite");
    }
}
