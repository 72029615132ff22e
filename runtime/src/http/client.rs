//! The rule by which the client's address is found.
//!
//! A header field says what anybody wrote into it. It is believed as far as trusted proxies wrote it and no entry
//! further, so nothing that a client sends can choose the address that it is known by.

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use http::HeaderMap;
use http::header::FORWARDED;

use super::cidr::{Cidr, CidrError};
use super::fields::X_FORWARDED_FOR;
use super::forwarded::ForwardedHeader;

/// How the client's address is found. By default it is the peer's, and no header field is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClientRule {
    trust: Trust,
    header: ForwardedHeader,
}

#[derive(Clone, Debug, Default)]
enum Trust {
    #[default]
    Nobody,
    Networks(Box<[Cidr]>),
    Hops(NonZeroUsize),
}

/// The rule of whoever trusts nobody.
static PEER: ClientRule = ClientRule { trust: Trust::Nobody, header: ForwardedHeader::XForwardedFor };

impl ClientRule {
    /// The peer's address alone.
    pub(crate) const fn peer() -> &'static Self {
        &PEER
    }

    /// Believes the proxies with addresses in these networks. With none it is the peer alone.
    ///
    /// Tells everything that is no network, not the first alone.
    pub(crate) fn trusted_proxies<'a>(
        networks: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, Vec<CidrError>> {
        let (mut trusted, mut faults) = (Vec::new(), Vec::new());
        for network in networks {
            match Cidr::parse(network) {
                Ok(network) => trusted.push(network),
                Err(fault) => faults.push(fault),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self { trust: Trust::Networks(trusted.into()), ..Self::default() })
    }

    /// Believes so many proxies, the peer among them.
    pub(crate) fn trusted_hops(hops: usize) -> Result<Self, NoHops> {
        let hops = NonZeroUsize::new(hops).ok_or(NoHops)?;
        Ok(Self { trust: Trust::Hops(hops), ..Self::default() })
    }

    /// Reads this header field.
    #[must_use]
    pub(crate) fn header(self, header: ForwardedHeader) -> Self {
        Self { header, ..self }
    }

    /// The client's address; IPv4 that is mapped into IPv6 as IPv4.
    #[inline]
    #[must_use]
    pub(crate) fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = peer.map(|peer| peer.to_canonical());
        match &self.trust {
            Trust::Nobody => {
                if FIRST_LOOKS.load(Ordering::Relaxed) < LOOKS {
                    look_for_a_proxy(headers);
                }
                peer
            }
            _ => self.behind_proxies(peer, headers),
        }
    }

    /// The same where somebody is trusted.
    fn behind_proxies(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        match &self.trust {
            Trust::Nobody => peer,
            // A header is believed from a proxy that is known to be trusted, and an unknown peer is not.
            Trust::Networks(networks) => peer.map(|peer| self.behind_networks(networks, peer, headers)),
            Trust::Hops(hops) => self.readable(headers).take(hops.get()).last().or(peer),
        }
    }

    /// The first address that is not trusted, from the peer on; the last one where all are.
    fn behind_networks(&self, networks: &[Cidr], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let is_trusted = |address| networks.iter().any(|network| network.contains(address));
        let mut client = peer;
        let mut hops = self.readable(headers);
        while is_trusted(client)
            && let Some(hop) = hops.next()
        {
            client = hop;
        }
        if client == peer && is_trusted(peer) {
            warn_of_a_silent_proxy();
        }
        client
    }

    /// The entries from the right up to the first unreadable one. Whoever wrote that did not say for whom it asks, so
    /// nothing on its left is known to be true.
    fn readable(&self, headers: &HeaderMap) -> impl Iterator<Item = IpAddr> {
        self.header.hops(headers).map_while(Result::ok)
    }
}

/// The first requests are looked at for a sign of a proxy that nobody named: later ones are not slowed down by it.
const LOOKS: u32 = 100;
static FIRST_LOOKS: AtomicU32 = AtomicU32::new(0);

