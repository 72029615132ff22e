//! Keys as operators write them: `ip:203.0.113.7`, `principal:acme/ada`.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use percent_encoding::percent_decode_str;

use super::key::Key;
use super::suggest::closest;

/// A text is no [`Key`]. It tells what to write, and shows nothing of the text, which may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseKeyError(Fault);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// With the kind that is near, if any.
    Kind(Option<&'static str>),
    Address,
    Number,
    Principal,
    Escape,
}

impl fmt::Display for ParseKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Fault::Kind(Some(near)) => write!(f, "this is no kind of key: did you mean `{near}`?"),
            Fault::Kind(None) => f.write_str(
                "a key begins with its kind: write `ip:203.0.113.7`, `principal:ada`, `principal:tenant/ada`, `header:value`, \
                 `text:value`, `number:7`, `global` or `anonymous`",
            ),
            Fault::Address => f.write_str("behind `ip:` stands an address: write `ip:203.0.113.7` or `ip:2001:db8::1`"),
            Fault::Number => f.write_str("behind `number:` stands a whole number: write `number:7`"),
            Fault::Principal => {
                f.write_str("behind `principal:` stands a subject, with its tenant in front where it has one: write `principal:ada` or \
                             `principal:tenant/ada`")
            }
            Fault::Escape => f.write_str("what is escaped here is no text (UTF-8)"),
        }
    }
}

impl std::error::Error for ParseKeyError {}

const KINDS: [&str; 7] = ["ip", "principal", "header", "text", "number", "global", "anonymous"];

/// The kind, a colon and the value, as limits count by them:
///
/// | text | the key of |
/// | --- | --- |
/// | `ip:203.0.113.7`, `ip:2001:db8::1` | `key = ip` |
/// | `principal:ada`, `principal:tenant/ada` | `key = principal`, without or with a tenant |
/// | `header:value` | `key = header("..")`, whatever the field is called |
/// | `global` | `key = global` |
/// | `text:value`, `number:7` | a type of your own that makes its key of a text or a number |
/// | `anonymous` | all requests without a key |
/// | `ip:203.0.113.7,header:value` | a tuple, in its order |
///
/// In values `%XX` stands for a byte: `%2C` for a comma, `%2F` for a slash within a tenant or subject, `%25` for `%` itself.
///
/// ```
/// use tollgate::Key;
///
/// assert_eq!("ip:203.0.113.7".parse(), Ok(Key::address([203, 0, 113, 7].into())));
/// assert_eq!("text:a%2Cb".parse(), Ok(Key::from("a,b")));
/// assert!("203.0.113.7".parse::<Key>().is_err());
/// ```
impl FromStr for Key {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        if text.contains(',') {
            let parts: Result<Vec<_>, _> = text.split(',').map(one).collect();
            return Ok(Self::join(parts?));
        }
        one(text)
    }
}

fn one(text: &str) -> Result<Key, ParseKeyError> {
    let fault = |fault| Err(ParseKeyError(fault));
    match text.split_once(':') {
        None if text == "global" => Ok(Key::EVERYONE),
        None if text == "anonymous" => Ok(Key::ANONYMOUS),
        Some(("ip", address)) => match address.parse::<IpAddr>() {
            Ok(address) => Ok(Key::address(address)),
            Err(_) => fault(Fault::Address),
        },
        Some(("principal", whole)) => principal(whole),
        Some(("header", value)) => Ok(Key::bytes(Cow::from(percent_decode_str(value)))),
        Some(("text", value)) => Ok(Key::from(&*decoded(value)?)),
        Some(("number", number)) => match number.parse::<u64>() {
            Ok(number) => Ok(Key::from(number)),
            Err(_) => fault(Fault::Number),
        },
        Some((kind, _)) => fault(Fault::Kind(closest(kind, KINDS.into_iter()))),
        None => fault(Fault::Kind(closest(text, ["global", "anonymous"].into_iter()))),
    }
}

fn principal(whole: &str) -> Result<Key, ParseKeyError> {
    let (tenant, subject) = match whole.split_once('/') {
        Some((tenant, subject)) => (Some(decoded(tenant)?), subject),
        None => (None, whole),
    };
    if subject.is_empty() || subject.contains('/') {
        return Err(ParseKeyError(Fault::Principal));
    }
    Ok(Key::principal(tenant.as_deref(), &decoded(subject)?))
}

fn decoded(text: &str) -> Result<Cow<'_, str>, ParseKeyError> {
    percent_decode_str(text).decode_utf8().map_err(|_| ParseKeyError(Fault::Escape))
}

#[cfg(test)]
mod tests {
    use super::super::principal::Principal;
    use super::*;

    fn key(text: &str) -> Key {
        text.parse().unwrap()
    }

    #[test]
    fn every_kind_is_the_key_that_limits_count_by() {
        let address = |text: &str| Key::address(text.parse().unwrap());
        assert_eq!(key("ip:203.0.113.7"), address("203.0.113.7"));
        assert_eq!(key("ip:::ffff:203.0.113.7"), address("203.0.113.7"));
        assert_eq!(key("ip:2001:db8::1"), address("2001:db8::2"), "all of a /64");
        assert_eq!(key("global"), Key::EVERYONE);
        assert_eq!(key("anonymous"), Key::ANONYMOUS);
        assert_eq!(key("principal:ada"), Principal::new("ada").key());
        assert_eq!(key("principal:acme/ada"), Principal::new("ada").with_tenant("acme").key());
        assert_eq!(key("principal:a%2Fb/c%2Fd"), Principal::new("c/d").with_tenant("a/b").key());
        assert_eq!(key("header:k-1"), Key::bytes("k-1"));
        assert_eq!(key("header:%FF%00"), Key::bytes([0xff, 0]));
        assert_eq!(key("header:a:b"), Key::bytes("a:b"));
        assert_eq!(key("text:50%25"), Key::from("50%"));
        assert_eq!(key("number:7"), Key::from(7));
        assert_eq!(
            key("ip:203.0.113.7,header:a%2Cb"),
            Key::join([address("203.0.113.7"), Key::bytes("a,b")])
        );
    }

    #[test]
    fn what_is_none_is_told_without_being_shown() {
        let cases = [
            ("", "a key begins with its kind"),
            ("203.0.113.7", "a key begins with its kind"),
            ("sk_live_secret", "a key begins with its kind"),
            ("sk_live:secret", "a key begins with its kind"),
            ("principle:secret", "did you mean `principal`?"),
            ("Global", "did you mean `global`?"),
            ("ip:secret", "stands an address"),
            ("ip:[2001:db8::1]", "stands an address"),
            ("number:-7", "stands a whole number"),
            ("principal:", "stands a subject"),
            ("principal:secret/", "stands a subject"),
            ("principal:a/b/secret", "stands a subject"),
            ("text:%FFsecret", "no text"),
            ("ip:203.0.113.7,", "a key begins with its kind"),
        ];
        for (text, expected) in cases {
            let told = text.parse::<Key>().unwrap_err().to_string();
            assert!(told.contains(expected) && !told.contains("secret"), "{text}: {told}");
        }
    }
}
