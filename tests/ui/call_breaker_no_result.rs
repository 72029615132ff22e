use tollgate::call;

#[call::circuit_breaker]
async fn nothing() {}

#[call::circuit_breaker]
async fn option() -> Option<u32> {
    None
}

#[call::bulkhead(max_concurrent = 8)]
async fn text() -> String {
    String::new()
}

#[call::timeout("2s")]
async fn number() -> u32 {
    7
}

fn main() {}
