//! A network as the settings write it: an address, or an address with the length of its prefix (`10.0.0.0/8`).

use std::net::IpAddr;
use std::str::FromStr;

use thiserror::Error;

/// Addresses that share their first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    first: u128,
    /// Bits that are compared, of 128; an IPv4 address stands behind its 96 bits as in `::ffff:10.0.0.1`.
    prefix: u32,
}

/// The text is no network.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not an address or a network: 127.0.0.1, 10.0.0.0/8, fd00::/8")]
pub struct NotANetwork(pub String);

impl Network {
    /// Whether the address lies in it. An IPv4 address is the same one written as IPv6.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        bits(address) & mask(self.prefix) == self.first & mask(self.prefix)
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn mask(prefix: u32) -> u128 {
    u128::MAX.checked_shl(128 - prefix).unwrap_or(0)
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotANetwork(text.to_owned());
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let length = match length {
            None => most,
            Some(length) => {
                length.trim().parse::<u32>().ok().filter(|bits| *bits <= most).ok_or_else(wrong)?
            }
        };
        let prefix = length + (128 - most);
        let network = Self { first: bits(address), prefix };
        // 10.1.2.3/8 is more likely a slip than a network.
        let is_exact = network.first & mask(prefix) == network.first;
        if is_exact { Ok(network) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(network: &str, address: &str) -> bool {
        network.parse::<Network>().unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn a_network_holds_its_addresses_and_no_other() {
        assert!(holds("10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.0"));
        assert!(holds("127.0.0.1", "127.0.0.1") && !holds("127.0.0.1", "127.0.0.2"));
        assert!(holds("10.0.0.0/8", "::ffff:10.0.0.1"), "the same address on a socket of both families");
        assert!(holds("fd00::/8", "fd12::1") && !holds("fd00::/8", "fe80::1"));
        assert!(holds("0.0.0.0/0", "8.8.8.8") && !holds("0.0.0.0/0", "2001:db8::1"));
        assert!(holds("::/0", "2001:db8::1"));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "10.0.0.0/33", "10.0.0.0/", "10.1.2.3/8", "proxy.example", "fd00::/129", "10.0.0/8"]
        {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
