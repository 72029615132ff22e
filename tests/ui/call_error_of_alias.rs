use tollgate::call;

#[derive(Debug)]
struct MyError;

type Answer<T> = Result<T, MyError>;

#[call::rate_limited("5/second")]
async fn fetch() -> Answer<u8> {
    Ok(1)
}

fn main() {}
