use tollgate::call;

#[call::cached(ttl = "5m", cache_errors)]
async fn no_errors(iata: u32) -> u32 {
    iata
}

#[call::cached(ttl = "5m", cache_none)]
async fn no_none(iata: u32) -> Result<u32, String> {
    Ok(iata)
}

#[call::cached(ttl = "5m", cache_errors = true)]
async fn flag(iata: u32) -> Result<u32, String> {
    Ok(iata)
}

fn main() {}
