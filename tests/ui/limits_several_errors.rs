//! All that is wrong is told at once, on the words that are wrong.

use tollgate::{RateLimitLayer, limits};

fn main() {
    let _ = RateLimitLayer::new(limits!("5/second", burst = 0, missing = refuse; "100/minute", key = user));
}
