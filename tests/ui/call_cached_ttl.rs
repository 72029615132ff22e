use std::time::Duration;

use tollgate::call;

#[call::cached]
async fn missing(iata: u32) -> u32 {
    iata
}

#[call::cached("5m")]
async fn without_key(iata: u32) -> u32 {
    iata
}

#[call::cached(ttl = 300)]
async fn number(iata: u32) -> u32 {
    iata
}

#[call::cached(ttl = "5 minuts")]
async fn misspelt(iata: u32) -> u32 {
    iata
}

#[call::cached(ttl = |_| Duration::ZERO)]
async fn closure(iata: u32) -> u32 {
    iata
}

#[call::cached(ttl = 5 * 60)]
async fn expression(iata: u32) -> u32 {
    iata
}

fn main() {}
