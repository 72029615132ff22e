use tollgate::call;

#[call::cached(ttl = "5m")]
async fn taken_apart((one, other): (u32, u32)) -> u32 {
    one + other
}

fn main() {}
