//! Limits need a rate.

fn main() {
    let _ = tollgate::RateLimitLayer::new(tollgate::limits!());
    let _ = tollgate::RateLimitLayer::new(tollgate::limits!(key = global));
}
