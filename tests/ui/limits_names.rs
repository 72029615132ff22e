//! A name holds for all limits of a layer.

use tollgate::{RateLimitLayer, limits};

fn main() {
    let _ = RateLimitLayer::new(limits!("5/second", name = "api"; "100/minute", key = global, name = "reports"));
    let _ = RateLimitLayer::new(limits!("5/second", name = " "));
    let _ = RateLimitLayer::new(limits!("5/second", name = api));
}
