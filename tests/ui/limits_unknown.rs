//! Words that it does not know, its own misspelt and those of attributes.

use tollgate::{RateLimitLayer, limits};

fn main() {
    let _ = RateLimitLayer::new(limits!("100/minute", kye = ip));
    let _ = RateLimitLayer::new(limits!("100/minute", state = App));
    let _ = RateLimitLayer::new(limits!("100/minute", requests_per_minute = 5));
    let _ = RateLimitLayer::new(limits!("100/minute", prefix = "/v1"));
}
