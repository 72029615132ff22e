//! Keys as operators read them: what `key_text.rs` reads, the other way round.

use std::net::{Ipv4Addr, Ipv6Addr};

use percent_encoding::{AsciiSet, CONTROLS, percent_encode};

use super::key::Key;

/// Longer ones are cut off: whoever lists keys shows many of them.
const MOST_BYTES: usize = 128;

/// What stands for itself nowhere: separators, what escapes, and what does not print.
const ESCAPED: &AsciiSet = &CONTROLS.add(b'%').add(b',').add(b'/');

impl Key {
    /// The text that is read as this key, no longer than 128 bytes. One of a single part is told as that part.
    pub(crate) fn told(&self) -> String {
        let mut told = told(&self.encoded());
        if told.len() > MOST_BYTES {
            told.truncate(told.floor_char_boundary_of(MOST_BYTES - "..".len()));
            told.push_str("..");
        }
        told
    }
}

trait Cut {
    fn floor_char_boundary_of(&self, most: usize) -> usize;
}

impl Cut for str {
    fn floor_char_boundary_of(&self, most: usize) -> usize {
        (0..=most).rev().find(|place| self.is_char_boundary(*place)).unwrap_or_default()
    }
}

fn told(encoded: &[u8]) -> String {
    let Some((tag, rest)) = encoded.split_first() else { return String::new() };
    let escaped = |bytes: &[u8]| percent_encode(bytes, ESCAPED).to_string();
    match tag {
        b'e' => "global".to_owned(),
        b'a' => "anonymous".to_owned(),
        b'4' => format!(
            "ip:{}",
            rest.try_into().map(u32::from_be_bytes).map_or(Ipv4Addr::UNSPECIFIED, Ipv4Addr::from)
        ),
        b'6' => {
            format!("ip:{}", Ipv6Addr::from(u128::from(rest.try_into().map_or(0, u64::from_be_bytes)) << 64))
        }
        b't' => format!("text:{}", escaped(rest)),
        b'b' => format!("header:{}", escaped(rest)),
        b'n' => format!("number:{}", rest.try_into().map_or(0, u64::from_le_bytes)),
        b'p' => principal(rest, escaped),
        b'j' => parts(rest).map(told).collect::<Vec<_>>().join(","),
        _ => "?".to_owned(),
    }
}

fn principal(rest: &[u8], escaped: impl Fn(&[u8]) -> String) -> String {
    let Some((has_tenant, rest)) = rest.split_first() else { return "principal:".to_owned() };
    let Some((tenant, subject)) = divided(rest) else { return "principal:".to_owned() };
    let tenant = if *has_tenant > 0 { format!("{}/", escaped(tenant)) } else { String::new() };
    format!("principal:{tenant}{}", escaped(subject))
}

/// The parts of a key that was made of several.
fn parts(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (part, others) = divided(rest)?;
        rest = others;
        Some(part)
    })
}

/// What has its length in front, and what follows.
fn divided(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_as_they_are_read() {
        let cases = [
            "ip:203.0.113.7",
            "ip:2001:db8::",
            "principal:ada",
            "principal:acme/ada",
            "principal:a%2Fb/c%2Fd",
            "header:k-1",
            "header:%FF%00",
            "text:50%25",
            "text:",
            "number:7",
            "global",
            "anonymous",
            "ip:203.0.113.7,header:a%2Cb",
            "text:a,number:7,text:b",
        ];
        for text in cases {
            assert_eq!(text.parse::<Key>().map(|key| key.told()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn a_key_of_one_part_is_told_as_that_part_and_a_long_one_is_cut_off() {
        assert_eq!(Key::join([Key::from("acme")]).told(), "text:acme");
        let long = Key::from("\u{e9}".repeat(500)).told();
        assert!(long.len() <= MOST_BYTES && long.ends_with(".."), "{long}");
    }
}
