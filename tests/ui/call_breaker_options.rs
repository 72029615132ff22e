use tollgate::{Rejected, call};

#[call::circuit_breaker(failure_rate = 50)]
async fn percent() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(failure_rate = 0)]
async fn none() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(failure_rate = 0.5, consecutive_failures = 5)]
async fn both() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(window = "0s")]
async fn no_window() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(window = 10, minimum_calls = 20)]
async fn small_window() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(consecutive_failures = 5, slow_call = "1s", slow_rate = 0.5)]
async fn slow() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(open_for = 30)]
async fn no_unit() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(open_for = "30s", open_for_growth = 2.0, open_for_max = "10s")]
async fn shorter() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(jitter = 1.0)]
async fn jitter() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(half_open_calls = 0)]
async fn no_trial() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(mode = forced_open)]
async fn mode() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
