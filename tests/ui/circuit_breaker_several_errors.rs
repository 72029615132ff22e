//! All that is wrong is said at once, whichever attribute it stands in.

use tollgate::{bulkhead, circuit_breaker, fallback, timeout};

#[circuit_breaker(failure_rate = 50, opn_for = "5s", jitter = 2.0, half_open_calls = 0)]
#[bulkhead(max_concurrent = 0, wait = "1s")]
#[timeout(2)]
#[fallback("no_weather")]
async fn weather() {}

fn main() {}
