use tollgate::call::{self, CacheHandle};

static OF_NUMBERS: CacheHandle<(u32,), String> = CacheHandle::new();
static OF_TEXTS: CacheHandle<(String,), u32> = CacheHandle::new();
static NO_TUPLE: CacheHandle<String, u32> = CacheHandle::new();

#[call::cached(ttl = "5m", control = OF_NUMBERS)]
async fn other_key(iata: &str) -> Option<String> {
    Some(iata.to_owned())
}

#[call::cached(ttl = "5m", control = OF_TEXTS)]
async fn other_value(iata: &str) -> Option<String> {
    Some(iata.to_owned())
}

#[call::cached(ttl = "5m", control = OF_NOBODY)]
async fn unknown(iata: &str) -> Option<String> {
    Some(iata.to_owned())
}

#[call::cached(ttl = "5m", control = "OF_TEXTS")]
async fn in_quotes(iata: &str) -> u32 {
    iata.len() as u32
}

#[call::cached(ttl = "5m", control = OF_NUMBERS)]
async fn generic<T: std::hash::Hash + Eq>(iata: T) -> String {
    let _ = iata;
    String::new()
}

fn main() {}
