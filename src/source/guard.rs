//! Which addresses may be asked: nothing inside the network unless the operator allows it by name.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

use crate::config::Network;
use crate::text::Reason;

/// What is inside the network and may be asked all the same: hosts by name, addresses and networks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrivateHosts {
    names: BTreeSet<String>,
    networks: Vec<Network>,
}

/// A name that stands for addresses inside the network only.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.reason())]
pub struct NotPublic(pub String);

impl NotPublic {
    /// The same as data.
    #[must_use]
    pub fn reason(&self) -> Reason {
        Reason::new("no-public-address").text("host", &self.0)
    }
}

impl PrivateHosts {
    /// These names and networks.
    #[must_use]
    pub fn new(names: &[String], networks: Vec<Network>) -> Self {
        Self { names: names.iter().map(|name| plain(name)).collect(), networks }
    }

    /// Whether a host is there by its name.
    #[must_use]
    pub fn names(&self, host: &str) -> bool {
        self.names.contains(&plain(host))
    }

    /// Whether an address may be asked: a public one, or one that is there.
    #[must_use]
    pub fn allows(&self, address: IpAddr) -> bool {
        is_public(address) || self.networks.iter().any(|network| network.contains(address))
    }

    /// Whether an address of this host is inside the network by permission.
    #[must_use]
    pub fn holds(&self, url: &Url) -> bool {
        let host = host_of(url);
        self.names(host) || host.parse().is_ok_and(|address| !is_public(address) && self.allows(address))
    }
}

/// A host's name, lower case, without the dot of the root.
fn plain(name: &str) -> String {
    name.trim().trim_end_matches('.').to_lowercase()
}

fn host_of(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_matches(['[', ']'])
}

/// Whether an address lies outside loopback, private, link-local and other special ranges.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => carried(v6).map_or_else(|| is_public_v6(v6), is_public_v4),
    }
}

/// The IPv4 address that an IPv6 address leads to: mapped, through NAT64 (`64:ff9b::/96`) or 6to4 (`2002::/16`).
fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => address.to_ipv4_mapped(),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || address.is_unspecified();
    let is_protocol = address.octets()[..3] == [192, 0, 0];
    !(is_special || is_shared || is_protocol || a == 0 || a >= 240 || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let is_local = (parts[0] & 0xfe00) == 0xfc00 || (parts[0] & 0xff80) == 0xfe80;
    // The first 96 bits zero (loopback too), NAT64 of the network's own, Teredo, documentation.
    let is_special = parts[..6] == [0; 6]
        || parts[..3] == [0x64, 0xff9b, 1]
        || parts[..2] == [0x2001, 0]
        || parts[..2] == [0x2001, 0xdb8];
    !(address.is_multicast() || is_local || is_special)
}

/// Refuses an address that is not http(s) or carries a password.
///
/// # Errors
/// What is wrong.
pub fn check_form(url: &Url) -> Result<(), Reason> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Reason::new("not-http").text("scheme", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Reason::new("carries-password"));
    }
    Ok(())
}

/// Refuses an address that is not http(s), carries a password, or names by number a host inside the network that is
/// not there.
///
/// # Errors
/// What is wrong.
pub fn check_url(url: &Url, private: &PrivateHosts) -> Result<(), Reason> {
    check_form(url)?;
    let host = host_of(url);
    if host.parse::<IpAddr>().is_ok_and(|address| !private.allows(address)) {
        return Err(Reason::new("inside").text("host", host));
    }
    Ok(())
}

/// Resolves names at the moment of connecting, and drops every address that may not be asked: what a name stood for
/// when it was checked does not matter.
#[derive(Debug, Clone, Default)]
pub struct PublicOr(pub Arc<PrivateHosts>);

impl Resolve for PublicOr {
    fn resolve(&self, name: Name) -> Resolving {
        let private = Arc::clone(&self.0);
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            let is_named = private.names(&host);
            let allowed: Vec<SocketAddr> =
                found.filter(|address| is_named || private.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(NotPublic(host).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private(names: &[&str], networks: &[&str]) -> PrivateHosts {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        PrivateHosts::new(&names, networks.iter().map(|network| network.parse().unwrap()).collect())
    }

    #[test]
    fn addresses_inside_the_network_are_refused() {
        let refused = |address: &str| check_url(&address.parse().unwrap(), &private(&[], &[])).is_err();
        for address in [
            "http://127.0.0.1/x",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://10.1.2.3/",
            "http://192.168.0.1/",
            "http://169.254.169.254/latest",
            "http://[::1]/",
            "http://[::127.0.0.1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[fd00::1]/",
            "http://[fec0::1]/",
            "http://[64:ff9b::10.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[64:ff9b:1::1]/",
            "http://[2002:a00:1::1]/",
            "http://[2002:c0a8:101::]/",
            "http://[2001:0:1::1]/",
            "http://0.0.0.0/",
            "http://100.64.0.1/",
            "http://192.0.0.1/",
            "ftp://example.org/",
            "https://user:secret@example.org/",
        ] {
            assert!(refused(address), "{address}");
        }
        assert!(!refused("https://example.org/data.csv"));
        assert!(!refused("http://[64:ff9b::8.8.8.8]/") && !refused("http://[2002:808:808::1]/"));
        assert!(!refused("http://[2606:4700::1111]/") && !refused("http://192.0.43.8/"));
    }

    #[test]
    fn a_host_inside_the_network_is_asked_only_when_it_is_named() {
        let named = private(&["Dinkes.local."], &["10.1.2.3", "192.168.0.0/24"]);
        let check = |address: &str| check_url(&address.parse().unwrap(), &named);
        assert!(check("http://10.1.2.3/a").is_ok() && check("http://192.168.0.77/").is_ok());
        let said = check("http://10.1.2.4/").unwrap_err().to_string();
        assert_eq!(said, "10.1.2.4 is inside the network; source.private_hosts = [\"10.1.2.4\"] allows it");
        assert!(check("http://192.168.1.1/").is_err() && check("http://127.0.0.1/").is_err());
        assert!(named.names("dinkes.local") && !named.names("dinkes.local.example.org"));
        let holds = |address: &str| named.holds(&address.parse().unwrap());
        assert!(holds("http://dinkes.local/") && holds("http://10.1.2.3/"));
        assert!(!holds("http://example.org/") && !holds("http://8.8.8.8/") && !holds("http://10.1.2.4/"));
    }

    #[tokio::test]
    async fn names_are_held_against_the_same_list_when_they_are_looked_up() {
        let ask = |private: PrivateHosts| PublicOr(Arc::new(private)).resolve("localhost".parse().unwrap());
        let refused = ask(private(&[], &["10.0.0.0/8"])).await.err().unwrap();
        assert_eq!(refused.downcast_ref::<NotPublic>(), Some(&NotPublic("localhost".to_owned())));
        assert!(ask(private(&["localhost"], &[])).await.is_ok());
        assert!(ask(private(&[], &["127.0.0.0/8", "::1"])).await.is_ok(), "by the address it stands for");
    }
}
