//! How calls end, whatever their function returns.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tollgate::{Policy, Tollgate, call};
use tollgate_tests::{counts, site};

use super::{Answer, Error};
use crate::support::{Polled, tollgate};

#[call::with_metrics]
async fn result(answer: Answer<u32>) -> Answer<u32> {
    tokio::task::yield_now().await;
    answer
}

#[call::with_metrics]
async fn option() -> Option<u32> {
    None
}

#[call::with_metrics]
async fn nothing() {}

#[call::with_metrics]
async fn panics() -> Answer<u32> {
    panic!("on purpose")
}

fn begin<F: Future>(tollgate: &Tollgate, call: F) -> Polled<impl Future<Output = F::Output>> {
    Polled::new(tollgate.scope(call))
}

#[test]
fn every_call_is_counted_by_how_it_ends() {
    let (tollgate, _clock) = tollgate();
    for answer in [Ok(1), Err(Error::Transient)] {
        let mut call = begin(&tollgate, result(answer.clone()));
        assert_eq!((call.poll(), call.poll()), (None, Some(answer)));
    }
    let mut call = begin(&tollgate, result(Ok(1)));
    assert_eq!(call.poll(), None);
    drop(call);
    drop(begin(&tollgate, result(Ok(1))));
    assert_eq!(counts(&tollgate, site!(result)), "with_metrics completed 1, cancelled 1, failed 1");
}

#[test]
fn what_is_no_result_does_not_fail() {
    let (tollgate, _clock) = tollgate();
    assert_eq!(begin(&tollgate, option()).poll(), Some(None));
    assert_eq!(begin(&tollgate, nothing()).poll(), Some(()));
    assert_eq!(counts(&tollgate, site!(option)), "with_metrics completed 1");
    assert_eq!(counts(&tollgate, site!(nothing)), "with_metrics completed 1");
}

#[test]
fn a_panic_is_one() {
    let (tollgate, _clock) = tollgate();
    let mut call = begin(&tollgate, panics());
    assert!(catch_unwind(AssertUnwindSafe(|| call.poll())).is_err());
    assert_eq!(counts(&tollgate, site!(panics)), "with_metrics panicked 1");
}

#[test]
fn switched_off_nothing_is_counted() {
    let tollgate = Tollgate::builder().disable(Policy::Metrics).build().unwrap();
    assert_eq!(begin(&tollgate, nothing()).poll(), Some(()));
    assert_eq!(counts(&tollgate, site!(nothing)), "");
}
