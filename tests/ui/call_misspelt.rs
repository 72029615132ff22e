use tollgate::{Rejected, call};

#[call::rate_limited("5/second", wiat = "2s")]
async fn wait() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/secnd")]
async fn rate() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second", max_wait = "2s", brust = 7)]
async fn words() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
