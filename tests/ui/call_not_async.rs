use tollgate::{Rejected, call};

#[call::rate_limited("5/second")]
fn plain(name: &str) -> Result<&str, Rejected> {
    Ok(name)
}

#[call::rate_limited("5/second")]
fn not_at_the_end() -> impl Future<Output = Result<(), Rejected>> {
    let future = async { Ok(()) };
    future
}

fn main() {}
