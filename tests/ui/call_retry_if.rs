use tollgate::{Rejected, call};

#[call::retry(attempts = 3, retry_if = |error| error.is_busy())]
async fn closure() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, retry_if = "is_busy")]
async fn text() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, retry_if = is_busy())]
async fn called() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, retry_if = 7)]
async fn number() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, retry_if)]
async fn alone() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, retry_after = |error| None)]
async fn after_closure() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, retry_after = "2s")]
async fn after_time() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
