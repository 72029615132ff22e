use tollgate::{Rejected, call};

#[call::rate_limited]
async fn nothing() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited(wait = "2s")]
async fn no_rate() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
