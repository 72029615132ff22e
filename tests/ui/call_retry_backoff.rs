use tollgate::{Rejected, call};

#[call::retry(attempts = 3, backoff = "2s..100ms")]
async fn reversed() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, backoff = "0s")]
async fn zero() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, backoff = "0ms..2s")]
async fn from_zero() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, backoff = 100)]
async fn number() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, backoff = "100..2s")]
async fn no_unit() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, backoff = 100ms..2s)]
async fn no_text() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, backoff = "100ms-2s")]
async fn hyphen() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, backoff = "100ms..2 secnds")]
async fn misspelt() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, backoff = exponential)]
async fn word() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, backoff = "1s..25h")]
async fn long() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
