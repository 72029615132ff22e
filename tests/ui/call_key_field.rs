use tollgate::{Rejected, call};

struct Tenant {
    id: u8,
}

impl Tenant {
    #[call::rate_limited("5/second", key = "{self.id}")]
    async fn of_self(&self) -> Result<u8, Rejected> {
        Ok(self.id)
    }
}

#[call::rate_limited("5/second", key = "{tenant.id}")]
async fn of_argument(tenant: &Tenant) -> Result<u8, Rejected> {
    Ok(tenant.id)
}

fn main() {}
