//! The chain: each row's hash covers the row before it, so that a row cannot be changed, taken out or put elsewhere
//! without every later hash, and the head that holds the last one, telling of it.
//!
//! `hash = SHA-256(previous hash ‖ canonical text of the row)`, where the previous hash is 64 hex digits and the
//! canonical text is a JSON array: the chain's name, the sequence number, every column in order.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::fault::{ChainFault, FaultKind};
use super::head::Head;

/// What the first row of a chain follows.
pub const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A row as it stands in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its sequence number, from 1.
    pub seq: i64,
    /// The hash it says it follows.
    pub previous: String,
    /// The hash it says it has.
    pub hash: String,
    /// Its canonical text, made of what it holds now.
    pub text: String,
}

/// A row's canonical text. JSON quotes and counts for us: no two different rows have the same text.
#[must_use]
pub fn canonical(chain: &str, seq: i64, columns: &[Value]) -> String {
    let mut cells = vec![Value::from(chain), Value::from(seq)];
    cells.extend_from_slice(columns);
    Value::Array(cells).to_string()
}

/// The hash of a row, in hex.
#[must_use]
pub fn link_hash(previous: &str, text: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(previous.as_bytes());
    hasher.update(text.as_bytes());
    hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A walk along a chain, row by row in the order of their sequence numbers, so that a long chain need not be held.
#[derive(Debug)]
pub struct Walk {
    head: Head,
    seq: i64,
    hash: String,
    rows: u64,
}

impl Walk {
    /// A walk that starts where the chain begins.
    #[must_use]
    pub fn new(head: Head) -> Self {
        let (seq, hash) = (head.base_seq, head.base_hash.clone());
        Self { head, seq, hash, rows: 0 }
    }

    /// The last row walked, or the beginning.
    #[must_use]
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// Rows walked.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// A fault at a row.
    #[must_use]
    pub fn fault(&self, seq: i64, kind: FaultKind) -> ChainFault {
        ChainFault { chain: self.head.chain.clone(), seq, kind }
    }

    /// The next row cannot be read as what it should be.
    #[must_use]
    pub fn unreadable(&self) -> ChainFault {
        self.fault(self.seq + 1, FaultKind::Changed)
    }

    /// Holds the next row against the one before it.
    ///
    /// # Errors
    /// The first fault; the walk ends there.
    pub fn step(&mut self, link: &Link) -> Result<(), ChainFault> {
        let expected = self.seq + 1;
        if link.seq < expected || expected > self.head.seq {
            return Err(self.fault(link.seq, FaultKind::Added));
        }
        if link.seq > expected {
            return Err(self.fault(expected, FaultKind::Missing));
        }
        let follows = link.previous == self.hash;
        if !follows || link_hash(&self.hash, &link.text) != link.hash {
            let is_whole = link_hash(&link.previous, &link.text) == link.hash;
            let fits_here = link_hash(&self.hash, &link.text) == link.hash;
            let kind = match (follows, is_whole) {
                (true, _) => FaultKind::Changed,
                (false, true) if self.rows == 0 => FaultKind::ForgedBase,
                (false, _) if fits_here => FaultKind::Changed,
                (false, _) => FaultKind::OutOfOrder,
            };
            return Err(self.fault(link.seq, kind));
        }
        self.seq = link.seq;
        self.hash.clone_from(&link.hash);
        self.rows += 1;
        Ok(())
    }

    /// Holds the head against the last row.
    ///
    /// # Errors
    /// The fault.
    pub fn finish(&self) -> Result<(), ChainFault> {
        if self.seq < self.head.seq {
            return Err(self.fault(self.seq + 1, FaultKind::Cut));
        }
        if self.seq > self.head.seq || self.hash != self.head.hash {
            return Err(self.fault(self.head.seq, FaultKind::ForgedHead));
        }
        Ok(())
    }
}

/// Walks a whole chain.
///
/// # Errors
/// The first fault.
pub fn verify<'a>(head: &Head, rows: impl IntoIterator<Item = &'a Link>) -> Result<u64, ChainFault> {
    let mut walk = Walk::new(head.clone());
    for row in rows {
        walk.step(row)?;
    }
    walk.finish()?;
    Ok(walk.rows())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(rows: i64) -> (Head, Vec<Link>) {
        let mut links: Vec<Link> = Vec::new();
        for seq in 1..=rows {
            let previous = links.last().map_or(FIRST.to_owned(), |link| link.hash.clone());
            let text = canonical("audit", seq, &[Value::from(1_000 + seq), Value::from("sekda")]);
            links.push(Link { seq, hash: link_hash(&previous, &text), previous, text });
        }
        let hash = links.last().map_or(FIRST.to_owned(), |link| link.hash.clone());
        let head = Head {
            chain: "audit".to_owned(),
            seq: rows,
            hash,
            base_seq: 0,
            base_hash: FIRST.to_owned(),
            mac: String::new(),
        };
        (head, links)
    }

    fn fault(head: &Head, rows: &[Link]) -> (i64, FaultKind) {
        let fault = verify(head, rows).unwrap_err();
        (fault.seq, fault.kind)
    }

    #[test]
    fn an_untouched_chain_is_whole() {
        for rows in [0, 1, 5] {
            let (head, links) = chain(rows);
            assert_eq!(verify(&head, &links), Ok(u64::try_from(rows).unwrap()));
        }
    }

    #[test]
    fn the_first_hash_can_be_worked_out_by_hand() {
        // printf '%064d["audit",1,5,"a"]' 0 | sha256sum
        let text = canonical("audit", 1, &[Value::from(5), Value::from("a")]);
        assert_eq!(text, "[\"audit\",1,5,\"a\"]");
        assert_eq!(
            link_hash(FIRST, &text),
            "694e5ed32808968fb04506fe4727008c695dc739c55eb64553b1ac0c6982995c"
        );
    }

    #[test]
    fn columns_that_run_together_differ() {
        let text = |columns: &[&str]| {
            canonical("audit", 1, &columns.iter().map(|c| Value::from(*c)).collect::<Vec<_>>())
        };
        assert_ne!(text(&["ab", "c"]), text(&["a", "bc"]));
        assert_ne!(text(&["a\",\"b"]), text(&["a", "b"]));
        assert_ne!(text(&["", "a"]), text(&["a", ""]));
        assert_ne!(canonical("audit", 1, &[Value::from("5")]), canonical("audit", 1, &[Value::from(5)]));
    }

    #[test]
    fn the_first_fault_is_named() {
        let (head, links) = chain(5);
        let with = |change: &dyn Fn(&mut Vec<Link>)| {
            let mut links = links.clone();
            change(&mut links);
            fault(&head, &links)
        };
        let text = canonical("audit", 3, &[Value::from(1_003), Value::from("Sekda")]);
        assert_eq!(with(&|l| l[2].text = text.clone()), (3, FaultKind::Changed));
        assert_eq!(with(&|l| l[2].hash = "ab".repeat(32)), (3, FaultKind::Changed));
        assert_eq!(with(&|l| l[2].previous = "ab".repeat(32)), (3, FaultKind::Changed));
        assert_eq!(with(&|l| drop(l.remove(2))), (3, FaultKind::Missing));
        assert_eq!(with(&|l| drop(l.remove(0))), (1, FaultKind::Missing));
        assert_eq!(with(&|l| l.truncate(3)), (4, FaultKind::Cut));
        assert_eq!(with(&|l| l.clear()), (1, FaultKind::Cut));
        assert_eq!(with(&|l| l.insert(0, Link { seq: 0, ..l[0].clone() })), (0, FaultKind::Added));
        assert_eq!(with(&|l| l.push(Link { seq: 6, ..l[4].clone() })), (6, FaultKind::Added));
    }

    #[test]
    fn two_rows_that_change_places_are_out_of_order() {
        let (head, mut links) = chain(5);
        links.swap(1, 2);
        for (at, seq) in [(1, 2), (2, 3)] {
            links[at].seq = seq;
            links[at].text = links[at].text.replacen(&format!(",{},", 5 - seq), &format!(",{seq},"), 1);
        }
        assert_eq!(fault(&head, &links), (2, FaultKind::OutOfOrder));
    }

    #[test]
    fn a_head_or_a_base_that_was_edited_is_forged() {
        let (head, links) = chain(5);
        assert_eq!(
            fault(&Head { hash: "ab".repeat(32), ..head.clone() }, &links),
            (5, FaultKind::ForgedHead)
        );
        assert_eq!(fault(&Head { seq: 4, ..head.clone() }, &links), (5, FaultKind::Added));
        assert_eq!(fault(&Head { seq: 7, ..head.clone() }, &links), (6, FaultKind::Cut));
        assert_eq!(
            fault(&Head { base_hash: "ab".repeat(32), ..head.clone() }, &links),
            (1, FaultKind::ForgedBase)
        );
        assert_eq!(fault(&Head { base_seq: 1, ..head.clone() }, &links), (1, FaultKind::Added));
    }

    #[test]
    fn rows_cut_from_the_front_with_the_base_moved_leave_it_whole() {
        let (head, links) = chain(5);
        let head = Head { base_seq: 2, base_hash: links[1].hash.clone(), ..head };
        assert_eq!(verify(&head, &links[2..]), Ok(3));
        assert_eq!(fault(&head, &links[3..]), (3, FaultKind::Missing));
    }

    #[test]
    fn no_rows_but_a_head_that_was_never_moved_is_whole_and_an_edited_one_is_not() {
        let (head, _) = chain(0);
        assert_eq!(fault(&Head { hash: "ab".repeat(32), ..head }, &[]), (0, FaultKind::ForgedHead));
    }
}
