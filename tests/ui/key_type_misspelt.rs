//! A type that is not there.

use tollgate::{Key, RateLimitKey, RequestFacts, rate_limited};

struct Tenant;

impl RateLimitKey for Tenant {
    fn key(_: &RequestFacts<'_>) -> Option<Key> {
        None
    }
}

#[rate_limited("100/minute", key = Tennant)]
async fn word() {}

#[rate_limited("100/minute", key = (ip, keys::Tenant))]
async fn path() {}

fn main() {}
