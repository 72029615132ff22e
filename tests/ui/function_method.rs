//! A handler is a free function.

use tollgate::{rate_limited, with_metrics};

struct Airports;

impl Airports {
    #[rate_limited("100/minute")]
    async fn by_reference(&self) -> String {
        String::new()
    }

    #[with_metrics]
    async fn by_value(self) {}

    #[with_metrics]
    #[rate_limited("100/minute")]
    async fn all() -> Vec<Self> {
        Vec::new()
    }
}

fn main() {}
