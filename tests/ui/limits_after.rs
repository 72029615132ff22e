//! A layer stands in front of all functions.

use tollgate::{RateLimitLayer, limits};

fn main() {
    let _ = RateLimitLayer::new(limits!("100/minute", after = authorize));
    let _ = RateLimitLayer::new(limits!("100/minute", key = principal, after = authorize));
}
