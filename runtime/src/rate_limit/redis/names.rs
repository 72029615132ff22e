//! What budgets are called on the server: the same in every process of a service, and nobody's secret.

use std::collections::HashMap;
use std::fmt::Write;
use std::hash::Hasher;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use siphasher::sip::SipHasher13;

use super::super::policy::Rate;
use super::super::scopes::{self, Declared};
use super::super::store::{Ask, Scope};
use super::super::tiers;
use crate::core::{AddressGroup, Key, Repr};

/// Appends the name of each budget of an ask:
///
/// ```text
/// airports:rl:{airports::list/0:h1RkWq0PZ8nQy3b5m2cXsA}:9c1f0e7d2b4a6835
/// namespace    site, place      key, hashed             algorithm, rate, key's words and tier
/// ```
///
/// What stands in braces is the same for all rates of the limit, so a cluster keeps them together. Limits that a function has
/// beside each other are decided together, whatever their keys are: there it is the name of the site alone, `{airports::list}/0:..`.
/// A limit that has changed begins with full budgets.
pub(super) fn budgets(namespace: &str, ask: &Ask<'_>, into: &mut Vec<String>) {
    let limit = limit_of(ask.scope);
    let key = key(&ask.key);
    let tier = if ask.scope.is_tier() { tiers::content(ask.rates) } else { 0 };
    let fingerprint = |rate| fingerprint(ask, tier, rate, limit.key_words);
    into.extend(ask.rates.iter().map(|rate| name(namespace, limit, key, fingerprint(rate))));
}

fn name(namespace: &str, limit: &LimitName, key: [u8; 16], fingerprint: u64) -> String {
    let mut name = String::with_capacity(namespace.len() + limit.name.len() + 48);
    // Writing to a string does not fail.
    let _ = write!(name, "{namespace}:rl:{{{}:", limit.name);
    URL_SAFE_NO_PAD.encode_string(key, &mut name);
    let end = if limit.is_alone { "}" } else { "" };
    let _ = write!(name, "{end}:{fingerprint:016x}");
    name
}

/// What a limit is called.
struct LimitName {
    /// With the end of what a cluster looks at, unless it is alone.
    name: String,
    /// Whether it is decided by itself, so that its keys may be spread over a cluster.
    is_alone: bool,
    key_words: &'static str,
}

fn limit_of(scope: Scope) -> &'static LimitName {
    static UNKNOWN: LazyLock<LimitName> =
        LazyLock::new(|| LimitName { name: "unknown".to_owned(), is_alone: true, key_words: "" });
    NAMES.get(&scope.number()).unwrap_or(&UNKNOWN)
}

static NAMES: LazyLock<HashMap<u32, LimitName>> =
    LazyLock::new(|| scopes::all_limits().map(|limit| (limit.scope().number(), name_of(&limit))).collect());

fn name_of(declared: &Declared) -> LimitName {
    let key_words = declared.limit.key_words();
    let beside = scopes::limits_of(declared.site).count() > 1;
    match declared.limit.shared_as() {
        Some(share) => LimitName::shared(share, key_words),
        None => LimitName::new(declared.site.name(), declared.place, beside, key_words),
    }
}

impl LimitName {
    fn new(site: &str, place: usize, beside_others: bool, key_words: &'static str) -> Self {
        let end = if beside_others { "}" } else { "" };
        Self { name: format!("{}{end}/{place}", plain(site)), is_alone: !beside_others, key_words }
    }

    /// No site is called so: a `%` of theirs is escaped.
    fn shared(share: &str, key_words: &'static str) -> Self {
        Self { name: format!("%share/{}", plain(share)), is_alone: true, key_words }
    }
}

/// Braces would end what a cluster looks at. Different names stay different.
fn plain(name: &str) -> String {
    name.replace('%', "%25").replace('{', "%7B").replace('}', "%7D")
}

/// 128 bits of a digest that cannot be turned back by who reads the server's keys without trying out all keys.
fn key(key: &Key) -> [u8; 16] {
    let mut digest = Sha256::new();
    match key.repr() {
        Repr::Everyone => digest.update(b"e"),
        Repr::Anonymous => digest.update(b"a"),
        Repr::Address(AddressGroup::V4(bits)) => {
            digest.update(b"4");
            digest.update(bits.to_be_bytes());
        }
        Repr::Address(AddressGroup::V6Network(bits)) => {
            digest.update(b"6");
            digest.update(bits.to_be_bytes());
        }
        Repr::Bytes(bytes) => {
            digest.update(b"b");
            digest.update(bytes);
        }
        Repr::Principal(bytes) => {
            digest.update(b"p");
            digest.update(bytes);
        }
    }
    let digest: [u8; 32] = digest.finalize().into();
    let (first, _) = digest.split_at(16);
    first.try_into().unwrap_or_default()
}

