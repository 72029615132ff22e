use tollgate::call;

#[call::cached(ttl = "5m", tags = ["airport:{itaa}"])]
async fn unknown(iata: u32) -> u32 {
    iata
}

fn main() {}
