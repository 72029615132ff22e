//! Words of other libraries, and slips of the finger.

use tollgate::bulkhead;

#[bulkhead(maxConcurrentCalls = 25, maxWaitDuration = "10ms")]
async fn of_resilience4j() {}

#[bulkhead(max_concurrent_calls = 10, queue_size = 5, max_wait_ms = 100)]
async fn of_rust() {}

#[bulkhead(limit = 10, load_shed)]
async fn of_tower() {}

#[bulkhead(max_concurent = 10)]
async fn slip() {}

#[bulkhead(threads = 8)]
async fn threads() {}

#[bulkhead(max_concurrent = 8, timeout = "1s")]
async fn timeout_within() {}

#[bulkhead(max_concurrent = 8, share = " reports")]
async fn blanks() {}

fn main() {}
