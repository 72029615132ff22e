//! The fields of an answer have room for eight rates.

use tollgate::{RateLimitLayer, limits};

fn main() {
    let _ = RateLimitLayer::new(limits!(
        "1/second", "2/minute", "3/hour", "4/day";
        "1/second", "2/minute", "3/hour", "4/day", "5/2d", key = global,
    ));
}
