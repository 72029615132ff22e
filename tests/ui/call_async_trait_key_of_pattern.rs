use async_trait::async_trait;
use tollgate::{Rejected, call};

#[async_trait]
trait Weather {
    #[call::rate_limited("5/second", key = "{tennant}")]
    async fn fetch(&self, tenant: u8) -> Result<u8, Rejected> {
        Ok(tenant)
    }

    #[call::rate_limited("5/second")]
    async fn text(&self) -> String {
        String::new()
    }
}

fn main() {}
