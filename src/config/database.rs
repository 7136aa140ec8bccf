//! Where figures are kept, how many connections a process holds to a server, and how patient it is with it.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::ConfigFault;

/// Connections: fewer than four leave a page waiting for an import, and no server is grateful for hundreds.
const CONNECTIONS: RangeInclusive<u32> = 4..=200;
/// Milliseconds of one statement: below a second a healthy server's would be cut off, beyond an hour nobody waits.
const STATEMENT: RangeInclusive<u64> = 1_000..=3_600_000;
/// Milliseconds between two looks for something new.
const POLL: RangeInclusive<u64> = 200..=60_000;
/// Seconds of a lease: it is renewed three times, and a slow disk must not lose it.
const LEASE: RangeInclusive<u64> = 5..=600;
/// Seconds that a standby may lack: none is a standby's promise, and pages of an hour ago are no pages of now.
const MAX_LAG: RangeInclusive<u64> = 1..=3_600;
/// Letters of the longest name that PostgreSQL keeps whole.
const LONGEST_SCHEMA: usize = 63;
/// Standbys: each holds as many connections as the primary.
const MOST_STANDBYS: usize = 8;

/// Where figures are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: String,
    /// The schema of the PostgreSQL database; made if it is not there. The server's own choice without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Most connections of one process to a PostgreSQL server, besides the one that listens.
    pub connections: u32,
    /// After so many milliseconds PostgreSQL gives up a statement; imports, copies, migrations and jobs are not cut off.
    pub statement_timeout_ms: u64,
    /// So often a process looks for what others wrote, should it not be told.
    pub poll_ms: u64,
    /// So long after a process has died another one takes its work over.
    pub lease_seconds: u64,
    /// Hot standbys of the PostgreSQL server that pages and files may be read from, as `postgres://…`.
    pub standby_urls: Vec<String>,
    /// While the primary is away a standby is read that lacked no more seconds than this when the primary was last heard.
    pub standby_max_lag_seconds: u64,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: "sqlite://var/siaga.sqlite".to_owned(),
            schema: None,
            connections: 16,
            statement_timeout_ms: 60_000,
            poll_ms: 5_000,
            lease_seconds: 30,
            standby_urls: Vec::new(),
            standby_max_lag_seconds: 5,
        }
    }
}

impl Database {
    /// The address with the schema in it, as connections are made to it.
    #[must_use]
    pub fn address(&self) -> String {
        self.in_schema(&self.url)
    }

    /// The same for the standbys.
    #[must_use]
    pub fn standby_addresses(&self) -> Vec<String> {
        self.standby_urls.iter().map(|url| self.in_schema(url)).collect()
    }

    fn in_schema(&self, url: &str) -> String {
        match &self.schema {
            // In quotes, for a hyphen in the name.
            Some(schema) => {
                let mark = if url.contains('?') { '&' } else { '?' };
                format!("{url}{mark}options[search_path]=%22{schema}%22")
            }
            None => url.to_owned(),
        }
    }

    /// The address without user and password, and the schema: for messages.
    #[must_use]
    pub fn shown(&self) -> String {
        let url = Self::without_secrets(&self.url);
        self.schema.as_ref().map_or_else(|| url.clone(), |schema| format!("{url} (schema {schema})"))
    }

    /// Where it is, the same for two ways of writing it, as far as that can be told without opening it.
    #[must_use]
    pub fn identity(&self) -> String {
        if let Some(path) = self.url.strip_prefix("sqlite://") {
            let path = Path::new(path);
            let folder =
                path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let folder = folder.canonicalize().or_else(|_| std::path::absolute(folder));
            let whole = folder.ok().zip(path.file_name()).map(|(folder, name)| folder.join(name));
            return whole.unwrap_or_else(|| path.to_owned()).display().to_string();
        }
        let place = Place::of(&self.url);
        let url = place
            .map_or_else(|| Self::without_secrets(&self.url), |place| format!("{place}/{}", place.database));
        format!("{url}, schema {}", self.schema.as_deref().unwrap_or("public"))
    }

    /// The same settings with no user or password in any address.
    #[must_use]
    pub fn in_public(&self) -> Self {
        let standby_urls = self.standby_urls.iter().map(|url| Self::without_secrets(url)).collect();
        Self { url: Self::without_secrets(&self.url), standby_urls, ..self.clone() }
    }

    fn without_secrets(url: &str) -> String {
        let Some((scheme, rest)) = url.split_once("://").filter(|(scheme, _)| *scheme != "sqlite") else {
            return url.to_owned();
        };
        // What stands after a question mark may be a password too, or the rest of one that was not written as `%3F`.
        let head = rest.split('?').next().unwrap_or(rest);
        let host = match head.rsplit_once('@') {
            Some((_, host)) => host,
            None if rest.contains('@') && !head.contains('/') => "…",
            None => head,
        };
        format!("{scheme}://{host}")
    }

