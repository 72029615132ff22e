use tollgate::{Rejected, call};

#[call::circuit_breaker(failure_threshold = 5)]
async fn threshold() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(reset_timeout = "30s")]
async fn reset() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(failureRateThreshold = 0.5)]
async fn java() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(failur_rate = 0.5)]
async fn misspelt() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(by = "{host}")]
async fn by() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(5)]
async fn number() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(retry = 3)]
async fn retry() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(state = App)]
async fn state() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
