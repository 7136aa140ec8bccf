//! Where a request comes from: the peer of the connection, or the visitor that a trusted proxy speaks for.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::extract::Request;
use axum::http::{HeaderMap, header};

use crate::config::Network;

/// The address of the visitor.
pub(super) fn address(request: &Request, proxies: &[Network]) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>()?.0.ip();
    Some(behind(peer, request.headers(), proxies))
}

/// What proxies write when they speak for somebody else.
const FORWARDING: [&str; 7] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-real-ip",
];

/// Whether whoever asks is a program of this machine that asks for itself: the peer is on loopback, and no proxy of this
/// machine passes on what somebody else asked.
pub(in crate::web) fn is_here(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.is_some_and(|peer| is_own(peer.0.ip(), request.headers()))
}

fn is_own(peer: IpAddr, headers: &HeaderMap) -> bool {
    peer.to_canonical().is_loopback() && !FORWARDING.iter().any(|name| headers.contains_key(*name))
}

/// The last hop that is not one of ours. What stands before it may have been written by anybody.
fn behind(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| proxies.iter().any(|network| network.contains(address));
    let named = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = named.flat_map(|value| value.split(',')).map(str::trim).collect();
    let mut nearest = peer.to_canonical();
    for hop in hops.into_iter().rev() {
        if !is_trusted(nearest) {
            break;
        }
        let Some(address) = parsed(hop) else { break };
        nearest = address;
    }
    nearest
}

/// An address, perhaps with a port.
fn parsed(hop: &str) -> Option<IpAddr> {
    let address = hop.parse::<IpAddr>().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|it| it.ip()));
    address.map(|address| address.to_canonical())
}

/// What the browser calls itself, without anything that is not a letter of a line.
pub(super) fn agent(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    agent.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &[&'static str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", axum::http::HeaderValue::from_static(value));
        }
        let proxies: Vec<Network> = proxies.iter().map(|text| text.parse().unwrap()).collect();
        behind(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(from("203.0.113.9", &["198.51.100.7"], &[]), "203.0.113.9");
        assert_eq!(from("203.0.113.9", &["198.51.100.7"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(from("10.0.0.2", &["198.51.100.7"], &["10.0.0.0/8"]), "198.51.100.7");
        assert_eq!(from("::ffff:10.0.0.2", &["198.51.100.7:4711"], &["10.0.0.0/8"]), "198.51.100.7");
    }

    #[test]
    fn only_a_peer_of_this_machine_that_speaks_for_itself_is_here() {
        let own = |peer: &str, headers: &HeaderMap| is_own(peer.parse().unwrap(), headers);
        let nothing = HeaderMap::new();
        for here in ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"] {
            assert!(own(here, &nothing), "{here}");
        }
        for there in ["10.0.0.1", "203.0.113.9", "::ffff:10.0.0.1", "0.0.0.0"] {
            assert!(!own(there, &nothing), "{there}");
        }
        for name in FORWARDING {
            let said = HeaderMap::from_iter([(name.parse().unwrap(), "127.0.0.1".parse().unwrap())]);
            assert!(!own("127.0.0.1", &said), "a proxy of this machine passes it on: {name}");
            assert!(!own("203.0.113.9", &said), "nobody is here because a header says so: {name}");
        }
    }

    #[test]
    fn what_the_visitor_wrote_before_the_proxy_is_not_believed() {
        assert_eq!(from("10.0.0.2", &["1.2.3.4, 198.51.100.7"], &["10.0.0.0/8"]), "198.51.100.7");
        assert_eq!(from("10.0.0.2", &["1.2.3.4, 198.51.100.7, 10.0.0.9"], &["10.0.0.0/8"]), "198.51.100.7");
        assert_eq!(from("10.0.0.2", &["1.2.3.4", "198.51.100.7"], &["10.0.0.0/8"]), "198.51.100.7");
        assert_eq!(from("10.0.0.2", &["1.2.3.4, nonsense"], &["10.0.0.0/8"]), "10.0.0.2");
        assert_eq!(from("10.0.0.2", &["10.1.1.1"], &["10.0.0.0/8"]), "10.1.1.1");
    }
}
