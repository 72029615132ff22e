use tollgate::call;

#[call::cached(ttl = "5m", key = "{itaa}")]
async fn unknown(iata: u32) -> u32 {
    iata
}

fn main() {}
