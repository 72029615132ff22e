use tollgate::cached;

#[cached(ttl = "5m")]
#[cached(ttl = "10m")]
async fn handler() {}

fn main() {}
