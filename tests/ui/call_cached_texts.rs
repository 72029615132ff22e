use tollgate::call;

#[call::cached(ttl = "5m", key = "airports")]
async fn constant(iata: u32) -> u32 {
    iata
}

#[call::cached(ttl = "5m", key = iata)]
async fn no_text(iata: u32) -> u32 {
    iata
}

#[call::cached(ttl = "5m", tags = "airports")]
async fn no_list(iata: u32) -> u32 {
    iata
}

fn main() {}
