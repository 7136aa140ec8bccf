//! The last guard of the log: what looks like a mail address or one of our tokens does not get into it, whoever wrote the
//! line. The first guard is whoever writes it (docs/logging.md); a mail server's refusal, for one, names the recipient.

use std::io::{self, Write};

use tracing_subscriber::fmt::MakeWriter;

/// Stands where something was taken out.
const HIDDEN: &str = "(hidden)";
/// The beginning of a token of ours, and the fewest characters behind it.
const TOKEN: (&str, usize) = ("siaga_", 20);

/// Standard error, guarded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guarded;

impl<'a> MakeWriter<'a> for Guarded {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

impl Write for Guarded {
    /// A line of the log comes whole.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        io::stderr().write_all(redacted(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// A line without mail addresses and tokens.
fn redacted(line: &str) -> String {
    let mut rest = without_tokens(line);
    let mut clean = String::with_capacity(rest.len());
    while let Some(at) = rest.find('@') {
        let is_local = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
        let local = rest[..at].trim_end_matches(is_local).len();
        let behind = &rest[at + 1..];
        let is_domain = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
        let domain = behind.find(|c| !is_domain(c)).unwrap_or(behind.len());
        if local < at && is_host(&behind[..domain]) {
            clean.push_str(&rest[..local]);
            clean.push_str(HIDDEN);
        } else {
            clean.push_str(&rest[..=at + domain]);
        }
        rest = rest[at + 1 + domain..].to_owned();
    }
    clean + &rest
}

/// A host, and not the version of a policy (`kota-bogor@1`) or the moment of an evaluation (`3271@1624881600000`).
fn is_host(text: &str) -> bool {
    let last = text.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    last.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn without_tokens(line: &str) -> String {
    let (start, fewest) = TOKEN;
    let mut clean = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(start) {
        let behind = &rest[at + start.len()..];
        let is_of_it = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        let length = behind.find(|c| !is_of_it(c)).unwrap_or(behind.len());
        clean.push_str(&rest[..at]);
        clean.push_str(if length >= fewest { HIDDEN } else { &rest[at..at + start.len() + length] });
        rest = &behind[length..];
    }
    clean + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_tokens_are_hidden_and_our_own_ids_are_not() {
        for (line, clean) in [
            ("550 <sekda@kotabogor.example> unknown", "550 <(hidden)> unknown"),
            ("a.b+c@x.co.id, d@localhost.", "(hidden), (hidden)"),
            ("postgres://siaga:secret@db.example/siaga", "postgres://siaga:(hidden)/siaga"),
            ("{\"policy\":\"kota-bogor@1\"}", "{\"policy\":\"kota-bogor@1\"}"),
            ("assessment.id=3271@1624881600000", "assessment.id=3271@1624881600000"),
            ("at @ midnight, @home", "at @ midnight, @home"),
            ("Bearer siaga_AbCdEfGhIjKlMnOpQrStUv-_9 x", "Bearer (hidden) x"),
            ("siaga_store_up is no token", "siaga_store_up is no token"),
            ("", ""),
        ] {
            assert_eq!(redacted(line), clean);
        }
    }
}
