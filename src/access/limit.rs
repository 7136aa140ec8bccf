//! How often may be tried, and by whom. The counting is the store's, so that it holds across processes.

use std::net::{IpAddr, Ipv6Addr};

use super::{Access, AccessError, Client};
use crate::account::{Token, fingerprint};
use crate::store::Limit;

const MINUTE: i64 = 60_000;

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// One account: the answer says that it is locked.
    Account,
    /// One address.
    Address,
}

/// The limits of one kind of try.
#[derive(Debug, Clone)]
pub(super) struct Limits(Vec<(Scope, Limit)>);

/// A try under way: counts as failed until it is taken back.
#[derive(Debug)]
pub(super) struct Try {
    id: String,
    /// What is forgotten when it turns out right: the tries of this account from this address.
    own: String,
}

impl Limits {
    /// Name and password: 5 in 15 minutes for one account from one address, 50 an hour for one account, 30 in 15
    /// minutes from one address.
    pub(super) fn sign_in(name: &str, client: &Client) -> Self {
        let address = network(&client.address);
        Self(vec![
            (Scope::Account, limit(&["sign_in", name, &address], 5, 15)),
            (Scope::Account, limit(&["account", name], 50, 60)),
            (Scope::Address, limit(&["address", &address], 30, 15)),
        ])
    }

    /// Codes of the second step: 5 in 15 minutes for one account, wherever they come from.
    pub(super) fn second_step(name: &str) -> Self {
        Self(vec![(Scope::Account, limit(&["second_step", name], 5, 15))])
    }

    /// Links and tokens that are not known: 20 in 15 minutes from one address.
    pub(super) fn guess(kind: &str, client: &Client) -> Self {
        Self(vec![(Scope::Address, limit(&[kind, &network(&client.address)], 20, 15))])
    }

    /// Ways to the provider: 200 in 15 minutes from one address, so that the table cannot be filled.
    pub(super) fn provider(client: &Client) -> Self {
        Self(vec![(Scope::Address, limit(&["oidc", &network(&client.address)], 200, 15))])
    }
}

fn limit(subject: &[&str], most: i64, minutes: i64) -> Limit {
    Limit { subject: fingerprint(&subject.join("\u{1f}")), most, window: minutes * MINUTE }
}

/// Whoever has an IPv6 address has 2⁶⁴ of them: they count as one.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(v4)) => v4.to_string(),
        Ok(IpAddr::V6(v6)) => v6.to_ipv4_mapped().map_or_else(
            || {
                let [a, b, c, d, ..] = v6.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
            },
            |v4| v4.to_string(),
        ),
        Err(_) => address.to_owned(),
    }
}

impl Access {
    /// Counts a try, before any work is done for it.
    ///
    /// # Errors
    /// [`AccessError::Locked`] or [`AccessError::TooMany`] with the moment when there may be another.
    pub(super) async fn attempt(&self, limits: &Limits) -> Result<Try, AccessError> {
        let id = Token::random()?.reveal().to_owned();
        let asked: Vec<Limit> = limits.0.iter().map(|(_, limit)| limit.clone()).collect();
        if let Some(reached) = self.store.try_once(&id, &asked, self.now()).await? {
            let until = reached.until;
            return Err(match limits.0.get(reached.place) {
                Some((Scope::Address, _)) => AccessError::TooMany { until },
                _ => AccessError::Locked { until },
            });
        }
        Ok(Try { id, own: asked.into_iter().next().map(|limit| limit.subject).unwrap_or_default() })
    }

    /// It was right: this try counts no longer, nor do the wrong ones of this account from this address.
    pub(super) async fn was_right(&self, attempt: Try) -> Result<(), AccessError> {
        Ok(self.store.take_back(&attempt.id, &[&attempt.own]).await?)
    }

    /// It was no guess: this try counts no longer, the others do.
    pub(super) async fn was_no_guess(&self, attempt: Try) -> Result<(), AccessError> {
        Ok(self.store.take_back(&attempt.id, &[]).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_subscriber_count_as_one() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }

    #[test]
    fn what_was_typed_is_not_kept() {
        let limits = Limits::sign_in("hunter2hunter2", &Client::new("192.0.2.1", ""));
        assert!(limits.0.iter().all(|(_, limit)| limit.subject.len() == 64));
        assert!(!format!("{limits:?}").contains("hunter2"));
    }
}
