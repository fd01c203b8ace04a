//! Network addresses: trusted proxies, and networks for limits.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Bits of an IPv6 address that identify its network: a client has all addresses of its network.
const IPV6_NETWORK_BITS: u8 = 64;

/// A network: an address and the length of its prefix.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Network {
    address: IpAddr,
    bits: u8,
}

/// The proxies whose X-Forwarded-For is trusted; none if it is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Proxies(Vec<Network>);

impl Proxies {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.has(address))
    }
}

impl Network {
    fn has(&self, address: IpAddr) -> bool {
        let bits = |address: IpAddr| match address {
            IpAddr::V4(address) => (u128::from(address.to_bits()) << 96, 32),
            IpAddr::V6(address) => (address.to_bits(), 128),
        };
        let ((own, width), (other, other_width)) =
            (bits(self.address), bits(address.to_canonical()));
        let mask = u128::MAX
            .checked_shl(128 - u32::from(self.bits))
            .unwrap_or(0);
        width == other_width && own & mask == other & mask
    }
}

impl std::str::FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("\"{text}\" is not a network address such as 10.0.0.5 or 10.0.0.0/8");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let address = address.to_canonical();
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), str::parse).map_err(|_| wrong())?;
        if bits <= width {
            Ok(Network { address, bits })
        } else {
            Err(wrong())
        }
    }
}

impl std::str::FromStr for Proxies {
    type Err = String;

    /// Parses addresses and networks separated by commas. `true` means this machine, `false` no proxy.
    fn from_str(text: &str) -> Result<Self, String> {
        let list = match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" | "y" | "t" => "127.0.0.0/8,::1".to_string(),
            "" | "false" | "0" | "no" | "off" | "n" | "f" => return Ok(Proxies::default()),
            list => list.to_string(),
        };
        let networks = list.split(',').map(|each| each.trim().parse());
        Ok(Proxies(networks.collect::<Result<_, _>>()?))
    }
}

/// Parses an address of X-Forwarded-For, with or without a port.
pub(crate) fn parse_forwarded(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text.trim_start_matches('[').trim_end_matches(']');
    let address = address.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    address
        .or_else(with_port)
        .map(|address: IpAddr| address.to_canonical())
}

/// The unit that limits apply to: an IPv4 address, or the network of an IPv6 address.
pub(crate) fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let mask = u128::MAX << (128 - u32::from(IPV6_NETWORK_BITS));
            let network = Ipv6Addr::from_bits(address.to_bits() & mask);
            format!("{network}/{IPV6_NETWORK_BITS}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_proxies_has_addresses_and_networks() {
        let proxies: Proxies = "10.0.0.5, 192.168.0.0/16,2001:db8::/32".parse().unwrap();
        for address in [
            "10.0.0.5",
            "192.168.7.1",
            "2001:db8:1::2",
            "::ffff:10.0.0.5",
        ] {
            assert!(proxies.has(address.parse().unwrap()), "{address}");
        }
        for address in ["10.0.0.6", "192.169.0.1", "2001:db9::1", "::1"] {
            assert!(!proxies.has(address.parse().unwrap()), "{address}");
        }
        let own: Proxies = "true".parse().unwrap();
        assert!(own.has("127.0.0.1".parse().unwrap()) && own.has("::1".parse().unwrap()));
        assert!("false".parse::<Proxies>().unwrap().is_empty());
        for wrong in ["10.0.0", "10.0.0.0/33", "proxy.example", "10.0.0.1/x"] {
            assert!(wrong.parse::<Proxies>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn all_addresses_of_an_ipv6_network_are_one() {
        let network = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2::9"), "2001:db8:1:2::/64");
        assert_eq!(network("::ffff:10.1.2.3"), "10.1.2.3");
        for text in ["10.1.2.3", "10.1.2.3:5000", " 10.1.2.3 ", "::ffff:10.1.2.3"] {
            assert_eq!(parse_forwarded(text), "10.1.2.3".parse().ok(), "{text}");
        }
        for text in ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:443"] {
            assert_eq!(parse_forwarded(text), "2001:db8::1".parse().ok(), "{text}");
        }
        assert_eq!(parse_forwarded("unknown"), None);
    }
}
