//! The two forms do not meet on one function.

use tollgate::call;
use tollgate::{circuit_breaker, fallback, timeout};

#[timeout("1s")]
#[call::circuit_breaker]
async fn handler_first() -> Result<(), tollgate::Rejected> {
    Ok(())
}

#[call::circuit_breaker]
#[tollgate::bulkhead(max_concurrent = 1)]
async fn call_first() -> Result<(), tollgate::Rejected> {
    Ok(())
}

#[fallback(nothing)]
#[tollgate::call::retry(attempts = 3)]
async fn asked_again() -> Result<(), tollgate::Rejected> {
    Ok(())
}

#[circuit_breaker(retry = 3)]
async fn retries() {}

fn main() {}
