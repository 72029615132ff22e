use tollgate::{Rejected, call};

#[call::bulkhead]
async fn bare() -> Result<(), Rejected> {
    Ok(())
}

#[call::bulkhead(8)]
async fn no_key() -> Result<(), Rejected> {
    Ok(())
}

#[call::bulkhead(max_concurrent = 0)]
async fn none() -> Result<(), Rejected> {
    Ok(())
}

#[call::bulkhead(max_concurent = 8)]
async fn misspelt() -> Result<(), Rejected> {
    Ok(())
}

#[call::bulkhead(max_concurrent_calls = 8)]
async fn java() -> Result<(), Rejected> {
    Ok(())
}

#[call::bulkhead(max_concurrent = 8, queue = 16)]
async fn no_wait() -> Result<(), Rejected> {
    Ok(())
}

#[call::bulkhead(max_concurrent = 8, wait = "1s")]
async fn no_queue() -> Result<(), Rejected> {
    Ok(())
}

#[call::bulkhead(max_concurrent = 8, queue = 16, wait = 1)]
async fn number() -> Result<(), Rejected> {
    Ok(())
}

#[call::bulkhead(max_concurrent = 8, key = "{host}")]
async fn key() -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
