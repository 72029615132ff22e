use tollgate::{Rejected, call};

#[call::rate_limited("5/second", key = tenant)]
async fn word(tenant: u8) -> Result<u8, Rejected> {
    Ok(tenant)
}

#[call::rate_limited("5/second", key = ip)]
async fn address() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second", key = global)]
async fn everybody() -> Result<(), Rejected> {
    Ok(())
}

#[call::rate_limited("5/second", key = header("x-api-key"))]
async fn header() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
