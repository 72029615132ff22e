//! Sites of calls: in the inventory, beside those of handlers.

#![allow(dead_code, reason = "a site is listed whether or not its function is called")]

use tollgate::{Policy, Tollgate, call, rate_limited};
use tollgate_tests::{counts, site};

use crate::support::{Answer, Polled, tollgate};

#[call::rate_limited("50/second", key = "{tenant}", wait = "2s")]
async fn listed(tenant: &str) -> Answer<usize> {
    Ok(tenant.len())
}

#[call::rate_limited("50/second", name = "another name")]
async fn named() -> Answer<()> {
    Ok(())
}

#[rate_limited("1/minute", key = global)]
async fn handler() {}

#[call::rate_limited("1/minute")]
async fn generic<T: Send>(value: T) -> Answer<T> {
    Ok(value)
}

struct One;
struct Other;

impl One {
    #[call::rate_limited("1/minute")]
    async fn same_name(&self) -> Answer<()> {
        Ok(())
    }
}

impl Other {
    #[call::rate_limited("1/minute")]
    async fn same_name(&self) -> Answer<()> {
        Ok(())
    }
}

/// Two that are called alike, in two bodies.
async fn twins() -> Answer<()> {
    async fn first() -> Answer<()> {
        #[call::rate_limited("1/minute")]
        async fn twin() -> Answer<()> {
            Ok(())
        }
        twin().await
    }
    #[call::rate_limited("1/minute")]
    async fn twin() -> Answer<()> {
        Ok(())
    }
    first().await?;
    twin().await
}

fn summary(name: &str) -> Vec<String> {
    let inventory = Tollgate::builder().build().unwrap().inventory();
    let entry = inventory.sites.iter().find(|site| site.name == name).unwrap_or_else(|| panic!("{name}"));
    assert!(entry.policies.iter().all(|entry| entry.policy == Policy::RateLimit && entry.protects()));
    entry.policies.iter().map(|entry| format!("{} {}", entry.label, entry.summary)).collect()
}

#[test]
fn an_inventory_lists_calls_with_what_they_declare() {
    assert_eq!(summary(site!(listed)), ["rate_limited 50 per second by {tenant}, waiting up to 2s"]);
    assert_eq!(summary("another name"), ["rate_limited 50 per second by global"]);
    assert_eq!(summary(site!(handler)), ["rate_limited 1 per minute by global"]);
}

#[test]
fn a_generic_function_is_one_site() {
    let (tollgate, _clock) = tollgate();
    assert!(Polled::new(tollgate.scope(generic(1))).poll().unwrap().is_ok());
    assert!(Polled::new(tollgate.scope(generic("a"))).poll().unwrap().is_err());
    assert_eq!(counts(&tollgate, site!(generic)), "rate_limited admitted 1, refused 1");
}

#[test]
fn methods_of_one_name_are_told_apart_by_their_lines() {
    let (tollgate, _clock) = tollgate();
    for _ in 0..2 {
        let _ = Polled::new(tollgate.scope(One.same_name())).poll();
    }
    assert!(Polled::new(tollgate.scope(Other.same_name())).poll().unwrap().is_ok());
    let inventory = tollgate.inventory();
    let names: Vec<_> = inventory.sites.iter().map(|site| site.name).collect();
    let own = names.iter().filter(|name| name.starts_with(concat!(module_path!(), "::same_name@")));
    assert_eq!(own.count(), 2, "{names:?}");
}

#[test]
fn functions_of_one_name_in_two_bodies_are_two_sites() {
    let (tollgate, _clock) = tollgate();
    assert!(Polled::new(tollgate.scope(twins())).poll().unwrap().is_ok());
    assert!(Polled::new(tollgate.scope(twins())).poll().unwrap().is_err());
}
