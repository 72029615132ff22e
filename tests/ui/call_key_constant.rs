use tollgate::{Rejected, call};

#[call::rate_limited("5/second", key = "tenant")]
async fn constant(tenant: u8) -> Result<u8, Rejected> {
    Ok(tenant)
}

#[call::rate_limited("5/second", key = "{tenant")]
async fn unclosed(tenant: u8) -> Result<u8, Rejected> {
    Ok(tenant)
}

#[call::rate_limited("5/second", key = "{tenant + 1}")]
async fn expression(tenant: u8) -> Result<u8, Rejected> {
    Ok(tenant)
}

fn main() {}
