//! Which of the 16384 slots a key is in.

/// How many slots a cluster has.
pub(super) const SLOTS: u16 = 16_384;

/// The polynomial of XMODEM's CRC-16, which is the one of Redis Cluster.
const POLYNOMIAL: u16 = 0x1021;
const STEPS: [u16; 256] = steps();

/// The slot of a key: that of what stands between its first braces, where something does.
pub(in crate::backend::redis) fn slot_of(key: &str) -> u16 {
    crc16(tag_of(key)) % SLOTS
}

fn tag_of(key: &str) -> &str {
    let tag = key.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(tag, _)| tag);
    tag.filter(|tag| !tag.is_empty()).unwrap_or(key)
}

fn crc16(text: &str) -> u16 {
    text.bytes().fold(0, |crc, byte| {
        let [high, low] = crc.to_be_bytes();
        let step = STEPS.get(usize::from(high ^ byte)).copied().unwrap_or_default();
        u16::from_be_bytes([low, 0]) ^ step
    })
}

/// What each byte does to a checksum.
const fn steps() -> [u16; 256] {
    let mut steps = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[allow(clippy::cast_possible_truncation)] // it is below 256
        let mut crc = (byte as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ POLYNOMIAL };
            bit += 1;
        }
        steps[byte] = crc;
        byte += 1;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_those_of_the_specification() {
        assert_eq!(crc16("123456789"), 0x31C3);
        assert_eq!(slot_of("123456789"), 12_739);
        assert_eq!(slot_of("foo"), 12_182);
        assert_eq!(slot_of(""), 0);
    }

    #[test]
    fn only_what_stands_between_the_first_braces_counts() {
        assert_eq!(slot_of("{user1000}.following"), slot_of("{user1000}.followers"));
        for (key, counts) in [
            ("a{b}c{d}", "b"),
            ("foo{}{bar}", "foo{}{bar}"),
            ("foo{{bar}}zap", "{bar"),
            ("foo{bar", "foo{bar"),
            ("}foo{bar}", "bar"),
        ] {
            assert_eq!(tag_of(key), counts, "{key}");
        }
    }
}
