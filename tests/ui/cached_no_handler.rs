//! Functions that are no handlers.

use tollgate::cached;

struct Airports;

impl Airports {
    #[cached(ttl = "5m")]
    async fn find(&self, iata: &str) -> String {
        iata.to_owned()
    }
}

#[cached(ttl = "5m")]
async fn find(iata: &str) -> String {
    iata.to_owned()
}

#[cached(ttl = "5m")]
fn sync() {}

#[cached(ttl = "5m")]
struct Airport;

fn main() {}
