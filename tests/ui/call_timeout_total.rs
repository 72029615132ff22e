use tollgate::{Rejected, call};

#[call::timeout("5s", total = "2s")]
async fn shorter() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, backoff = "1s..5s")]
#[call::timeout("200ms", total = "1s")]
async fn never() -> Result<(), Rejected> {
    Ok(())
}

#[call::timeout(total = "100ms")]
#[call::retry(attempts = 3)]
async fn never_by_default() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
