use tollgate::{Rejected, call};

#[call::rate_limited("5/second", wait = 2)]
async fn number() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second", wait = "2")]
async fn no_unit() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second", wait = "1.5s")]
async fn fraction() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second", wait = "0s")]
async fn zero() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second", wait = "2 weeks")]
async fn long() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second", wait)]
async fn alone() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
