use tollgate::{Rejected, bulkhead, call, circuit_breaker, fallback, timeout, with_metrics};

#[call::circuit_breaker]
#[circuit_breaker]
async fn breaker() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3)]
#[timeout("2s")]
async fn timeout() -> Result<(), Rejected> {
    Ok(())
}

#[bulkhead(max_concurrent = 8)]
#[call::bulkhead(max_concurrent = 8)]
async fn bulkhead() -> Result<(), Rejected> {
    Ok(())
}

#[with_metrics]
#[call::with_metrics]
async fn metrics() -> Result<(), Rejected> {
    Ok(())
}

#[fallback(breaker)]
#[call::retry(attempts = 3)]
async fn fallback() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
