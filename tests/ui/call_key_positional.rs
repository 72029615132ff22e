use tollgate::{Rejected, call};

#[call::rate_limited("5/second", key = "{}")]
async fn empty(tenant: u8) -> Result<u8, Rejected> {
    Ok(tenant)
}

#[call::rate_limited("5/second", key = "tenant:{0}")]
async fn number(tenant: u8) -> Result<u8, Rejected> {
    Ok(tenant)
}

fn main() {}
