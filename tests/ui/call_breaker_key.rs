use tollgate::{Rejected, call};

#[call::circuit_breaker(max_keys = 100)]
async fn no_key() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(key = "host")]
async fn constant(host: &str) -> Result<(), Rejected> {
    let _ = host;
    Ok(())
}

#[call::circuit_breaker(key = "{}")]
async fn nothing() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(key = host)]
async fn word(host: &str) -> Result<(), Rejected> {
    let _ = host;
    Ok(())
}

#[call::circuit_breaker(key = global)]
async fn global() -> Result<(), Rejected> {
    Ok(())
}

#[call::circuit_breaker(key = "{host}", max_keys = 0)]
async fn no_keys(host: &str) -> Result<(), Rejected> {
    let _ = host;
    Ok(())
}

#[call::circuit_breaker(key = "{host}", max_keys = 10_000_000)]
async fn many(host: &str) -> Result<(), Rejected> {
    let _ = host;
    Ok(())
}

fn main() {}
