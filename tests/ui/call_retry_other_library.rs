use tollgate::{Rejected, call};

#[call::retry(max_attempts = 3)]
async fn attempts() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(maxAttempts = 3)]
async fn java() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(max_retries = 3)]
async fn retries() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(retries = 3, delay = "1s")]
async fn delay() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, wait_duration = "1s")]
async fn wait() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, initial_delay = "1s", max_delay = "5s")]
async fn delays() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, multiplier = 2.0, jitter = 0.5)]
async fn growth() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, factor = 2)]
async fn factor() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, secs = 1)]
async fn unit() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, when = is_busy)]
async fn when() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, timeout = "2s")]
async fn timeout() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
