use tollgate::call;

type Answer = u8;

#[call::rate_limited("5/second")]
async fn number() -> Answer {
    1
}

fn main() {}
