use tollgate::{Rejected, call, rate_limited};

#[call::rate_limited("5/second")]
#[rate_limited("5/second")]
async fn below() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second")]
#[tollgate::rate_limited("5/second")]
async fn by_its_path() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
