use tollgate::{Rejected, call};

#[call::rate_limited("5/second", cost = weight)]
async fn path() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second", cost = 6)]
async fn never() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
