use tollgate::call;

#[derive(Debug)]
struct MyError;

#[call::rate_limited("5/second")]
async fn fetch(name: &str) -> Result<String, MyError> {
    if name.is_empty() { Err(MyError) } else { Ok(name.to_owned()) }
}

struct Client;

impl Client {
    #[call::rate_limited("5/second")]
    async fn fetch(&self) -> Result<(), MyError> {
        Ok(())
    }
}

fn main() {}
