//! Networks of addresses in CIDR notation (RFC 4632, RFC 4291), as a configuration writes them.
//!
//! What is nearly a network is refused, never guessed: whoever trusts `10.0.0.1/8` has either one proxy or sixteen
//! million in mind. The error says what to write for each.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

/// The bits in front of an IPv4 address that is mapped into IPv6 (RFC 4291, section 2.5.5.2).
const MAPPED_BITS: u8 = 96;

/// A network. One of IPv4 addresses that are mapped into IPv6 is the network of these IPv4 addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cidr(IpNet);

impl Cidr {
    /// The network that is written as `10.0.0.0/8` or `2001:db8::/32`, or as the single address in it.
    pub(crate) fn parse(written: &str) -> Result<Self, CidrError> {
        read(written.trim()).map(Self).map_err(|fault| CidrError { written: written.to_owned(), fault })
    }

    /// Whether the address is in it. No IPv4 address is in an IPv6 network, `::/0` included.
    #[must_use]
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

/// What was written is no network. Its text says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CidrError {
    written: String,
    fault: CidrFault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CidrFault {
    Empty,
    NoNetwork { meant: Option<IpNet> },
    PrefixTooLong { most: u8 },
    HostBits { network: IpNet, address: IpAddr },
}

impl fmt::Display for CidrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = self.written.escape_debug();
        match self.fault {
            CidrFault::Empty => {
                write!(f, "`{written}` is no network: write one such as `10.0.0.0/8`, or leave it away")
            }
            CidrFault::NoNetwork { meant: Some(meant) } => {
                write!(f, "`{written}` is no network: write `{meant}`")
            }
            CidrFault::NoNetwork { meant: None } => write!(
                f,
                "`{written}` is no network: write one such as `10.0.0.0/8` or `2001:db8::/32`, or a single address"
            ),
            CidrFault::PrefixTooLong { most } => {
                write!(
                    f,
                    "`{written}` is no network: its address has {most} bits, so write at most `/{most}`"
                )
            }
            CidrFault::HostBits { network, address } => write!(
                f,
                "`{written}` is an address within a network: write the network `{network}`, or `{address}` for \
                 this address alone"
            ),
        }
    }
}

fn read(text: &str) -> Result<IpNet, CidrFault> {
    if text.is_empty() {
        return Err(CidrFault::Empty);
    }
    let no_network = || CidrFault::NoNetwork { meant: meant(text) };
    let Some((address, prefix)) = text.split_once('/') else {
        let address: IpAddr = text.parse().map_err(|_| no_network())?;
        return Ok(address.to_canonical().into());
    };
    let address: IpAddr = address.parse().map_err(|_| no_network())?;
    let prefix = prefix_length(prefix).ok_or_else(no_network)?;
    let most = IpNet::from(address).max_prefix_len();
    let network = IpNet::new(address, prefix).map_err(|_| CidrFault::PrefixTooLong { most })?;
    if network.network() != address {
        let (network, address) = (unmapped(network.trunc()), address.to_canonical());
        return Err(CidrFault::HostBits { network, address });
    }
    Ok(unmapped(network))
}

/// A number without a sign or leading zeros; what is too large for any prefix is merely too long.
fn prefix_length(text: &str) -> Option<u8> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = text == "0" || !text.starts_with('0');
    (is_number && is_plain).then(|| text.parse().unwrap_or(u8::MAX))
}

/// The network of IPv4 addresses that a network of mapped ones stands for.
fn unmapped(network: IpNet) -> IpNet {
    let IpNet::V6(mapped) = network else { return network };
    let (address, prefix) = (mapped.addr().to_ipv4_mapped(), mapped.prefix_len().checked_sub(MAPPED_BITS));
    let unmapped = address.zip(prefix).and_then(|(address, prefix)| Ipv4Net::new(address, prefix).ok());
    unmapped.map_or(network, IpNet::V4)
}

/// What someone may have meant by `10.0.0/8`, `10.1` or `10.0.0.0/255.0.0.0`.
fn meant(text: &str) -> Option<IpNet> {
    let (address, prefix) =
        text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
    let (address, bits) = match address.parse() {
        Ok(address) => (address, None),
        Err(_) => shortened(address).map(|(address, bits)| (address.into(), Some(bits)))?,
    };
    let network = match prefix.map(|prefix| (prefix, prefix.parse::<IpAddr>())) {
        Some((_, Ok(mask))) => IpNet::with_netmask(address, mask),
        Some((prefix, Err(_))) => IpNet::new(address, prefix.trim().parse().ok()?),
        None => IpNet::new(address, bits?),
    };
    Some(unmapped(network.ok()?.trunc()))
}

