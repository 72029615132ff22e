use std::time::Duration;

use tollgate::call;

fn of_text(text: &String) -> Duration {
    Duration::from_secs(text.len() as u64)
}

fn seconds(number: u32) -> u64 {
    number.into()
}

#[call::cached(ttl = of_text)]
async fn of_another_type(iata: u32) -> u32 {
    iata
}

#[call::cached(ttl = seconds(iata))]
async fn no_duration(iata: u32) -> u32 {
    iata
}

fn main() {}
