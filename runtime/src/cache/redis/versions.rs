//! What a mark's key holds: a random number, which is another one each time the mark is thrown away.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::super::remote::Version;

/// One that a mark never had, in practice; nothing where the system has no random numbers.
pub(super) fn new() -> Option<Version> {
    getrandom::u64().ok().map(|number| number.max(1))
}

/// How it is kept.
pub(super) fn written(version: Version) -> String {
    format!("{version:016x}")
}

/// What is kept. Whatever somebody else wrote there is a version too: the mark is not as it was.
pub(super) fn read(bytes: &[u8]) -> Version {
    let ours = str::from_utf8(bytes).ok().filter(|text| text.len() == 16);
    let number = ours.and_then(|text| Version::from_str_radix(text, 16).ok());
    number.filter(|number| *number > 0).unwrap_or_else(|| {
        let mut hasher = SipHasher13::new();
        hasher.write(bytes);
        hasher.finish().max(1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_they_were_written_and_are_never_zero() {
        for version in [1, 0xABCD, u64::MAX, new().unwrap()] {
            assert_eq!(read(written(version).as_bytes()), version);
        }
        for foreign in [&b""[..], b"0000000000000000", b"?", b"+123456789012345", b"\xff\xff", &[0; 16]] {
            assert_ne!(read(foreign), 0, "{foreign:?}");
        }
    }
}
