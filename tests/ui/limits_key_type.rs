//! A key of the user's own is a type that makes one.

use tollgate::{RateLimitLayer, limits};

struct Tenant;

fn main() {
    let _ = RateLimitLayer::new(limits!("5/second", key = Tenant));
}
