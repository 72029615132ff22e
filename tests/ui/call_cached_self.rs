use tollgate::call;

struct Service;

impl Service {
    #[call::cached(ttl = "5m")]
    async fn airport(&self, iata: &str) -> u32 {
        let _ = iata;
        0
    }
}

fn main() {}
