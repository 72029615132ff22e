use tollgate::call;

#[call::cached(time = "5m", ignore(db), size = 100, swr = "5s", convert = "{ iata }", result = true)]
async fn of_other_libraries(db: u32, iata: u32) -> u32 {
    db + iata
}

#[call::cached(ttl = "5m", vary = ["accept"], tagss = ["a"])]
async fn of_handlers(iata: u32) -> u32 {
    iata
}

#[call::cached(ttl = "5m")]
#[call::cached(ttl = "10m")]
async fn twice(iata: u32) -> u32 {
    iata
}

fn main() {}
