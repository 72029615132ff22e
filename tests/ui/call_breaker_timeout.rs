use tollgate::{Rejected, call};

#[call::circuit_breaker(window = "1s")]
#[call::timeout("2s")]
async fn window() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout("15s")]
#[call::circuit_breaker]
async fn by_default() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(slow_call = "2s", slow_rate = 0.5)]
#[call::timeout("2s")]
async fn slow() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(window = "1s")]
#[call::timeout(total = "2s")]
async fn total() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
