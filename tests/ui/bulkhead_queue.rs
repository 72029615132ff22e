//! Who waits has a place and some time.

use tollgate::bulkhead;

#[bulkhead(max_concurrent = 64, queue = 100)]
async fn without_time() {}

#[bulkhead(max_concurrent = 64, wait = "1s")]
async fn without_place() {}

#[bulkhead(max_concurrent = 64, queue = 0, wait = "1s")]
async fn no_place() {}

#[bulkhead(max_concurrent = 64, queue = 10, wait = "0s")]
async fn no_time() {}

#[bulkhead(max_concurrent = 64, queue = 10, wait = 500)]
async fn without_unit() {}

#[bulkhead(max_concurrent = 64, queue = 10, wait = "2h")]
async fn too_long() {}

fn main() {}
