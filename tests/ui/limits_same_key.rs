//! Two limits of one layer need keys of their own.

use tollgate::{RateLimitLayer, limits};

fn main() {
    let _ = RateLimitLayer::new(limits!("5/second"; "100/minute", key = ip));
}
