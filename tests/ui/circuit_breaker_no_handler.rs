//! Functions that other code calls have attributes of their own.

use tollgate::{bulkhead, circuit_breaker, fallback, timeout};

struct Client;

impl Client {
    #[circuit_breaker]
    async fn of_self(&self) -> Result<(), tollgate::Rejected> {
        Ok(())
    }

    #[timeout("1s")]
    async fn within(&self) -> Result<(), tollgate::Rejected> {
        Ok(())
    }
}

#[bulkhead(max_concurrent = 1)]
async fn of_reference(station: &str) -> String {
    station.to_owned()
}

#[fallback(nothing)]
fn not_async(station: String) -> String {
    station
}

#[circuit_breaker]
struct Weather;

fn main() {}
