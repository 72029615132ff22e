//! Rates that are none.

use tollgate::{RateLimitLayer, limits};

fn main() {
    let _ = RateLimitLayer::new(limits!(100 / minute));
    let _ = RateLimitLayer::new(limits!("100/fortnight"));
    let _ = RateLimitLayer::new(limits!("0/minute"));
}
