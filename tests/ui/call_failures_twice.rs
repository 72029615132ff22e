use tollgate::{Rejected, call};

#[call::retry(attempts = 3)]
#[call::retry(attempts = 4)]
async fn retry() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout("2s")]
#[call::timeout(total = "5s")]
async fn timeout() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker]
#[call::circuit_breaker(open_for = "5s")]
async fn breaker() -> Result<(), Rejected> {
    Ok(())
}

#[call::bulkhead(max_concurrent = 8)]
#[call::bulkhead(max_concurrent = 8)]
async fn bulkhead() -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback(retry)]
#[call::fallback(timeout)]
async fn fallback() -> Result<(), Rejected> {
    Ok(())
}

#[call::with_metrics]
#[call::with_metrics]
async fn metrics() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
