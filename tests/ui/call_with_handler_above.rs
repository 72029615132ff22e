use tollgate::{Rejected, call, with_metrics};

#[with_metrics]
#[call::rate_limited("5/second")]
async fn fetch() -> Result<&'static str, Rejected> {
    Ok("fetched")
}

#[tollgate::rate_limited("5/second")]
#[tollgate::call::rate_limited("5/second")]
async fn both() -> Result<&'static str, Rejected> {
    Ok("fetched")
}

fn main() {}
