use tollgate::call;

struct MyError;

#[call::circuit_breaker]
async fn guarded() -> Result<(), MyError> {
    Ok(())
}

#[call::bulkhead(max_concurrent = 8)]
async fn crowded() -> Result<(), MyError> {
    Ok(())
}

#[call::timeout("2s")]
#[call::retry(attempts = 3)]
async fn timed() -> Result<(), MyError> {
    Ok(())
}

fn main() {}
