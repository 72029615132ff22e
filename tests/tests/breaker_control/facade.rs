//! Calls, waits and changes of breakers, as a recorder of the `metrics` facade hears of them.

use std::time::Duration;

use axum::BoxError;
use metrics::set_default_local_recorder;
use tokio::task::yield_now;
use tollgate::testing::ManualClock;
use tollgate::{MetricsFacade, Tollgate, call};
use tollgate_tests::tape::Tape;

use crate::support::with;

#[call::with_metrics]
#[call::circuit_breaker(consecutive_failures = 1)]
#[call::bulkhead(max_concurrent = 1, queue = 1, wait = "5s")]
async fn failing_call(clock: ManualClock) -> Result<(), BoxError> {
    yield_now().await;
    clock.advance(Duration::from_millis(1_500));
    Err("down".into())
}

#[tokio::test]
async fn the_recorder_hears_of_calls_waits_and_breakers() {
    let tape = Tape::default();
    let _recorder = set_default_local_recorder(&tape);
    let (tollgate, clock) = with(Tollgate::builder().observer(MetricsFacade::new()));
    let _descriptions = tape.told();
    let (one, other) = (failing_call(clock.clone()), failing_call(clock));
    let (one, other) = tokio::join!(tollgate.scope(one), tollgate.scope(other));
    assert!(one.is_err() && other.is_err());
    let mut told = tape.told();
    told.retain(|line| !line.starts_with("tollgate_decisions_total"));
    let site = r#"{site="breaker_control::facade::failing_call"#;
    assert_eq!(
        told,
        [
            format!(
                r#"tollgate_breaker_transitions_total{site}",from="closed",to="open",why="failures"}} +1"#
            ),
            format!(r#"tollgate_call_duration_seconds{site}"}} 1.5"#),
            format!(r#"tollgate_bulkhead_wait_seconds{site}"}} 1.5"#),
            format!(r#"tollgate_call_duration_seconds{site}"}} 3"#),
        ]
    );
}
