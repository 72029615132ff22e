use tollgate::call;

#[call::rate_limited("5/second")]
async fn nothing() {}

#[call::rate_limited("5/second")]
async fn text() -> String {
    String::new()
}

#[call::rate_limited("5/second")]
async fn tuple() -> (u8, u8) {
    (1, 2)
}

#[call::rate_limited("5/second")]
async fn option() -> Option<u8> {
    None
}

#[call::rate_limited("5/second")]
async fn display() -> impl std::fmt::Display {
    1
}

fn main() {}
