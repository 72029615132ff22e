use tollgate::call;

#[call::retry(attempts = 1, backoff = "2s..1s", budget = 50)]
#[call::timeout(2, total = "5")]
#[call::circuit_breaker(failure_rate = 2, max_keys = 7)]
#[call::fallback("instead")]
#[call::bulkhead(max_concurrent = 0, queue = 1)]
fn all() -> u8 {
    7
}

fn main() {}
