use tollgate::{Rejected, call};

#[call::rate_limited("5/second", key = "airport:{tennant}")]
async fn fetch(tenant: u8) -> Result<u8, Rejected> {
    Ok(tenant)
}

fn main() {}
