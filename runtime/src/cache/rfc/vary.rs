//! By which fields of requests an answer is chosen: RFC 9111, section 4.1.

use http::header::VARY;
use http::{HeaderMap, HeaderName};
use smallvec::SmallVec;

use super::syntax::members;

/// What the `Vary` of an answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Vary {
    /// The answer is for all requests, or for those whose fields of these names are alike. Sorted, each once.
    By(SmallVec<[HeaderName; 4]>),
    /// No request is known to match: `*`, or what is no name.
    Unknown,
}

impl Vary {
    /// Of an answer.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let names: Option<SmallVec<[HeaderName; 4]>> = members(headers, VARY).map(name).collect();
        let Some(mut names) = names else { return Self::Unknown };
        names.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        names.dedup();
        Self::By(names)
    }

    /// Whether it names nothing but these lower-case names.
    pub(crate) fn is_within(&self, declared: &[&str]) -> bool {
        match self {
            Self::By(names) => names.iter().all(|name| declared.contains(&name.as_str())),
            Self::Unknown => false,
        }
    }
}

/// `*` is a token, and so it would be a name.
fn name(member: &[u8]) -> Option<HeaderName> {
    if member == b"*" { None } else { HeaderName::from_bytes(member).ok() }
}

/// Adds the value that a request has in a field, so that equal bytes mean equal requests and nothing that follows can be taken for a part of
/// it. White space around commas and how a list is spread over lines do not count; an empty field is not an absent one.
pub(crate) fn add_value(request: &HeaderMap, name: &str, key: &mut Vec<u8>) {
    let mut lines = request.get_all(name).iter();
    let Some(first) = lines.next() else { return key.extend(ABSENT) };
    let start = key.len();
    key.extend([0; 4]);
    add_line(first.as_bytes(), key, start + 4);
    for line in lines {
        add_line(line.as_bytes(), key, start + 4);
    }
    let length = u32::try_from(key.len() - start - 4).unwrap_or(u32::MAX - 1);
    key[start..start + 4].copy_from_slice(&length.to_le_bytes());
}

/// In the place of a length.
const ABSENT: [u8; 4] = u32::MAX.to_le_bytes();

fn add_line(line: &[u8], key: &mut Vec<u8>, start: usize) {
    if !line.contains(&b',') && key.len() == start {
        return key.extend(line.trim_ascii());
    }
    for member in super::syntax::split(line) {
        if key.len() > start {
            key.push(b',');
        }
        key.extend(member);
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::ACCEPT_LANGUAGE;

    use super::*;

    fn vary(lines: &[&'static str]) -> Vary {
        let headers = lines.iter().map(|line| (VARY, HeaderValue::from_static(line))).collect();
        Vary::of(&headers)
    }

    fn key(lines: &[&'static str]) -> Vec<u8> {
        let headers = lines.iter().map(|line| (ACCEPT_LANGUAGE, HeaderValue::from_static(line))).collect();
        let mut key = vec![7];
        add_value(&headers, "accept-language", &mut key);
        key
    }

    #[test]
    fn names_are_a_set() {
        assert_eq!(vary(&["Accept, X-B ,,accept", "x-a"]), vary(&["x-a,x-b, accept"]));
        assert_eq!(vary(&[]), Vary::By(SmallVec::new()));
        assert_eq!(vary(&["", " , "]), Vary::By(SmallVec::new()));
        for lines in [&["*"][..], &["accept, *"], &["accept", "*"], &["a b"], &["\"a\""]] {
            assert_eq!(vary(lines), Vary::Unknown, "{lines:?}");
        }
        assert!(vary(&["Accept"]).is_within(&["accept", "x-a"]));
        assert!(!vary(&["Accept, origin"]).is_within(&["accept", "x-a"]));
        assert!(vary(&[]).is_within(&[]) && !vary(&["*"]).is_within(&["*"]));
    }

    #[test]
    fn white_space_and_lines_do_not_tell_values_apart_and_the_rest_does() {
        for same in [&["en,de"][..], &["en ,  de"], &["en", "de"], &[" en, , de "], &["en,", ",de"]] {
            assert_eq!(key(same), key(&["en, de"]), "{same:?}");
        }
        for other in [&[][..], &[""], &["de, en"], &["en"], &["EN, de"], &["en; de"], &["en\"a, b\", de"]] {
            assert_ne!(key(other), key(&["en, de"]), "{other:?}");
        }
        assert_ne!(key(&[]), key(&[""]));
        assert_ne!(key(&["\"a , b\""]), key(&["\"a,b\""]));
    }
}
