use tollgate::{Rejected, call};

#[call::rate_limited(requests_per_second = 5)]
async fn rate() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second", timeout_duration = "2s")]
async fn wait() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
