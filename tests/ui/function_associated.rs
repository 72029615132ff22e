//! A documented limit: a handler cannot be an associated function.

use tollgate::rate_limited;

struct Airports;

impl Airports {
    #[rate_limited("100/minute")]
    async fn all() -> String {
        String::new()
    }
}

fn main() {}
