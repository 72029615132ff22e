use tollgate::call;

#[call::cached(ttl = "5m")]
async fn reference(iata: &str) -> &str {
    iata
}

#[call::cached(ttl = "5m")]
async fn lifetime<'a>(iata: &'a str) -> Option<std::borrow::Cow<'a, str>> {
    Some(iata.into())
}

#[call::cached(ttl = "5m")]
async fn unnamed(iata: &str) -> impl Clone + use<> {
    iata.len()
}

fn main() {}