/// An IPv4 address whose last octets were left away, and the bits that were written.
fn shortened(text: &str) -> Option<(Ipv4Addr, u8)> {
    let (mut octets, mut bits) = ([0; 4], 0);
    let mut free = octets.iter_mut();
    for part in text.trim_end_matches('.').split('.') {
        *free.next()? = part.parse().ok()?;
        bits += 8;
    }
    Some((octets.into(), bits))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cidr(text: &str) -> Cidr {
        Cidr::parse(text).unwrap_or_else(|error| panic!("{error}"))
    }

    fn error(text: &str) -> String {
        Cidr::parse(text).expect_err(text).to_string()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_holds_its_addresses_from_the_first_to_the_last() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0"]),
            ("192.168.4.0/22", ["192.168.4.0", "192.168.7.255"], ["192.168.3.255", "192.168.8.0"]),
            ("10.0.0.7/32", ["10.0.0.7", "::ffff:10.0.0.7"], ["10.0.0.6", "10.0.0.8"]),
            ("2001:db8::/32", ["2001:db8::", "2001:db8:ffff::1"], ["2001:db7::", "2001:db9::"]),
            ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "2001:db8::1"]),
            ("::/0", ["::", "ffff::"], ["10.0.0.1", "::ffff:10.0.0.1"]),
        ] {
            let network = cidr(network);
            assert!(inside.iter().all(|address| network.contains(ip(address))), "{network:?}");
            assert!(!outside.iter().any(|address| network.contains(ip(address))), "{network:?}");
        }
    }

    #[test]
    fn a_single_address_is_a_network_of_one() {
        assert_eq!(cidr("10.0.0.7"), cidr("10.0.0.7/32"));
        assert_eq!(cidr("2001:db8::1"), cidr("2001:db8::1/128"));
    }

    #[test]
    fn a_network_of_mapped_addresses_is_the_one_of_ipv4_addresses() {
        assert_eq!(cidr("::ffff:10.0.0.0/104"), cidr("10.0.0.0/8"));
        assert_eq!(cidr("::ffff:0:0/96"), cidr("0.0.0.0/0"));
        assert_eq!(cidr("::ffff:10.0.0.7"), cidr("10.0.0.7"));
        assert_eq!(cidr("::ffff:10.0.0.7/128"), cidr("10.0.0.7"));
    }

    #[test]
    fn blanks_around_a_network_are_no_part_of_it() {
        assert_eq!(cidr(" 10.0.0.0/8\n"), cidr("10.0.0.0/8"));
    }

    #[test]
    fn what_is_nearly_a_network_is_answered_with_the_network() {
        for (written, meant) in [
            ("10.0.0/8", "10.0.0.0/8"),
            ("10/8", "10.0.0.0/8"),
            ("10.1", "10.1.0.0/16"),
            ("10.1.", "10.1.0.0/16"),
            ("10.0.0.0/08", "10.0.0.0/8"),
            ("10.0.0.0/+8", "10.0.0.0/8"),
            ("10.0.0.0/ 8", "10.0.0.0/8"),
            ("10.0.0.0/255.0.0.0", "10.0.0.0/8"),
            ("10.0.0.1/255.0.0.0", "10.0.0.0/8"),
            ("2001:db8::/ffff:ffff::", "2001:db8::/32"),
        ] {
            assert_eq!(error(written), format!("`{written}` is no network: write `{meant}`"));
        }
    }

    #[test]
    fn bits_behind_the_prefix_are_answered_with_the_network_and_the_address() {
        for (written, network, address) in [
            ("10.0.0.1/8", "10.0.0.0/8", "10.0.0.1"),
            ("2001:db8::1/32", "2001:db8::/32", "2001:db8::1"),
            ("::ffff:10.0.0.1/104", "10.0.0.0/8", "10.0.0.1"),
            ("10.0.0.1/0", "0.0.0.0/0", "10.0.0.1"),
        ] {
            assert_eq!(
                error(written),
                format!(
                    "`{written}` is an address within a network: write the network `{network}`, or `{address}` \
                     for this address alone"
                )
            );
        }
    }

    #[test]
    fn a_prefix_that_is_longer_than_the_address_is_answered_with_the_longest() {
        for (written, most) in
            [("10.0.0.0/33", 32), ("10.0.0.0/128", 32), ("2001:db8::/129", 128), ("10.0.0.0/99999999999", 32)]
        {
            let fix = format!("its address has {most} bits, so write at most `/{most}`");
            assert_eq!(error(written), format!("`{written}` is no network: {fix}"));
        }
    }

    #[test]
    fn nothing_and_nonsense_are_answered_with_examples() {
        for written in ["", "  "] {
            assert_eq!(
                error(written),
                format!("`{written}` is no network: write one such as `10.0.0.0/8`, or leave it away")
            );
        }
        for written in [
            "/",
            "/8",
            "10.0.0.0/",
            "10.0.0.0/eight",
            "10.0.0.0/8/8",
            "999.1.1.1",
            "1.2.3.4.5/8",
            "10.0.0.0-10.0.0.9",
            "10.0.0.0/2001:db8::",
            "proxy.internal",
            "*",
            "fe80::1%eth0",
            "[2001:db8::]/32",
        ] {
            assert_eq!(
                error(written),
                format!(
                    "`{written}` is no network: write one such as `10.0.0.0/8` or `2001:db8::/32`, or a single \
                     address"
                )
            );
        }
    }

    #[test]
    fn an_error_is_one_line_whatever_was_written() {
        assert!(error("10.0.0.0/8\n10.1.0.0/16").starts_with("`10.0.0.0/8\\n10.1.0.0/16` is no network: "));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[0-9a-f:./% ]{0,24}|.{0,24}") {
            let _ = Cidr::parse(&text).map_err(|error| error.to_string());
        }

        #[test]
        fn what_an_error_tells_to_write_is_a_network(address: IpAddr, prefix in 0_u8..=32, octets in 1_usize..4) {
            let short: Vec<_> = "10.20.30".split('.').take(octets).collect();
            for written in [format!("{address}/{prefix}"), format!("{}/{prefix}", short.join("."))] {
                if let Err(error) = Cidr::parse(&written) {
                    let error = error.to_string();
                    let fix = error.rsplit("write ").next().and_then(|fix| fix.split('`').nth(1)).unwrap();
                    prop_assert!(Cidr::parse(fix).is_ok(), "{error}");
                }
            }
        }

        #[test]
        fn a_network_holds_every_address_that_begins_like_it(address: IpAddr, prefix in 0_u8..=32) {
            let network = IpNet::new(address.to_canonical(), prefix).unwrap().trunc();
            prop_assert!(cidr(&network.to_string()).contains(address));
        }
    }
}
