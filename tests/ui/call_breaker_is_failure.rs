use tollgate::{Rejected, call};

#[call::circuit_breaker(is_failure = |answer| Verdict::Success)]
async fn closure() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(is_failure = "judge")]
async fn text() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(is_failure = judge())]
async fn called() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(is_failure)]
async fn alone() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(retry_after = true)]
async fn asks() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