/// Tells how a budget is counted, whatever the rate is called. Without a secret, so that it is the same everywhere.
/// A rate that stands in several tiers has a budget in each: the tier is all of its rates.
fn fingerprint(ask: &Ask<'_>, tier: u64, rate: &Rate, key_words: &str) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(ask.algorithm.as_str().as_bytes());
    hasher.write(&[0]);
    hasher.write(key_words.as_bytes());
    hasher.write(&[0]);
    hasher.write(&tier.to_le_bytes());
    for number in [rate.quota().into(), rate.period_nanos(), rate.capacity().into()] {
        hasher.write(&number.to_le_bytes());
    }
    // A limit of which nobody knows the name is told apart by its number.
    if key_words.is_empty() {
        hasher.write(&ask.scope.number().to_le_bytes());
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::rate_limit::policy::Algorithm;

    const SECOND: u64 = 1_000_000_000;
    const ONE: &[Rate] = &[Rate::new("default", 5, SECOND)];
    const TWO: &[Rate] = &[Rate::new("second", 5, SECOND), Rate::new("minute", 50, 60 * SECOND)];

    fn names(ask: &Ask<'_>) -> Vec<String> {
        let mut names = Vec::new();
        budgets("airports", ask, &mut names);
        names
    }

    #[test]
    fn names_are_the_same_in_every_process() {
        let ask = Ask::new(Scope::new(7), Key::from("sk_live_1"), ONE);
        assert_eq!(names(&ask), ["airports:rl:{unknown:j-7qrzn_dK3VQoLeHiLumA}:16fdc21a38c76c87"]);
    }

    #[test]
    fn all_rates_of_a_limit_have_one_tag_and_names_of_their_own() {
        let names = names(&Ask::new(Scope::new(7), Key::from("ada"), TWO));
        let tag = |name: &str| name.split_once('}').map(|(tag, _)| tag.to_owned());
        assert_eq!(names.len(), 2);
        assert_ne!(names[0], names[1]);
        assert_eq!(tag(&names[0]), tag(&names[1]));
    }

    #[test]
    fn limits_of_one_function_are_kept_together_and_the_keys_of_a_single_one_are_not() {
        let slots = |place, beside_others| {
            let limit = LimitName::new("airports::{list}", place, beside_others, "ip");
            [1, 2].map(|key| {
                let name = name("airports", &limit, [key; 16], 7);
                let (_, tagged) = name.split_once('{').unwrap();
                assert!(name.starts_with("airports:rl:{") && name.ends_with(":0000000000000007"), "{name}");
                tagged.split_once('}').unwrap().0.to_owned()
            })
        };
        assert_eq!([slots(0, true), slots(1, true)].as_flattened(), ["airports::%7Blist%7D"; 4]);
        assert_ne!(slots(0, false)[0], slots(0, false)[1]);
    }

    #[test]
    fn no_two_limits_have_one_name_whatever_sites_and_shares_are_called() {
        let called = [
            "a_b",
            "a{b",
            "a}b",
            "a%7Bb",
            "a%257Bb",
            "share/a_b",
            "%share/a_b",
            "a_b/0",
            "a_b}/0",
            "unknown",
        ];
        let sites = called.iter().flat_map(|site| {
            [(0, false), (0, true), (1, true)]
                .map(|(place, beside)| LimitName::new(site, place, beside, "ip"))
        });
        let shares = called.iter().map(|share| LimitName::shared(share, "ip"));
        let names: Vec<_> = sites.chain(shares).map(|limit| name("airports", &limit, [0; 16], 7)).collect();
        for name in &names {
            assert_eq!((name.matches('{').count(), name.matches('}').count()), (1, 1), "{name}");
        }
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len(), "{names:?}");
    }

    #[test]
    fn whatever_counts_differently_has_another_name() {
        let ask = |scope, key: Key| Ask::new(scope, key, ONE);
        let (scope, ada) = (Scope::new(7), || Key::from("ada"));
        let slower = [Rate::new("default", 5, 2 * SECOND)];
        let higher = [Rate::new("default", 5, SECOND).burst(6)];
        let asks = [
            ask(scope, ada()),
            ask(scope, Key::from("bob")),
            ask(scope, Key::bytes("ada")),
            ask(scope, Key::EVERYONE),
            ask(scope, Key::ANONYMOUS),
            ask(Scope::new(8), ada()),
            ask(scope.of_tier(1), ada()),
            Ask { algorithm: Algorithm::TokenBucket, ..ask(scope, ada()) },
            Ask { rates: &slower, ..ask(scope, ada()) },
            Ask { rates: &higher, ..ask(scope, ada()) },
        ];
        let names: HashSet<_> = asks.iter().flat_map(names).collect();
        assert_eq!(names.len(), asks.len());
    }

    #[test]
    fn a_tier_is_named_by_all_of_its_rates_and_not_by_its_number_in_this_process() {
        let of = |tier, rates| names(&Ask::new(Scope::new(7).of_tier(tier), Key::from("ada"), rates));
        assert_eq!(of(1, TWO), of(2, TWO));
        assert_eq!(of(1, ONE), ["airports:rl:{unknown:DiXgHhbW9mirh4PV7V40GQ}:0f5c7932330cc2e3"]);
        let in_both = &TWO[..1];
        assert_ne!(of(1, in_both)[0], of(1, TWO)[0], "the rate stands in two tiers");
        let higher: &[Rate] = &[TWO[0], TWO[1].burst(500)];
        assert_ne!(of(1, higher)[0], of(1, TWO)[0], "the tiers differ in the burst of the other rate");
    }

    #[test]
    fn nobody_reads_a_key_in_a_name() {
        let names = names(&Ask::new(Scope::new(7), Key::from("sk_live_1"), ONE));
        assert!(!names[0].contains("sk_live"), "{names:?}");
    }
}
