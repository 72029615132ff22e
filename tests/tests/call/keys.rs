//! Keys: format strings over the bindings of a function.

use std::fmt;

use tollgate::call;
use tollgate_tests::events::{heard, listen};

use crate::support::{Answer, Polled, tollgate};

#[call::rate_limited("1/minute", key = "{tenant}")]
async fn by_one(tenant: &str) -> Answer<()> {
    let _ = tenant;
    Ok(())
}

#[call::rate_limited("1/minute", key = "{one}{other}")]
async fn by_two(one: &str, other: &str) -> Answer<()> {
    let _ = (one, other);
    Ok(())
}

#[call::rate_limited("1/minute", key = "airport:{iata:?} {{literally}} {level:>4}")]
async fn by_template(iata: Option<&str>, level: u8) -> Answer<()> {
    let _ = (iata, level);
    Ok(())
}

struct Tenant {
    id: u32,
    name: String,
}

#[call::rate_limited("1/minute", key = "{id}")]
async fn by_pattern(Tenant { id, name }: Tenant, key: u8) -> Answer<(u32, String, u8)> {
    Ok((id, name, key))
}

#[call::rate_limited("1/minute", key = "{key}{parts}{type}")]
async fn by_names_of_ours(key: u8, parts: u8, r#type: u8) -> Answer<u8> {
    Ok(key + parts + r#type)
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Tenant {
    #[call::rate_limited("1/minute", key = "{self}/{what}")]
    async fn by_self(&mut self, what: &str) -> Answer<String> {
        self.id += 1;
        Ok(format!("{} {what} {}", self.name, self.id))
    }
}

/// Whether a call is admitted; the clock stands still.
macro_rules! admitted {
    ($tollgate:expr, $call:expr) => {
        Polled::new($tollgate.scope($call)).poll().unwrap().is_ok()
    };
}

#[test]
fn each_value_has_a_budget_of_its_own() {
    let (tollgate, _clock) = tollgate();
    let admitted: Vec<_> =
        ["a", "b", "a", "", ""].map(|tenant| admitted!(tollgate, by_one(tenant))).into_iter().collect();
    assert_eq!(admitted, [true, true, false, true, false]);
}

#[test]
fn parts_that_follow_one_another_never_collide() {
    let (tollgate, _clock) = tollgate();
    for (one, other) in [("ab", "c"), ("a", "bc"), ("", "abc"), ("abc", "")] {
        assert!(admitted!(tollgate, by_two(one, other)), "{one} {other}");
        assert!(!admitted!(tollgate, by_two(one, other)), "{one} {other}");
    }
}

#[test]
fn what_a_format_string_can_say_a_key_can() {
    let (tollgate, _clock) = tollgate();
    assert!(admitted!(tollgate, by_template(Some("CDG"), 1)));
    assert!(admitted!(tollgate, by_template(None, 1)));
    assert!(admitted!(tollgate, by_template(None, 2)));
    assert!(!admitted!(tollgate, by_template(None, 2)));
}

#[test]
fn bindings_of_patterns_and_self_have_names_too() {
    let (tollgate, _clock) = tollgate();
    let tenant = |id| Tenant { id, name: "a".to_owned() };
    assert!(admitted!(tollgate, by_pattern(tenant(1), 1)));
    assert!(admitted!(tollgate, by_pattern(tenant(2), 1)));
    assert!(!admitted!(tollgate, by_pattern(tenant(1), 2)));
    let mut tenant = tenant(0);
    assert!(admitted!(tollgate, tenant.by_self("x")));
    assert!(!admitted!(tollgate, tenant.by_self("x")));
    assert!(admitted!(tollgate, tenant.by_self("y")));
    assert_eq!(tenant.id, 2);
}

#[test]
fn a_binding_may_be_called_what_generated_code_calls_its_own() {
    let (tollgate, _clock) = tollgate();
    assert!(admitted!(tollgate, by_names_of_ours(1, 2, 3)));
    assert!(!admitted!(tollgate, by_names_of_ours(1, 2, 3)));
    assert!(admitted!(tollgate, by_names_of_ours(3, 2, 1)));
}

#[test]
fn a_key_is_neither_logged_nor_in_the_error() {
    listen();
    let (tollgate, _clock) = tollgate();
    let secret = "sk_live_secret";
    assert!(admitted!(tollgate, by_one(secret)));
    let refused = Polled::new(tollgate.scope(by_one(secret))).poll().unwrap().unwrap_err();
    let heard = heard().join("\n");
    assert!(heard.contains("outcome=refused key_class=value"), "{heard}");
    for text in [heard, format!("{refused:?} {refused}"), format!("{tollgate:?}")] {
        assert!(!text.contains("secret"), "{text}");
    }
}
