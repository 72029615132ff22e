//! Holding breakers from code.

use tollgate::BreakerState;

use crate::support::{TEN, call, call_by, state, tollgate};

#[tokio::test]
async fn it_is_as_somebody_holds_it() {
    let (tollgate, clock) = tollgate();
    let breaker = tollgate.breaker("called").unwrap();
    breaker.force_open();
    clock.advance(TEN * 100);
    assert_eq!((call(&tollgate, true).await, breaker.state()), ("refused", BreakerState::ForcedOpen));
    breaker.force_closed();
    assert_eq!((call(&tollgate, false).await, call(&tollgate, true).await), ("away", "ok"));
    breaker.disable();
    assert_eq!((call(&tollgate, false).await, breaker.state()), ("away", BreakerState::Disabled));
    breaker.reset();
    assert_eq!((breaker.state(), breaker.status().unwrap().failures), (BreakerState::Closed, 0));
    assert_eq!((call(&tollgate, false).await, call(&tollgate, true).await), ("away", "refused"));
    breaker.reset();
    assert_eq!(call(&tollgate, true).await, "ok");
}

#[tokio::test]
async fn one_key_is_held_or_all_of_them() {
    let (tollgate, _clock) = tollgate();
    for tenant in ["b", "a"] {
        assert_eq!(call_by(&tollgate, tenant, true).await, "ok");
    }
    let all = tollgate.breaker("keyed").unwrap();
    let keys: Vec<_> = all.keys();
    assert_eq!(keys.len(), 2);
    assert!(keys[0].ends_with('a') && keys[1].ends_with('b'), "{keys:?}");
    let one = all.key(&keys[0]).unwrap();
    one.force_open();
    assert_eq!((call_by(&tollgate, "a", true).await, call_by(&tollgate, "b", true).await), ("refused", "ok"));
    one.automatic();
    all.force_open();
    assert_eq!(
        (call_by(&tollgate, "a", true).await, call_by(&tollgate, "b", true).await),
        ("refused", "refused")
    );
    all.reset();
    assert_eq!((call_by(&tollgate, "a", true).await, call_by(&tollgate, "c", true).await), ("ok", "ok"));
    assert!(!all.key("text:nobody").unwrap_err().is_unknown_site());
}

#[test]
fn an_unknown_name_is_told_with_the_nearest() {
    let (tollgate, _clock) = tollgate();
    let error = tollgate.breaker("caled").unwrap_err();
    assert!(error.is_unknown_site());
    assert_eq!(error.nearest(), Some("called"));
    assert!(error.to_string().contains("did you mean `called`?"), "{error}");
    assert!(tollgate.breaker("called").unwrap().key("text:a").is_err());
    assert_eq!(state(&tollgate, "called"), BreakerState::Closed);
}
