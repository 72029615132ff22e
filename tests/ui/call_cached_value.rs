use std::cell::Cell;
use std::rc::Rc;

use tollgate::call;

struct Airport;

#[call::cached(ttl = "5m")]
async fn no_clone(iata: u32) -> Result<Airport, String> {
    let _ = iata;
    Ok(Airport)
}

#[call::cached(ttl = "5m")]
async fn no_send(iata: &str) -> Option<Rc<u32>> {
    let _ = iata;
    None
}

#[call::cached(ttl = "5m")]
async fn no_sync(iata: &str) -> Cell<u32> {
    let _ = iata;
    Cell::new(0)
}

fn main() {}