    /// Refuses an address that is none, and numbers that make no sense.
    ///
    /// # Errors
    /// [`ConfigFault::Value`] naming the key.
    pub(super) fn check(&self) -> Result<(), ConfigFault> {
        let wrong = |key: &str, message: &str| {
            Err(ConfigFault::Value { key: format!("database.{key}"), message: message.to_owned() })
        };
        let schemes = ["sqlite://", "postgres://", "postgresql://"];
        if !schemes.iter().any(|start| self.url.starts_with(start)) {
            return wrong("url", "write sqlite://PATH or postgres://USER@HOST/NAME");
        }
        if let Some(message) = self.fault_of_schema() {
            return wrong("schema", message);
        }
        if !CONNECTIONS.contains(&self.connections) {
            return wrong("connections", "write 4 to 200");
        }
        if !STATEMENT.contains(&self.statement_timeout_ms) {
            return wrong("statement_timeout_ms", "write milliseconds, 1000 to 3600000");
        }
        if !POLL.contains(&self.poll_ms) {
            return wrong("poll_ms", "write milliseconds, 200 to 60000");
        }
        if !LEASE.contains(&self.lease_seconds) {
            return wrong("lease_seconds", "write seconds, 5 to 600");
        }
        if !MAX_LAG.contains(&self.standby_max_lag_seconds) {
            return wrong("standby_max_lag_seconds", "write seconds, 1 to 3600");
        }
        match self.fault_of_standbys() {
            Some(message) => wrong("standby_urls", &message),
            None => Ok(()),
        }
    }

    fn fault_of_schema(&self) -> Option<&'static str> {
        let schema = self.schema.as_deref()?;
        if self.url.starts_with("sqlite://") {
            return Some("only a PostgreSQL database has schemas: leave it out beside an SQLite file");
        }
        let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        let is_sound = (1..=LONGEST_SCHEMA).contains(&schema.len())
            && schema.chars().all(is_letter)
            && schema.starts_with(|c: char| c.is_ascii_lowercase())
            && !schema.starts_with("pg_")
            && schema != "information_schema";
        (!is_sound).then_some(
            "write a name of at most 63 of a-z, 0-9, _ and -, a letter first, that is not the server's own: kota-bogor",
        )
    }

    /// What is wrong with the standbys; no password stands in it.
    fn fault_of_standbys(&self) -> Option<String> {
        if self.standby_urls.is_empty() {
            return None;
        }
        if self.url.starts_with("sqlite://") {
            return Some(
                "only a PostgreSQL server has standbys: leave it empty beside an SQLite file".to_owned(),
            );
        }
        let Some(primary) = Place::of(&self.url) else {
            return Some("write database.url with host and name, postgres://USER@HOST/NAME".to_owned());
        };
        if self.standby_urls.len() > MOST_STANDBYS {
            return Some(format!("write at most {MOST_STANDBYS} standbys"));
        }
        let mut known = vec![primary];
        for (nth, url) in (1..).zip(&self.standby_urls) {
            let Some(place) = Place::of(url) else {
                return Some(format!("number {nth}: write postgres://USER@HOST/NAME"));
            };
            if place.database != known[0].database {
                return Some(format!(
                    "number {nth}: a standby has the primary's database, which is called '{}'",
                    known[0].database
                ));
            }
            if known.contains(&place) {
                return Some(format!("number {nth}: {place} stands there already; name another server"));
            }
            known.push(place);
        }
        None
    }
}

/// Where a PostgreSQL server is, and which of its databases is meant.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    host: String,
    port: u16,
    database: String,
}

