use tollgate::{Rejected, call};

struct Tenant;

#[call::rate_limited("5/second", key = "{tenant}")]
async fn fetch(tenant: &Tenant) -> Result<(), Rejected> {
    let _ = tenant;
    Ok(())
}

fn main() {}
