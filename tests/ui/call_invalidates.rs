use tollgate::call;

#[call::invalidates]
async fn nothing() {}

#[call::invalidates("airports")]
async fn without_key() {}

#[call::invalidates(tag = "airports", after = success)]
async fn other_words() {}

#[call::invalidates(tags = ["airport:{itaa}"])]
async fn unknown(iata: u32) -> u32 {
    iata
}

#[call::cached(ttl = "5m", tags = ["airports"])]
#[call::invalidates(tags = ["airports"])]
async fn its_own(iata: u32) -> u32 {
    iata
}

fn main() {}
