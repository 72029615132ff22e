//! A layer takes what `limits!` declares.

use tollgate::RateLimitLayer;

fn main() {
    let _ = RateLimitLayer::new("100/minute");
}
