//! Between two semicolons stands a limit.

use tollgate::{RateLimitLayer, limits};

fn main() {
    let _ = RateLimitLayer::new(limits!("5/second";; "100/minute", key = global));
}
