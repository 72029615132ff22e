use tollgate::call;

type Number = u32;

#[call::retry(attempts = 3)]
async fn number() -> Number {
    7
}

fn main() {}
