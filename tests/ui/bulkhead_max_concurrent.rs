//! How many may run has to be said.

use tollgate::bulkhead;

#[bulkhead]
async fn unsaid() {}

#[bulkhead(queue = 5, wait = "1s")]
async fn queue_alone() {}

#[bulkhead(64)]
async fn without_key() {}

#[bulkhead = 64]
async fn with_equals() {}

#[bulkhead(max_concurrent = 0)]
async fn nobody() {}

#[bulkhead(max_concurrent = "64")]
async fn in_quotes() {}

#[bulkhead(max_concurrent = -1)]
async fn negative() {}

#[bulkhead(max_concurrent = 5000000000)]
async fn too_many() {}

#[bulkhead(max_concurrent)]
async fn without_value() {}

fn main() {}
