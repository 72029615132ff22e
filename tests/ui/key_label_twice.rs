//! Two key types of one name, which clients could not tell apart.

use tollgate::{Key, RateLimitKey, RequestFacts, rate_limited};

mod billing {
    pub struct Tenant;
}

mod routing {
    pub struct Tenant;
}

impl RateLimitKey for billing::Tenant {
    fn key(_: &RequestFacts<'_>) -> Option<Key> {
        None
    }
}

impl RateLimitKey for routing::Tenant {
    fn key(_: &RequestFacts<'_>) -> Option<Key> {
        None
    }
}

#[rate_limited("100/minute", key = billing::Tenant)]
#[rate_limited("5/second", key = routing::Tenant)]
async fn handler() {}

fn main() {}