impl Place {
    /// Of an address; none for one that is no server's, or lacks host or database.
    fn of(url: &str) -> Option<Self> {
        let rest = ["postgres://", "postgresql://"].iter().find_map(|start| url.strip_prefix(start))?;
        let head = rest.split('?').next().unwrap_or(rest);
        let (authority, database) = head.split_once('/')?;
        let server = authority.rsplit_once('@').map_or(authority, |(_, server)| server);
        // In brackets the address of version 6 has colons of its own.
        let (host, port) = match server.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')) {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (server, 5432),
        };
        let is_whole = !host.is_empty() && !database.is_empty() && !database.contains('/');
        is_whole.then(|| Self { host: host.to_ascii_lowercase(), port, database: database.to_owned() })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn what_makes_no_sense_is_refused_with_its_key() {
        let said = |line: &str| {
            let text = format!("[database]\n{line}");
            Config::from_parts("siaga.toml", &text, &|_| None).unwrap_err().to_string()
        };
        for (line, start) in [
            ("url = \"mysql://x\"", "database.url: write sqlite://"),
            ("connections = 3", "database.connections: write 4 to 200"),
            ("connections = 201", "database.connections: "),
            ("connections = -1", "siaga.toml, line 2"),
            ("statement_timeout_ms = 0", "database.statement_timeout_ms: write milliseconds, 1000 "),
            ("statement_timeout_ms = 3600001", "database.statement_timeout_ms: "),
            ("statement_timeout_ms = \"1m\"", "siaga.toml, line 2"),
            ("poll_ms = 199", "database.poll_ms: write milliseconds, 200 to 60000"),
            ("poll_ms = 60001", "database.poll_ms: "),
            ("lease_seconds = 4", "database.lease_seconds: write seconds, 5 to 600"),
            ("lease_seconds = 601", "database.lease_seconds: "),
            ("standby_max_lag_seconds = 0", "database.standby_max_lag_seconds: write seconds, 1 to 3600"),
            ("standby_max_lag_seconds = 3601", "database.standby_max_lag_seconds: "),
            ("standby_urls = \"postgres://b/siaga\"", "siaga.toml, line 2"),
            ("standby_urls = [\"postgres://b/siaga\"]", "database.standby_urls: only a PostgreSQL server"),
            ("pool = 3", "siaga.toml, line 2"),
            ("schema = \"kota-bogor\"", "database.schema: only a PostgreSQL database has schemas"),
            ("url = \"postgres://a/b\"\nschema = \"Kota\"", "database.schema: write a name of at most 63"),
            ("url = \"postgres://a/b\"\nschema = \"pg_x\"", "database.schema: write a name"),
            ("url = \"postgres://a/b\"\nschema = \"a\\\"b\"", "database.schema: write a name"),
            ("url = \"postgres://a/b\"\nschema = \"\"", "database.schema: write a name"),
        ] {
            assert!(said(line).starts_with(start), "{line}: {}", said(line));
        }
        let text =
            "[database]\nconnections = 4\nstatement_timeout_ms = 1000\npoll_ms = 200\nlease_seconds = 5";
        let config = Config::from_parts("siaga.toml", text, &|_| None).unwrap();
        assert_eq!((config.database.connections, config.database.lease_seconds), (4, 5));
    }

    fn beside(standbys: &[&str]) -> Result<Config, String> {
        let url = "postgres://siaga:rahasia@db-1.example/siaga";
        let text = format!("[database]\nurl = \"{url}\"\nstandby_urls = {standbys:?}");
        Config::from_parts("siaga.toml", &text, &|_| None).map_err(|fault| fault.to_string())
    }

    #[test]
    fn standbys_are_other_servers_with_the_same_database() {
        let config = beside(&[
            "postgres://siaga:rahasia@db-2.example/siaga",
            "postgresql://siaga@[fd00::3]:5433/siaga?sslmode=require",
            "postgres://siaga:rahasia@db-1.example:5433/siaga",
        ]);
        let database = config.unwrap().database;
        assert_eq!((database.standby_urls.len(), database.standby_max_lag_seconds), (3, 5));
        assert_eq!(database.in_public().standby_urls[0], "postgres://db-2.example/siaga");
        let two = "postgres://siaga:rahasia@db-2.example/siaga";
        for (standbys, said) in [
            (
                &["postgres://siaga:rahasia@DB-1.example:5432/siaga"][..],
                "number 1: db-1.example:5432 stands there already",
            ),
            (
                &[two, "postgres://other:rahasia@db-2.example/siaga"],
                "number 2: db-2.example:5432 stands there already",
            ),
            (
                &["postgres://siaga:rahasia@db-2.example/other"],
                "number 1: a standby has the primary's database",
            ),
            (&["sqlite://rahasia.sqlite"], "number 1: write postgres://USER@HOST/NAME"),
            (&["db-2.example"], "number 1: write postgres://"),
            (&["postgres://siaga:rahasia@db-2.example"], "number 1: write postgres://"),
            (&["postgres://siaga:rahasia@/siaga"], "number 1: write postgres://"),
            (&["postgres://siaga:rahasia@db-2.example:rahasia/siaga"], "number 1: write postgres://"),
            (&[""], "number 1: write postgres://"),
            (&[two; 9], "write at most 8 standbys"),
        ] {
            let fault = beside(standbys).unwrap_err();
            assert!(fault.starts_with(&format!("database.standby_urls: {said}")), "{standbys:?}: {fault}");
            assert!(!fault.contains("rahasia"), "{fault}");
        }
    }
}
