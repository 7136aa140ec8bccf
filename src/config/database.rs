//! Where figures are kept, how many connections a process holds to a server, and how patient it is with it.

use std::ops::RangeInclusive;

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

/// Where figures are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: String,
    /// Most connections of one process to a PostgreSQL server, besides the one that listens.
    pub connections: u32,
    /// After so many milliseconds PostgreSQL gives up a statement; imports, copies, migrations and jobs are not cut off.
    pub statement_timeout_ms: u64,
    /// So often a process looks for what others wrote, should it not be told.
    pub poll_ms: u64,
    /// So long after a process has died another one takes its work over.
    pub lease_seconds: u64,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: "sqlite://var/siaga.sqlite".to_owned(),
            connections: 16,
            statement_timeout_ms: 60_000,
            poll_ms: 5_000,
            lease_seconds: 30,
        }
    }
}

impl Database {
    /// The address without user and password: for messages and fingerprints.
    #[must_use]
    pub fn shown(&self) -> String {
        let Some((scheme, rest)) = self.url.split_once("://").filter(|(scheme, _)| *scheme != "sqlite")
        else {
            return self.url.clone();
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
        Ok(())
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
            ("pool = 3", "siaga.toml, line 2"),
        ] {
            assert!(said(line).starts_with(start), "{line}: {}", said(line));
        }
        let text =
            "[database]\nconnections = 4\nstatement_timeout_ms = 1000\npoll_ms = 200\nlease_seconds = 5";
        let config = Config::from_parts("siaga.toml", text, &|_| None).unwrap();
        assert_eq!((config.database.connections, config.database.lease_seconds), (4, 5));
    }
}
