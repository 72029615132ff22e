use tollgate::{Rejected, call};

struct Host;

#[call::circuit_breaker(key = "{hots}")]
async fn misspelt(host: &str) -> Result<(), Rejected> {
    let _ = host;
    Ok(())
}

#[call::circuit_breaker(key = "{host}")]
async fn not_display(host: Host) -> Result<(), Rejected> {
    drop(host);
    Ok(())
}

fn main() {}
