use tollgate::{Rejected, call};

#[call::retry(atempts = 3)]
async fn one() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, backof = "1s", retryif = is_busy)]
async fn two() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, bugdet = 0.1)]
async fn swapped() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, limit_for_period = 3)]
async fn unknown() -> Result<(), Rejected> {
    Ok(())
}

#[call::retry(attempts = 3, attempts = 4)]
async fn twice() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
