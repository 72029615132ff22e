//! Who shares a budget: the key of a limit.

use std::fmt;
use std::net::IpAddr;

/// Names whoever shares one budget of a limit, one breaker or one cache entry.
///
/// Made from an address, a text or a number, or from several keys by [`Key::join`]. Different kinds never
/// collide: the text `"7"` and the number `7` are two keys, and so are `("a:b", "c")` and `("a", "b:c")`. `Debug`
/// shows the kind alone, because keys are often secrets (API keys) or personal data (addresses).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key(Repr);

/// The forms that a store can tell apart.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Repr {
    /// One budget for all.
    Everyone,
    /// One budget for all whose key is missing.
    Anonymous,
    /// One budget for a client address or network.
    Address(AddressGroup),
    /// One budget for a text, a number or a combination, tagged and length-prefixed.
    Bytes(Box<[u8]>),
    /// One budget for somebody who has proven who it is; tagged and length-prefixed likewise.
    Principal(Box<[u8]>),
}

/// A client's address as far as it identifies a client: all of an IPv4 address, the /64 network of an IPv6 address.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum AddressGroup {
    V4(u32),
    V6Network(u64),
}

impl Key {
    /// The key that every request shares.
    pub const EVERYONE: Self = Self(Repr::Everyone);

    /// The key that all requests share whose own key is missing.
    pub const ANONYMOUS: Self = Self(Repr::Anonymous);

    /// The key of a client address.
    ///
    /// IPv6 addresses count by their /64 network, because one client owns all of it (RFC 6177); IPv4 addresses
    /// that are mapped into IPv6 (RFC 4291, section 2.5.5.2) are the IPv4 addresses that they stand for.
    #[inline]
    #[must_use]
    pub fn address(address: IpAddr) -> Self {
        Self(Repr::Address(match address.to_canonical() {
            IpAddr::V4(v4) => AddressGroup::V4(v4.to_bits()),
            #[allow(clippy::cast_possible_truncation, reason = "64 bits are left after the shift")]
            IpAddr::V6(v6) => AddressGroup::V6Network((v6.to_bits() >> 64) as u64),
        }))
    }

    /// The key of any bytes.
    #[must_use]
    pub fn bytes(bytes: impl AsRef<[u8]>) -> Self {
        Self::tagged(b'b', bytes.as_ref())
    }

    /// One key out of several: who differs in any of them has a budget of their own.
    #[must_use]
    pub fn join(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut joined = vec![b'j'];
        for part in parts {
            let part = part.encoded();
            joined.extend_from_slice(&(part.len() as u64).to_le_bytes());
            joined.extend_from_slice(&part);
        }
        Self(Repr::Bytes(joined.into()))
    }

    /// What kind of key this is, for logs and inventories, which must never see the key itself.
    #[must_use]
    pub const fn class(&self) -> &'static str {
        match self.0 {
            Repr::Everyone => "everyone",
            Repr::Anonymous => "anonymous",
            Repr::Address(_) => "address",
            Repr::Bytes(_) => "value",
            Repr::Principal(_) => "principal",
        }
    }

    /// The key of a subject within its tenant.
    pub(super) fn principal(tenant: Option<&str>, subject: &str) -> Self {
        let marks = [b'p', u8::from(tenant.is_some())];
        let tenant = tenant.unwrap_or_default();
        let length = (tenant.len() as u64).to_le_bytes();
        let mut bytes = Vec::with_capacity(marks.len() + length.len() + tenant.len() + subject.len());
        bytes.extend_from_slice(&marks);
        bytes.extend_from_slice(&length);
        bytes.extend_from_slice(tenant.as_bytes());
        bytes.extend_from_slice(subject.as_bytes());
        Self(Repr::Principal(bytes.into()))
    }

    /// The same, as one that clients can make up: an address that a type of the user's names may be read from a field
    /// that anybody can send.
    pub(crate) fn made_up(self) -> Self {
        match self.0 {
            Repr::Address(_) => Self(Repr::Bytes(self.encoded().into())),
            _ => self,
        }
    }

    pub(crate) const fn repr(&self) -> &Repr {
        &self.0
    }

    fn tagged(tag: u8, bytes: &[u8]) -> Self {
        let mut tagged = Vec::with_capacity(bytes.len() + 1);
        tagged.push(tag);
        tagged.extend_from_slice(bytes);
        Self(Repr::Bytes(tagged.into()))
    }

    /// The same for equal keys, different for different ones.
    pub(super) fn encoded(&self) -> Vec<u8> {
        match &self.0 {
            Repr::Everyone => vec![b'e'],
            Repr::Anonymous => vec![b'a'],
            Repr::Address(AddressGroup::V4(bits)) => [&[b'4'][..], &bits.to_be_bytes()].concat(),
            Repr::Address(AddressGroup::V6Network(bits)) => [&[b'6'][..], &bits.to_be_bytes()].concat(),
            Repr::Bytes(bytes) | Repr::Principal(bytes) => bytes.to_vec(),
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key(<{}>)", self.class())
    }
}

impl From<IpAddr> for Key {
    fn from(address: IpAddr) -> Self {
        Self::address(address)
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self::tagged(b't', text.as_bytes())
    }
}

impl From<String> for Key {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<u64> for Key {
    fn from(number: u64) -> Self {
        Self::tagged(b'n', &number.to_le_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Key {
        Key::address(text.parse().unwrap())
    }

    #[test]
    fn separators_inside_of_parts_never_make_two_joined_keys_collide() {
        let join = |a: &str, b: &str| Key::join([a.into(), b.into()]);
        assert_ne!(join("a:b", "c"), join("a", "b:c"));
        assert_ne!(join("ab", ""), join("a", "b"));
        assert_ne!(join("at", "b"), join("a", "tb"), "a part that looks like the mark of the next");
        assert_ne!(Key::join([join("a", "b"), "c".into()]), Key::join(["a".into(), join("b", "c")]));
        assert_eq!(join("a", "b"), join("a", "b"));
    }

    #[test]
    fn kinds_never_collide() {
        assert_ne!(Key::from("7"), Key::bytes("7"));
        assert_ne!(Key::from(0x37), Key::bytes(0x37_u64.to_le_bytes()));
        assert_ne!(Key::from(""), Key::EVERYONE);
        assert_ne!(Key::join([Key::EVERYONE]), Key::join([Key::ANONYMOUS]));
    }

    #[test]
    fn ipv6_counts_by_its_64_bit_network_and_mapped_ipv4_as_ipv4() {
        assert_eq!(address("2001:db8::1"), address("2001:db8::ffff:1"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_eq!(address("::ffff:10.0.0.1"), address("10.0.0.1"));
        assert_ne!(address("10.0.0.1"), address("10.0.0.2"));
    }

    #[test]
    fn debug_output_hides_the_key() {
        assert_eq!(format!("{:?}", Key::from("sk_live_secret")), "Key(<value>)");
    }
}
