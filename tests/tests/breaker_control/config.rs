//! What a configuration says of breakers, timeouts, bulkheads and retries.

use std::fs;
use std::path::Path;

use tollgate::{BreakerState, Tollgate, call};

use crate::support::{Failed, call, state, with};

#[call::retry(attempts = 3, backoff = "1s..2s", budget = 0.1, share = "pool", name = "first")]
#[call::timeout("1s", total = "5s")]
#[call::bulkhead(max_concurrent = 1, share = "pool")]
#[call::circuit_breaker(consecutive_failures = 1, share = "pool")]
async fn first() -> Result<(), Failed> {
    Ok(())
}

#[call::retry(attempts = 5, backoff = "3s..4s", budget = 0.1, share = "pool", name = "second")]
#[call::bulkhead(max_concurrent = 1, share = "pool")]
#[call::circuit_breaker(consecutive_failures = 1, share = "pool")]
async fn second() -> Result<(), Failed> {
    Ok(())
}

fn summary(tollgate: &Tollgate, site: &str, label: &str) -> String {
    let _ = (first, second);
    let sites = tollgate.inventory().sites;
    let site = sites.iter().find(|entry| entry.name == site).unwrap();
    let entry = site.policies.iter().find(|entry| entry.label == label);
    entry.map_or_else(|| "disabled".to_owned(), |entry| entry.summary.clone())
}

fn error(toml: &str) -> String {
    Tollgate::builder().config(toml).build().unwrap_err().to_string()
}

#[test]
fn each_key_takes_effect() {
    let section = |label: &str| format!("[sites.first.{label}]\n");
    for (label, said, told) in [
        ("circuit_breaker", "consecutive_failures = 7", "7 failures in a row"),
        ("circuit_breaker", "open_for = \"9s\"", "open for 9"),
        ("circuit_breaker", "open_for_growth = 2.0", "2 times as long again"),
        ("circuit_breaker", "open_for_max = \"9m\"", "at most 9"),
        ("circuit_breaker", "jitter = 0.3", "jitter 30%"),
        ("circuit_breaker", "half_open_calls = 9", "tried by 9"),
        ("circuit_breaker", "half_open_rate = 0.7", "70% of these failed"),
        ("circuit_breaker", "half_open_wait = \"9s\"", "without their results"),
        ("circuit_breaker", "mode = \"metrics_only\"", "metrics only"),
        ("circuit_breaker", "mode = \"forced_open\"", "forced open"),
        ("circuit_breaker", "disabled = true", "disabled"),
        ("timeout", "after = \"2s\"", "2s each"),
        ("timeout", "total = \"9s\"", "9s in total"),
        ("timeout", "disabled = true", "disabled"),
        ("bulkhead", "max_concurrent = 9", "9 at a time"),
        ("bulkhead", "queue = 3\nwait = \"1s\"", "3 waiting"),
        ("bulkhead", "disabled = true", "disabled"),
        ("retry", "attempts = 9", "9 attempts"),
        ("retry", "backoff = \"7s..8s\"", "7"),
        ("retry", "budget = 0.25", "budget 25%"),
        ("retry", "disabled = true", "disabled"),
    ] {
        let toml = section(label) + said;
        let (tollgate, _clock) = with(Tollgate::builder().config(&*toml));
        let summary = summary(&tollgate, "first", label);
        assert!(summary.contains(told), "{toml}: {summary}");
    }
}

#[tokio::test]
async fn a_reload_tells_what_changed_and_keeps_states() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("breaker_control.toml");
    fs::write(&file, "").unwrap();
    let (tollgate, _clock) = with(Tollgate::builder().config_file(&file));
    call(&tollgate, false).await;
    fs::write(&file, "[sites.called.circuit_breaker]\nopen_for = \"20s\"\n[sites.first.retry]\nbudget = 0.2")
        .unwrap();
    let changed = tollgate.reload().unwrap();
    let sites: Vec<_> = changed.policies.iter().map(|policy| (policy.site, policy.policy)).collect();
    for expected in [("called", "circuit_breaker"), ("first", "retry"), ("second", "retry")] {
        assert!(sites.contains(&expected), "{changed}");
    }
    assert_eq!((sites.len(), state(&tollgate, "called")), (3, BreakerState::Open));
    assert!(tollgate.reload().unwrap().is_empty());
}

#[test]
fn what_is_wrong_names_the_place_the_key_and_the_nearest() {
    for (toml, told) in [
        ("[sites.first.circuit_breaker]\nopen_fro = \"1s\"", "open_for"),
        ("[sites.first.timeout]\naftr = \"1s\"", "after"),
        ("[sites.first.bulkhead]\nmax_concurent = 1", "max_concurrent"),
        ("[sites.first.retry]\natempts = 3", "attempts"),
        ("[sites.first.retry]\nattempts = 1", "at least 2"),
        ("[sites.first.retry]\nattempts = 21", "at most 20"),
        ("[sites.first.circuit_breaker]\nfailure_rate = 0.5", "consecutive_failures"),
    ] {
        let error = error(toml);
        assert!(error.starts_with(".config(..):2: ") && error.contains(told), "{error}");
    }
}

#[test]
fn what_sites_share_is_configured_once_for_all() {
    for (label, said, other) in [
        ("circuit_breaker", "open_for = \"9s\"", "open_for = \"8s\""),
        ("bulkhead", "max_concurrent = 9", "max_concurrent = 8"),
        ("retry", "budget = 0.9", "budget = 0.8"),
    ] {
        let one = format!("[sites.first.{label}]\n{said}\n");
        let (tollgate, _clock) = with(Tollgate::builder().config(&*one));
        let told = summary(&tollgate, "second", label);
        assert!(told.contains('9'), "{told}");
        let error = error(&format!("{one}[sites.second.{label}]\n{other}"));
        assert!(error.contains("write it once"), "{error}");
    }
}

#[test]
fn the_attempts_of_those_that_share_a_budget_are_their_own() {
    let toml = "[sites.first.retry]\nattempts = 9\nbudget = 0.3\n[sites.second.retry]\nattempts = 7";
    let (tollgate, _clock) = with(Tollgate::builder().config(toml));
    let (one, other) = (summary(&tollgate, "first", "retry"), summary(&tollgate, "second", "retry"));
    assert!(one.starts_with("9 attempts") && one.contains("budget 30%"), "{one}");
    assert!(other.starts_with("7 attempts") && other.contains("budget 30%"), "{other}");
    let (tollgate, _clock) = with(Tollgate::builder().config("[sites.first.retry]\ndisabled = true"));
    assert!(summary(&tollgate, "second", "retry").starts_with("5 attempts"));
}