#[cold]
fn look_for_a_proxy(headers: &HeaderMap) {
    FIRST_LOOKS.fetch_add(1, Ordering::Relaxed);
    let is_forwarded = headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(FORWARDED);
    if is_forwarded && FIRST_LOOKS.swap(LOOKS, Ordering::Relaxed) < LOOKS {
        tracing::warn!(
            "a request was forwarded, and no proxy is trusted to say for whom: if it was a proxy of yours, all clients behind it \
             count as one until `Tollgate::builder()` names it by `.trusted_proxies(..)` or `.trusted_hops(..)`"
        );
    }
}

#[cold]
fn warn_of_a_silent_proxy() {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            "a trusted proxy did not say for whom it asks, so it counts as the client itself: unless that was a request of its \
             own, such as a health check, let it write the field that `.forwarded_header(..)` names"
        );
    });
}

/// Zero proxies were to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoHops;

impl fmt::Display for NoHops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "`trusted_hops(0)` trusts no proxy: write how many stand in front, `trusted_hops(1)` for one, or leave \
             it away where there is none",
        )
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    use super::*;

    /// The fields by which proxies of all kinds name the client.
    const FIELDS: [&str; 10] = [
        "x-forwarded-for",
        "forwarded",
        "x-real-ip",
        "true-client-ip",
        "cf-connecting-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "fastly-client-ip",
        "x-originating-ip",
        "client-ip",
    ];

    /// A field, its kind, and what a proxy appends to it.
    type Proxy = (&'static str, ForwardedHeader, fn(IpAddr) -> String);

    const PROXIES: [Proxy; 2] = [
        ("x-forwarded-for", ForwardedHeader::XForwardedFor, |address| address.to_string()),
        ("forwarded", ForwardedHeader::Forwarded, |address| format!("for=\"{address}\"")),
    ];

    /// Where the trusted proxies are.
    const NETWORKS: [&str; 2] = ["10.0.0.0/8", "2001:db8:aaaa::1"];

    /// A peer that is none of them.
    const PEER: &str = "198.51.100.7";

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn headers<'a>(lines: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> HeaderMap {
        let line = |(name, value): (&str, &[u8])| {
            (name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value).unwrap())
        };
        let mut headers = HeaderMap::new();
        for (name, value) in lines.into_iter().map(line) {
            headers.append(name, value);
        }
        headers
    }

    fn networks() -> ClientRule {
        ClientRule::trusted_proxies(NETWORKS).unwrap()
    }

    fn is_proxy(address: IpAddr) -> bool {
        ["10.0.0.0/8", "2001:db8:aaaa::1"]
            .iter()
            .any(|network| Cidr::parse(network).unwrap().contains(address))
    }

    fn hops(hops: usize) -> ClientRule {
        ClientRule::trusted_hops(hops).unwrap()
    }

    /// A name, the lines of `X-Forwarded-For`, who is the client.
    type Row<'a> = (&'a str, &'a [&'a str], &'a str);

    fn check(rule: &ClientRule, peer: Option<&str>, rows: &[Row<'_>]) {
        for (name, lines, client) in rows {
            let headers = headers(lines.iter().map(|line| ("x-forwarded-for", line.as_bytes())));
            let found = rule.client(peer.map(ip), &headers);
            assert_eq!(found, (*client != "nobody").then(|| ip(client)), "{name}: {lines:?}");
        }
    }

    #[test]
    fn without_trust_no_field_with_any_value_makes_another_client() {
        let long = "1.1.1.1, ".repeat(4_096 / 9);
        let values: [&[&str]; 13] = [
            &["1.1.1.1, 2.2.2.2"],
            &["::1"],
            &["127.0.0.1"],
            &["unknown"],
            &["_hidden"],
            &["1.1.1.1:8080"],
            &["[2001:db8::1]:1"],
            &[""],
            &[" \t "],
            &[&long],
            &["999.1.1.1"],
            &["1.1.1.1", "2.2.2.2"],
            &["for=1.1.1.1"],
        ];
        for nobody in [ClientRule::default(), ClientRule::trusted_proxies([]).unwrap()] {
            for (field, lines) in FIELDS.iter().flat_map(|field| values.map(|lines| (*field, lines))) {
                let headers = headers(lines.iter().map(|line| (field, line.as_bytes())));
                assert_eq!(nobody.client(Some(ip(PEER)), &headers), Some(ip(PEER)), "{field}: {lines:?}");
                assert_eq!(nobody.client(None, &headers), None, "{field}: {lines:?}");
            }
        }
    }

    #[test]
    fn with_trust_the_other_fields_are_not_read() {
        let lines = FIELDS.map(|field| (field, b"for=6.6.6.6".as_slice()));
        let others = headers(lines.into_iter().filter(|(field, _)| *field != "x-forwarded-for"));
        for rule in [networks(), hops(1), hops(3)] {
            assert_eq!(rule.client(Some(ip("10.0.0.1")), &others), Some(ip("10.0.0.1")));
        }
        let forwarded = networks().header(ForwardedHeader::Forwarded);
        let others = headers(FIELDS.map(|field| (field, b"6.6.6.6".as_slice())));
        assert_eq!(forwarded.client(Some(ip("10.0.0.1")), &others), Some(ip("10.0.0.1")));
    }

    #[test]
    fn a_peer_that_is_not_trusted_is_the_client() {
        let rows: &[Row<'_>] = &[
            ("no header", &[], PEER),
            ("an address", &["1.1.1.1"], PEER),
            ("a trusted address", &["10.0.0.2"], PEER),
            ("two lines", &["1.1.1.1", "10.0.0.2"], PEER),
        ];
        check(&networks(), Some(PEER), rows);
    }

    #[test]
    fn behind_trusted_networks_the_client_is_the_right_most_address_outside_of_them() {
        let long = format!("{}203.0.113.9", "6.6.6.6, ".repeat(4_096 / 9));
        let rows: &[Row<'_>] = &[
            ("no header", &[], "10.0.0.1"),
            ("an empty line", &[""], "10.0.0.1"),
            ("a blank line", &[" \t "], "10.0.0.1"),
            ("one address", &["203.0.113.9"], "203.0.113.9"),
            ("a forged address on the left", &["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
            ("a forged trusted address on the left", &["10.6.6.6, 203.0.113.9"], "203.0.113.9"),
            ("an inner proxy", &["6.6.6.6, 203.0.113.9, 10.0.0.2"], "203.0.113.9"),
            ("inner proxies of both families", &["203.0.113.9, 2001:db8:aaaa::1, 10.0.0.2"], "203.0.113.9"),
            ("two lines", &["6.6.6.6", "203.0.113.9"], "203.0.113.9"),
            ("two lines, the last one trusted", &["6.6.6.6, 203.0.113.9", "10.0.0.2"], "203.0.113.9"),
            ("an empty line at the end", &["203.0.113.9", ""], "203.0.113.9"),
            ("all trusted", &["10.0.0.4, 10.0.0.3, 10.0.0.2"], "10.0.0.4"),
            ("all trusted over two lines", &["10.0.0.4", "10.0.0.3, 10.0.0.2"], "10.0.0.4"),
            ("loopback", &["127.0.0.1"], "127.0.0.1"),
            ("loopback of IPv6", &["::1"], "::1"),
            ("a port", &["203.0.113.9:8080"], "203.0.113.9"),
            ("brackets and a port", &["[2001:db8::1]:1"], "2001:db8::1"),
            ("a mapped client", &["::ffff:203.0.113.9"], "203.0.113.9"),
            ("a mapped proxy", &["203.0.113.9, ::ffff:10.0.0.2"], "203.0.113.9"),
            ("4 kB of forged addresses", &[&long], "203.0.113.9"),
        ];
        check(&networks(), Some("10.0.0.1"), rows);
    }

    #[test]
    fn an_unreadable_hop_ends_the_walk_at_the_last_good_one() {
        let rows: &[Row<'_>] = &[
            ("unknown at the right", &["6.6.6.6, unknown"], "10.0.0.1"),
            ("a hidden one at the right", &["6.6.6.6, _hidden"], "10.0.0.1"),
            ("no address at the right", &["6.6.6.6, 999.1.1.1"], "10.0.0.1"),
            ("a bad port at the right", &["6.6.6.6, 203.0.113.9:http"], "10.0.0.1"),
            ("an empty entry at the right", &["6.6.6.6,"], "10.0.0.1"),
            ("a blank entry at the right", &["6.6.6.6, \t"], "10.0.0.1"),
            ("unknown behind a proxy", &["6.6.6.6, unknown, 10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            ("an empty entry behind a proxy", &["6.6.6.6, , 10.0.0.2"], "10.0.0.2"),
            ("unknown on another line", &["6.6.6.6, unknown", "10.0.0.2"], "10.0.0.2"),
            ("unknown on the left of the client", &["unknown, 203.0.113.9"], "203.0.113.9"),
        ];
        check(&networks(), Some("10.0.0.1"), rows);
    }

    #[test]
    fn without_a_peer_trusted_networks_believe_nobody() {
        check(&networks(), None, &[("none", &[], "nobody"), ("one", &["203.0.113.9, 10.0.0.2"], "nobody")]);
    }

    #[test]
    fn a_mapped_address_is_the_ipv4_address_in_networks_and_peers_too() {
        let mapped = ClientRule::trusted_proxies(["::ffff:10.0.0.0/104"]).unwrap();
        let rows: &[Row<'_>] =
            &[("no header", &[], "10.0.0.1"), ("a client", &["203.0.113.9"], "203.0.113.9")];
        for (rule, peer) in [(&mapped, "10.0.0.1"), (&networks(), "::ffff:10.0.0.1")] {
            check(rule, Some(peer), rows);
        }
        check(&ClientRule::default(), Some("::ffff:10.0.0.1"), &[("no trust", &["203.0.113.9"], "10.0.0.1")]);
    }

    #[test]
    fn one_trusted_hop_is_the_right_most_entry() {
        let rows: &[Row<'_>] = &[
            ("no header", &[], PEER),
            ("an empty line", &[""], PEER),
            ("one entry", &["1.1.1.1"], "1.1.1.1"),
            ("two entries", &["6.6.6.6, 1.1.1.1"], "1.1.1.1"),
            ("two lines", &["6.6.6.6", "1.1.1.1"], "1.1.1.1"),
            ("unknown", &["6.6.6.6, unknown"], PEER),
        ];
        check(&hops(1), Some(PEER), rows);
    }

    #[test]
    fn of_several_trusted_hops_each_is_one_entry_further_to_the_left() {
        let rows: &[Row<'_>] = &[
            ("too few entries", &["1.1.1.1"], "1.1.1.1"),
            ("two entries", &["2.2.2.2, 1.1.1.1"], "2.2.2.2"),
            ("more entries", &["6.6.6.6, 2.2.2.2, 1.1.1.1"], "2.2.2.2"),
            ("two lines", &["6.6.6.6, 2.2.2.2", "1.1.1.1"], "2.2.2.2"),
            ("unknown on the way", &["unknown, 1.1.1.1"], "1.1.1.1"),
            ("unknown at once", &["2.2.2.2, unknown"], PEER),
            ("unknown beyond", &["unknown, 2.2.2.2, 1.1.1.1"], "2.2.2.2"),
        ];
        check(&hops(2), Some(PEER), rows);
        check(&hops(3), Some(PEER), &[("third", &["6.6.6.6, 3.3.3.3, 2.2.2.2, 1.1.1.1"], "3.3.3.3")]);
        check(&hops(usize::MAX), Some(PEER), &[("left-most", &["3.3.3.3, 2.2.2.2, 1.1.1.1"], "3.3.3.3")]);
    }

    #[test]
    fn without_a_peer_hops_are_counted_all_the_same() {
        let rows: &[Row<'_>] =
            &[("none", &[], "nobody"), ("one", &["1.1.1.1"], "1.1.1.1"), ("unknown", &["unknown"], "nobody")];
        check(&hops(1), None, rows);
    }

    #[test]
    fn the_standard_field_is_read_where_it_is_asked_for() {
        let lines = [("forwarded", b"for=6.6.6.6, for=\"[2001:db8::1]:4711\";proto=https".as_slice())];
        let both = headers(lines.into_iter().chain([("x-forwarded-for", b"6.6.6.6".as_slice())]));
        for rule in [networks(), hops(1)] {
            let rule = rule.header(ForwardedHeader::Forwarded);
            assert_eq!(rule.client(Some(ip("10.0.0.1")), &both), Some(ip("2001:db8::1")));
        }
    }

    #[test]
    fn every_network_that_is_none_is_told() {
        let faults = ClientRule::trusted_proxies(["10.0.0/8", "192.168.0.0/16", "10.0.0.1/8"]).unwrap_err();
        let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
        let [first, second] = &faults[..] else { panic!("two faults: {faults:?}") };
        assert_eq!(first, "`10.0.0/8` is no network: write `10.0.0.0/8`");
        assert!(second.contains("write the network `10.0.0.0/8`"), "{second}");
    }

    #[test]
    fn zero_hops_are_answered_with_what_to_write() {
        let fault = ClientRule::trusted_hops(0).unwrap_err().to_string();
        assert!(fault.contains("write how many stand in front, `trusted_hops(1)` for one"), "{fault}");
    }

    fn any_rule() -> impl Strategy<Value = ClientRule> {
        let header = prop_oneof![Just(ForwardedHeader::XForwardedFor), Just(ForwardedHeader::Forwarded)];
        let trust = prop_oneof![Just(ClientRule::default()), Just(networks()), (1_usize..5).prop_map(hops)];
        (trust, header).prop_map(|(rule, header)| rule.header(header))
    }

    /// Bytes that may stand in a header value, and more often those that mean something here.
    fn hostile_line() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            3 => prop::sample::select(b",,;=\"\\[]:._ \tfor1029af".to_vec()),
            1 => 32_u8..127,
            1 => 128_u8..=255,
        ];
        let entry =
            prop_oneof![Just("10.0.0.9".into()), Just("6.6.6.6, ".into()), Just("for=\"10.0.0.9".into())];
        prop_oneof![2 => prop::collection::vec(byte, 0..60), 1 => entry.prop_map(String::into_bytes)]
    }

    fn lines(lines: &[Vec<u8>]) -> impl Iterator<Item = (&str, &[u8])> {
        FIELDS.iter().flat_map(move |field| lines.iter().map(|line| (*field, line.as_slice())))
    }

    proptest! {
        #[test]
        fn no_headers_make_it_panic(
            rule in any_rule(), peer: Option<IpAddr>, hostile in prop::collection::vec(hostile_line(), 0..4),
        ) {
            let found = rule.client(peer, &headers(lines(&hostile)));
            prop_assert!(peer.is_none() || found.is_some());
        }

        #[test]
        fn without_trust_the_client_is_the_peer(
            peer: Option<IpAddr>, hostile in prop::collection::vec(hostile_line(), 0..4),
        ) {
            let found = ClientRule::default().client(peer, &headers(lines(&hostile)));
            prop_assert_eq!(found, peer.map(|peer| peer.to_canonical()));
        }

        #[test]
        fn what_stands_on_the_left_of_what_trusted_proxies_appended_changes_nothing(
            hostile in prop::collection::vec(hostile_line(), 0..4),
            proxies in prop::collection::vec(any::<[u8; 3]>(), 0..3),
            client in any::<IpAddr>().prop_filter("no proxy", |client| !is_proxy(*client)),
            own_lines: bool,
        ) {
            let proxies = proxies.iter().map(|[b, c, d]| IpAddr::from([10, *b, *c, *d]));
            let appended: Vec<_> = std::iter::once(client).chain(proxies).collect();
            for (field, header, entry) in PROXIES {
                let mut sent = hostile.clone();
                for entry in appended.iter().map(|address| entry(*address)) {
                    match sent.last_mut().filter(|_| !own_lines) {
                        Some(line) => line.extend_from_slice(format!(", {entry}").as_bytes()),
                        None => sent.push(entry.into_bytes()),
                    }
                }
                let headers = headers(sent.iter().map(|line| (field, line.as_slice())));
                for rule in [networks(), hops(appended.len())] {
                    let found = rule.header(header).client(Some(ip("10.0.0.1")), &headers);
                    prop_assert_eq!(found, Some(client.to_canonical()), "{}", field);
                }
            }
        }
    }
}
