//! Functions that fail as a test says, and a `Tollgate` whose clock stands still.

use std::time::Duration;

use axum::extract::Path;
use http::StatusCode;
use tollgate::testing::ManualClock;
use tollgate::{BreakerState, Rejected, Tollgate, TollgateBuilder, call, circuit_breaker};
use tollgate_tests::{Service, get};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    #[error(transparent)]
    Refused(#[from] Rejected),
    #[error("away")]
    Away,
}

pub(crate) const TOKEN: &str = "an-admin-token-of-a-test-which-is-long";

#[circuit_breaker(
    consecutive_failures = 2,
    open_for = "10s",
    jitter = 0.0,
    half_open_calls = 1,
    name = "handled"
)]
pub(crate) async fn handled(Path(status): Path<u16>) -> StatusCode {
    StatusCode::from_u16(status).unwrap()
}

#[call::circuit_breaker(
    consecutive_failures = 1,
    open_for = "10s",
    jitter = 0,
    half_open_calls = 1,
    name = "called"
)]
pub(crate) async fn called(is_well: bool) -> Result<(), Failed> {
    if is_well { Ok(()) } else { Err(Failed::Away) }
}

#[call::circuit_breaker(
    consecutive_failures = 1,
    open_for = "10s",
    jitter = 0,
    key = "{tenant}",
    max_keys = 8,
    name = "keyed"
)]
pub(crate) async fn keyed(tenant: &str, is_well: bool) -> Result<usize, Failed> {
    if is_well { Ok(tenant.len()) } else { Err(Failed::Away) }
}

pub(crate) fn tollgate() -> (Tollgate, ManualClock) {
    with(Tollgate::builder())
}

pub(crate) fn with(settings: TollgateBuilder) -> (Tollgate, ManualClock) {
    let clock = ManualClock::new();
    (settings.clock(clock.clone()).build().unwrap(), clock)
}

pub(crate) async fn call(tollgate: &Tollgate, is_well: bool) -> &'static str {
    word(&tollgate.scope(called(is_well)).await)
}

pub(crate) async fn call_by(tollgate: &Tollgate, tenant: &str, is_well: bool) -> &'static str {
    word(&tollgate.scope(keyed(tenant, is_well)).await)
}

pub(crate) fn word<T>(answer: &Result<T, Failed>) -> &'static str {
    match answer {
        Ok(_) => "ok",
        Err(Failed::Away) => "away",
        Err(Failed::Refused(_)) => "refused",
    }
}

pub(crate) async fn status(service: &Service, status: u16) -> u16 {
    service.send(get(&format!("/handled/{status}"))).await.status.as_u16()
}

pub(crate) fn state(tollgate: &Tollgate, site: &str) -> BreakerState {
    tollgate.breaker(site).unwrap().state()
}

pub(crate) const TEN: Duration = Duration::from_secs(10);
