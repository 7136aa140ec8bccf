//! Which addresses may be asked: nothing inside the network unless the operator allows it by name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

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
    !(is_special || is_shared || a == 0 || a >= 240 || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let first = address.segments()[0];
    let is_local = (first & 0xfe00) == 0xfc00 || (first & 0xffc0) == 0xfe80;
    !(address.is_loopback() || address.is_unspecified() || address.is_multicast() || is_local)
}

/// Refuses an address that is not http(s), carries a password, or names a host by a private number.
///
/// # Errors
/// What is wrong, as a fragment.
pub fn check_url(url: &Url, allows_private: bool) -> Result<(), String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{} is not http or https", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "an address may not carry a name or password: use a header from the environment".to_owned()
        );
    }
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let number = host.parse::<IpAddr>().ok();
    if !allows_private && number.is_some_and(|address| !is_public(address)) {
        return Err(format!("{host} is inside the network; source.allow_private = true allows that"));
    }
    Ok(())
}

/// Resolves names and drops every address that is not public.
#[derive(Debug, Clone, Copy)]
pub struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(format!("{host} has no address outside the network").into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// The same, but for one host, which may be inside the network.
#[derive(Debug, Clone)]
pub struct PublicExcept(pub String);

impl Resolve for PublicExcept {
    fn resolve(&self, name: Name) -> Resolving {
        if !name.as_str().eq_ignore_ascii_case(&self.0) {
            return PublicOnly.resolve(name);
        }
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_inside_the_network_are_refused() {
        let refused = |address: &str| check_url(&address.parse().unwrap(), false).is_err();
        for address in [
            "http://127.0.0.1/x",
            "http://10.1.2.3/",
            "http://192.168.0.1/",
            "http://169.254.169.254/latest",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[fd00::1]/",
            "http://[64:ff9b::10.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:a00:1::1]/",
            "http://[2002:c0a8:101::]/",
            "http://0.0.0.0/",
            "http://100.64.0.1/",
            "ftp://example.org/",
            "https://user:secret@example.org/",
        ] {
            assert!(refused(address), "{address}");
        }
        assert!(!refused("https://example.org/data.csv"));
        assert!(!refused("http://[64:ff9b::8.8.8.8]/") && !refused("http://[2002:808:808::1]/"));
        let said = check_url(&"http://10.1.2.3/".parse().unwrap(), false).unwrap_err();
        assert!(said.contains("source.allow_private"), "{said}");
        assert!(check_url(&"http://127.0.0.1:80/".parse().unwrap(), true).is_ok());
    }
}
