//! What the words of the attribute do to a call.

use tollgate::{Outcome, Policy, Tollgate, call};
use tollgate_tests::{counts, site};

use crate::support::{Answer, Polled, millis, refused, tollgate};

#[call::rate_limited("2/second; 3/minute")]
async fn two_rates() -> Answer<()> {
    Ok(())
}

#[call::rate_limited("10/second", burst = 4, cost = 2)]
async fn burst_and_cost() -> Answer<()> {
    Ok(())
}

#[call::rate_limited("1/minute", shadow)]
async fn shadow() -> Answer<()> {
    Ok(())
}

#[call::rate_limited("1/minute", share = "weather and tides")]
async fn weather() -> Answer<()> {
    Ok(())
}

#[call::rate_limited("1/minute", share = "weather and tides")]
async fn tides() -> Answer<()> {
    Ok(())
}

#[call::rate_limited("3/minute", algorithm = fixed_window, on_store_error = closed, wait = "30s")]
async fn by_window() -> Answer<()> {
    Ok(())
}

fn call<F: Future>(tollgate: &Tollgate, call: F) -> F::Output {
    Polled::new(tollgate.scope(call)).poll().unwrap()
}

#[test]
fn a_call_has_to_fit_all_rates() {
    let (tollgate, clock) = tollgate();
    let admitted = [(); 3].map(|()| call(&tollgate, two_rates()).is_ok());
    assert_eq!(admitted, [true, true, false]);
    clock.advance(millis(500));
    assert!(call(&tollgate, two_rates()).is_ok());
    clock.advance(millis(500));
    let wait = refused(call(&tollgate, two_rates())).unwrap();
    assert_eq!(wait, millis(19_000), "the minute is used up, and gives one back every 20 s");
}

#[test]
fn burst_and_cost_are_counted_in_permits() {
    let (tollgate, clock) = tollgate();
    let admitted = [(); 3].map(|()| call(&tollgate, burst_and_cost()).is_ok());
    assert_eq!(admitted, [true, true, false]);
    assert_eq!(refused(call(&tollgate, burst_and_cost())), Some(millis(200)));
    clock.advance(millis(200));
    assert!(call(&tollgate, burst_and_cost()).is_ok());
}

#[test]
fn in_shadow_mode_nothing_is_refused_and_everything_counted() {
    let (tollgate, _clock) = tollgate();
    for _ in 0..3 {
        assert!(call(&tollgate, shadow()).is_ok());
    }
    assert_eq!(counts(&tollgate, site!(shadow)), "rate_limited admitted 1, shadow_refused 2");
}

#[test]
fn functions_can_share_a_budget() {
    let (tollgate, _clock) = tollgate();
    assert!(call(&tollgate, weather()).is_ok());
    assert!(call(&tollgate, tides()).is_err());
    assert_eq!(counts(&tollgate, site!(tides)), "rate_limited refused 1");
}

#[test]
fn every_counter_is_there_from_the_start_at_zero() {
    let (tollgate, _clock) = tollgate();
    let decisions = tollgate.decisions();
    let own: Vec<_> = decisions.iter().filter(|count| count.site == site!(by_window)).collect();
    for outcome in [Outcome::Admitted, Outcome::Refused, Outcome::StoreRefused] {
        let count = own.iter().find(|count| count.outcome == outcome).unwrap();
        assert_eq!((count.policy, count.count), ("rate_limited", 0));
    }
}

#[test]
fn a_policy_that_is_disabled_refuses_nothing() {
    let tollgate = Tollgate::builder().disable(Policy::RateLimit).build().unwrap();
    for _ in 0..5 {
        assert!(call(&tollgate, weather()).is_ok());
        assert!(call(&tollgate, by_window()).is_ok());
    }
    assert_eq!(counts(&tollgate, site!(weather)), "");
}
