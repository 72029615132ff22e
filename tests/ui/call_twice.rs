use tollgate::{Rejected, call};

#[call::rate_limited("5/second")]
#[call::rate_limited("50/minute", key = "{tenant}")]
async fn fetch(tenant: u8) -> Result<u8, Rejected> {
    Ok(tenant)
}

fn main() {}
